"""How a campaign's orders stand: asked of TikTok together, written down each by itself.

What TikTok's events say is never taken over; an event only makes the campaign due. So it does not matter whether an
event comes twice, late, out of order or not at all.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q

from greenroom.campaigns import calls, settling, tying
from greenroom.campaigns.interfaces import Interface, Known, Standing
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import events
from greenroom.core.models import Event
from greenroom.core.state import LostRace
from greenroom.creators.models import Account, Post
from greenroom.tiktok import client as tiktok

OFTEN = timedelta(minutes=15)
SELDOM = timedelta(hours=1)
FOLLOWED = ("active", "paused", "closed")


def followed(campaign: Campaign) -> list[Order]:
    """The orders TikTok may have news of, those first that were read longest ago.

    Also those given up here, which nobody can take back at TikTok.
    """
    rows = (
        Order.objects.filter(campaign=campaign).exclude(tiktok_id="").order_by(F("read_at").asc(nulls_first=True), "pk")
    )
    return list(rows.select_related("account", "workspace").prefetch_related("deliverables", "moved_away"))


def follow(campaign: Campaign, *, at: datetime) -> datetime | None:
    """Read how the orders stand and return when to look again; None while there is nothing to follow.

    Raises NotReady and tiktok.errors.TikTokError; what was read until then is kept.
    """
    if campaign.state not in FOLLOWED:
        return None
    if not (rows := followed(campaign)):
        # The first order may be made at this very moment, by a worker who sees that this campaign is being looked at.
        return at + OFTEN if Order.objects.filter(campaign=campaign, state="not_created").exists() else None
    grant = calls.ordering_grant(campaign.workspace)
    for generation in dict.fromkeys(order.generation for order in rows):
        mine = {order.tiktok_id: order for order in rows if order.generation == generation}
        interface = calls.speaking(grant, generation)
        calls.asking(grant, generation, partial(_read, interface, mine, at), at=at)
    _expire(campaign, at=at)
    return next_look(campaign, at=at)


def next_look(campaign: Campaign, *, at: datetime) -> datetime:
    """Often while something is in review or may be handed in, at once if TikTok told of something meanwhile."""
    told = Campaign.objects.filter(pk=campaign.pk).values_list("nudged_at", flat=True).first()
    if told is not None and told >= at:
        return at
    waiting = Q(state__in=("created", "joined", "partially_fulfilled"))
    busy = Order.objects.filter(waiting | Q(deliverables__state="uploaded"), campaign=campaign).exists()
    return at + (OFTEN if busy and campaign.state == "active" else SELDOM)


def nudge(campaign: Campaign, *, at: datetime) -> None:
    """TikTok told that something happened: look soon, also if somebody is looking just now."""
    soon = Q(due_at=None) | Q(due_at__gt=at)
    Campaign.objects.filter(soon, pk=campaign.pk, state__in=FOLLOWED).update(due_at=at)
    Campaign.objects.filter(pk=campaign.pk).update(nudged_at=at)


def note_standing(order: Order, standing: Standing, *, read_at: datetime) -> bool:
    """Write down how an order stands. False: somebody wrote down a later reading already, so this one is dropped."""
    with transaction.atomic():
        hold(order.account_id)
        if not _locked(order, read_at):
            return False
        away = list(Deliverable.objects.filter(moved_from=order).select_related("order__account", "order__workspace"))
        rows = list(Deliverable.objects.filter(order=order).order_by("place"))
        owned = {"elsewhere": _elsewhere(order, standing.seen), "away": {one.video_id for one in away}}
        settled = settling.settle([_place(one) for one in rows], standing.seen, standing.lost, **owned)
        for one, step in sorted(zip(rows, settled.steps, strict=True), key=lambda pair: pair[1].state != "open"):
            _take(order, one, step, at=read_at)
        for post in settled.extra:
            _tell_once(order, "order_full", post.video_id, at=read_at)
        for post in settled.waiting:
            _tell_once(order, "post_taken", post.video_id, at=read_at)
        move_order(order, at=read_at)
        for one in away:
            step = settling.follow(_place(one), standing.seen, standing.lost)
            _take(one.order, one, step, at=read_at, pin=order)
            move_order(one.order, at=read_at)
    return True


def hold(account_id: int) -> None:
    """Whoever changes which order a post of this account is in comes one after the other; call it in a transaction.

    Readings of two orders may both claim one post, and a person may move it meanwhile.
    """
    rows = Account.everyone.filter(pk=account_id)
    if database.features.has_select_for_update:
        # Not against those who only point at the account, as every new row about it does.
        rows = rows.select_for_update(no_key=database.features.has_select_for_no_key_update)
    list(rows.values_list("pk"))


def move_order(order: Order, *, at: datetime) -> None:
    """The order follows its deliverables. What was given up comes back when something is handed in all the same."""
    states = Deliverable.objects.filter(order=order).values_list("state", flat=True)
    to = settling.order_state(order.state, list(states))
    if to == order.state:
        return
    if order.state in ("created", *Order.GIVEN_UP) and to != "joined":
        order.move("joined", by=events.SYSTEM, at=at, handle=order.account.handle)
    if to != order.state:
        order.move(to, by=events.SYSTEM, at=at, handle=order.account.handle)


def _read(
    interface: Interface, orders: Mapping[str, Order], at: datetime, client: tiktok.Client, token: str, account_id: str
) -> None:
    """Write each standing down as it comes: hundreds of questions may be broken off, and then go on where they were."""
    known = [_known(order) for order in orders.values()]
    for tiktok_id, standing in interface.standings(client, token, account_id, known):
        if tiktok_id in orders:
            note_standing(orders[tiktok_id], standing, read_at=at)


def _place(one: Deliverable) -> settling.Place:
    return settling.Place(one.place, one.state, one.video_id, pinned=one.moved_from_id is not None)


def _known(order: Order) -> Known:
    rows = [*(one for one in order.deliverables.all() if one.moved_from_id is None), *order.moved_away.all()]
    return Known(
        order.tiktok_id,
        frozenset(one.video_id for one in rows if one.state == "published"),
        busy=any(one.state in ("uploaded", "published_pending_id") for one in rows)
        or any(one.state == "published" and one.post_id is None for one in rows),
    )


def _locked(order: Order, read_at: datetime) -> bool:
    """Hold the order's row if this reading is newer than the one it was settled by."""
    earlier = Q(read_at=None) | Q(read_at__lte=read_at)
    rows = Order.objects.filter(earlier, pk=order.pk)
    if database.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        return False
    Order.objects.filter(pk=order.pk).update(read_at=read_at)
    order.state, order.read_at = row.state, read_at
    return True


