"""What a column holds as a whole: decides what one cell cannot say, such as 3/4/2026 or 1.234. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenroom.imports import moments, numbers
from greenroom.imports.columns import Field

EXAMPLES = 3
SHOWN = 80  # characters of an example
_LONG_ID = 17  # digits; a double holds fewer


class Watcher:
    """Looks at every cell of one column, once."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {"filled": 0, "examples": []}

    def look(self, text: str) -> None:
        """`text` is a clean cell that is not missing."""
        seen = self.seen
        seen["filled"] += 1
        if len(seen["examples"]) < EXAMPLES and (shown := text[:SHOWN]) not in seen["examples"]:
            seen["examples"].append(shown)
        if len(text) > 40 or text.isalpha():
            return
        if text.isdecimal():
            if len(text) >= _LONG_ID:
                self._count("long")
                if text.endswith("000"):
                    self._count("rounded")
            elif len(text) < 4 and int(text) > 1:
                self._count("over_one")
            return
        if order := moments.order_of(text):
            self._count(order)
        elif text[0].isdigit() and (mark := numbers.evidence(text)):
            self._count(mark)
            if text[0] > "1" or text[:2].isdecimal():
                self._count("over_one")
        if text.endswith("%"):
            self._count("percent")

    def _count(self, what: str) -> None:
        self.seen[what] = self.seen.get(what, 0) + 1


@dataclass(frozen=True)
class Convention:
    """How the cells of one column are to be read. `doubt` is what somebody must say first."""

    order: str = "dmy"
    decimal: str = "."
    percent: bool = False
    rounded: bool = False
    says: str = ""
    doubt: str = ""


def convention(field: Field, column: str, seen: Mapping[str, Any], *, order: str = "", decimal: str = "") -> Convention:
    """How a column is read, from what it holds. `order` is what somebody said, `decimal` what other columns tell."""
    if field.type in {"moment", "day"}:
        return _dates(column, seen, order)
    if field.type == "post":
        return Convention(rounded=seen.get("rounded", 0) * 2 > seen.get("long", 0))
    if field.type not in {"count", "change", "number", "share", "seconds"}:
        return Convention()
    mark, says = _decimal(field, column, seen, decimal)
    percent = (
        field.type == "share"
        and not seen.get("percent")
        and ("%" in column or seen.get("over_one", 0) * 2 > seen["filled"])
    )
    if percent:
        says = f"“{column}” is read as percentages"
    return Convention(decimal=mark, percent=percent, says=says)


def decimal_of(profile: Sequence[Mapping[str, Any]]) -> str:
    """The decimal mark that the file as a whole shows, "" where it shows none."""
    dots, commas = (sum(seen.get(mark, 0) for seen in profile) for mark in ".,")
    return "" if dots == commas else "." if dots > commas else ","


def _dates(column: str, seen: Mapping[str, Any], order: str) -> Convention:
    dmy, mdy, either = (seen.get(key, 0) for key in ("dmy", "mdy", "?"))
    if not (dmy or mdy or either):
        return Convention()
    if order:
        return Convention(order=order, says=f"“{column}” is read as {moments.ORDERS[order]}, as you said")
    if (dmy and mdy) or not (dmy or mdy):
        why = "has both" if dmy else "could be either"
        return Convention(doubt=f"“{column}” {why}: day/month/year or month/day/year? Say which.")
    found = "dmy" if dmy else "mdy"
    return Convention(order=found, says=f"“{column}” is read as {moments.ORDERS[found]}: no other order fits it")


def _decimal(field: Field, column: str, seen: Mapping[str, Any], elsewhere: str) -> tuple[str, str]:
    """The decimal mark of a column: what it shows, then what the file shows, then what is usual for its type."""
    dots, commas = seen.get(".", 0), seen.get(",", 0)
    maybe_dots, maybe_commas = seen.get("?.", 0), seen.get("?,", 0)
    if dots or commas:
        return ("." if dots >= commas else ","), ""
    if not (maybe_dots or maybe_commas):
        return elsewhere or ".", ""
    if elsewhere:
        return elsewhere, ""
    if maybe_dots and field.type in {"count", "change"}:
        return ",", f"“{column}” has points between thousands: 1.234 is read as 1,234"
    return ".", ""
