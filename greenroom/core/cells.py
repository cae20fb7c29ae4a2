"""Cells of CSV and XLSX files: what somebody typed must never run when a spreadsheet opens the file. Pure."""

import re

# What makes a spreadsheet calculate, also in their full-width forms; tab, CR and LF hide one from a careless reader.
_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?%?")
# XML, and with it XLSX, can't hold these; no text needs them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
XLSX_LONGEST = 32_767  # characters that one cell of a workbook may hold


def safe(value: object) -> object:
    """`value` as a cell may hold it: numbers, None and dates as they are, text with its formula disarmed.

    Text that begins as a formula does gets a `'` in front; a plain number such as "-12.5" is no formula. Control
    characters go.
    """
    if not isinstance(value, str):
        return value
    text = _UNWRITABLE.sub("", value)
    return f"'{text}" if _is_formula(text) else text


def bare(text: str) -> str:
    """What `safe` was given, for a file of ours that comes back."""
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    start = text.lstrip()
    return start[:1] != "" and start[0] in _STARTS and not _NUMBER.fullmatch(start.rstrip())
