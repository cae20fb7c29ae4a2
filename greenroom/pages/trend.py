"""How an account moved day by day, as a chart in which days without a figure stay gaps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from greenroom.core import formats
from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query

DAYS = 28
TOLD = {"daily_views": "Views by day", "daily_followers": "Followers"}
OURS = {"views": "Views gained", "followers": "Followers", "engagement": "Engagement gained"}
# Of an account that TikTok tells nothing about: what people entered, which may be years old.
ENTERED = {
    "followers": "Followers",
    "daily_views": "Views by day",
    "daily_viewers": "Viewers by day",
    "daily_new_followers": "New followers by day",
    "daily_posts": "Posts by day",
}
BEGINNING = datetime(2016, 9, 1, tzinfo=UTC)  # TikTok tells of no day before it existed
LEVELS = ("daily_followers", "followers")
NOTES = {True: "TikTok fills a day in 24 to 48 hours after it ended.", False: "Today is not over."}

Series = list[tuple[date, float | None]]


@dataclass(frozen=True)
class Trend:
    """One drawn series; `spec` is None when no day has a value.

    Of an account read with its owner's grant TikTok's own figures of days come first; what our readings gained follows.
    Of an account that can't be tracked it is what people entered, up to the last day they have, where they have any.
    """

    account: Account | None
    offered: dict[str, str]
    shown: str
    span: str
    note: str
    spec: dict[str, Any] | None
    sentence: str
    table: dict[str, Any]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.offered.items())

    @property
    def label(self) -> str:
        return self.offered[self.shown]

    @classmethod
    def of(cls, workspace: Workspace, account: Account | None, shown: str, *, at: datetime) -> "Trend":
        """The last 28 days up to `at`. A `shown` that is not offered means the first that is."""
        entered = _entered(workspace, account, at=at) if account and not account.supported else {}
        offered = {key: ENTERED[key] for key in entered} or _offered(account)
        shown = shown if shown in offered else next(iter(offered))
        series = entered.get(shown) or (_series(workspace, account, shown, at=at) if account else [])
        span = f"{formats.when(series[0][0])} to {formats.when(series[-1][0])}" if entered else f"Last {DAYS} days"
        note = "Entered by your team." if entered else NOTES[shown in TOLD]
        known = [value for _, value in series if value is not None]
        rows = [[formats.when(day), None if value is None else formats.num(value)] for day, value in series]
        table = {"head": ["Day", offered[shown]], "rows": rows}
        spec = draw(series, offered[shown], bars=shown not in LEVELS) if known else None
        missing = "no figure" if entered else "no figure from TikTok" if shown in TOLD else "no reading"
        return cls(account, offered, shown, span, note, spec, says(series, offered[shown], missing=missing), table)


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


def _entered(workspace: Workspace, account: Account, *, at: datetime) -> dict[str, Series]:
    """What people entered, by day: of a level every day there is, of days the last 28 up to the newest."""
    query = Query(tuple(ENTERED), where=(("account", account.pk),), since=BEGINNING, grain="day")
    rows = metrics.measure(query, workspace, at=at).rows
    found: dict[str, Series] = {}
    for key in ENTERED:
        told = {row["day"]: row[key].value for row in rows if row[key].value is not None}
        if told:
            last = max(told)
            days = sorted(told) if key in LEVELS else [last - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
            found[key] = [(day, told.get(day)) for day in days]
    return found


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
