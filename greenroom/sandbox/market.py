"""What brands and creators have agreed: one store behind both generations of the marketplace API.

A campaign has one invite link and one campaign code. A creator asked to take part has one order in it, in which the
older generation counts; the newer one speaks of the campaign and its handles. Every post a creator hands in is an
upload of an order. What may become of an order and of an upload is a table each; nothing else changes a state.
"""

import heapq
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import chance
from greenroom.sandbox.http import ApiError, Json

if TYPE_CHECKING:
    from greenroom.sandbox.invitations import Invitation, Notice
    from greenroom.sandbox.spark import Spark

MOST_VIDEOS = 10
MOST_ORDERS = 200
ORDER_LIFE = timedelta(days=90)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

ORDER_MOVES = {
    "created": ("joined", "declined", "expired"),
    "declined": ("created",),  # the brand asks again
    "expired": ("created",),
    "joined": (),
}
UPLOAD_MOVES = {
    "uploaded": ("reviewing", "removed"),
    "reviewing": ("published", "rejected", "removed"),
    "published": ("rejected", "removed"),
    "rejected": (),  # another attempt is another upload
    "removed": (),
}
LIVE = ("uploaded", "reviewing", "published")


@dataclass(frozen=True)
class Deliverable:
    """One asked-for post: its name, and for how many days the brand wants to advertise it (0: not at all)."""

    name: str
    spark_days: int = 0


@dataclass(eq=False)
class Upload:
    """One post handed in for an order. `way` it came: link, code, request or api.

    `video_id` is TikTok's from the beginning; brands are told it from `known_at` on, which may be later.
    """

    order: "Order" = field(repr=False)
    place: int
    video_id: str
    way: str
    caption: str
    uploaded_at: datetime
    known_at: datetime
    state: str = "uploaded"
    views: float | None = None
    posted_at: datetime | None = None
    content_judged_at: datetime | None = None
    ad_judged_at: datetime | None = None
    closed_at: datetime | None = None
    failed: str = ""
    reason: str = ""

    @property
    def live(self) -> bool:
        """Whether it takes a deliverable's place: neither rejected nor removed."""
        return self.state in LIVE

    @property
    def deliverable(self) -> Deliverable:
        return self.order.campaign.deliverables[self.place]

    def move(self, to: str) -> None:
        """Raises 40002 for a move that the table does not have."""
        if to not in UPLOAD_MOVES[self.state]:
            raise ApiError(40002, f"The video is {self.state} and cannot become {to}.")
        self.state = to


@dataclass(eq=False)
class Order:
    """What one creator is asked to hand in within one campaign."""

    order_id: str
    handle: str
    campaign: "Campaign" = field(repr=False)
    created_at: datetime
    state: str = "created"
    joined_at: datetime | None = None
    uploads: list[Upload] = field(default_factory=list)

    @property
    def live(self) -> list[Upload]:
        return [one for one in self.uploads if one.live]

    @property
    def open_places(self) -> list[int]:
        """The deliverables still to be handed in, by place."""
        taken = {one.place for one in self.live}
        return [place for place in range(len(self.campaign.deliverables)) if place not in taken]

    def move(self, to: str) -> None:
        """Raises 40002 for a move that the table does not have."""
        if to not in ORDER_MOVES[self.state]:
            raise ApiError(40002, f"The order is {self.state} and cannot become {to}.")
        self.state = to


@dataclass(eq=False)
class Campaign:
    """A brand's campaign, or its standing brand link. `generation` that made it: tto or tcm."""

    campaign_id: str
    brand: int
    kind: str
    generation: str
    name: str
    description: str
    brand_name: str
    deliverables: tuple[Deliverable, ...]
    code: str
    link: str
    created_at: datetime
    brand_profile_id: str = ""
    anchor_id: str = ""
    business_account_handle: str = ""
    spark_days: int = 0
    updated_at: datetime | None = None
    advertiser_ids: list[str] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)

    @property
    def remaining_orders(self) -> int:
        """An order is used up when a creator joins."""
        return MOST_ORDERS - sum(one.state == "joined" for one in self.orders.values())

    def uploads(self) -> Iterator[Upload]:
        for order in self.orders.values():
            yield from order.uploads


