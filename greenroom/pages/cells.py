"""A figure as a page shows it: with its label, its unit and the address of its passport."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from greenroom.core import formats
from greenroom.metrics import definitions
from greenroom.metrics.figure import Figure
from greenroom.pages.links import Links

# Where the catalogue's own label is too long for a cell.
SHORTER = {"derived_followers_growth": "Growth (derived)"}
UNITS = {"percent": "percent", "seconds": "seconds"}
NOT_READ = Figure(value=None, state="none", reason="not_yet_available", as_of=None, n=0, of=0)


@dataclass(frozen=True)
class Cell:
    """One figure, ready for `{% figure %}` and `{% stat %}`; `cls` places it in a table."""

    key: str
    label: str
    figure: Figure
    href: str
    unit: str = ""
    cls: str = "n"


def of(
    row: Mapping[str, Any] | None,
    keys: Iterable[str],
    links: Links,
    *,
    by: str,
    key: int | str,
    dropped: str = "",
    currency: str = "",
) -> list[Cell]:
    """The cells of one row of an answer.

    `dropped` says which give way when there is little room: `posts:p2 completion_rate:p3`. `currency` names the metric
    of the row that says in which currency its amounts of money are.
    """
    places = dict(word.split(":") for word in dropped.split())
    found = []
    for name in keys:
        metric = definitions.find(name)
        figure: Figure = row[name] if row else NOT_READ
        if metric.unit == "money" and row and figure.value is not None:
            named = row[currency].value if currency else ""
            figure = replace(figure, value=f"{formats.num(figure.value)} {named or ''}".strip())
        cls = f"n {places[name]}" if name in places else "n"
        unit = UNITS.get(metric.unit, "")
        found.append(Cell(name, SHORTER.get(name, metric.label), figure, links.passport(name, by, key), unit, cls))
    return found


def short(figure: Figure) -> str:
    """In place of a value that is a list or an address: "US 58%", "Available"; empty where it can be shown itself."""
    return short_value(figure.value) if isinstance(figure.value, list) or _is_address(figure.value) else ""


def short_value(value: Any) -> str:
    """Any value of a reading in a few characters."""
    if isinstance(value, list) and value and "key" in value[0]:
        top = max(value, key=lambda one: one["share"])
        return f"{top['key']} {formats.percent(top['share'], 0)}"
    if isinstance(value, list):
        return f"{len(value)} points"
    return "Available" if _is_address(value) else formats.by_unit(value, "")


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
