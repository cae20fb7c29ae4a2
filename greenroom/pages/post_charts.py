"""Drawings of a post: its views over time, who is still watching. What is not told stays a gap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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


def views(readings: Sequence[tuple[datetime, Mapping[str, Any]]], began: Iterable[datetime]) -> Drawing | None:
    """Views reading by reading: in all, and where there was a boost also organic and paid, never added together.

    A reading without a value breaks the line. `began` are the starts of boosts, each marked. None without a value.
    """
    marks = list(began)
    shown = {key: words for key, words in VIEWS.items() if marks or key == "views"}
    values = [
        {"at": at.isoformat(), "kind": words, "value": told.get(key)}
        for key, words in shown.items()
        for at, told in readings
    ]
    known = [(at, told["views"]) for at, told in readings if told.get("views") is not None]
    if not known:
        return None
    sentence = f"{formats.num(known[-1][1])} views at {formats.when(known[-1][0])}, read {len(known)} times."
    if gaps := len(readings) - len(known):
        sentence += f" {gaps} gap{'s' if gaps > 1 else ''} without a reading {'are' if gaps > 1 else 'is'} left open."
    if marks:
        sentence += f" A boost began {formats.when(marks[-1])}; organic and paid views are drawn apart from then on."
    rows = [[formats.when(at), *(_or_none(told.get(key)) for key in shown)] for at, told in readings]
    return Drawing(
        _lines(values, list(shown.values()), marks), sentence, {"head": ["Read", *shown.values()], "rows": rows}
    )


def _lines(values: list[dict[str, Any]], kinds: list[str], marks: list[datetime]) -> dict[str, Any]:
    time = {"field": "at", "type": "temporal", "title": None, "axis": {"format": "%-d %b", "tickCount": 6}}
    count = {"format": ",.0f", "type": "quantitative", "title": "Views", "field": "value"}
    scale = {"domain": kinds, "range": [[1, 0], [4, 2], [1, 2]][: len(kinds)]}
    legend = {"orient": "top", "title": None} if len(kinds) > 1 else None
    lines = {
        "mark": {"type": "line", "point": {"size": 16}, "invalid": OPEN},
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
                {"field": "at", "type": "temporal", "title": "Read", "format": "%-d %b %Y, %H:%M"},
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
