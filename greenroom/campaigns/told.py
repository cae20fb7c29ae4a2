"""What TikTok tells of posts: proven to be TikTok's, then taken as a reason to ask, and as nothing else.

A delivery may come twice, late, out of order or not at all. All it does is that campaigns look sooner. One that was
taken is remembered for as long as its time would still be taken, so that nobody who recorded it can send it again.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from greenroom.campaigns import following
from greenroom.campaigns.models import Campaign, Heard, Order
from greenroom.creators import client as clients
from greenroom.creators.models import Connection
from greenroom.creators.refusals import NotConfigured
from greenroom.tiktok import webhooks


class Replayed(Exception):
    """This very delivery was taken already."""


def hear(raw: bytes, *, signature: str, at: datetime) -> int:
    """Check a delivery's signature, read it, and have the campaigns look that it may be about. Returns how many.

    Raises tiktok.webhooks.BadSignature before anything is read, then Unreadable and BadTime, and Replayed; whatever it
    raises, nothing was changed.
    """
    try:
        secret = clients.app(Connection.Dialect.MARKETPLACE).secret
    except NotConfigured:
        raise webhooks.BadSignature("No app of TikTok is set up here.") from None
    webhooks.verify_open_signature(secret, signature, raw)
    delivery = webhooks.parse(raw)
    webhooks.check_time(delivery, at=at)
    # Together or not at all: what TikTok sends again after a failure here is no replay.
    with transaction.atomic():
        _remember(signature, delivery.created_at)
        found = {row.pk: row for entry in _entries(delivery) for row in concerned(entry)}
        for campaign in found.values():
            following.nudge(campaign, at=at)
    return len(found)


def forget(*, at: datetime) -> None:
    """Let go of deliveries that would be refused as too old anyway."""
    Heard.objects.filter(told_at__lt=at - webhooks.OLDEST - webhooks.TOLERANCE).delete()


def _remember(signature: str, told_at: datetime) -> None:
    """Raises Replayed. By the signature: two bodies can differ in bytes and yet be signed alike."""
    digest = hashlib.sha256(signature.strip().encode()).hexdigest()
    _, new = Heard.objects.get_or_create(digest=digest, defaults={"told_at": told_at})
    if not new:
        raise Replayed("It was taken already.")


def concerned(entry: Mapping[str, Any]) -> list[Campaign]:
    """The campaigns an entry may be about, in every workspace that has its marketplace account.

    As closely as it tells: by TikTok's id of the order, else by the creator, whom it may leave out, else all of them.
    """
    workspaces = _workspaces(str(entry.get("tto_tcm_account_id") or ""))
    campaign_id, handle = str(entry.get("campaign_id") or ""), str(entry.get("handle_name") or "")
    orders = Order.objects.filter(workspace__in=workspaces, campaign__state__in=following.FOLLOWED)
    orders = orders.exclude(tiktok_id="")
    ways = [campaign_id and Q(tiktok_id=campaign_id), handle and Q(account__handle__iexact=handle), Q()]
    for about in (one for one in ways if isinstance(one, Q)):
        if found := list(Campaign.objects.filter(pk__in=orders.filter(about).values("campaign"))):
            return found
    return []


def _entries(delivery: webhooks.Delivery) -> Iterable[Mapping[str, Any]]:
    """Those about posts, each only once."""
    told = [one for one in delivery.entries if isinstance(one, Mapping)]
    keys = ("tto_tcm_account_id", "campaign_id", "handle_name")
    return {tuple(str(one.get(key) or "") for key in keys): one for one in told}.values()


def _workspaces(account_id: str) -> list[int]:
    """The workspaces with a live marketplace connection that speaks for this account."""
    if not account_id:
        return []
    grants = Connection.objects.filter(
        account=None, dialect=Connection.Dialect.MARKETPLACE, state__in=Connection.LIVE
    ).values_list("workspace_id", "marketplace_ids")
    return [pk for pk, ids in grants if any(account_id in some for some in ids.values())]
