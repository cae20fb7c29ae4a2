"""Zip archives that strangers made: looked through before anything in them is opened."""

import zipfile
from pathlib import Path

from greenroom.imports.refusals import BadFile

MOST_ENTRIES = 2_000
MOST_BYTES = 2**30  # unpacked, all together
MOST_AT_ONCE = {"xl/sharedStrings.xml": 150 * 2**20, "xl/styles.xml": 20 * 2**20, "xl/workbook.xml": 10 * 2**20}
"""Parts that are read whole."""
RATIO, FREE = 250, 30 * 2**20  # how far contents may be packed, once they are more than FREE bytes
_BLOCK = 2**18
_BOMB = "This file unpacks to far more than it may. Bring the table as CSV."
_DAMAGED = "This file is damaged. Save it again as XLSX or CSV."


def members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The entries of an archive by name, once each was unpacked to nowhere and found harmless. Raises BadFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = _declared(archive, path.stat().st_size)
            unpacked = 0
            for info in found.values():
                unpacked += _measure(archive, info, MOST_BYTES - unpacked)
            return found
    except BadFile:
        raise
    except Exception as error:  # BadZipFile, zlib.error, EOFError and their kin have no common parent
        raise BadFile(_DAMAGED) from error


def _declared(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The entries, if what they say about themselves is believable."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise BadFile(f"This file has {len(infos):,} parts; {MOST_ENTRIES:,} at most. Bring the table as CSV.")
    if any(info.flag_bits & 1 for info in infos):
        raise BadFile("This file is protected by a password. Remove it and send the file again.")
    packed, unpacked = sum(one.compress_size for one in infos), sum(one.file_size for one in infos)
    if packed > size or unpacked > MOST_BYTES or (unpacked > FREE and unpacked > RATIO * max(packed, 1)):
        raise BadFile(_BOMB)
    return {info.filename: info for info in infos if not info.is_dir()}


def _measure(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> int:
    """How many bytes an entry really has. XML with a document type, or not in UTF-8, is refused."""
    is_xml = info.filename.endswith((".xml", ".rels", ".vml"))
    limit = min(room, info.file_size, MOST_AT_ONCE.get(info.filename, MOST_BYTES))
    size, tail = 0, b""
    with archive.open(info) as part:
        while block := part.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise BadFile(_BOMB)
            if is_xml:
                if not tail and (block[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in block[:8]):
                    raise BadFile("This workbook is written in an unusual way. Save it again as XLSX or CSV.")
                seen = tail + block
                if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                    raise BadFile(
                        "This workbook holds instructions that no workbook needs. Save it again as XLSX or CSV."
                    )
                tail = block[-16:]
    return size
