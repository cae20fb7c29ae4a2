"""Orders: what one creator is to deliver under one link, and where each post stands."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import MOST, Given, Id, Narrowed, Page, Told, at_utc, one_of
from greenroom.campaigns import ordering
from greenroom.campaigns.models import Deliverable, Order
from greenroom.core.access import Can

router = Router(tags=["orders"])
OrderState = one_of(*Order.STATES)
DeliverableState = one_of(*Deliverable.STATES)
WHY = "Why a field that is null is so, by its name: "


class DeliverableTold(Told):
    """One asked-for post of an order."""

    id: Id
    order: Id
    place: int = Field(description="In the order, from 1.")
    number: int = Field(description="Among all posts asked of the creator in the campaign, from 1.")
    name: str
    state: str = Field(description=f"One of {', '.join(Deliverable.STATES)}. It is read from TikTok, never set.")
    video_id: str | None
    post: Id | None = Field(description="The post as it is kept here.")
    branded: bool | None = Field(description="Is the Branded Content Toggle on? Tying a post turns it on.")
    set_by: str | None = Field(description="What turned it on: link or code.")
    tied_at: datetime | None
    published_at: datetime | None
    lost: str | None = Field(description="Why the last post is not tied any more: rejected or removed.")
    lost_reason: str | None = Field(description="In TikTok's words, where it gave any.")
    reasons: dict[str, str] = Field(description=WHY + "not_handed_in, in_review, id_follows, not_read_yet, not_told.")

    @classmethod
    def of(cls, row: Deliverable) -> "DeliverableTold":
        told: dict[str, Any] = {
            "video_id": row.video_id or None,
            "post": str(row.post_id) if row.post_id else None,
            "branded": row.branded,
            "set_by": row.set_by or None,
            "tied_at": at_utc(row.tied_at),
            "published_at": at_utc(row.published_at),
        }
        return cls(
            id=str(row.pk),
            order=str(row.order_id),
            place=row.place,
            number=row.number,
            name=row.name,
            state=row.state,
            lost=row.lost or None,
            lost_reason=row.lost_reason or None,
            reasons={field: _why_no(field, row) for field, value in told.items() if value is None},
            **told,
        )


class OrderTold(Told):
    """Up to ten posts that one creator is asked for, under one link and one code.

    A post that is handed in beyond what is asked counts nowhere; the event `order.order_full` tells of it.
    """

    id: Id
    campaign: Id
    participant: Id
    account: Id
    handle: str
    bulk: Id | None = Field(description="The action it was created in; null: the campaign made it by itself.")
    number: int = Field(description="Its place among the creator's orders in the campaign, from 1.")
    state: str = Field(description=f"One of {', '.join(Order.STATES)}.")
    moves: list[str]
    videos: int
    spark_days: int | None = Field(description="Null: Spark Ads are not asked for.")
    due_on: date | None = Field(description="When the creator is asked to be done; null: no day is set.")
    invite_link: str | None
    code: str | None = Field(description="The campaign code for posts that are out already.")
    refusal: str | None = Field(description="Why TikTok refused it, in its words; null: it did not.")
    reasons: dict[str, str] = Field(description=WHY + "not_created_yet, refused, cancelled, not_offered, not_read_yet.")
    deliverables: list[DeliverableTold]
    made_at: datetime
    created_at: datetime | None = Field(description="When TikTok made it.")
    read_at: datetime | None = Field(description="When TikTok was last asked how it stands.")
    by: str

    @classmethod
    def of(cls, row: Order, request: Call) -> "OrderTold":
        told: dict[str, Any] = {
            "invite_link": row.invite_link or None,
            "code": row.code or None,
            "created_at": at_utc(row.created_at),
            "read_at": at_utc(row.read_at),
        }
        return cls(
            id=str(row.pk),
            campaign=str(row.campaign_id),
            participant=str(row.participant_id),
            account=str(row.account_id),
            handle=row.account.handle,
            bulk=str(row.bulk_id) if row.bulk_id else None,
            number=row.number,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            videos=row.videos,
            spark_days=row.spark_days,
            due_on=row.due_on,
            refusal=row.refusal or None,
            reasons={field: _why_not_told(field, row) for field, value in told.items() if value is None},
            deliverables=[DeliverableTold.of(one) for one in row.deliverables.all()],
            made_at=row.made_at,
            by=row.by,
            **told,
        )


class OrdersAsked(Narrowed):
    campaign: Id | None = None
    participant: Id | None = None
    account: Id | None = None
    bulk: Id | None = None
    state: OrderState | None = None  # type: ignore[valid-type]


class DeliverablesAsked(Narrowed):
    campaign: Id | None = None
    order: Id | None = None
    state: DeliverableState | None = None  # type: ignore[valid-type]


class OrderMove(Given):
    to: Literal["joined", "declined", "cancelled", "not_created"]


LEADS = {"get_order": "order", "move_order": "order"}


@reads(router, "/orders", needs=Can.CAMPAIGNS_READ, gives=Page[OrderTold], leads=LEADS)
def list_orders(request: Call, workspace: str, asked: Query[OrdersAsked]) -> Page[OrderTold]:
    """The orders of the workspace, of a campaign, a creator's account or a bulk."""
    rows = _narrowed(_rows(request), asked, {name: name for name in ("campaign", "participant", "account", "bulk")})
    return pages.page(rows, asked, lambda row: OrderTold.of(row, request), of=OrderTold)


