"""How a post performs: six figures, every row of the post table with its state and reason, retention, engagement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import QueryDict

from greenroom.core import formats, web
from greenroom.creators.models import Post
from greenroom.metrics import access, definitions
from greenroom.metrics import actions as metrics
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Query
from greenroom.observations import availability
from greenroom.observations.availability import Row
from greenroom.pages import cells, post_charts, provenance
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links
from greenroom.pages.post_split import Split

SIX = {
    "views": "Views",
    "reach": "Reach",
    "engagement_rate": "Engagement rate",
    "video_completion_rate": "Completion rate",
    "avg_play_time": "Average watch",
    "total_play_time": "Total play time",
}
PARTS = ("likes", "comments", "shares", "favorites")
DAYS = 90
DERIVED = "derived_engagements"
COLUMNS = {
    "order": "Tied to an order",
    "manual_auth": "Not tied, author authenticated",
    "manual_unauth_ttcm": "Not tied, author not authenticated",
    "legacy": "From the former source",
}
UNTRACKED = "Author can't be tracked"


@dataclass(frozen=True)
class Line:
    """A row of the post table for this post: may it be shown, and what is shown of it now."""

    label: str
    cell: Cell
    word: str
    tone: str
    short: str  # in place of the value where that is a list

    @property
    def why(self) -> str:
        return self.cell.figure.why


@dataclass(frozen=True)
class Bar:
    """One kind of engagement; the width is relative to the most frequent, in percent."""

    cell: Cell
    width: float


class Performance:
    """One question to `measure()` for everything the page shows; `?derived=1` asks for the derived total too."""

    def __init__(self, post: Post, query: QueryDict, *, at: datetime) -> None:
        self.post, self.at = post, at
        self.links = Links.of(post.workspace)
        self.wants_derived = query.get("derived") == "1"
        self.split = Split(post, at=at)
        self.derived_href = web.address(query, derived=None if self.wants_derived else "1")

    @cached_property
    def column(self) -> str | None:
        """The column of the post table; None where the author can't be tracked at all."""
        account = self.post.account
        group = access.groups_of([account], self.post.workspace, as_of=None)[account.pk]
        return group.column("post", self.post.basis)

    @property
    def column_words(self) -> str:
        return COLUMNS[self.column] if self.column else UNTRACKED

    @cached_property
    def _measured(self) -> Mapping[str, Any] | None:
        rows = [metric.key for _, metric in table_rows()]
        names = dict.fromkeys((*SIX, *PARTS, *rows, *([DERIVED] if self.wants_derived else [])))
        query = Query(tuple(names), by=("post",), where=(("post", self.post.pk),))
        return next(iter(metrics.measure(query, self.post.workspace, at=self.at).rows), None)

    def _cell(self, name: str, label: str = "") -> Cell:
        [cell] = cells.of(self._measured, [name], self.links, by="post", key=self.post.pk)
        return replace(cell, label=label) if label else cell

    @property
    def figures(self) -> list[tuple[Cell, str]]:
        """The six figures, each with a line under it where there is more to say."""
        found = [self._cell(name, label) for name, label in SIX.items()]
        return [(cell, self._note(cell)) for cell in found]

    def _note(self, cell: Cell) -> str:
        figure = cell.figure
        if figure.value is None:
            return ""
        if cell.key == "engagement_rate" and figure.top is not None:
            return f"{formats.num(figure.top)} engagements"
        if cell.key == "avg_play_time" and self.post.duration_s:
            return f"of {formats.duration(self.post.duration_s)}"
        return {"reach": "different people", "total_play_time": "all views together"}.get(cell.key, "")

    @cached_property
    def lines(self) -> list[Line]:
        """The sixteen rows of the post table."""
        return [self._line(row, metric) for row, metric in table_rows()]

    def _line(self, row: Row, metric: Metric) -> Line:
        cell = self._cell(metric.key, row.label)
        state = cell.figure.state
        return Line(row.label, cell, provenance.WORDS[state], provenance.TONES[state], cells.short(cell.figure))

    @property
    def shown(self) -> int:
        """How many of the rows have a value now."""
        return sum(line.cell.figure.value is not None for line in self.lines)

    @property
    def bars(self) -> list[Bar]:
        found = [self._cell(name) for name in PARTS]
        most = max((cell.figure.value or 0 for cell in found), default=0)
        return [Bar(cell, 100 * (cell.figure.value or 0) / most if most else 0.0) for cell in found]

    @property
    def may_derive(self) -> bool:
        """Does TikTok give the parts of the engagement but not the total (C-17)?"""
        return self.column == "manual_unauth_ttcm"

    @property
    def derived(self) -> Cell | None:
        return self._cell(DERIVED) if self.wants_derived and self.may_derive else None

    @cached_property
    def days(self) -> "post_charts.Drawing | None":
        """Views by day since the post came out, at most the last 90 days, with the starts of boosts."""
        boosts = [one.started_at for one in self.split.boosts]
        last = self.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        came_out = self.post.posted_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        since = max(came_out, last - timedelta(days=DAYS - 1))
        names = tuple(post_charts.VIEWS) if boosts else ("views",)
        query = Query(names, where=(("post", self.post.pk),), since=since, grain="day")
        told = {row["day"]: row for row in metrics.measure(query, self.post.workspace, at=self.at).rows}
        days = [since.date() + timedelta(days=n) for n in range((last - since).days + 1)]
        values = [(day, {name: told[day][name].value for name in names} if day in told else {}) for day in days]
        return post_charts.by_day(values, boosts)

    @cached_property
    def retention(self) -> "Retention":
        cell = self._cell("retention_by_second", "Still watching")
        return Retention(cell, post_charts.retention(cell.figure.value))


@dataclass(frozen=True)
class Retention:
    """The curve of who is still watching, and the drawing of it; None without a second that is told."""

    cell: Cell
    drawing: "post_charts.Drawing | None"


def table_rows() -> list[tuple[Row, Metric]]:
    """The rows of the post table with the metric that shows each."""
    return [(row, definitions.of_row("post", row.key)) for row in availability.shipped("post").rows]
