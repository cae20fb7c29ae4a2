"""From a file that somebody sent to rows: what it is, whether it is harmless, which part of it is the table."""

import zipfile
from pathlib import Path

from greenroom.imports import packed
from greenroom.imports.delimited import open_delimited
from greenroom.imports.refusals import BadFile
from greenroom.imports.source import LARGEST_FILE, Sheet
from greenroom.imports.workbook import Knows, open_workbook

_OTHERS = {
    b"\xd0\xcf\x11\xe0": "This is an old workbook (.xls), or one with a password. Save it as XLSX or CSV without one.",
    b"%PDF": "This is a PDF. Bring the table as CSV or XLSX.",
    b"\x1f\x8b": "This file is packed with gzip. Unpack it first.",
    b"7z\xbc\xaf": "This file is packed with 7-Zip. Unpack it first.",
    b"Rar!": "This file is packed with RAR. Unpack it first.",
    b"\x89PNG": "This is a picture. Bring the table as CSV or XLSX.",
    b"\xff\xd8\xff": "This is a picture. Bring the table as CSV or XLSX.",
}
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


def open_file(path: Path, *, knows: Knows, beside: Path | None = None) -> Sheet:
    """The table in the file at `path`; `knows` counts the known names in a header.

    `beside` is where the one table of a zip, as TikTok Studio sends it, is unpacked to. Raises BadFile.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise BadFile("The file is empty.")
    for mark, words in _OTHERS.items():
        if head.startswith(mark):
            raise BadFile(words)
    if not head.startswith(b"PK"):
        return open_delimited(path)
    parts = packed.members(path)
    if "xl/workbook.xml" in parts:
        return open_workbook(path, knows=knows)
    if "mimetype" in parts or any(name.startswith("Index/") for name in parts):
        raise BadFile("This kind of spreadsheet can't be read. Save it as XLSX or CSV.")
    return _inside(path, parts, knows, beside)


def _inside(path: Path, parts: dict[str, zipfile.ZipInfo], knows: Knows, beside: Path | None) -> Sheet:
    """The only table of an archive."""
    tables = [
        name
        for name in parts
        if name.casefold().endswith(_TABLES) and not name.rpartition("/")[2].startswith((".", "_"))
    ]
    tables = [name for name in tables if not name.startswith("__MACOSX")]
    if len(tables) != 1 or beside is None:
        held = ", ".join(sorted(one.rpartition("/")[2][:40] for one in tables)[:8]) or "none"
        raise BadFile(
            f"The archive must hold one table, as CSV or XLSX; it holds: {held}. Unpack it and bring one file."
        )
    if parts[tables[0]].file_size > LARGEST_FILE:
        raise BadFile(f"The table has more than {LARGEST_FILE >> 20} MB.")
    with zipfile.ZipFile(path) as archive, archive.open(tables[0]) as part, beside.open("wb") as file:
        while block := part.read(2**20):
            file.write(block)
    sheet = open_file(beside, knows=knows)
    return Sheet(
        sheet.rows,
        sheet.told,
        [f"“{tables[0].rpartition('/')[2][:60]}” in the archive is read", *sheet.says],
        sheet.share,
    )
