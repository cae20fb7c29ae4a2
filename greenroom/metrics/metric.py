"""What a metric is: a name, a unit and a formula. Formulas are values; `sql.py` turns them into text."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "percent", "seconds", "money", "number", "text", "flag", "shares", "curve"]
Grain = Literal["post", "account", "account_day"]
# How soon TikTok fills a field in, at best (C-14): measured per reading, never promised.
Freshness = Literal["real time", "24-48 h", "daily", "never"]


@dataclass(frozen=True)
class Gain:
    """A counter TikTok keeps per post: its newest value, or what it gained in a window. Adds up."""

    field: str


@dataclass(frozen=True)
class LastOfPost:
    """The newest reading of something of one post that cannot be added up (a curve, a list of shares)."""

    field: str


@dataclass(frozen=True)
class Last:
    """The newest reading of something of one account. `adds`: may be summed over accounts."""

    field: str
    adds: bool = False


@dataclass(frozen=True)
class Growth:
    """By how much an account's counter changed between its readings (of the window, or all of them)."""

    field: str


@dataclass(frozen=True)
class OfDay:
    """TikTok's own figure of one UTC day of an account.

    A day belongs to a window when it starts in it, and is counted from when TikTok tells it, at the latest 48 hours
    after its end. `adds`: the days of a window are summed; otherwise the last one told stands for the window. Without
    a window it is the newest day known of each account. Accounts add up either way.
    """

    field: str
    adds: bool = True


@dataclass(frozen=True)
class Count:
    """How many posts we know of."""


@dataclass(frozen=True)
class SumOf:
    """Other metrics added, post by post; a post lacking one of them has no sum."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ratio:
    """Sum of one metric by the sum of another, over the posts that have both. `mean`: mean of the posts' ratios."""

    top: str
    bottom: str
    mean: bool = False


@dataclass(frozen=True)
class Weighted:
    """The mean over posts of a field, weighted by another; without a weight each post counts the same."""

    field: str
    weight: str = ""


@dataclass(frozen=True)
class MeanOf:
    """The mean of another metric over the posts that have it."""

    part: str


@dataclass(frozen=True)
class Absent:
    """Named, so that nothing else is shown in its place; no source we may read supplies it."""

    grain: Grain


@dataclass(frozen=True)
class Part:
    """The organic or the paid part of counters of posts; of several the sum, over posts that have them all (SPK-07).

    `split` says where the parts come from.
    """

    counters: tuple[str, ...]
    of: Literal["organic", "paid"]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the parts: `organic_views`."""
        return tuple(f"{self.of}_{field}" for field in self.counters)


@dataclass(frozen=True)
class Cost:
    """What boosting posts cost: as TikTok reports it, else as people noted it. Adds up in one currency only."""


def base(part: str) -> str:
    """The counter a part is of: `organic_views` is of `views`."""
    return part.partition("_")[2]


def side_of(part: str) -> str:
    """`organic` or `paid`."""
    return part.partition("_")[0]


Formula = Part | Cost | Gain | LastOfPost | Last | Growth | OfDay | Count | SumOf | Ratio | Weighted | MeanOf | Absent


@dataclass(frozen=True)
class Metric:
    """One line of the catalogue (MET-06).

    rows: the rows of the availability table that must allow it, besides those of the fields it reads.
    variant: the name that says which formula this is where several are in use (C-01).
    derived: worked out by us where TikTok gives nothing (AVA-10): always badged, never for pay.
    """

    key: str
    label: str
    formula: Formula
    definition: str
    unit: Unit = "count"
    tiktok_name: str = "Not available"
    rows: tuple[str, ...] = ()
    freshness: Freshness = "24-48 h"
    variant: str = ""
    version: int = 1
    derived: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def grain(self) -> Grain:
        """What it speaks of: one post, one account, or one day of an account."""
        if isinstance(self.formula, OfDay):
            return "account_day"
        if isinstance(self.formula, Last | Growth):
            return "account"
        return self.formula.grain if isinstance(self.formula, Absent) else "post"

    @property
    def counted(self) -> str:
        """What coverage counts: posts, accounts or days."""
        return "day" if self.grain == "account_day" else self.grain

    @property
    def name(self) -> str:
        """Formula name and version: `engagement_rate_views_lcs@1`."""
        return f"{self.variant or self.key}@{self.version}"

    @property
    def aggregation(self) -> str:
        """How several posts or accounts become one figure."""
        match self.formula:
            case Gain() | Part() | SumOf() | Growth() | OfDay() | Last(adds=True):
                return "sum"
            case Count():
                return "count"
            case Cost():
                return "sum in one currency"
            case Ratio(mean=False):
                return "ratio of sums"
            case Ratio() | MeanOf() | Weighted(weight=""):
                return "mean"
            case Weighted(weight=weight):
                return f"mean weighted by {weight}"
            case _:
                return "none (one at a time)"
