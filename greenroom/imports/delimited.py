"""CSV and its kin: encoding and delimiter found out, quotes as they come, nothing too large."""

import codecs
import csv
import re
from collections.abc import Iterator
from io import SEEK_END, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from greenroom.imports.refusals import BadFile
from greenroom.imports.source import LARGEST_FILE, MOST_COLUMNS, Row, Sheet

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SNIFFED = 50  # lines
_SAMPLE = 2**16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_SEP = re.compile(r"sep=(.)", re.IGNORECASE)


def read(file: BinaryIO) -> Sheet:
    """The rows of a delimited text file. Raises BadFile, at the latest while the rows are read."""
    encoding, errors, says = _encoding(file)
    size = max(1, file.seek(0, SEEK_END))
    file.seek(0)
    sample = _Lines(file, encoding, errors)
    first = list(islice(sample, _SNIFFED))
    delimiter = _delimiter(first)
    file.seek(0)
    told = {
        "format": "CSV",
        "encoding": encoding.removesuffix("-sig"),
        "delimiter": DELIMITERS.get(delimiter, delimiter),
    }
    return Sheet(_rows(_Lines(file, encoding, errors), delimiter), told, says, lambda: file.tell() / size)


class _Lines:
    """The lines of a file without NULs, the number of the current one, and the quotation marks of its row."""

    def __init__(self, file: BinaryIO, encoding: str, errors: str) -> None:
        self._text = TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
        self.number = 0
        self.quotes = 0  # in the row that is being read

    def __iter__(self) -> Iterator[str]:
        try:
            for line in self._text:
                self.number += 1
                self.quotes += line.count('"')
                yield line.replace("\0", "") if "\0" in line else line
        except UnicodeError as error:
            raise BadFile(
                f"The file breaks off or is damaged after line {self.number}. Save it again as UTF-8."
            ) from error
        finally:
            self._text.detach()


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LARGEST_FILE)  # what is too long is refused row by row, and says so
    reader = csv.reader(iter(lines), delimiter=delimiter)
    began, last = 1, (1, 0)
    try:
        for cells in reader:
            if began == 1 and len(cells) == 1 and _SEP.fullmatch(cells[0].strip("\ufeff")):
                cells = []
            if len(cells) > MOST_COLUMNS:
                yield Row(began, cells[:MOST_COLUMNS], f"has {len(cells):,} cells; {MOST_COLUMNS} at most")
            else:
                yield Row(began, cells)
            last, began, lines.quotes = (began, lines.quotes), lines.number + 1, 0
    except csv.Error as error:
        raise BadFile(f"Line {lines.number} can't be read as CSV: {error}.") from None
    if lines.number and last[1] % 2 and lines.number > last[0]:
        raise BadFile(
            f"A quotation mark opened in line {last[0]} is never closed, so that everything after it is one cell. "
            "Close it and send the file again."
        )


def _encoding(file: BinaryIO) -> tuple[str, str, list[str]]:
    """The encoding, how to decode, and what to say about it. Raises BadFile for what is no text."""
    file.seek(0)
    head = file.read(_SAMPLE)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, "replace", []
    if b"\0" in head:
        return _without_mark(head), "replace", ["The file seems to be UTF-16 without a mark of it, and is read so"]
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 26) for byte in head)
    if controls > 20 and controls * 50 > len(head):
        raise BadFile("This is no text file. Bring a CSV or XLSX file.")
    words, highs, clean = _look_through(file)
    if clean:
        return "utf-8", "replace", []
    if words * 2 > highs:
        return "utf-8", "replace", ["Some characters of the file are broken; rows that have them are not taken in"]
    return "windows-1252", "replace", ["The file is not UTF-8 and is read as Windows-1252; look at accents below"]


def _look_through(file: BinaryIO) -> tuple[int, int, bool]:
    """(bytes in well-formed UTF-8 characters beyond ASCII, bytes beyond ASCII, is all of it UTF-8?).

    The counts begin where the first broken character is.
    """
    words = highs = 0
    decoder, clean = codecs.getincrementaldecoder("utf-8")(), True
    file.seek(0)
    while block := file.read(2**20):
        if clean:
            try:
                decoder.decode(block)
                continue
            except UnicodeDecodeError:
                clean = False
        words += sum(len(found) for found in _WORD.findall(block))
        highs += len(_HIGH.findall(block))
    try:
        decoder.decode(b"", final=clean)
    except UnicodeDecodeError:  # the last character is cut off
        return 1, 1, False
    return words, highs, clean


def _without_mark(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 > len(head) and min(even, odd) * 20 < len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    if even + odd < 20:
        return "utf-8"  # stray NULs in a text; they are dropped
    raise BadFile("This is no text file. Bring a CSV or XLSX file.")


def _delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells, the more the better."""
    if lines and (said := _SEP.fullmatch(lines[0].strip("\ufeff\r\n "))):
        return said[1]
    best, delimiter = (0.0, 0), ","
    for one in DELIMITERS:
        csv.field_size_limit(LARGEST_FILE)
        widths = [len(cells) for cells in csv.reader(lines, delimiter=one) if cells]
        usual = max(set(widths), key=widths.count, default=0)
        if usual > 1 and (score := (widths.count(usual) / len(widths), usual)) > best:
            best, delimiter = score, one
    return delimiter


def open_delimited(path: Path) -> Sheet:
    """The rows of the text file at `path`."""
    return read(path.open("rb"))
