"""Cells as text: what is invisible goes, what can't be shown is refused, what means nothing is missing. Pure."""

import re
import unicodedata

from greenroom.core import cells
from greenroom.core.text import visible
from greenroom.imports.refusals import BadValue

LONGEST = 32_000  # characters of one cell; a workbook can't hold more than 32,767 either

_PLAIN = re.compile(r"[ -~]*")
_JOINERS = str.maketrans("", "", "\u200c\u200d\ufe0e\ufe0f")
_BROKEN = "\ufffd"

MISSING = frozenset(
    {"", "-", "--", "–", "—", "n/a", "na", "n.a.", "#n/a", "null", "none", "nil", "undefined", "nan", "?"}
)  # fmt: skip
"""What stands for no value, in small letters. It stays missing; it is never 0."""

_SHEET_ERRORS = ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "######")


def clean(cell: str) -> str:
    """A cell without what can't be seen and without space around it.

    A `'` that was put in front to disarm a formula goes too. Raises BadValue for broken characters and too long cells.
    """
    if _PLAIN.fullmatch(cell):
        text = cell.strip()
        if len(text) > LONGEST:
            raise BadValue(f"{len(text):,} characters; {LONGEST:,} at most")
        return cells.bare(text) if text[:1] == "'" else text
    if len(cell) > LONGEST:
        raise BadValue(f"{len(cell):,} characters; {LONGEST:,} at most")
    if _BROKEN in cell:
        raise BadValue("has characters that are broken (�); save the file as UTF-8, or type them again")
    return cells.bare(visible(cell).strip())


def is_missing(text: str) -> bool:
    """Does this cell stand for no value? Raises BadValue where it stands for a mistake of the spreadsheet."""
    if text in _SHEET_ERRORS:
        raise BadValue(f"holds the spreadsheet's error {text}; put the value there")
    return not text or (len(text) < 14 and text.casefold() in MISSING)


def plain(text: str) -> str:
    """For numbers, dates, ids and handles: one form of each character, no joiners, no doubled spaces."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFKC", text).translate(_JOINERS).split())


def one_line(text: str, longest: int) -> str:
    """For names: tabs and line feeds become spaces. Raises BadValue when it is too long."""
    line = " ".join(text.split())
    if len(line) > longest:
        raise BadValue(f"{len(line):,} characters; {longest:,} at most")
    return line
