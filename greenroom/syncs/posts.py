"""Post rows of an account brought up to what TikTok says, in a handful of statements however many posts there are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from greenroom.creators.models import Account, Post
from greenroom.syncs.readings import Known, PostFacts, Tied, post_facts
from greenroom.syncs.streams import Ask

KNOWN = ("pk", "posted_at", "basis")
FACTS = ("caption", "share_url", "media_type", "duration_s")


def keep(account: Account, told: Iterable[PostFacts], *, at: datetime) -> dict[str, Known]:
    """Make or update the posts TikTok told of; returns them by item id.

    A fact TikTok leaves out stays as it was, and a post that is not told of is not touched: absence is not deletion.
    Call it in the transaction that appends their readings.
    """
    facts = {one.item_id: one for one in told}
    rows = Post.everything.filter(account=account, item_id__in=list(facts))
    held = {row[0]: row[1:] for row in rows.values_list("item_id", *KNOWN, *FACTS)}
    new = [one for one in facts.values() if one.item_id not in held and one.posted_at]
    changed = [post for item_id, row in held.items() if (post := _changed(row[0], row[3:], facts[item_id]))]
    if changed:
        Post.objects.bulk_update(changed, FACTS, batch_size=200)
    if held:
        Post.objects.filter(pk__in=[row[0] for row in held.values()]).update(last_seen_at=at)
    known = {item_id: Known(*row[:3]) for item_id, row in held.items()}
    return known | _make(account, new, at=at) if new else known


def find(account: int, item_ids: Iterable[str]) -> dict[str, Known]:
    """The posts of an account among `item_ids`."""
    rows = Post.everything.filter(account=account, item_id__in=list(item_ids))
    return {row[0]: Known(*row[1:]) for row in rows.values_list("item_id", *KNOWN)}


def meet(ask: Ask, reports: Mapping[str, Mapping[str, Any]], *, at: datetime) -> None:
    """Make the rows of delivered posts nobody had told the time of, now that a report has.

    The next look at their orders ties them.
    """
    accounts = {account for _, pk, account in ask.tied if not pk}
    for account in Account.objects.filter(pk__in=accounts):
        told = [
            reports[item_id] for item_id, pk, mine in ask.tied if not pk and mine == account.pk and item_id in reports
        ]
        keep(account, [facts for item in told if (facts := post_facts(item.get("video_info") or {}))], at=at)


def tied(ask: Ask) -> dict[str, Tied]:
    """The posts a report is asked for, by TikTok's id; those deleted meanwhile are left out."""
    elsewhere = {account: frozenset(fields) for account, *fields in ask.elsewhere}
    pks = [pk for _, pk, _ in ask.tied]
    posted = dict(Post.objects.filter(pk__in=pks).values_list("pk", "posted_at")) if pks else {}
    return {
        item_id: Tied(pk, account, posted[pk], elsewhere.get(account, frozenset()))
        for item_id, pk, account in ask.tied
        if pk in posted
    }


def _make(account: Account, told: list[PostFacts], *, at: datetime) -> dict[str, Known]:
    """Insert new posts. Plain SQL: an account is met with hundreds of them, and model instances cost ten times more."""
    columns = ("workspace_id", "account_id", "item_id", "posted_at", *FACTS, "basis", "first_seen_at", "last_seen_at")
    moment, seen = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datetimefield_value(at)
    rows = [
        (
            *(account.workspace_id, account.pk, one.item_id, moment(one.posted_at)),
            *(one.caption or "", one.share_url or "", one.media_type or "VIDEO", one.duration_s),
            *(Post.Basis.MANUAL.value, seen, seen),
        )
        for one in told
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {Post._meta.db_table} ({', '.join(columns)}) values ({', '.join(['%s'] * len(columns))})",  # noqa: S608
            rows,
        )
    return find(account.pk, [one.item_id for one in told])


def _changed(pk: int, held: Sequence[Any], told: PostFacts) -> Post | None:
    """The post with what TikTok says now, if that differs from what is held."""
    said = (told.caption, told.share_url, told.media_type, told.duration_s)
    now = [old if new is None else new for new, old in zip(said, held, strict=True)]
    return None if now == list(held) else Post(pk=pk, **dict(zip(FACTS, now, strict=True)))
