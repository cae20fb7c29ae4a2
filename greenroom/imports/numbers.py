"""Numbers as people and spreadsheets write them. Pure.

1,234,567 and 1.234.567,89 and 1 234 and 12.3K and 12 % are understood; what 1.234 means is decided once for a column.
"""

import re
from decimal import Decimal
from typing import TypeVar

from greenroom.imports.refusals import BadValue

LARGEST = 10**15  # nothing on TikTok is counted that far
_N = TypeVar("_N", int, Decimal)

MOST_SHARE = 1000  # the engagement of an account with few followers comes to many times their number
SUFFIXES = {"k": 3, "m": 6, "mio": 6, "mio.": 6, "mn": 6, "b": 9, "bn": 9}

_SHAPE = re.compile(r"([+-]?)(\d[\d.,' ]*|\.\d+|,\d+)(?: ?([a-zA-Z]+\.?))?( ?%)?")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
_MINUSES = str.maketrans({"−": "-", "–": "-", "’": "'", "`": "'", "\u00a0": " ", "\u202f": " "})
_GROUPS = {
    ".": re.compile(r"\d{1,3}(\.\d{3})+"),
    ",": re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}"),  # 12,34,567 too: India
    " ": re.compile(r"\d{1,3}( \d{3})+"),
    "'": re.compile(r"\d{1,3}('\d{3})+"),
}


def count(text: str, decimal: str = ".") -> int:
    """A whole number that can't be negative. `decimal` is the column's mark, "." or ",". Raises BadValue.

    221700.0 is whole, and so is 16100000.000000002, which is what a program's arithmetic leaves of it.
    """
    if text.isdecimal() and text.isascii():
        return _within(int(text), text)
    value = _amount(text, decimal)
    whole = round(value)
    if abs(value - whole) > abs(value) * Decimal("1e-12"):
        raise BadValue(f"“{text[:40]}” is no whole number; nobody counts parts of it")
    return _within(whole, text)


def change(text: str, decimal: str = ".") -> int:
    """A whole number that may be negative, because sources give it as a balance. Raises BadValue."""
    told = text.translate(_MINUSES)
    return -count(told[1:].strip(), decimal) if told.startswith("-") else count(told, decimal)


def amount(text: str, decimal: str = ".") -> float:
    """A number that can't be negative, such as a mean or seconds. Raises BadValue."""
    return float(_within(_amount(text, decimal), text))


def share(text: str, decimal: str = ".", *, percent: bool = False) -> float:
    """A share as a fraction: "12 %" is 0.12; `percent` says that the column's bare numbers are percentages."""
    bare = text.removesuffix("%").rstrip()
    value = float(_within(_number(bare, decimal), text))
    value = value / 100 if percent or bare != text else value
    if value > MOST_SHARE:
        raise BadValue(f"“{text[:40]}” is more than {MOST_SHARE * 100:,} %; is this a share?")
    return value


def seconds(text: str, decimal: str = ".") -> float:
    """A length in seconds: 12.5, "12.5s", "0:12", "1:02:03"."""
    if ":" in text:
        parts = text.split(":")
        if len(parts) > 3 or not all(re.fullmatch(r"\d{1,4}(\.\d+)?", part) for part in parts):
            raise BadValue(f"“{text[:40]}” is no length; write seconds, or minutes:seconds")
        total = 0.0
        for part in parts:
            total = total * 60 + float(part)
        return total
    return amount(re.sub(r" ?(s|sec|secs|seconds?)$", "", text, flags=re.IGNORECASE), decimal)


def flag(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in {"1", "1.0", "yes", "y", "true", "t", "ja", "x", "✓", "si", "sí", "oui", "sim"}:
        return True
    if word in {"0", "0.0", "no", "n", "false", "f", "nein", "non", "não"}:
        return False
    raise BadValue(f"“{text[:40]}” is neither yes nor no")


def evidence(text: str) -> str:
    """What one number tells about its column's marks: "." or "," is the decimal mark, "?." or "?," may be, or ""."""
    digits = text.strip("+-% ").rstrip("kKmMbB ")
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return ""
    if dots and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    mark, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return other if _GROUPS[mark].fullmatch(digits) else ""
    head, _, tail = digits.partition(mark)
    grouped = len(tail) == 3 and 1 <= len(head) <= 3 and head != "0"
    return f"?{mark}" if grouped else mark


def _amount(text: str, decimal: str) -> Decimal:
    if text.endswith("%"):
        raise BadValue(f"“{text[:40]}” is a percentage; a number is wanted here")
    return _number(text, decimal)


def _number(text: str, decimal: str) -> Decimal:
    """Any number as written, sign and all."""
    told = text.translate(_MINUSES)
    if _SCIENTIFIC.fullmatch(told):
        return Decimal(told.replace(",", "."))
    shape = _SHAPE.fullmatch(told)
    if shape is None or shape[4]:
        raise BadValue(f"“{text[:40]}” is no number")
    sign, digits, letters, _ = shape.groups()
    power = SUFFIXES.get(letters.casefold()) if letters else 0
    if power is None:
        raise BadValue(f"“{text[:40]}” is no number; K, M and B are understood")
    return Decimal(sign + _digits(digits.strip(), decimal, text)).scaleb(power)


def _digits(digits: str, decimal: str, text: str) -> str:
    """Digits with a point where the decimal mark was, without marks between thousands."""
    thousands = "," if decimal == "." else "."
    head, mark, tail = digits.rpartition(decimal) if decimal in digits else (digits, "", "")
    if decimal in head:
        raise BadValue(f"“{text[:40]}” is no number: it has more than one “{decimal}”")
    for separator in (thousands, " ", "'"):
        if separator in head:
            if not _GROUPS[separator].fullmatch(head):
                raise BadValue(f"“{text[:40]}” is no number: “{separator}” stands in an unusual place")
            head = head.replace(separator, "")
            break
    if not (head + tail).isdecimal():
        raise BadValue(f"“{text[:40]}” is no number")
    return f"{head or '0'}{'.' if mark else ''}{tail}"


def _within(value: _N, text: str) -> _N:
    if value < 0:
        raise BadValue(f"“{text[:40]}” is negative; this can't be")
    if value > LARGEST:
        raise BadValue(f"“{text[:40]}” is larger than any figure of TikTok")
    return value
