"""How an account moved day by day, as a chart in which days without a figure stay gaps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from greenroom.core import formats
from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query

DAYS = 28
TOLD = {"daily_views": "Views by day", "daily_followers": "Followers"}
OURS = {"views": "Views gained", "followers": "Followers", "engagement": "Engagement gained"}
LEVELS = ("daily_followers", "followers")
NOTES = {True: "TikTok fills a day in 24 to 48 hours after it ended.", False: "Today is not over."}

Series = list[tuple[date, float | None]]


@dataclass(frozen=True)
class Trend:
    """One drawn series; `spec` is None when no day has a value.

    Of an account read with its owner's grant TikTok's own figures of days come first; what our readings gained follows.
    """

    account: Account | None
    shown: str
    spec: dict[str, Any] | None
    sentence: str
    table: dict[str, Any]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(_offered(self.account).items())

    @property
    def label(self) -> str:
        return _offered(self.account)[self.shown]

    @property
    def note(self) -> str:
        """Why the newest days are open, or may still grow."""
        return NOTES[self.shown in TOLD]

    @classmethod
    def of(cls, workspace: Workspace, account: Account | None, shown: str, *, at: datetime) -> "Trend":
        """The last 28 days up to `at`. A `shown` that is not offered means the first that is."""
        offered = _offered(account)
        shown = shown if shown in offered else next(iter(offered))
        series = _series(workspace, account, shown, at=at) if account else []
        known = [value for _, value in series if value is not None]
        rows = [[formats.when(day), None if value is None else formats.num(value)] for day, value in series]
        table = {"head": ["Day", offered[shown]], "rows": rows}
        spec = draw(series, offered[shown], bars=shown not in LEVELS) if known else None
        missing = "no figure from TikTok" if shown in TOLD else "no reading"
        return cls(account, shown, spec, says(series, offered[shown], missing=missing), table)


def _offered(account: Account | None) -> dict[str, str]:
    """Followers of our own readings only where TikTok tells none by day."""
    if account is None or not account.authenticated:
        return OURS
    return TOLD | {key: words for key, words in OURS.items() if key != "followers"}


def _series(workspace: Workspace, account: Account, shown: str, *, at: datetime) -> Series:
    since = at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    query = Query((shown,), where=(("account", account.pk),), since=since, grain="day")
    told = {row["day"]: row[shown].value for row in metrics.measure(query, workspace, at=at).rows}
    days = [since.date() + timedelta(days=n) for n in range(DAYS)]
    return [(day, told.get(day)) for day in days]


def says(series: Series, label: str, *, missing: str = "no reading") -> str:
    """The chart in one sentence, for who does not see it."""
    known = [(day, value) for day, value in series if value is not None]
    if not known:
        return f"{label}: {missing} in the last {DAYS} days."
    top_day, top = max(known, key=lambda one: one[1])
    gaps = len(series) - len(known)
    said = f" {gaps} of {len(series)} days have {missing} and are left open." if gaps else ""
    by_day = label if label.endswith("by day") else f"{label} by day"
    return f"{by_day}: highest {formats.num(top)} on {formats.when(top_day)}.{said}"


def draw(series: Series, label: str, *, bars: bool) -> dict[str, Any]:
    """Bars for what a day gained, a line for a level. A day without a figure gets neither bar nor line."""
    values = [{"day": day.isoformat(), "value": value} for day, value in series]
    mark: dict[str, Any] = (
        {"type": "bar"} if bars else {"type": "line", "point": True, "invalid": "break-paths-show-path-domains"}
    )
    axis: dict[str, Any] = {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": None}
    open_days = [{"day": day.isoformat()} for day, value in series if value is None]
    return {
        "height": 220,
        "data": {"values": values},
        "encoding": {"x": {**axis, "axis": {"format": "%-d %b", "tickCount": 6}}},
        "layer": [
            {
                "data": {"values": open_days},
                "mark": {
                    "type": "tick",
                    "thickness": 1,
                    "size": 6,
                    "yOffset": -3,
                    "strokeDash": [1, 0],
                    "style": "reference",
                },
                "encoding": {"y": {"value": "height"}, "tooltip": {"value": "No figure"}},
            },
            {
                "mark": mark,
                "encoding": {
                    "y": {
                        "field": "value",
                        "type": "quantitative",
                        "title": None,
                        "scale": {"zero": bars},
                        "axis": {"labelExpr": "upper(format(datum.value, '~s'))", "tickCount": 4},
                    },
                    "tooltip": [
                        {"field": "day", "type": "temporal", "title": "Day", "format": "%-d %b %Y"},
                        {"field": "value", "type": "quantitative", "title": label, "format": ",.0f"},
                    ],
                },
            },
        ],
    }
