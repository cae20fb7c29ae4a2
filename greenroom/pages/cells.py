"""A figure as a page shows it: with its label, its unit and the address of its passport."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from greenroom.metrics import definitions
from greenroom.metrics.figure import Figure
from greenroom.pages.links import Links

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
    row: Mapping[str, Any] | None, keys: Iterable[str], links: Links, *, by: str, key: int | str, dropped: str = ""
) -> list[Cell]:
    """The cells of one row of an answer. `dropped` is "p2" or "p3" words per key: `posts:p2 completion_rate:p3`."""
    places = dict(word.split(":") for word in dropped.split())
    found = []
    for name in keys:
        metric = definitions.find(name)
        figure = row[name] if row else NOT_READ
        cls = f"n {places[name]}" if name in places else "n"
        unit = UNITS.get(metric.unit, "")
        found.append(Cell(name, metric.label, figure, links.passport(name, by, key), unit, cls))
    return found