@reads(router, "/orders/{order}", needs=Can.CAMPAIGNS_READ, gives=OrderTold)
def get_order(request: Call, workspace: str, order: Id) -> OrderTold:
    """One order with its link, its code and its posts."""
    return OrderTold.of(_find(request, order), request)


@writes(router, "/orders/{order}/moves", needs=Can.CAMPAIGNS_WRITE, gives=OrderTold)
def move_order(request: Call, workspace: str, order: Id, body: OrderMove) -> OrderTold:
    """Note what was heard (joined, declined), give an order up (cancelled), or try again what TikTok refused.

    TikTok has no call that takes an order back: what is delivered all the same counts again.
    """
    ordering.move_order(_find(request, order), body.to, by=request.caller.by, at=request.at)
    return OrderTold.of(_find(request, order), request)


@reads(router, "/deliverables", needs=Can.CAMPAIGNS_READ, gives=Page[DeliverableTold])
def list_deliverables(request: Call, workspace: str, asked: Query[DeliverablesAsked]) -> Page[DeliverableTold]:
    """The asked-for posts of the workspace, of a campaign or of an order."""
    rows = Deliverable.objects.within(request.workspace)
    rows = _narrowed(rows, asked, {"campaign": "order__campaign", "order": "order"})
    return pages.page(rows, asked, DeliverableTold.of, of=DeliverableTold)


def _why_no(field: str, row: Deliverable) -> str:
    if row.state == "open":
        return "not_handed_in"
    if field == "set_by":
        return "not_told"
    if row.state == "published_pending_id":
        return "id_follows"
    return "not_read_yet" if row.state == "published" else "in_review"


def _why_not_told(field: str, row: Order) -> str:
    if row.state == "refused":
        return "refused"
    if row.tiktok_id:
        return "not_read_yet" if field == "read_at" else "not_offered"
    return "cancelled" if row.state == "cancelled" else "not_created_yet"


def _narrowed(rows: Any, asked: Any, columns: dict[str, str]) -> Any:
    for name, column in columns.items():
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{column: min(int(value), MOST)})
    return rows.filter(state=asked.state) if asked.state else rows


def _rows(request: Call) -> Any:
    rows = Order.objects.within(request.workspace).select_related("account", "campaign", "workspace")
    return rows.prefetch_related("deliverables")


def _find(request: Call, order: str) -> Order:
    found: Order = pages.find(_rows(request), order, "order")
    return found
