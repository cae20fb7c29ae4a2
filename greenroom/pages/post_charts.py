"""Drawings of a post: its views over time, who is still watching. What is not told stays a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from greenroom.core import formats

VIEWS = {"views": "All views", "organic_views": "Organic", "paid_views": "Paid"}
OPEN = "break-paths-show-path-domains"


@dataclass(frozen=True)
class Drawing:
    """A Vega-Lite chart with the sentence that says it and its numbers as a table."""

    spec: dict[str, Any]
    sentence: str
    table: dict[str, Any]


Told = Mapping[str, Any]


def by_day(days: Sequence[tuple[date, Told]], boosts: Sequence[datetime]) -> Drawing | None:
    """What each day brought: in all, and of a boosted post also organic and paid, never added together here.

    A day without a value breaks the line. `boosts` are their starts, each marked. None without a value.
    """
    known = [(day, told["views"]) for day, told in days if told.get("views") is not None]
    if not known:
        return None
    top_day, top = max(known, key=lambda one: one[1])
    sentence = f"Views by day: most, {formats.num(top)}, on {formats.when(top_day)}.{_open(len(days) - len(known))}"
    return _drawing([(day.isoformat(), formats.when(day), told) for day, told in days], "Day", sentence, boosts)


def by_reading(readings: Sequence[tuple[datetime, Told]], boosts: Sequence[datetime]) -> Drawing | None:
    """The views as each reading found them; see `by_day`. A reading without a value is a gap."""
    known = [(at, told["views"]) for at, told in readings if told.get("views") is not None]
    if not known:
        return None
    last, which = known[-1], "the only reading" if len(known) == 1 else f"the last of {len(known)} readings"
    sentence = f"{formats.num(last[1])} views at {which}, {formats.when(last[0])}."
    sentence += _open(len(readings) - len(known), "time without a reading")
    return _drawing([(at.isoformat(), formats.when(at), told) for at, told in readings], "Read", sentence, boosts)


def _open(gaps: int, what: str = "day without a figure") -> str:
    if not gaps:
        return ""
    return f" 1 {what} is left open." if gaps == 1 else f" {gaps} {what.replace(' ', 's ', 1)} are left open."


def _drawing(rows: Sequence[tuple[str, str, Told]], head: str, sentence: str, boosts: Sequence[datetime]) -> Drawing:
    """`rows` are (moment, in words, values)."""
    shown = {key: words for key, words in VIEWS.items() if boosts or key == "views"}
    values = [{"at": at, "kind": words, "value": told.get(key)} for key, words in shown.items() for at, _, told in rows]
    if boosts:
        sentence += f" Boosted since {formats.when(min(boosts))}: organic and paid are drawn apart."
    table = {
        "head": [head, *shown.values()],
        "rows": [[words, *(_or_none(told.get(key)) for key in shown)] for _, words, told in rows],
    }
    marks = [one for one in boosts if one.isoformat() >= rows[0][0]]
    days = (datetime.fromisoformat(rows[-1][0]) - datetime.fromisoformat(rows[0][0])).days + 1
    return Drawing(_lines(values, list(shown.values()), marks, ticks=min(days, 6)), sentence, table)


def _lines(values: list[dict[str, Any]], kinds: list[str], marks: Sequence[datetime], *, ticks: int) -> dict[str, Any]:
    time = {"field": "at", "type": "temporal", "title": None, "axis": {"format": "%-d %b", "tickCount": ticks}}
    count = {"format": ",.0f", "type": "quantitative", "title": "Views", "field": "value"}
    scale = {"domain": kinds, "range": [[1, 0], [4, 2], [1, 2]][: len(kinds)]}
    legend = {"orient": "top", "title": None} if len(kinds) > 1 else None
    lines = {
        "mark": {"type": "line", "point": {"size": 30}, "invalid": OPEN},
        "encoding": {
            "x": time,
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "stack": None,
                "axis": {"labelExpr": "upper(format(datum.value, '~s'))", "tickCount": 4},
            },
            "color": {"field": "kind", "type": "nominal", "sort": kinds, "legend": legend, "scale": {"domain": kinds}},
            "strokeDash": {"field": "kind", "type": "nominal", "sort": kinds, "legend": legend, "scale": scale},
            "tooltip": [
                {"field": "at", "type": "temporal", "title": "When", "format": "%-d %b %Y, %H:%M"},
                {"field": "kind", "type": "nominal", "title": "Which"},
                count,
            ],
        },
    }
    began = {
        "data": {"values": [{"at": one.isoformat()} for one in marks]},
        "mark": {"type": "rule", "style": "reference"},
        "encoding": {"x": time, "tooltip": {"value": "Boost began"}},
    }
    return {"height": 220, "data": {"values": values}, "layer": [began, lines] if marks else [lines]}


def _or_none(value: Any) -> str | None:
    return None if value is None else formats.num(value)


def retention(curve: Sequence[dict[str, Any]] | None) -> Drawing | None:
    """The share of viewers still watching by second, of the seconds that TikTok tells."""
    told = {int(one["second"]): one["share"] for one in curve or () if one["share"] is not None}
    if not told:
        return None
    seconds = range(min(told), max(told) + 1)
    missing = len(seconds) - len(told)
    last = max(told)
    sentence = f"{formats.percent(told[last], 0)} still watch at second {last}."
    if missing:
        sentence += f" {missing} of {len(seconds)} seconds are not told and are left open."
    axis = {"field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]}}
    spec = {
        "height": 160,
        "data": {"values": [{"second": second, "share": told.get(second)} for second in seconds]},
        "mark": {"type": "line", "point": len(told) == 1, "invalid": OPEN},
        "encoding": {
            "x": {
                "field": "second",
                "type": "quantitative",
                "title": None,
                "axis": {"labelExpr": "datum.value + ' s'", "tickCount": 5, "tickMinStep": 1},
            },
            "y": {**axis, "axis": {"format": "%", "tickCount": 4}},
            "tooltip": [
                {"field": "second", "type": "quantitative", "title": "Second"},
                {"field": "share", "type": "quantitative", "title": "Still watching", "format": ".0%"},
            ],
        },
    }
    rows = [[f"{second} s", formats.percent(told[second]) if second in told else None] for second in seconds]
    return Drawing(spec, sentence, {"head": ["Second", "Still watching"], "rows": rows})
