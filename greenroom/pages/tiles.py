"""Posts as lists show them: figures, how they are tracked and what that leaves out, compliance, Spark Ads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from greenroom.campaigns import compliance
from greenroom.campaigns.models import CampaignPost
from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.observations import availability
from greenroom.pages import cells
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links
from greenroom.spark.models import SparkAuthorization

# State of compliance -> shape and short words, for a tile.
SHORT = {
    "compliant_link": ("live", "Compliant"),
    "compliant_code_retro": ("live", "Compliant by code"),
    "at_risk_unlinked": ("bad", "At risk"),
    "removed": ("", "Removed"),
}
SPARK_SHAPES = {"requested": "wait", "authorized": "live", "declined": "bad", "expired": "bad", "revoked": "bad"}
DROPPED = "comments:p3 shares:p3 likes:p2 engagement:p2"


@dataclass(frozen=True)
class Tile:
    """One post with what a list tells of it."""

    post: Post
    entry: CampaignPost | None
    href: str
    cells: list[Cell]
    lacking: tuple[str, ...]  # figures that posts like this one never have

    @property
    def day(self) -> date:
        """When it came out, where the person is."""
        return timezone.localdate(self.post.posted_at)

    @property
    def compliance(self) -> tuple[str, str] | None:
        """Shape and short words; None where there is nothing to judge."""
        return SHORT.get(compliance.state_of(self.entry)) if self.entry else None

    @property
    def compliance_words(self) -> str:
        return compliance.words(self.entry) if self.entry else ""

    @property
    def spark(self) -> SparkAuthorization | None:
        """Where Spark Ads stand; None where nobody asked."""
        return getattr(self.post, "spark", None)

    @property
    def spark_shape(self) -> str:
        return SPARK_SHAPES[self.spark.state] if self.spark else ""

    @property
    def mode(self) -> str:
        """Order, Code, Manual; of a post in no campaign what its figures come by."""
        if self.entry is not None:
            return self.entry.mode
        return "Former source" if self.post.basis == Post.Basis.LEGACY else self.post.get_basis_display()


def tiles(
    posts: Sequence[Post],
    workspace: Workspace,
    keys: Sequence[str],
    *,
    at: datetime,
    entries: Mapping[int, CampaignPost] | None = None,
    campaign: int | None = None,
) -> list[Tile]:
    """These posts (with their accounts and `spark` at hand) with the metrics of `keys`, from one question.

    `entries` are their rows in campaigns, by post. `campaign` says that details open within that campaign's list.
    """
    links = Links.of(workspace)
    told = figures(posts, workspace, keys, at=at)
    table = availability.cells("post", at)
    within = f"?campaign={campaign}" if campaign else ""
    return [
        Tile(
            post=post,
            entry=(entries or {}).get(post.pk),
            href=f"{links.post(post.pk)}{within}",
            cells=cells.of(told.get(post.pk), keys, links, by="post", key=post.pk, dropped=DROPPED),
            lacking=lacking(post.basis, post.account, at=at, table=table),
        )
        for post in posts
    ]


def figures(posts: Iterable[Post], workspace: Workspace, keys: Sequence[str], *, at: datetime) -> dict[int, Any]:
    """{post: row of the answer}; of accounts that are gone there is none."""
    here = [post for post in posts if post.account.gone_at is None]
    if not here:
        return {}
    accounts = tuple({post.account_id for post in here})
    where = (("account", accounts), ("post", tuple(post.pk for post in here)))
    answer = metrics.measure(Query(tuple(keys), by=("post",), where=where), workspace, at=at)
    return {row["post"]: row for row in answer.rows}


def lacking(basis: str, account: Account, *, at: datetime, table: availability.Cells | None = None) -> tuple[str, ...]:
    """The labels of the figures that such a post of this account never has, in the order of the availability table."""
    held = table if table is not None else availability.cells("post", at)
    column = availability.post_column(basis, account.authenticated, account.in_marketplace)
    if basis == Post.Basis.LEGACY and not account.supported:
        column = None
    rows = availability.shipped("post").rows
    return tuple(row.label for row in rows if column is None or held[row.key][column] == "none")
