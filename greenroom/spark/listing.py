"""The posts of a campaign and how each stands with Spark Ads: a constant number of queries a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, QuerySet, When

from greenroom.campaigns.models import Campaign, CampaignPost
from greenroom.creators import marketplace
from greenroom.creators.models import Connection
from greenroom.spark import ways
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import NotPossible

NONE = "none"  # not requested


@dataclass(frozen=True)
class Row:
    """A post of the campaign. `why_not`: why nobody can be asked for it now; empty when they can."""

    entry: CampaignPost
    authorization: SparkAuthorization | None
    state: str
    label: str
    ends_soon: bool
    why_not: str

    @property
    def days_differ(self) -> bool:
        """Did the creator give other days than were asked?"""
        one = self.authorization
        return one is not None and one.days_given is not None and one.days_given != one.days_asked


def entries(campaign: Campaign, *, state: str = "") -> "QuerySet[CampaignPost]":
    """The campaign's posts, those whose code ends next first, then those that wait for an answer."""
    found = CampaignPost.objects.within(campaign.workspace_id).filter(campaign=campaign, post__hidden_at=None)
    if state:
        found = found.filter(post__spark=None) if state == NONE else found.filter(post__spark__state=state)
    first = Case(When(post__spark__state="authorized", then=0), When(post__spark__state="requested", then=1), default=2)
    rows: QuerySet[CampaignPost] = found.select_related("post__account__creator", "post__spark", "deliverable__order")
    return rows.order_by(first, F("post__spark__until").asc(nulls_last=True), "-posted_at", "-pk")


def rows(campaign: Campaign, found: Iterable[CampaignPost], *, at: datetime) -> list[Row]:
    """Each entry with how it stands; `found` comes from `entries`."""
    shown = list(found)
    brand = marketplace.brand_grant(campaign.workspace)
    grants = Connection.objects.filter(
        account__in={one.post.account_id for one in shown},
        dialect=Connection.Dialect.ACCOUNTS,
        state__in=Connection.LIVE,
    )
    own = {one.account_id: one for one in grants}
    return [_row(one, brand, own.get(one.post.account_id), at=at) for one in shown]


def counts(campaign: Campaign, *, at: datetime) -> dict[str, int]:
    """How many posts are in each state."""
    states = CampaignPost.objects.filter(campaign=campaign, post__hidden_at=None).values_list(
        "post__spark__state", "post__spark__until"
    )
    counted = dict.fromkeys((NONE, *SparkAuthorization.STATES), 0)
    for state, until in states:
        over = state == "authorized" and until is not None and until <= at
        counted["expired" if over else state or NONE] += 1
    return counted


def _row(entry: CampaignPost, brand: Connection | None, own: Connection | None, *, at: datetime) -> Row:
    one: SparkAuthorization | None = getattr(entry.post, "spark", None)
    state = one.state if one is not None else NONE
    if one is not None and state == "authorized" and not one.works(at):
        state = "expired"
    label = SparkAuthorization.STATES[state] if one is not None and state != one.state else ""
    label = label or (one.state_label if one is not None else "Not requested")
    return Row(entry, one, state, label, one is not None and one.ends_soon(at), _why_not(entry, state, one, brand, own))


def _why_not(
    entry: CampaignPost, state: str, one: SparkAuthorization | None, brand: Connection | None, own: Connection | None
) -> str:
    if state == "authorized":
        return "Authorized already"
    if state == "requested" and one is not None and one.requests_left == 0:
        return "All 30 requests are used. Write to the creator."
    try:
        ways.choose(entry.post, entry, entry.deliverable, brand=brand, own=own)
    except NotPossible as refused:
        return refused.words
    return ""
