"""Post rows of an account brought up to what TikTok says, in a handful of statements however many posts there are."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from greenroom.creators.models import Account, Post
from greenroom.syncs.readings import Known, PostFacts

KNOWN = ("pk", "posted_at", "basis")
FACTS = ("caption", "share_url", "media_type", "duration_s")


def keep(account: Account, told: Iterable[PostFacts], *, at: datetime) -> dict[str, Known]:
    """Make or update the posts TikTok told of; returns them by item id.

    A fact TikTok leaves out stays as it was, and a post that is not told of is not touched: absence is not deletion.
    Call it in the transaction that appends their readings.
    """
    facts = {one.item_id: one for one in told}
    rows = Post.objects.filter(account=account, item_id__in=list(facts))
    held = {row[0]: row[1:] for row in rows.values_list("item_id", *KNOWN, *FACTS)}
    new = [one for one in facts.values() if one.item_id not in held and one.posted_at]
    made = Post.objects.bulk_create([_made(account, one, at=at) for one in new])
    changed = [post for item_id, row in held.items() if (post := _changed(row[0], row[3:], facts[item_id]))]
    if changed:
        Post.objects.bulk_update(changed, FACTS, batch_size=200)
    Post.objects.filter(pk__in=[row[0] for row in held.values()]).update(last_seen_at=at)
    known = {item_id: Known(*row[:3]) for item_id, row in held.items()}
    return known | {post.item_id: Known(post.pk, post.posted_at, post.basis) for post in made}


def find(account: int, item_ids: Iterable[str]) -> dict[str, Known]:
    """The posts of an account among `item_ids`."""
    rows = Post.objects.filter(account=account, item_id__in=list(item_ids))
    return {row[0]: Known(*row[1:]) for row in rows.values_list("item_id", *KNOWN)}


def _made(account: Account, told: PostFacts, *, at: datetime) -> Post:
    assert told.posted_at is not None  # keep() takes no other
    given = {name: value for name in FACTS if (value := getattr(told, name)) is not None}
    return Post(
        workspace_id=account.workspace_id,
        account=account,
        item_id=told.item_id,
        posted_at=told.posted_at,
        first_seen_at=at,
        last_seen_at=at,
        **given,
    )


def _changed(pk: int, held: Sequence[Any], told: PostFacts) -> Post | None:
    """The post with what TikTok says now, if that differs from what is held."""
    said = (told.caption, told.share_url, told.media_type, told.duration_s)
    now = [old if new is None else new for new, old in zip(said, held, strict=True)]
    return None if now == list(held) else Post(pk=pk, **dict(zip(FACTS, now, strict=True)))
