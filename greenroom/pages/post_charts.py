"""Drawings of a post: who is still watching. What is not told stays a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from greenroom.core import formats

OPEN = "break-paths-show-path-domains"


@dataclass(frozen=True)
class Drawing:
    """A Vega-Lite chart with the sentence that says it and its numbers as a table."""

    spec: dict[str, Any]
    sentence: str
    table: dict[str, Any]


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
