"""A person moves a post from one order's place to another's; TikTok is not told and goes on having it in the first."""

from datetime import datetime
from typing import Any

from django.db import transaction

from greenroom.campaigns import following
from greenroom.campaigns.models import CampaignPost, Deliverable, Order
from greenroom.campaigns.refusals import NotMoved
from greenroom.core import events

MOVED = ("video_id", "post_id", "set_by", "tied_at", "published_at")
EMPTY: dict[str, Any] = {"video_id": "", "post": None, "set_by": "", "tied_at": None, "published_at": None}


def move_to_order(entry: CampaignPost, deliverable: Deliverable, *, by: str, at: datetime) -> CampaignPost:
    """Give a tied post to an open place of another order of the same account, in this or in another campaign.

    Readings of either order leave it there: it stays until the order in which TikTok has it does not list it any more
    (it was taken down, rejected or untied), or TikTok itself ties it elsewhere. Its figures go on coming through that
    order. The place it leaves is open here, though TikTok counts it as filled. Both orders' states follow.
    Raises NotMoved, and LostRace when one of the orders is changed at this moment.
    """
    with transaction.atomic():
        following.hold(entry.post.account_id)
        row = _entry(entry.pk)
        source, target = row.deliverable, _place(deliverable.pk)
        if refused := _refused(row, target):
            raise refused
        assert source is not None
        theirs, state, values = source.told_by, source.state, {name: getattr(source, name) for name in MOVED}
        was = {"was_order": source.order_id, "was_place": source.place, "was_campaign": row.campaign_id}
        told = {"order": target.order_id, "place": target.place, "campaign": target.order.campaign_id}
        pin = theirs.pk if theirs.pk != target.order_id else None  # TikTok has it there anyway
        _change(source, EMPTY | {"moved_from": None})
        source.move("open", by=by, at=at, order=source.order_id, video=values["video_id"], why="moved", reason="")
        _change(target, values | {"moved_from_id": pin, "lost": "", "lost_reason": ""})
        target.move(state, by=by, at=at, order=target.order_id, video=target.video_id, set_by=target.set_by)
        row.deliverable, row.campaign_id = target, target.order.campaign_id
        row.participant_id = target.order.participant_id
        row.save(update_fields=["deliverable", "campaign", "participant"])
        following.move_order(source.order, at=at)
        following.move_order(target.order, at=at)
        events.record(row, "moved", by=by, at=at, video=target.video_id, **told, **was)
    return row


def why_not(entry: CampaignPost, deliverable: Deliverable) -> str:
    """Why this post can't go to this place, in words; empty: it can."""
    refused = _refused(entry, deliverable)
    return refused.words if refused else ""


def places(entry: CampaignPost) -> list[Deliverable]:
    """The places it could be moved to: open ones of other orders of its account that TikTok has, the newest first."""
    rows = Deliverable.objects.filter(
        workspace=entry.workspace_id, order__account=entry.post.account_id, order__state__in=Order.LIVE, state="open"
    )
    rows = rows.select_related("order__campaign", "order__account")
    there = entry.deliverable.order_id if entry.deliverable else None
    return list(rows.exclude(order=there).order_by("-order_id", "place"))


def _refused(entry: CampaignPost, target: Deliverable) -> NotMoved | None:
    source, order = entry.deliverable, target.order
    if source is None or entry.how not in CampaignPost.TIED:
        words = "This post is not tied to an order. Send the creator the Campaign Code, or change its campaign instead."
        return NotMoved(words, code="not_tied")
    if source.pk == target.pk:
        return NotMoved("The post is at this place already.", code="same_place")
    if order.workspace_id != entry.workspace_id or order.account_id != entry.post.account_id:
        words = f"This order is {order.account}’s. A post stays with the account that published it."
        return NotMoved(words, code="other_account")
    if source.order_id == target.order_id:
        words = "Both places are of the same order, and a post counts once in it wherever it is."
        return NotMoved(words, code="same_order")
    if order.state not in Order.LIVE:
        words = f"{order} is {order.state_label.lower()}. Only an order that runs at TikTok can take a post."
        return NotMoved(words, code="not_live")
    if target.state != "open":
        words = f"“{target.name}” of {order} has a post already. Choose an open place, or move that post first."
        return NotMoved(words, code="place_taken")
    return None


def _entry(pk: int) -> CampaignPost:
    rows = CampaignPost.objects.select_related(
        "post", "deliverable__order__account", "deliverable__order__workspace", "deliverable__moved_from"
    )
    found: CampaignPost = rows.get(pk=pk)
    return found


def _place(pk: int) -> Deliverable:
    rows = Deliverable.objects.select_related("order__account", "order__workspace")
    found: Deliverable = rows.get(pk=pk)
    return found


def _change(one: Deliverable, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=[name.removesuffix("_id") if name != "video_id" else name for name in values])
