"""Campaigns and the orders in them: a brand asks, a creator joins or declines, time runs out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from greenroom.sandbox import brands, invitations
from greenroom.sandbox.brands import Brand
from greenroom.sandbox.http import ApiError
from greenroom.sandbox.market import MOST_VIDEOS, ORDER_LIFE, Campaign, Deliverable, Order

if TYPE_CHECKING:
    from greenroom.sandbox.world import World


@dataclass(frozen=True)
class Brief:
    """What a brand says of a campaign when it begins it. `kind` CAMPAIGN or BRAND_LINK."""

    brand_name: str
    name: str
    description: str = ""
    kind: str = "CAMPAIGN"
    generation: str = "tto"
    deliverables: tuple[Deliverable, ...] = ()
    spark_days: int = 0
    brand_profile_id: str = ""
    anchor_id: str = ""
    business_account_handle: str = ""
    advertiser_ids: Sequence[str] = field(default_factory=tuple)


def numbered(count: int, spark_days: int = 0) -> tuple[Deliverable, ...]:
    """Deliverables nobody named: "Deliverable 1" and on."""
    return tuple(Deliverable(f"Deliverable {n + 1}", spark_days) for n in range(count))


def begin(world: "World", *, brand: Brand, brief: Brief) -> Campaign:
    """A new campaign without creators, with its invite link and campaign code."""
    world.settle()
    market = world.market
    with world.lock:
        key = market.new_word("link", 11)
        made = Campaign(
            campaign_id=market.new_id("campaign"), brand=brand.place, kind=brief.kind, generation=brief.generation,
            name=brief.name, description=brief.description, brand_name=brief.brand_name,
            deliverables=brief.deliverables or numbered(MOST_VIDEOS, brief.spark_days),
            code=market.new_word("code", 8), link=f"{market.origin}/t/{key}/", created_at=world.clock.now(),
            brand_profile_id=brief.brand_profile_id, anchor_id=brief.anchor_id,
            business_account_handle=brief.business_account_handle, spark_days=brief.spark_days,
            advertiser_ids=list(brief.advertiser_ids),
        )  # fmt: skip
        market.campaigns[made.campaign_id] = made
        market.by_key[key] = market.by_code[made.code] = made
        return made


def ask(world: "World", *, campaign: Campaign, handles: Sequence[str], notify: bool = True) -> list[Order]:
    """Ask creators to take part; who is asked already keeps the order, who declined or let it lapse is asked again.

    Raises 40007 for a handle nobody has and 40122 for one outside the brand's region; then nobody was asked.
    """
    world.settle()
    with world.lock:
        brand = brands.at(world.seed, campaign.brand)
        accounts = [_invitable(world, brand, handle) for handle in dict.fromkeys(handles)]
        return [_order(world, campaign, handle, notify=notify) for handle in dict.fromkeys(accounts)]


def problem(world: "World", *, brand: Brand, handle: str) -> ApiError | None:
    """Why a brand cannot ask a creator, or None when it can."""
    try:
        account = world.account(handle)
    except KeyError:
        return ApiError(40007, f"The creator {handle} does not exist.")
    if brand.region not in ("", account.country):
        return ApiError(40122, "The TikTok Creator Marketplace creator is not in a valid region.")
    return None


def _invitable(world: "World", brand: Brand, handle: str) -> str:
    refused = problem(world, brand=brand, handle=handle)
    if refused is not None:
        raise refused
    return world.account(handle).handle


def _order(world: "World", campaign: Campaign, handle: str, *, notify: bool) -> Order:
    market, at = world.market, world.clock.now()
    order = campaign.orders.get(handle)
    if order is not None and order.state in ("created", "joined"):
        return order
    if order is None:
        order = Order(market.new_id("order"), handle, campaign, at)
        campaign.orders[handle] = market.orders[order.order_id] = order
        market.by_handle.setdefault(handle, []).append(order)
    else:
        order.move("created")
        order.created_at = at
    market.at(at + ORDER_LIFE, "order", order)
    if notify:
        text = f"{campaign.brand_name} invited you to the campaign {campaign.name}."
        invitations.tell(world, handle=handle, kind="campaign", brand=campaign.brand, text=text, key=campaign.link)
    return order


def join(world: "World", *, handle: str, link: str) -> Order:
    """`Join Campaign`. Joining twice changes nothing.

    Raises 40007 for an unknown link, 40001 for somebody who was not invited, 40002 when declined, lapsed or full.
    """
    world.settle()
    with world.lock:
        campaign = world.market.behind_link(link)
        order = world.market.order_of(campaign, world.account(handle).handle)
        if order.state == "joined":
            return order
        if not campaign.remaining_orders:
            raise ApiError(40002, "The campaign has no orders left.")
        order.move("joined")
        order.joined_at = world.clock.now()
        return order


def decline(world: "World", *, handle: str, link: str) -> Order:
    """The creator says no, before joining. Raises as `join`."""
    world.settle()
    with world.lock:
        order = world.market.order_of(world.market.behind_link(link), world.account(handle).handle)
        order.move("declined")
        return order


def expire(world: "World", *, handle: str, link: str) -> Order:
    """The order lapses now instead of 90 days after it was made. Raises as `join`."""
    world.settle()
    with world.lock:
        order = world.market.order_of(world.market.behind_link(link), world.account(handle).handle)
        order.move("expired")
        return order


def lapse(world: "World", order: Order, at: datetime) -> None:
    """Its time is over, if nobody joined and it was not asked anew since."""
    if order.state == "created" and order.created_at + ORDER_LIFE <= at:
        order.move("expired")


def of(world: "World", handle: str) -> list[Order]:
    """A creator's orders, newest first."""
    return list(reversed(world.market.by_handle.get(handle, ())))
