"""Bulks: orders that are created in one action, how far they are, and who could not have one."""

from datetime import date, datetime
from typing import Annotated

from django.db.models import Count
from ninja import Router
from pydantic import Field

from greenroom.api import campaigns, pages
from greenroom.api.caller import Call
from greenroom.api.campaigns import Day, SparkDays
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import Given, Id, Text, Told, whole_number
from greenroom.campaigns import ordering, typed
from greenroom.campaigns.models import Bulk, Order, Participant
from greenroom.core.access import Can

router = Router(tags=["orders"])
LEADS = {"get_bulk": "bulk", "retry_bulk": "bulk", "cancel_bulk": "bulk"}
Names = Annotated[list[Annotated[Text, Field(max_length=typed.LONGEST_NAME)]], Field(max_length=Order.MOST_VIDEOS)]

Videos = whole_number(1, Order.MOST_VIDEOS, "Of one order each; left out: whatever is missing, in as many as it takes.")


class AskedTold(Told):
    """What was chosen for all of them."""

    videos: int | None = Field(description="Null: for each whatever is still missing.")
    deliverables: list[str] = Field(description="Empty: named as the campaign says.")
    spark_days: int | None = Field(description="Null: Spark Ads are not asked for.")
    due_on: date | None = Field(description="Null: when the campaign ends.")


class ErrorTold(Told):
    """Why one participant could not have an order. Others are not touched by it."""

    participant: Id
    handle: str
    reason: str
    words: str


class BulkTold(Told):
    """Orders of one action. A worker has TikTok make them, so they are `not_created` at first."""

    id: Id
    campaign: Id
    asked: AskedTold
    orders: dict[str, int] = Field(description="How many orders are in each state; list_orders tells them.")
    waiting: int = Field(description="Orders that TikTok has not been asked for yet; 0: the bulk is through.")
    errors: list[ErrorTold]
    made_at: datetime
    by: str

    @classmethod
    def of(cls, row: Bulk) -> "BulkTold":
        counts = dict(row.orders.order_by().values_list("state").annotate(Count("pk")))
        asked = ordering.Asked.from_json(row.asked)
        told = AskedTold(
            videos=asked.videos, deliverables=list(asked.names), spark_days=asked.spark_days, due_on=asked.due_on
        )
        return cls(
            id=str(row.pk),
            campaign=str(row.campaign_id),
            asked=told,
            orders=counts,
            waiting=counts.get("not_created", 0),
            errors=[
                ErrorTold(
                    participant=str(one["participant"]), handle=one["handle"], reason=one["code"], words=one["words"]
                )
                for one in row.errors
            ],
            made_at=row.made_at,
            by=row.by,
        )


class OrdersGiven(Given):
    """For whom, and what is asked of each."""

    participants: list[Id] = Field(min_length=1, max_length=500)
    videos: Videos | None = None  # type: ignore[valid-type]
    deliverables: Names = Field([], description="Names of the posts, in order, none twice; empty: as the campaign has.")
    spark_days: SparkDays | None = Field(None, description="Left out: as the campaign says; null: not asked for.")
    due_on: Day | None = Field(None, description="When creators are asked to be done; null: when the campaign ends.")


@writes(router, "/campaigns/{campaign}/orders", needs=Can.CAMPAIGNS_WRITE, gives=BulkTold, status=201, leads=LEADS)
def create_orders(request: Call, workspace: str, campaign: Id, body: OrdersGiven) -> BulkTold:
    """Create orders for participants of a campaign, for each by itself.

    Refused (409) with the reason tiktok_off, not_named or not_active while the campaign takes none. Whoever can't have
    an order is in `errors` (not_trackable, nothing_to_order, gone); all others get theirs.
    """
    found = campaigns.find(request, campaign)
    rows = Participant.objects.within(request.workspace).filter(campaign=found).select_related("account", "campaign")
    chosen = [pages.find(rows, pk, "participant") for pk in dict.fromkeys(body.participants)]
    asked = ordering.Asked(
        videos=body.videos,
        names=tuple(body.deliverables),
        spark_days=body.spark_days if "spark_days" in body.model_fields_set else found.spark_days,
        due_on=date.fromisoformat(body.due_on) if body.due_on else None,
    )
    return BulkTold.of(ordering.create_orders(found, chosen, asked, by=request.caller.by, at=request.at))


@reads(router, "/bulks/{bulk}", needs=Can.CAMPAIGNS_READ, gives=BulkTold)
def get_bulk(request: Call, workspace: str, bulk: Id) -> BulkTold:
    """How far a bulk is, and who could not have an order."""
    return BulkTold.of(_find(request, bulk))


@writes(router, "/bulks/{bulk}/retries", needs=Can.CAMPAIGNS_WRITE, gives=BulkTold)
def retry_bulk(request: Call, workspace: str, bulk: Id) -> BulkTold:
    """Try again what had no success: orders that TikTok refused, and participants who could not have one."""
    found = _find(request, bulk)
    ordering.retry_bulk(found, by=request.caller.by, at=request.at)
    return BulkTold.of(found)


@writes(router, "/bulks/{bulk}/cancellations", needs=Can.CAMPAIGNS_WRITE, gives=BulkTold)
def cancel_bulk(request: Call, workspace: str, bulk: Id) -> BulkTold:
    """Give up those orders of a bulk that TikTok has not made yet."""
    found = _find(request, bulk)
    ordering.cancel_bulk(found, by=request.caller.by, at=request.at)
    return BulkTold.of(found)


def _find(request: Call, bulk: str) -> Bulk:
    found: Bulk = pages.find(Bulk.objects.within(request.workspace).select_related("campaign"), bulk, "bulk")
    return found
