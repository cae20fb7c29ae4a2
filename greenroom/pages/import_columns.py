"""The form that says which column of a file is what: drawn from an import, and read back from what was posted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from greenroom.imports import actions as imports
from greenroom.imports import columns
from greenroom.imports.models import Import
from greenroom.imports.moments import ORDERS


@dataclass(frozen=True)
class Line:
    """One column of the file: its name, some of its cells, which field it is, and the order of its dates."""

    place: int
    name: str
    examples: list[str]
    field: str
    order: str
    asks_order: bool


def lines(of: Import) -> list[Line]:
    """The columns in the file's order."""
    chosen = {name: key for key, name in of.mapping.items()}
    return [
        Line(
            place,
            name,
            seen["examples"],
            chosen.get(name, ""),
            of.date_orders.get(name, ""),
            bool(seen.get("?") or (seen.get("dmy") and seen.get("mdy"))),
        )
        for place, (name, seen) in enumerate(zip(of.header, of.profile, strict=True))
    ]


def whole(of: Import) -> dict[str, Any]:
    """What is chosen for the whole file: the fields there are, and which questions no column answers."""
    fields = columns.fields(of.kind).values()
    return {
        "facts": [one for one in fields if not one.figure],
        "figures": [one for one in fields if one.figure],
        "orders": ORDERS.items(),
        "asks_account": of.kind != "creators" and "account" not in of.mapping,
        "asks_time": "observed_at" not in of.mapping,
    }


def labels(of: Import, keys: Iterable[str]) -> list[str]:
    fields = columns.fields(of.kind)
    return [fields[key].label for key in keys if key in fields]


def told(of: Import, posted: Mapping[str, str]) -> dict[str, Any]:
    """What was posted, as `map_columns` takes it. Raises NotMapped when two columns are the same field."""
    chosen: dict[str, str] = {}
    orders: dict[str, str] = {}
    fields = columns.fields(of.kind)
    for place, name in enumerate(of.header):
        key = posted.get(f"column-{place}", "")
        if key in chosen:
            label = fields[key].label if key in fields else key
            raise imports.NotMapped(f"“{chosen[key]}” and “{name}” can't both be {label}.")
        if key:
            chosen[key] = name
        if order := posted.get(f"order-{place}", ""):
            orders[name] = order
    return {
        "columns_of": chosen,
        "date_orders": orders,
        "account": posted.get("account"),
        "observed_at": _time(posted.get("observed_at", "")),
    }


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise imports.NotMapped(f"“{text[:40]}” is no time; write 2026-03-01 14:05.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
