"""Having TikTok tell of posts: one subscription for each marketplace account, looked after every day.

TikTok ends a subscription without a word when its token is revoked, and a repeated request makes a second one. So it is
always asked first what there is.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from greenroom.campaigns import calls, told
from greenroom.campaigns.models import Subscription
from greenroom.core import addresses, events
from greenroom.core.models import Event, Workspace
from greenroom.creators import client as clients
from greenroom.creators import links
from greenroom.creators.models import Connection
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors, subscriptions

EVERY = timedelta(days=1)
GENERATION = "tto"  # only accounts of TikTok One can be told of
OVER = ("connection.revoked", "connection.lapsed")


def address() -> str:
    """Where TikTok is to call."""
    return links.absolute("tiktok_told")


def why_not(connection: Connection) -> str:
    """Why TikTok can't tell of this account's posts; empty: it can. A pretend TikTok reaches this machine too."""
    if not connection.marketplace_ids.get(GENERATION):
        return "TikTok tells of posts only where the connection has a TikTok One account."
    if clients.is_sandbox():
        return ""
    try:
        addresses.check_url(address())
    except addresses.Refused as refused:
        return f"TikTok can't reach this install at {address()}: {refused}"
    return ""


def words(workspace: Workspace) -> str:
    """For the Connections page: does TikTok tell of posts, and if not, why; empty without a marketplace connection."""
    row = Subscription.objects.within(workspace).select_related("connection").first()
    if row is None or not row.connection.is_live:
        return ""
    if row.tiktok_id:
        return "TikTok tells of posts as soon as they are handed in."
    why = why_not(row.connection) or row.last_error or "TikTok was not asked yet to tell of posts."
    return f"{why} Until then it is asked every 15 minutes."


def ensure(connection: Connection, at: datetime) -> None:
    """A marketplace grant was given, or given again: look at once."""
    if connection.account_id is None and connection.dialect == Connection.Dialect.MARKETPLACE:
        told = {"workspace": connection.workspace, "due_at": at}
        Subscription.objects.update_or_create(connection=connection, defaults=told)


def reconsider(event: Event) -> None:
    """A grant ended: so does its subscription."""
    pk = event.subject.partition(":")[2]
    if event.name in OVER and pk.isdecimal():
        Subscription.objects.filter(workspace=event.workspace_id, connection=int(pk)).update(due_at=event.at)


def keep(row: Subscription, *, at: datetime) -> datetime | None:
    """Compare what TikTok has with what should be there, and mend it; returns when to look again.

    Raises tiktok.errors.TikTokError.
    """
    told.forget(at=at)
    if not row.connection.is_live:
        _end(row, at=at)
        return None
    if why_not(row.connection):
        return at + EVERY
    found = calls.asking(row.connection, GENERATION, partial(_look, row), at=at)
    if (found, address()) != (row.tiktok_id, row.url):
        _know(row, found, address())
        events.record(row, "made", by=events.SYSTEM, at=at, url=row.url)
    return at + EVERY


def _look(row: Subscription, client: tiktok.Client, token: str, account_id: str) -> str:
    """TikTok's id of the one subscription there is to be, made if it is missing; others of ours are ended."""
    app, url = clients.app(row.connection.dialect), address()
    there = [
        one
        for one in subscriptions.subscribed(client, app)
        if one.get("subscription_detail", {}).get("tto_tcm_account_id") == account_id
    ]
    right = [one["subscription_id"] for one in there if one.get("callback_url") == url]
    ours = {row.tiktok_id} if row.url != url else set()
    for one in there:
        if one["subscription_id"] in {*right[1:], *ours}:
            _unsubscribe(client, app, one["subscription_id"])
    if right:
        return right[0]
    return subscriptions.subscribe(client, app, token=token, account_id=account_id, callback_url=url)


def _end(row: Subscription, *, at: datetime) -> None:
    """End it at TikTok. Workspaces that stand on the same one look after it themselves, at once."""
    if not row.tiktok_id:
        return
    url = row.url
    others = Subscription.objects.filter(tiktok_id=row.tiktok_id, connection__state__in=Connection.LIVE)
    if not others.exclude(pk=row.pk).update(due_at=at):
        dialect = row.connection.dialect
        _unsubscribe(clients.pooled(dialect), clients.app(dialect), row.tiktok_id)
    _know(row, "", "")
    events.record(row, "ended", by=events.SYSTEM, at=at, url=url)


def _unsubscribe(client: tiktok.Client, app: tiktok.App, subscription_id: str) -> None:
    with suppress(errors.NotFound):
        subscriptions.unsubscribe(client, app, subscription_id=subscription_id)


def _know(row: Subscription, tiktok_id: str, url: str) -> None:
    row.tiktok_id, row.url = tiktok_id, url
    row.save(update_fields=["tiktok_id", "url"])
