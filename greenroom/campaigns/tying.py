"""A post comes into a campaign through an order, and may leave the order again; TikTok says both."""

from collections.abc import Callable
from datetime import datetime

from greenroom.campaigns.models import CampaignPost, Deliverable, Order
from greenroom.core import events
from greenroom.creators.models import Post

How = CampaignPost.How
ON_TIED: list[Callable[..., None]] = []  # called with the deliverable and `at`, in the transaction


def tie(order: Order, deliverable: Deliverable, post: Post, *, by: str, at: datetime) -> CampaignPost:
    """The post is this deliverable's now; wherever it was before, it is in the order's campaign only.

    Call it in a transaction, as often as TikTok says so: what is there already is not written again.
    """
    if post.basis != Post.Basis.ORDER or post.hidden_at is not None:
        post.basis, post.hidden_at = Post.Basis.ORDER, None
        Post.everything.filter(pk=post.pk).update(basis=Post.Basis.ORDER, hidden_at=None)
    values = {
        "campaign_id": order.campaign_id,
        "participant_id": order.participant_id,
        "deliverable_id": deliverable.pk,
        "how": deliverable.set_by or How.ORDER,
        "branded": True,
        "removed_at": None,
        "removed_why": "",
    }
    entry = CampaignPost.objects.filter(post=post).first()
    if entry is not None and all(getattr(entry, name) == value for name, value in values.items()):
        return entry
    CampaignPost.objects.filter(deliverable=deliverable).exclude(post=post).update(deliverable=None, how=How.UNTIED)
    was = {"was_campaign": entry.campaign_id, "was_how": entry.how} if entry is not None else {}
    made = {"workspace_id": order.workspace_id, "posted_at": post.posted_at, "added_at": at, "by": by}
    entry, _ = CampaignPost.objects.update_or_create(post=post, defaults=values, create_defaults=values | made)
    told = {"order": order.pk, "campaign": order.campaign_id, "how": entry.how, "video": post.item_id}
    events.record(entry, "tied", by=by, at=at, **told, **was)
    tell(deliverable, at=at)
    return entry


def tell(deliverable: Deliverable, *, at: datetime) -> None:
    """A post was delivered: who reads its figures is told, also while we do not know yet when it came out."""
    for react in ON_TIED:
        react(deliverable, at=at)


def untie(deliverable: Deliverable, *, why: str, reason: str = "", by: str, at: datetime) -> None:
    """The deliverable's post is not the order's any more.

    `removed`: it was taken down, and stays in the campaign as that. `untied` and `rejected`: it is out without a tie,
    so it can show only what a post added by hand can.
    """
    if deliverable.post_id is None:
        return
    Post.objects.filter(pk=deliverable.post_id, basis=Post.Basis.ORDER).update(basis=Post.Basis.MANUAL)
    entry = CampaignPost.objects.filter(post=deliverable.post_id).first()
    if entry is None or entry.deliverable_id != deliverable.pk:
        return
    entry.deliverable = None
    if why == "removed":
        entry.removed_at, entry.removed_why = at, reason
    else:
        entry.how = How.UNTIED
    entry.save(update_fields=["deliverable", "how", "removed_at", "removed_why"])
    events.record(entry, "untied", by=by, at=at, why=why, reason=reason, video=deliverable.video_id)