@dataclass(eq=False)
class LinkRequest:
    """A brand's wish that a creator link an existing post. `status` in TikTok's spelling."""

    request_id: str
    campaign: Campaign = field(repr=False)
    handle: str
    video_id: str
    asked_at: datetime
    status: str = "IN_REVIEW"
    requests: int = 1


@dataclass(eq=False)
class Market:
    """The store. Whoever changes it holds the world's lock."""

    seed: int
    began: datetime
    origin: str
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    requests: dict[str, LinkRequest] = field(default_factory=dict)
    ties: dict[str, Upload] = field(default_factory=dict)
    sparks: "dict[str, Spark]" = field(default_factory=dict)
    invitations: "dict[str, list[Invitation]]" = field(default_factory=dict)
    notices: "dict[str, list[Notice]]" = field(default_factory=dict)
    profiles: dict[int, list[Json]] = field(default_factory=dict)
    anchors: dict[int, list[Json]] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    branded: dict[str, str] = field(default_factory=dict)
    by_key: dict[str, Campaign] = field(default_factory=dict)
    by_code: dict[str, Campaign] = field(default_factory=dict)
    by_handle: dict[str, list[Order]] = field(default_factory=dict)
    _due: list[tuple[datetime, int, str, Any]] = field(default_factory=list)
    _made: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new_id(self, kind: str) -> str:
        """19 digits, never the same twice, and others in a world that began at another moment."""
        lead = int.from_bytes(self._digest(kind)[:8], "big") % 800_000_000_000
        return str(7_100_000_000_000_000_000 + lead * 1_000_000 + self.next())

    def new_word(self, kind: str, length: int) -> str:
        """Letters and digits that cannot be mistaken for one another."""
        return "".join(LETTERS[byte % len(LETTERS)] for byte in self._digest(kind, self.next())[:length])

    def next(self) -> int:
        with self._lock:
            self._made += 1
            return self._made

    def of_brand(self, place: int) -> list[Campaign]:
        """A brand's campaigns, oldest first."""
        return [one for one in list(self.campaigns.values()) if one.brand == place]

    def behind_link(self, link: str) -> Campaign:
        """The campaign of an invite link, however the address is written. Raises 40007."""
        found = self.by_key.get(link.rstrip("/").rpartition("/")[2])
        if found is None:
            raise ApiError(40007, "The invite link does not exist.")
        return found

    def behind_code(self, code: str) -> Campaign:
        """The campaign of a campaign code. Raises 40007."""
        found = self.by_code.get(code.strip().upper())
        if found is None:
            raise ApiError(40007, "The campaign code does not exist.")
        return found

    def order_of(self, campaign: Campaign, handle: str) -> Order:
        """The creator's order in a campaign. Raises 40001 when the creator was not invited to it."""
        order = campaign.orders.get(handle)
        if order is None:
            raise ApiError(40001, "Permission error: the creator is not invited to the campaign.")
        return order

    def at(self, when: datetime, what: str, thing: Any) -> None:
        """Something becomes due at a moment of the world's clock; `World.settle` brings it about."""
        heapq.heappush(self._due, (when, self.next(), what, thing))

    def is_due(self, at: datetime) -> bool:
        """Whether anything waits that has become due."""
        return any(one[0] <= at for one in self._due[:1])

    def pop_due(self, at: datetime) -> tuple[datetime, str, Any] | None:
        """What became due first of all that is due, once."""
        if not self.is_due(at):
            return None
        moment, _, what, thing = heapq.heappop(self._due)
        return moment, what, thing

    def _digest(self, *key: object) -> bytes:
        return chance.digest("market", self.seed, int(self.began.timestamp()), *key)
