"""Posts that a person puts into a campaign, takes out of it or moves to another one.

What an order tied comes and goes with the order and is never changed here.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from greenroom.campaigns.models import Campaign, CampaignPost, Participant
from greenroom.campaigns.refusals import BadInput, PostTaken, PostTied
from greenroom.core import events
from greenroom.creators.models import Post

HAND = CampaignPost.How.HAND


def add_post(campaign: Campaign, post: Post, *, branded: bool, by: str, at: datetime) -> CampaignPost:
    """Put a post into a campaign by hand; its author need not take part.

    `branded` is whether it advertises for the brand, as the person says. Raises PostTaken where it is in a campaign
    already, BadInput for a post of another workspace or one that is hidden.
    """
    _check(campaign, post)
    try:
        with transaction.atomic():
            entry: CampaignPost = CampaignPost.objects.create(
                workspace_id=campaign.workspace_id,
                campaign=campaign,
                post=post,
                participant=_participant(campaign, post),
                how=HAND,
                branded=branded,
                posted_at=post.posted_at,
                added_at=at,
                by=by,
            )
            told = {"campaign": campaign.pk, "video": post.item_id, "branded": branded}
            events.record(entry, "added", by=by, at=at, **told)
    except IntegrityError:
        raise taken(campaign, post) from None
    return entry


def remove_post(entry: CampaignPost, *, by: str, at: datetime) -> None:
    """Take a post out of its campaign; the post itself and its readings stay. Raises PostTied."""
    with transaction.atomic():
        told = {"campaign": entry.campaign_id, "video": entry.post.item_id, "how": entry.how}
        if CampaignPost.objects.filter(pk=entry.pk, deliverable=None).delete()[0]:
            events.record(entry, "removed", by=by, at=at, **told)
        elif CampaignPost.objects.filter(pk=entry.pk).exists():
            raise PostTied("An order has this post. It leaves the campaign when TikTok says so.")


def move_post(entry: CampaignPost, campaign: Campaign, *, by: str, at: datetime) -> None:
    """Put a post that was added by hand into another campaign instead. Raises PostTied and BadInput."""
    _check(campaign, entry.post)
    if entry.campaign_id == campaign.pk:
        raise BadInput(f"It is in {campaign.name} already.", field="campaign")
    was = entry.campaign_id
    participant = _participant(campaign, entry.post)
    rows = CampaignPost.objects.filter(pk=entry.pk, campaign=was, how=HAND, deliverable=None)
    with transaction.atomic():
        if not rows.update(campaign=campaign, participant=participant):
            raise PostTied("Only a post that was added by hand moves to another campaign.")
        told = {"campaign": campaign.pk, "was_campaign": was, "video": entry.post.item_id}
        events.record(entry, "moved", by=by, at=at, **told)
    entry.campaign, entry.participant = campaign, participant


def taken(campaign: Campaign, post: Post) -> PostTaken:
    """The refusal to add a post that is in a campaign, as it stands."""
    where = CampaignPost.objects.filter(post=post).select_related("campaign").first()
    if where is None:  # it left in the meantime
        return PostTaken("Somebody changed it just now. Try again.")
    if where.campaign_id == campaign.pk:
        return PostTaken("It is in this campaign already.")
    return PostTaken(f"It is in {where.campaign.name} already. A post is in one campaign at most; move it instead.")


def _check(campaign: Campaign, post: Post) -> None:
    if post.workspace_id != campaign.workspace_id:
        raise BadInput("It is no post of this workspace.", field="post")
    if post.hidden_at is not None:
        raise BadInput("It is hidden: only the former source knew it, and it is to be purged.", field="post")


def _participant(campaign: Campaign, post: Post) -> Participant | None:
    """The author as a participant, where they take part."""
    found: Participant | None = campaign.participants.filter(account=post.account_id).first()
    return found
