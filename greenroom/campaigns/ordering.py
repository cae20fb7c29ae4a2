"""Deciding which orders there are to be; `placing` then creates them at TikTok."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from greenroom.campaigns import placing, splitting, typed
from greenroom.campaigns.models import Bulk, Campaign, Deliverable, Order, Participant
from greenroom.campaigns.refusals import NothingToOrder, NotReady, NotTrackable, Refusal
from greenroom.core import events, work
from greenroom.core.state import IllegalMove, LostRace


@dataclass(frozen=True)
class Asked:
    """What an order asks for. `videos` None: all that is missing; `due_on` None: when the campaign ends."""

    videos: int | None = None
    names: tuple[str, ...] = ()
    spark_days: int | None = None
    due_on: date | None = None

    def checked(self) -> "Asked":
        """The same as it is kept. Raises BadInput."""
        names, days = tuple(typed.names(self.names)), typed.spark_days(self.spark_days)
        return Asked(typed.videos(self.videos), names, days, self.due_on)

    def as_json(self) -> dict[str, Any]:
        """What a bulk keeps, for whoever is tried again."""
        return {**asdict(self), "names": list(self.names), "due_on": self.due_on and self.due_on.isoformat()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Asked":
        """The opposite of as_json."""
        due_on = date.fromisoformat(told["due_on"]) if told.get("due_on") else None
        return cls(told.get("videos"), tuple(told.get("names") or ()), told.get("spark_days"), due_on)


def why_not(campaign: Campaign) -> NotReady | None:
    """Why the campaign can't have orders now; None when it can (CMP-01, CMP-03, CMP-12)."""
    if not campaign.tiktok:
        return NotReady("Turn TikTok on in the campaign's settings first.", code="tiktok_off")
    if not campaign.is_named:
        words = "Save the brand name and the campaign description first: creators see both in TikTok."
        return NotReady(words, code="not_named")
    if campaign.state != "active":
        words = f"Orders are created while a campaign is active; this one is {campaign.state_label.lower()}."
        return NotReady(words, code="not_active")
    return None


def warning(participant: Participant) -> str:
    """What a manager should know before this creator gets an order; empty: nothing."""
    if participant.account.supported:
        return ""
    return (
        "Not authenticated and not in the marketplace: posts that come through the order can be tracked, the account "
        "can't."
    )


def create_orders(
    campaign: Campaign, participants: Iterable[Participant], asked: Asked | None = None, *, by: str, at: datetime
) -> Bulk:
    """Orders for these participants, each by itself; who can't have one is in `errors` with the reason.

    Without `asked.videos` each gets whatever is still missing of what is asked of them, in ceil(n / 10) orders. TikTok
    makes them when the worker comes to them. Raises NotReady and BadInput.
    """
    if refused := why_not(campaign):
        raise refused
    wanted = (asked or Asked(spark_days=campaign.spark_days)).checked()
    with transaction.atomic():
        bulk = Bulk.objects.create(
            workspace=campaign.workspace, campaign=campaign, made_at=at, by=by, asked=wanted.as_json()
        )
        _fill(bulk, participants, by=by, at=at)
    return bulk


def ensure(campaign: Campaign, *, by: str, at: datetime, only: Iterable[Participant] | None = None) -> None:
    """In auto mode: whoever takes part and lacks orders gets them (ORD-07). Safe to repeat; does nothing otherwise.

    Who gave an order up is left to people.
    """
    if campaign.mode != Campaign.Mode.AUTO or why_not(campaign):
        return
    given_up = Order.objects.filter(participant=OuterRef("pk"), state__in=Order.GIVEN_UP)
    counted = Sum("orders__videos", filter=Q(orders__state__in=(*Order.WAITING, *Order.LIVE)))
    rows = campaign.participants.select_related("account", "campaign").annotate(ordered=Coalesce(counted, 0))
    if only is not None:
        rows = rows.filter(pk__in=[one.pk for one in only])
    for participant in rows.filter(~Exists(given_up)):
        if participant.ordered < participant.wanted:
            # A refusal needs no row: a strict campaign's list shows who can't have an order, and why.
            with suppress(Refusal), transaction.atomic():
                _hold([participant])
                _order(participant, None, Asked(spark_days=campaign.spark_days), by=by, at=at)


def retry(orders: Iterable[Order], *, by: str, at: datetime) -> int:
    """Try those again that TikTok refused, and only those. Returns how many."""
    count = 0
    for order in orders:
        if order.state == "refused":
            with suppress(LostRace), transaction.atomic():
                order.move("not_created", by=by, at=at)
                Order.objects.filter(pk=order.pk).update(due_at=at, failures=0, last_error="", refusal="")
                count += 1
    return count


def create_now(orders: Iterable[Order], *, at: datetime) -> None:
    """Try to create these orders at once, in the caller's thread; one that has to wait stays with the workers.

    The objects are as they stand afterwards.
    """
    for order in orders:
        work.run_now(order, by=f"now:{secrets.token_hex(6)}", now=lambda: at)
        order.refresh_from_db()


def retry_bulk(bulk: Bulk, *, by: str, at: datetime) -> int:
    """Try again what had no success in a bulk: refused orders, and participants who could not have one."""
    count = retry(bulk.orders.filter(state="refused").select_related("account"), by=by, at=at)
    with transaction.atomic():
        fallen = [row["participant"] for row in bulk.errors]
        Bulk.objects.filter(pk=bulk.pk).update(errors=[])
        bulk.errors = []
        rows = Participant.objects.within(bulk.workspace_id).filter(campaign=bulk.campaign_id, pk__in=fallen)
        _fill(bulk, rows.select_related("account", "campaign"), by=by, at=at)
    return count + len(fallen)


