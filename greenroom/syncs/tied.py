"""Which posts the reports of orders are asked about. Reads campaigns; the streams themselves know nothing of them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import Q

from greenroom.campaigns.models import CampaignPost, Deliverable, Order
from greenroom.core.scope import ScopedQuerySet
from greenroom.creators.models import Connection, Post
from greenroom.observations import schema
from greenroom.syncs.models import Sync
from greenroom.syncs.order_reports import PREFIX
from greenroom.syncs.streams import STREAMS, Ask
from greenroom.syncs.wanted import POSTS_IN_ORDER


def about(sync: Sync, told: Ask) -> Ask:
    """The question with the posts it is about: those no older than `told.back_to`, and those tied since the last one.

    The orders are all that TikTok has of the posts' accounts, for a person may have moved a post between two of them.
    """
    rows = _tied(sync.workspace_id)
    if told.back_to is not None:
        rows = rows.filter(Q(post__posted_at__gte=told.back_to) | Q(post__in=sync.cursor.get("new", ())))
    tied = (*rows.order_by("post").values_list("post__item_id", "post", "post__account"), *_unmet(sync.workspace_id))
    accounts = {account for _, _, account in tied}
    orders = Order.objects.within(sync.workspace_id).filter(
        account__in=accounts, generation=STREAMS[sync.stream].generation
    )
    ids = orders.exclude(tiktok_id="").order_by("pk").values_list("tiktok_id", flat=True)
    return replace(told, orders=tuple(ids), tied=tied, elsewhere=_elsewhere(sync.workspace_id, accounts))


def ages(workspace: int, *, at: datetime) -> list[timedelta]:
    """How old the tied posts are."""
    return [at - posted for posted in _tied(workspace).values_list("post__posted_at", flat=True)]


def wake(deliverable: Deliverable, *, at: datetime) -> None:
    """A post was tied: let its figures be read soon, however old it is. Call it in the transaction that ties it."""
    order = deliverable.order
    grant = Connection.objects.within(order.workspace_id).filter(
        account=None, dialect=Connection.Dialect.MARKETPLACE, state__in=Connection.LIVE
    )
    if (found := grant.first()) is None or not found.marketplace_ids.get(order.generation):
        return
    with transaction.atomic():
        name = {"workspace_id": order.workspace_id, "stream": f"{PREFIX}{order.generation}", "connection": found}
        Sync.objects.bulk_create([Sync(**name, due_at=at)], ignore_conflicts=True)
        rows = Sync.objects.filter(**name, account=None)
        row = (rows.select_for_update(of=("self",)) if database.features.has_select_for_update else rows).get()
        cursor = {**row.cursor, "new": sorted({*row.cursor.get("new", ()), deliverable.post_id or 0})}
        rows.update(due_at=at, cursor=cursor)


def _unmet(workspace: int) -> tuple[tuple[str, int, int], ...]:
    """Delivered posts of which nobody told when they came out, so that they have no row (0) yet: the report tells."""
    waiting = Deliverable.objects.within(workspace).filter(state="published", post=None).exclude(video_id="")
    return tuple((video, 0, account) for video, account in waiting.values_list("video_id", "order__account"))


def generations(workspace: int) -> set[str]:
    """Through which interfaces orders were made that have posts to report on."""
    delivered = Deliverable.objects.within(workspace).filter(state="published")
    return set(delivered.values_list("order__generation", flat=True).distinct())


def _tied(workspace: int) -> ScopedQuerySet[Any]:
    found: ScopedQuerySet[Any] = CampaignPost.objects.within(workspace).filter(
        post__basis=Post.Basis.ORDER, post__hidden_at=None, deliverable__isnull=False
    )
    return found


def _elsewhere(workspace: int, accounts: Collection[int]) -> tuple[tuple[Any, ...], ...]:
    """For each account that is read through a stream of its own: the account, and what this stream supplies."""
    open_now = Sync.objects.within(workspace).filter(
        stream__in=POSTS_IN_ORDER, account__in=accounts, due_at__isnull=False
    )
    held: dict[int, tuple[int, str, Any]] = {}
    for account, stream, scopes in open_now.values_list("account", "stream", "connection__scopes"):
        held[account] = min(
            held.get(account, (len(POSTS_IN_ORDER), "", ())), (POSTS_IN_ORDER.index(stream), stream, scopes)
        )
    return tuple(
        (account, *schema.supplied_by("post", STREAMS[stream].surface, scopes))
        for account, (_, stream, scopes) in sorted(held.items())
    )
