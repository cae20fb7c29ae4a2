"""Participants of a campaign with their orders, as tables show them: a constant number of queries a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from greenroom.campaigns import ordering
from greenroom.campaigns.models import Campaign, Deliverable, Order, Participant
from greenroom.core import web
from greenroom.core.web import Filter
from greenroom.pages.request import StaffRequest

SHAPES = {
    "not_created": "",
    "refused": "bad",
    "created": "wait",
    "joined": "live",
    "partially_fulfilled": "live",
    "fulfilled": "done",
    "declined": "bad",
    "cancelled": "",
    "expired": "bad",
}
CAMPAIGN_TONES = {"draft": "off", "active": "good", "paused": "warn", "closed": "line", "archived": "off"}
DELIVERABLE_SHAPES = {"open": "", "uploaded": "wait", "published_pending_id": "live", "published": "done"}
STATE = Filter("order", "Order", (("none", "No order yet"), *Order.STATES.items()))


@dataclass(frozen=True)
class OrderLine:
    """One order as a table shows it; `used` of its videos are uploaded or published, `done` are published."""

    order: Order
    shape: str
    used: int
    done: int
    moves: list[tuple[str, str]]
    waits: str


@dataclass(frozen=True)
class Row:
    """One participant with their orders, oldest first."""

    participant: Participant
    lines: list[OrderLine]
    warning: str
    refused: str  # why this account can't have an order; empty: it can

    @property
    def short_warning(self) -> str:
        """The warning without what the row says anyway."""
        _, _, words = self.warning.partition(": ")
        return words[:1].upper() + words[1:]

    @property
    def ordered(self) -> int:
        """Posts that are ordered; what was given up is not."""
        return sum(one.order.videos for one in self.lines if one.order.state not in Order.GIVEN_UP)

    @property
    def missing(self) -> int:
        """Posts that are asked for and not ordered."""
        return max(self.participant.wanted - self.ordered, 0)

    @property
    def done(self) -> int:
        return sum(one.done for one in self.lines)

    @property
    def waits(self) -> list[str]:
        """Who or what the next step waits for."""
        if not self.lines:
            return [self.refused or "An order"]
        told = [one.waits for one in self.lines if one.waits]
        if self.missing and not told:
            told.append(f"An order for {self.missing} more")
        return list(dict.fromkeys(told))


# What a person may note of an order by hand, and on which button.
MOVES = {
    "joined": "Joined, I heard",
    "declined": "Declined, I heard",
    "cancelled": "Cancel the order",
    "not_created": "Try again",
}


def waits_for(order: Order, states: Iterable[str]) -> str:
    """What the next step of an order waits for, from its state and those of its deliverables; empty: nothing."""
    standing = list(states)
    if order.state == "not_created":
        return "TikTok to make the order"
    if order.state == "refused":
        return "You: TikTok refused the order"
    if order.state == "created":
        return "The creator to join"
    if order.state not in Order.LIVE or order.state == "fulfilled":
        return "TikTok to tell the post's id" if "published_pending_id" in standing else ""
    open_ones = standing.count("open")
    if open_ones:
        return f"The creator to upload {open_ones} of {order.videos}"
    return "TikTok's review" if "uploaded" in standing else "TikTok to tell the post's id"


def campaign_of(request: StaffRequest, pk: int) -> Campaign:
    """The campaign of the address, if it is this workspace's. Raises Http404."""
    found: Campaign = get_object_or_404(Campaign.objects.within(request.workspace).select_related("workspace"), pk=pk)
    return found


def participants(campaign: Campaign) -> "QuerySet[Participant]":
    """The participants of a campaign with all that `rows` shows."""
    orders = Order.objects.order_by("number")
    told = Prefetch("orders", orders.prefetch_related("deliverables"))
    found: QuerySet[Participant] = campaign.participants.select_related("account__creator")
    return found.prefetch_related(told).order_by("account__handle", "pk")


def narrowed(found: "QuerySet[Participant]", request: StaffRequest) -> "QuerySet[Participant]":
    """Only those whom the query string asks for: `order` by a state of their orders, `q` by handle or name."""
    picked = web.chosen([STATE], request.GET).get("order")
    if picked == "none":
        found = found.filter(orders=None)
    elif picked:
        found = found.filter(orders__state=picked).distinct()
    if words := request.GET.get("q", "").strip().lstrip("@"):
        found = found.filter(Q(account__handle__icontains=words) | Q(account__creator__name__icontains=words))
    return found


def rows(request: StaffRequest, campaign: Campaign, found: "Sequence[Participant] | Page[Any]") -> list[Row]:
    """Each participant as a row; those of the same campaign share its object."""
    made = []
    for one in found:
        one.campaign = campaign
        account = one.account
        orders: list[Order] = list(one.orders.all())  # type: ignore[misc] # prefetched
        for order in orders:
            order.account = account
        refused = ""
        if campaign.strict and not account.supported:
            refused = "Non-authenticated, non-TTCM accounts can't be tracked"
        made.append(Row(one, [line(request, order) for order in orders], ordering.warning(one), refused))
    return made


def line(request: StaffRequest, order: Order) -> OrderLine:
    """An order with its deliverables at hand."""
    states = [one.state for one in order.deliverables.all()]
    used, done = sum(one != "open" for one in states), sum(one in Deliverable.DONE for one in states)
    moves = [(to, MOVES[to]) for to in order.moves(request.member.permissions) if to in MOVES]
    if order.state != "created":
        moves = [one for one in moves if one[0] != "joined"]
    return OrderLine(order, SHAPES[order.state], used, done, moves, waits_for(order, states))


def frame(request: StaffRequest, campaign: Campaign, tab: str, **told: Any) -> dict[str, Any]:
    """What the head and the tabs of a campaign's pages need, with what a page adds."""
    moves = [(to, VERBS[campaign.state, to]) for to in campaign.moves(request.member.permissions)]
    return {
        "campaign": campaign,
        "tone": CAMPAIGN_TONES[campaign.state],
        "campaign_moves": moves,
        "tab": tab,
        "messages_url": reverse("campaign_messages", args=[request.workspace.slug, campaign.pk]),
        "creators_count": campaign.participants.count(),
        "posts_count": campaign.posts.filter(post__hidden_at=None).count(),
        **told,
    }


# From where to where -> the words on the button.
VERBS = {
    ("draft", "active"): "Activate",
    ("draft", "archived"): "Archive",
    ("active", "paused"): "Pause",
    ("active", "closed"): "Close",
    ("paused", "active"): "Resume",
    ("paused", "closed"): "Close",
    ("closed", "active"): "Open again",
    ("closed", "archived"): "Archive",
    ("archived", "closed"): "Take out of the archive",
}