def cancel_bulk(bulk: Bulk, *, by: str, at: datetime) -> int:
    """Give up what TikTok has not made yet. Returns how many."""
    count = 0
    for order in bulk.orders.filter(state="not_created").select_related("account"):
        with suppress(LostRace):  # a worker has just made it
            cancel(order, by=by, at=at)
            count += 1
    return count


def give_up(orders: Iterable[Order], *, by: str, at: datetime) -> None:
    """Cancel each of these that can be, also one that a worker is making at this moment."""
    for order in orders:
        while "cancelled" in order.MOVES.get(order.state, {}):
            with suppress(LostRace):
                cancel(order, by=by, at=at)
                break
            order.refresh_from_db(fields=["state"])


def cancel(order: Order, *, by: str, at: datetime) -> None:
    """Give an order up. TikTok has no call that takes it back, so what is delivered all the same counts again."""
    move_order(order, "cancelled", by=by, at=at)


def move_order(order: Order, to: str, *, by: str, at: datetime, **data: Any) -> None:
    """Note what was heard (joined, declined), give it up (cancelled) or try again (not_created).

    Raises IllegalMove or LostRace.
    """
    if to not in ("joined", "declined", "cancelled", "not_created"):
        raise IllegalMove(f"Nobody notes {to} by hand; TikTok tells it")
    if to == "joined" and order.state != "created":
        raise IllegalMove(f"{order} is {order.state_label.lower()}; it can't be joined")
    if to == "not_created":
        if order.state != "refused":
            raise IllegalMove(f"{order} is {order.state_label.lower()}; only what TikTok refused is tried again")
        retry([order], by=by, at=at)
        return
    with transaction.atomic():
        order.move(to, by=by, at=at, handle=order.account.handle, campaign=order.campaign_id, **data)
        if to != "joined":
            # What TikTok was asked for without an answer stays due: it may exist, and then it is to be known.
            settled = Q(asked_at=None) | ~Q(tiktok_id="")
            Order.objects.filter(settled, pk=order.pk).update(due_at=None)


def _fill(bulk: Bulk, participants: Iterable[Participant], *, by: str, at: datetime) -> None:
    """Rows for each participant, or an error; a mistake in one touches no other."""
    asked = Asked.from_json(bulk.asked)
    errors = []
    everyone = list(participants)
    _hold(everyone)
    for one in everyone:
        try:
            _order(one, bulk, asked, by=by, at=at)
        except Refusal as refused:
            told = {"participant": one.pk, "handle": one.account.handle, "code": refused.code, "words": refused.words}
            errors.append(told)
    if errors:
        bulk.errors = [*bulk.errors, *errors]
        bulk.save(update_fields=["errors"])


def _hold(participants: Sequence[Participant]) -> None:
    """Who orders for the same creators at once comes one after the other, and the second finds what the first made."""
    rows = Participant.objects.filter(pk__in=[one.pk for one in participants]).order_by("pk")
    list(rows.select_for_update().values_list("pk"))


def _order(participant: Participant, bulk: Bulk | None, asked: Asked, *, by: str, at: datetime) -> None:
    """The rows of one participant's next orders; the caller holds it. Raises NotTrackable and NothingToOrder."""
    campaign, account = participant.campaign, participant.account
    if account.gone_at is not None:
        raise NotTrackable(f"{account} was deleted.", code="gone")
    if campaign.strict and not account.supported:
        words = f"{account} is not authenticated and not in the marketplace, and this campaign asks for one of them."
        raise NotTrackable(words)
    counts = [asked.videos] if asked.videos is not None else splitting.split(_missing(participant))
    if not counts:
        raise NothingToOrder(f"Every post that is asked of {account} is ordered already.")
    last = Order.objects.filter(participant=participant).aggregate(number=Max("number"), videos=Sum("videos"))
    number, first = last["number"] or 0, (last["videos"] or 0) + 1
    for place, count in enumerate(counts, 1):
        own = splitting.named(asked.names, 1, count) if asked.names else None
        names = own or splitting.named(campaign.deliverables, first, count)
        _make(participant, bulk, asked, number=number + place, first=first, names=names, by=by, at=at)
        first += count


def _make(
    participant: Participant,
    bulk: Bulk | None,
    asked: Asked,
    *,
    number: int,
    first: int,
    names: Sequence[str],
    by: str,
    at: datetime,
) -> None:
    workspace = participant.workspace_id
    order = Order.objects.create(
        workspace_id=workspace,
        campaign=participant.campaign,
        participant=participant,
        account=participant.account,
        bulk=bulk,
        state="not_created",
        number=number,
        videos=len(names),
        spark_days=asked.spark_days,
        due_on=asked.due_on or participant.campaign.ends_on,
        marker=placing.marker(),
        made_at=at,
        due_at=at,
        by=by,
    )
    Deliverable.objects.bulk_create(
        Deliverable(workspace_id=workspace, order=order, state="open", place=place, number=first + place - 1, name=name)
        for place, name in enumerate(names, 1)
    )
    told = {"handle": participant.account.handle, "campaign": participant.campaign_id, "videos": len(names)}
    events.record(order, "asked", by=by, at=at, **told)


def _missing(participant: Participant) -> int:
    """How many posts are asked for and not ordered; what was given up is not ordered."""
    rows = Order.objects.filter(participant=participant, state__in=(*Order.WAITING, *Order.LIVE))
    return participant.wanted - (rows.aggregate(total=Sum("videos"))["total"] or 0)
