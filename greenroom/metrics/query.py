"""A question as a value, and its answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from greenroom.metrics.definitions import find
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Absent, LastOfPost, Metric, Weighted

OF_ACCOUNTS = ("creator", "account")
OF_POSTS = ("post", "media_type", "basis", "campaign")
DIMENSIONS = (*OF_ACCOUNTS, *OF_POSTS, "day")
INSTANT = timedelta(microseconds=1)
Step = Literal["day", "week", "month"]
GRAINS: tuple[Step, ...] = ("day", "week", "month")


class BadQuery(ValueError):
    """The question makes no sense; the text says why."""

    status = 400


@dataclass(frozen=True)
class Query:
    """What is asked.

    metrics: keys (or formula names) of the catalogue. by: dimensions to split by. where: (dimension, value) pairs;
    the value is an id, a handle, a creator's name, TikTok's post id, a campaign's name, or a tuple of these (any of
    them). A campaign's posts are those in it now (with `as_of` none that came in later), also those that were removed
    from TikTok, whose figures go up to then.
    since, until: a window [since, until), aware. With `since` counters are what was gained in the window; without it
    they are the newest known totals; figures of days are those of the days that start in the window, and without
    `since` of the newest day known. as_of: everything as known at that instant; None is now.
    grain: the step of the dimension `day`: day, week (from Monday) or month, UTC. order: a dimension or metric,
    descending with "-" before it. limit: at most so many rows.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, Any], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    grain: Step | None = None
    order: str | None = None
    limit: int | None = None

    def checked(self) -> "Query":
        """This query with `day` and `grain` agreeing. Raises BadQuery or UnknownMetric."""
        by = self.by if self.grain is None or "day" in self.by else (*self.by, "day")
        grain: Step | None = self.grain or ("day" if "day" in by else None)
        query = Query(**{**self.__dict__, "by": tuple(dict.fromkeys(by)), "grain": grain})
        for complaint in query._complaints():
            raise BadQuery(complaint)
        return query

    @property
    def found(self) -> tuple[tuple[str, Metric], ...]:
        """The names asked for with their metrics, each once. Raises UnknownMetric."""
        return tuple((name, find(name)) for name in dict.fromkeys(self.metrics))

    @property
    def known_until(self) -> datetime | None:
        """The last instant whose readings count: `as_of` itself, or the one just before the window's end.

        Not of figures of days: TikTok tells a day after it ended, and only `as_of` hides what was read later.
        """
        bounds = [self.as_of] if self.as_of else []
        bounds += [self.until - INSTANT] if self.until else []
        return min(bounds, default=None)

    def _complaints(self) -> list[str]:
        asked = self.found
        said = [] if asked else ["Ask for at least one metric."]
        said += [f"{name!r} is not a dimension: {', '.join(DIMENSIONS)}." for name in self.by if name not in DIMENSIONS]
        said += [
            f"{name!r} cannot be filtered by: {', '.join(DIMENSIONS[:-1])}."
            for name, _ in self.where
            if name not in DIMENSIONS[:-1]
        ]
        said += [
            f"{metric.label} is about accounts and cannot be split or filtered by {split}."
            for _, metric in asked
            if metric.grain != "post"
            for split in (*self.by, *(name for name, _ in self.where))
            if split in OF_POSTS
        ]
        if self.grain is not None and self.grain not in GRAINS:
            said.append(f"{self.grain!r} is not a grain: {', '.join(GRAINS)}.")
        if self.grain is not None:
            said += [complaint for _, metric in asked if (complaint := self._not_over_time(metric))]
        moments = (self.since, self.until, self.as_of)
        said += ["Times need a time zone." for moment in moments if moment is not None and moment.tzinfo is None]
        if not said and self.since is not None and self.until is not None and self.since >= self.until:
            said.append("The window ends before it starts.")
        if not said and self.limit is not None and self.limit < 1:
            said.append("A limit is at least 1.")
        order = (self.order or "").lstrip("-")
        if order and order not in (*self.by, *self.metrics):
            said.append(f"Order by one of the metrics or dimensions asked for, not {order!r}.")
        return said

    def _not_over_time(self, metric: Metric) -> str:
        if isinstance(metric.formula, LastOfPost | Weighted | Absent) or metric.unit in ("text", "shares", "curve"):
            return f"{metric.label} cannot be shown over time yet."
        if metric.grain == "post" and self.since is None:
            return f"{metric.label} over time are gains: say since when."
        if metric.grain == "account_day" and self.since is None:
            return f"{metric.label} needs the first day: say since when."
        return ""


@dataclass(frozen=True)
class Answer:
    """Rows and the SQL text that gave them.

    A row maps each dimension to its value and each metric, by the name asked for, to its Figure. `account`, `creator`,
    `post` and `campaign` are our ids; beside them `account_name` is the handle, `creator_name` and `campaign_name` the
    name, `post_name` TikTok's id.
    """

    rows: list[dict[str, Any]]
    sql: str
    as_of: datetime
    query: Query

    @property
    def only(self) -> dict[str, Figure]:
        """The one row of a question that splits by nothing."""
        (row,) = self.rows
        return row
