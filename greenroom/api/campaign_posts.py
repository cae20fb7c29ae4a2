"""The posts of a campaign: what tied each, whether it is compliant, and what people add, take out and move by hand."""

from datetime import datetime

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from greenroom.api import campaigns, pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, removes, writes
from greenroom.api.problems import invalid
from greenroom.api.shapes import Given, Id, Narrowed, Page, Told, at_utc, one_of
from greenroom.campaigns import adding, compliance, moving
from greenroom.campaigns.models import CampaignPost, Deliverable
from greenroom.core.access import Can
from greenroom.creators.models import Post

router = Router(tags=["posts"])
How = one_of(*CampaignPost.How.values)
Compliance = one_of(*compliance.STATES)
LEADS = {"get_post": "post=post", "remove_campaign_post": "entry", "move_campaign_post": "entry"}


class CampaignPostTold(Told):
    """One post in one campaign; a post is in one at most. Its figures are asked of `measure`, by `post`."""

    id: Id
    campaign: Id
    post: Id
    item_id: str = Field(description="TikTok's id; text, because it is above 2^53.")
    account: Id
    handle: str
    participant: Id | None = Field(description="The author as a participant; null: they do not take part.")
    how: str = Field(description=f"What tied it: {', '.join(CampaignPost.How.values)}.")
    mode: str = Field(description="How its figures come in, in a word: Order, Code, Manual, Former source.")
    branded: bool = Field(description="Is it advertising for the brand? A person says so when adding it by hand.")
    compliance: str | None = Field(description=f"One of {', '.join(compliance.STATES)}; null: nothing to judge.")
    compliance_words: str = Field(description="The same in words, or why there is nothing to judge.")
    deliverable: Id | None = Field(description="The asked-for post that it is; null: no order has it.")
    order: Id | None = Field(description="The order it is tied to; null: none.")
    posted_at: datetime
    added_at: datetime
    by: str
    removed_at: datetime | None = Field(description="When it was taken down from TikTok; null: it is out.")
    removed_why: str | None

    @classmethod
    def of(cls, row: CampaignPost) -> "CampaignPostTold":
        deliverable = row.deliverable
        return cls(
            id=str(row.pk),
            campaign=str(row.campaign_id),
            post=str(row.post_id),
            item_id=row.post.item_id,
            account=str(row.post.account_id),
            handle=row.post.account.handle,
            participant=str(row.participant_id) if row.participant_id else None,
            how=row.how,
            mode=row.mode,
            branded=row.branded,
            compliance=compliance.state_of(row) or None,
            compliance_words=compliance.words(row),
            deliverable=str(deliverable.pk) if deliverable else None,
            order=str(deliverable.order_id) if deliverable else None,
            posted_at=row.posted_at,
            added_at=row.added_at,
            by=row.by,
            removed_at=at_utc(row.removed_at),
            removed_why=row.removed_why or None,
        )


class CampaignPostsAsked(Narrowed):
    how: How | None = None  # type: ignore[valid-type]
    compliance: Compliance | None = None  # type: ignore[valid-type]


class CampaignPostGiven(Given):
    """A post to add by hand."""

    post: Id
    branded: bool = Field(description="Is it advertising for the brand? Then it is at risk without link or code.")


class CampaignPostMove(Given):
    """Where a post goes: added by hand to a campaign, tied to the open place of another order. One of the two."""

    campaign: Id | None = None
    deliverable: Id | None = None


@reads(
    router,
    "/campaigns/{campaign}/posts",
    needs=Can.CAMPAIGNS_READ,
    gives=Page[CampaignPostTold],
    leads=LEADS,
)
def list_campaign_posts(
    request: Call, workspace: str, campaign: Id, asked: Query[CampaignPostsAsked]
) -> Page[CampaignPostTold]:
    """The posts of a campaign, the newest first.

    Hidden posts, of which only a former source knew, are left out.
    """
    found = campaigns.find(request, campaign)
    rows = _rows(request).filter(campaign=found)
    if asked.how is not None:
        rows = rows.filter(how=asked.how)
    if asked.compliance is not None:
        rows = rows.filter(compliance.in_state(found, asked.compliance))
    return pages.page_by_time(rows, asked, CampaignPostTold.of, of=CampaignPostTold, field="posted_at")


@writes(router, "/campaigns/{campaign}/posts", needs=Can.CAMPAIGNS_WRITE, gives=CampaignPostTold, status=201)
def add_campaign_post(
    request: Call, workspace: str, campaign: Id, body: CampaignPostGiven
) -> tuple[int, CampaignPostTold]:
    """Add a post to a campaign by hand.

    It is tracked as a manual one, so it has significantly fewer figures than one that comes through an order. A post
    that is in a campaign already is refused (409).
    """
    found = campaigns.find(request, campaign)
    post = pages.find(Post.objects.within(request.workspace), body.post, "post")
    made = adding.add_post(found, post, branded=body.branded, by=request.caller.by, at=request.at)
    return 201, CampaignPostTold.of(_rows(request).get(pk=made.pk))


@writes(router, "/campaign-posts/{entry}/moves", needs=Can.CAMPAIGNS_WRITE, gives=CampaignPostTold)
def move_campaign_post(request: Call, workspace: str, entry: Id, body: CampaignPostMove) -> CampaignPostTold:
    """Move a post to another campaign or order.

    One that was added by hand goes to a `campaign`, one that an order has to an open `deliverable` of another order of
    its author. Anything else is refused (409). Who moved it is kept as `campaignpost.moved`.
    """
    row, by, at = pages.find(_rows(request), entry, "campaign post"), request.caller.by, request.at
    if (body.campaign is None) == (body.deliverable is None):
        raise invalid("body", "campaign", "name either a campaign or a deliverable")
    if body.campaign is not None:
        adding.move_post(row, campaigns.find(request, body.campaign), by=by, at=at)
    else:
        places = Deliverable.objects.within(request.workspace).select_related("order__account")
        moving.move_to_order(row, pages.find(places, body.deliverable or "", "deliverable"), by=by, at=at)
    return CampaignPostTold.of(_rows(request).get(pk=row.pk))


@removes(router, "/campaign-posts/{entry}", needs=Can.CAMPAIGNS_WRITE)
def remove_campaign_post(request: Call, workspace: str, entry: Id) -> None:
    """Take a post out of its campaign; the post and its figures stay.

    What an order tied is refused (409): it leaves when TikTok says so.
    """
    adding.remove_post(pages.find(_rows(request), entry, "campaign post"), by=request.caller.by, at=request.at)


def _rows(request: Call) -> "QuerySet[CampaignPost]":
    rows = CampaignPost.objects.within(request.workspace).filter(post__hidden_at=None)
    found: QuerySet[CampaignPost] = rows.select_related("post__account", "campaign__workspace", "deliverable")
    return found