def _take(order: Order, one: Deliverable, step: settling.Step, *, at: datetime, pin: Order | None = None) -> None:
    """Bring one deliverable to where TikTok has it; nothing is written where it is there already.

    `pin` is the order in which TikTok has it, where a person moved it to this one.
    """
    if step.kept:
        return
    if step.seen is None or step.lost is not None:
        _reopen(order, one, step, at=at)
    if step.seen is None:
        return
    post = _post(order, step) if step.video_id else None
    new = {
        "video_id": step.video_id,
        "post": post,
        "moved_from": pin,
        "set_by": one.set_by or _set_by(step.seen, post),
        "tied_at": one.tied_at or step.seen.tied_at or at,
        "lost": "",
        "lost_reason": "",
        "published_at": (step.seen.published_at or one.published_at or at) if step.seen.stage == "published" else None,
    }
    if step.video_id and post is None and one.video_id != step.video_id:
        tying.tell(one, at=at)
    _write(one, **new)
    if post is not None:
        tying.tie(order, one, post, by=events.SYSTEM, at=at)
    if step.state != one.state:
        one.move(step.state, by=events.SYSTEM, at=at, order=order.pk, video=step.video_id, set_by=one.set_by)


def _reopen(order: Order, one: Deliverable, step: settling.Step, *, at: datetime) -> None:
    if one.state == "open":
        return
    lost = step.lost
    why, reason = (lost.why, lost.reason) if lost else ("untied", "")
    tying.untie(one, why=why, reason=reason, by=events.SYSTEM, at=at)
    was = one.video_id
    _write(
        one,
        video_id="",
        post=None,
        moved_from=None,
        set_by="",
        tied_at=None,
        published_at=None,
        lost=why,
        lost_reason=reason,
    )
    one.move("open", by=events.SYSTEM, at=at, order=order.pk, video=was, why=why, reason=reason)


def _write(one: Deliverable, **values: Any) -> None:
    """Write what has changed, here and in the row."""
    changed = {name: value for name, value in values.items() if value != getattr(one, name)}
    for name, value in changed.items():
        setattr(one, name, value)
    if changed:
        Deliverable.objects.filter(pk=one.pk).update(**changed)


def _elsewhere(order: Order, seen: Iterable[settling.Seen]) -> set[str]:
    """Those of these posts that another order has: one is in one order at most, and until that lets go, this waits."""
    told = [one.video_id for one in seen if one.video_id]
    rows = Deliverable.objects.filter(workspace=order.workspace_id, video_id__in=told).exclude(order=order)
    return set(rows.values_list("video_id", flat=True))


def _post(order: Order, step: settling.Step) -> Post | None:
    """Our row of a tied post, made where TikTok says when it came out."""
    seen = step.seen
    rows = Post.everything.filter(account=order.account_id, item_id=step.video_id)
    post: Post | None = rows.first()
    if post is None and seen is not None and seen.published_at is not None:
        post, _ = Post.everything.get_or_create(
            account=order.account,
            item_id=step.video_id,
            defaults={
                "workspace_id": order.workspace_id,
                "posted_at": seen.published_at,
                "share_url": f"https://www.tiktok.com/@{order.account.handle}/video/{step.video_id}",
                "first_seen_at": order.read_at,
                "last_seen_at": order.read_at,
            },
        )
    return post


def _set_by(seen: settling.Seen, post: Post | None) -> str:
    """A post that was out before it was tied got the code; one that was handed in first came through the link.

    Empty where TikTok tells too little, as the newer interface does.
    """
    out = post.posted_at if post else seen.published_at
    if seen.tied_at is None or out == seen.tied_at or (out is None and seen.stage == "published"):
        return ""
    return Deliverable.SetBy.LINK if out is None or out > seen.tied_at else Deliverable.SetBy.CODE


def _tell_once(order: Order, verb: str, video_id: str, *, at: datetime) -> None:
    """What TikTok ties and we don't: more than was asked for, or what another order has. Said once per post."""
    told = Event.objects.filter(workspace=order.workspace_id, subject=events.about(order), name=f"order.{verb}")
    if video_id and not told.filter(data__video=video_id).exists():
        events.record(order, verb, by=events.SYSTEM, at=at, video=video_id)


def _expire(campaign: Campaign, *, at: datetime) -> None:
    """Orders nobody joined in their time."""
    for order in Order.objects.filter(campaign=campaign, state="created", created_at__lte=at - Order.LIFE):
        with suppress(LostRace):  # somebody noted just now that the creator joined or declined
            order.move("expired", by=events.SYSTEM, at=at)
