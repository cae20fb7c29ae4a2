"""Whether TikTok may take a campaign's post down for hidden advertising, and which posts may belong to a campaign.

Branded content needs TikTok's toggle. An order's invite link sets it, and so does its code afterwards; without either a
moderator may remove the post (ORD-16, ORD-17). What a post says is never looked at (C-06): a suggestion is made of who
published it, when, and what they still owe.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order, Participant
from greenroom.core.models import Workspace
from greenroom.creators.models import Post

STATES = {
    "compliant_link": "Compliant: came through the order",
    "compliant_code_retro": "Compliant: code added afterwards",
    "at_risk_unlinked": "At risk: no link or code",
    "removed": "Removed from TikTok",
}
LOOSE = tuple(how for how in CampaignPost.How.values if how not in CampaignPost.TIED)
NOT_BRANDED = "Not branded content"
OTHER_DAYS = "Published outside the campaign's dates"


def state_of(entry: CampaignPost) -> str:
    """One of STATES; empty where there is nothing to judge, and `words` then says why.

    That is a post that is no branded content, and one from outside the campaign's dates that no order tied.
    """
    if entry.removed_at is not None:
        return "removed"
    if entry.how in CampaignPost.TIED:
        return "compliant_code_retro" if entry.how == CampaignPost.How.CODE else "compliant_link"
    return "at_risk_unlinked" if entry.branded and within(entry.campaign, entry.posted_at) else ""


def words(entry: CampaignPost) -> str:
    """The state as people read it, or why there is none."""
    return STATES.get(state_of(entry)) or (OTHER_DAYS if entry.branded else NOT_BRANDED)


def within(campaign: Campaign, moment: datetime) -> bool:
    """Is it one of the campaign's days, where the workspace is? First and last day count; an open end is open."""
    since, until = bounds(campaign)
    return (since is None or since <= moment) and (until is None or moment < until)


def bounds(campaign: Campaign) -> tuple[datetime | None, datetime | None]:
    """The campaign's days as [since, until)."""
    zone = ZoneInfo(campaign.workspace.time_zone)
    since, last = campaign.starts_on, campaign.ends_on
    begins = datetime.combine(since, time.min, zone).astimezone(UTC) if since else None
    ends = datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC) if last else None
    return begins, ends


def in_state(campaign: Campaign, state: str) -> Q:
    """The entries of a campaign whose `state_of` is this one of STATES."""
    How = CampaignPost.How
    here = Q(removed_at=None)
    match state:
        case "removed":
            return ~here
        case "compliant_code_retro":
            return here & Q(how=How.CODE)
        case "compliant_link":
            return here & Q(how__in=(How.LINK, How.ORDER))
        case "at_risk_unlinked":
            since, until = bounds(campaign)
            told = here & Q(branded=True, how__in=LOOSE)
            told &= Q(posted_at__gte=since) if since else Q()
            return told & (Q(posted_at__lt=until) if until else Q())
    raise KeyError(state)


def at_risk(scope: Workspace | Campaign) -> "QuerySet[CampaignPost]":
    """The entries, of a campaign or of all of a workspace, that are `at_risk_unlinked`; hidden posts are nowhere."""
    if isinstance(scope, Campaign):
        found: QuerySet[CampaignPost] = scope.posts.filter(in_state(scope, "at_risk_unlinked"), post__hidden_at=None)
        return found
    rows = CampaignPost.objects.within(scope).filter(removed_at=None, branded=True, post__hidden_at=None)
    day = TruncDate("posted_at", tzinfo=ZoneInfo(scope.time_zone))
    first, last = F("campaign__starts_on"), F("campaign__ends_on")
    rows = rows.filter(how__in=LOOSE).annotate(day=day)
    found = rows.filter(Q(campaign__starts_on=None) | Q(day__gte=first)).filter(
        Q(campaign__ends_on=None) | Q(day__lte=last)
    )
    return found


def unlinked(campaign: Campaign) -> "QuerySet[Post]":
    """Posts in no campaign that may be meant for this one: by a participant who still owes one, in the campaign's days.

    Without a first day it is since they take part.
    """
    since, until = bounds(campaign)
    owed = Deliverable.objects.filter(order__campaign=campaign, order__state__in=Order.LIVE, state="open")
    owed = owed.filter(order__account=OuterRef("account"))
    taking_part = Participant.objects.filter(campaign=campaign, account=OuterRef("account"))
    taking_part = taking_part if since else taking_part.filter(added_at__lte=OuterRef("posted_at"))
    rows = Post.objects.within(campaign.workspace_id).filter(entry=None, account__gone_at=None)
    rows = rows.filter(posted_at__gte=since) if since else rows
    rows = rows.filter(posted_at__lt=until) if until else rows
    found: QuerySet[Post] = rows.filter(Exists(taking_part), Exists(owed)).order_by("-posted_at", "-pk")
    return found
