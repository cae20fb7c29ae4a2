"""Bringing an order into being at TikTok, once, whatever dies on the way.

TikTok knows no key by which it could tell a repeat. So the moment is written down before it is asked, and an order that
has such a moment but no answer is first looked for by a description that no other order has.
"""

import secrets
import threading
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from greenroom.campaigns import calls
from greenroom.campaigns.interfaces import LONGEST_TEXT, Made, Wanted
from greenroom.campaigns.models import Campaign, Order
from greenroom.core import events
from greenroom.core.state import IllegalMove, LostRace
from greenroom.core.work import Later
from greenroom.creators.models import Connection
from greenroom.tiktok import errors

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for something else
LAG = timedelta(minutes=1)  # how long an attempt may be on its way, and TikTok's list take to show what it made
PAUSED = timedelta(hours=1)
_LOOKING = threading.Lock()


def marker() -> str:
    """What tells one order from all others: `GR-7F3K2QX`."""
    return "GR-" + "".join(secrets.choice(LETTERS) for _ in range(7))


def description(text: str, mark: str) -> str:
    """The description as TikTok gets it: as much of `text` as fits, then the order's marker."""
    room = LONGEST_TEXT - len(mark) - len(" · ")
    line = " ".join(text.split())
    short = line if len(line) <= room else line[: room - 1].rstrip() + "…"
    return f"{short} · {mark}"


def place(order: Order, *, at: datetime) -> datetime | None:
    """Create a due order at TikTok and keep its link and code; what TikTok refuses is `refused`, in its words.

    An order that was given up while nobody knew whether TikTok has it is looked for, and not made.

    Returns when it is due again (None). Raises Later while the campaign takes no orders or an earlier attempt may yet
    come true, and what `calls.ordering_grant` and TikTok raise otherwise; then it is tried again.
    """
    if order.tiktok_id or (order.state != "not_created" and order.asked_at is None):
        return None
    campaign = Campaign.objects.get(pk=order.campaign_id)
    grant = calls.ordering_grant(campaign.workspace)
    if order.asked_at and at < order.asked_at + LAG:
        raise Later("What an earlier attempt has made may still show up at TikTok", due_at=order.asked_at + LAG)
    try:
        if order.asked_at:
            _look_for(order, grant, at=at)
        made = _made(order, campaign, grant, at=at) if not order.tiktok_id else None
    except errors.Rejected as refused:
        _refuse(order, _refusal(refused), at=at)
        return None
    if made is not None:
        keep_made(order, made, at=at)
    return None


def keep_made(order: Order, made: Made, *, at: datetime) -> None:
    """Write down what TikTok has made. An order that was cancelled meanwhile stays so, but is known and followed.

    Raises Later where another order holds the same link: TikTok shares a link under one code, so this is never ours.
    """
    told = {"tiktok_id": made.tiktok_id, "invite_link": made.invite_link, "code": made.code, "created_at": at}
    try:
        with transaction.atomic():
            if not Order.objects.filter(pk=order.pk, tiktok_id="").update(**told, refusal="", last_error=""):
                return  # another worker found it while the answer was on its way
            for name, value in told.items():
                setattr(order, name, value)
            try:
                order.move("created", by=events.SYSTEM, at=at, handle=order.account.handle, campaign=order.campaign_id)
            except (LostRace, IllegalMove):
                order.refresh_from_db(fields=["state"])
                events.record(order, "made_too_late", by=events.SYSTEM, at=at, state=order.state)
            Campaign.objects.filter(pk=order.campaign_id, due_at=None).update(due_at=at)
    except IntegrityError:
        raise Later(f"Another order has the link {made.invite_link}", due_at=at + timedelta(hours=1)) from None


def _look_for(order: Order, grant: Connection, *, at: datetime) -> None:
    """What became of an earlier attempt, and of all others that are over without an answer.

    TikTok only lists everything, so one list answers for all of them and threads look one after the other. An attempt
    that is not in it did nothing and is forgotten.
    """
    with _LOOKING:
        order.refresh_from_db(fields=["state", "asked_at", "tiktok_id"])
        if order.tiktok_id or order.asked_at is None:
            return
        interface = calls.speaking(grant, order.generation)
        over = {"generation": order.generation, "tiktok_id": "", "asked_at__lte": at - LAG}
        rows = Order.objects.within(order.workspace_id).filter(**over).select_related("account", "workspace")
        lost = {one.told_description: one for one in rows}
        found = calls.asking(
            grant,
            interface.generation,
            lambda client, token, account: interface.find(client, token, account, set(lost)),
            at=at,
        )
        for description, one in lost.items():
            if description not in found:
                Order.objects.filter(pk=one.pk, tiktok_id="", asked_at=one.asked_at).update(asked_at=None)
                continue
            try:
                keep_made(one, found[description], at=at)
            except Later:
                if one.pk == order.pk:
                    raise
    order.refresh_from_db(fields=["state", "asked_at", "tiktok_id"])


def _made(order: Order, campaign: Campaign, grant: Connection, *, at: datetime) -> Made | None:
    """Ask TikTok to make it; None if it was given up before. An attempt that surely did nothing is none.

    Raises Later while the campaign takes no orders.
    """
    if order.state != "not_created":
        return None
    if not campaign.takes_orders:
        raise Later("The campaign takes no orders now", due_at=at + PAUSED)
    interface = calls.speaking(grant, order.generation)
    wanted = _wanted(order, campaign)
    if not _ask_once(order, asked_at=at, generation=interface.generation, told_description=wanted.description):
        return None
    try:
        return calls.asking(
            grant,
            interface.generation,
            lambda client, token, account: interface.make(client, token, account, wanted),
            at=at,
        )
    except errors.Duplicate as repeat:
        raise Later(f"TikTok says it was made; looking for it. {repeat}", due_at=at + LAG) from repeat
    except errors.Unavailable as away:
        if not away.sent:
            _keep(order, asked_at=None)
        raise
    except errors.TikTokError:
        _keep(order, asked_at=None)
        raise


def _ask_once(order: Order, **values: Any) -> bool:
    """Write down that TikTok is asked now, unless somebody gave the order up or another worker has just asked."""
    rows = Order.objects.filter(pk=order.pk, state="not_created", tiktok_id="", asked_at=order.asked_at)
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(order, name, value)
    return True


def _wanted(order: Order, campaign: Campaign) -> Wanted:
    return Wanted(
        handle=order.account.handle,
        brand_name=campaign.brand_name,
        name=f"{campaign.name[: LONGEST_TEXT - 14]} · {order.marker}",
        description=order.told_description or description(campaign.description, order.marker),
        deliverables=tuple(order.deliverables.values_list("name", flat=True)),
        spark_days=order.spark_days,
    )


def _refusal(error: errors.Rejected) -> str:
    """TikTok's words and number, and what a manager can do about it."""
    match error:
        case errors.NotFound():
            way = "Correct the handle, or take the creator out of the campaign."
        case errors.NotACreator() | errors.WrongRegion():
            way = error.what_to_do
        case _:
            way = "Change what the order asks for, or ask TikTok about the request."
    return f"{error}. {way}"


def _refuse(order: Order, words: str, *, at: datetime) -> None:
    with transaction.atomic():
        _keep(order, refusal=words, asked_at=None, due_at=None)
        try:
            order.move("refused", by=events.SYSTEM, at=at, handle=order.account.handle, words=words)
        except LostRace:
            order.refresh_from_db()


def _keep(order: Order, **values: Any) -> None:
    """Write columns, here and in the row."""
    for name, value in values.items():
        setattr(order, name, value)
    Order.objects.filter(pk=order.pk).update(**values)
