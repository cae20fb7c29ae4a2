"""Post rows of an account brought up to what TikTok says, in a handful of statements however many posts there are."""

from collections.abc import Iterable
from datetime import datetime

from greenroom.creators.models import Account, Post
from greenroom.syncs.readings import Known, PostFacts

FACTS = ("caption", "share_url", "media_type", "duration_s")


def keep(account: Account, told: Iterable[PostFacts], *, at: datetime) -> dict[str, Known]:
    """Make or update the posts TikTok told of; returns them by item id.

    A fact TikTok leaves out stays as it was, and a post that is not told of is not touched: absence is not deletion.
    Call it in the transaction that appends their readings.
    """
    facts = {one.item_id: one for one in told}
    known = find(account.pk, facts)
    new = [one for one in facts.values() if one.item_id not in known and one.posted_at]
    made = Post.objects.bulk_create([_made(account, one, at=at) for one in new])
    _update(account.pk, [facts[item_id] for item_id in known], at=at)
    return known | {post.item_id: Known(post.pk, post.posted_at, post.basis) for post in made}


def find(account: int, item_ids: Iterable[str]) -> dict[str, Known]:
    """The posts of an account among `item_ids`."""
    rows = Post.objects.filter(account=account, item_id__in=list(item_ids))
    return {row[0]: Known(*row[1:]) for row in rows.values_list("item_id", "pk", "posted_at", "basis")}


def _made(account: Account, told: PostFacts, *, at: datetime) -> Post:
    given = {name: value for name in FACTS if (value := getattr(told, name)) is not None}
    assert told.posted_at is not None  # keep() takes no other
    return Post(
        workspace_id=account.workspace_id,
        account=account,
        item_id=told.item_id,
        posted_at=told.posted_at,
        first_seen_at=at,
        last_seen_at=at,
        **given,
    )


def _update(account: int, told: list[PostFacts], *, at: datetime) -> None:
    """Write what changed, and that all of them were seen."""
    if not told:
        return
    seen = Post.objects.filter(account=account, item_id__in=[one.item_id for one in told])
    held = {row[0]: row[1:] for row in seen.values_list("item_id", "pk", *FACTS)}
    changed = []
    for one in told:
        pk, *values = held[one.item_id]
        now = [was if (said := getattr(one, name)) is None else said for name, was in zip(FACTS, values, strict=True)]
        if now != values:
            changed.append(Post(pk=pk, **dict(zip(FACTS, now, strict=True))))
    Post.objects.bulk_update(changed, FACTS, batch_size=200)
    seen.update(last_seen_at=at)
