"""Before and after: which figures an account or a post gains and loses when the former source is left (MIG-12).

Made from the availability tables, so it says the same before and after the purge, and shows no figure.
"""

from dataclasses import dataclass
from datetime import datetime

from greenroom.creators.models import Account, Post
from greenroom.metrics import definitions
from greenroom.metrics.metric import Metric
from greenroom.observations import availability

FORMER = "legacy"
REPLACED_BY = {
    "avg_likes": "derived_avg_likes",
    "avg_comments": "derived_avg_comments",
    "followers_growth": "derived_followers_growth",
    "legacy_followers": "followers",
    "total_posts": "video_count",
    "legacy_avg_views": "avg_views",
    "audience_gender_age": "audience_genders",
}
"""Row that vanishes -> what tells the nearest thing, where the account's access gives it."""
WORDS = {"full": "", "limited": "limited", "none": "none"}


@dataclass(frozen=True)
class Line:
    """One figure: what it is called, how far it may be seen before and after, and what stands in for it."""

    key: str
    label: str
    before: availability.Level
    after: availability.Level
    instead: str = ""
    derived: bool = False

    @property
    def is_gained(self) -> bool:
        return self.before == "none" and self.after != "none"

    @property
    def is_lost(self) -> bool:
        return self.before != "none" and self.after == "none"


@dataclass(frozen=True)
class Change:
    """What changes for everybody with the same access. `column` is that of the availability table; None: nothing."""

    column: str | None
    gained: tuple[Line, ...]
    lost: tuple[Line, ...]
    kept: tuple[Line, ...]


def of_account(account: Account, tables: dict[str, availability.Cells]) -> Change:
    """What changes for one account as it stands now. `tables` are `tables_at(…)`."""
    column = availability.account_column(account.authenticated, account.in_marketplace)
    return change("account", column, tables)


def of_post(post: Post | None, tables: dict[str, availability.Cells]) -> Change:
    """What changes for one post: None, or one that is known from the former source only, can show nothing any more."""
    if post is None or post.basis == Post.Basis.LEGACY:
        return change("post", None, tables)
    account = post.account
    return change("post", availability.post_column(post.basis, account.authenticated, account.in_marketplace), tables)


def tables_at(at: datetime) -> dict[str, availability.Cells]:
    """Both availability tables as they hold at `at`."""
    return availability.as_json(at)


def change(table: str, column: str | None, tables: dict[str, availability.Cells]) -> Change:
    """What a column shows against that of the former source, row by row of the availability table. Pure."""
    lines = [_line(table, key, row[FORMER], row[column] if column else "none") for key, row in tables[table].items()]
    return Change(
        column,
        tuple(one for one in lines if one.is_gained),
        tuple(one for one in lines if one.is_lost),
        tuple(one for one in lines if one.before != "none" and one.after != "none"),
    )


def vanished(tables: dict[str, availability.Cells]) -> tuple[Line, ...]:
    """The rows that only the former source had: nobody has them any more, whatever their access (AVA-08, C-16)."""
    return tuple(
        _line("account", key, row[FORMER], "none")
        for key, row in tables["account"].items()
        if row[FORMER] != "none" and all(level == "none" for name, level in row.items() if name != FORMER)
    )


def _line(table: str, key: str, before: availability.Level, after: availability.Level) -> Line:
    metric = definitions.of_row(table, key)
    lost = before != "none" and after == "none"
    other = definitions.find(REPLACED_BY[key]) if lost and key in REPLACED_BY else None
    return Line(key, _label(metric, key), before, after, other.label if other else "", bool(other and other.derived))


def _label(metric: Metric | None, key: str) -> str:
    return metric.label if metric else key
