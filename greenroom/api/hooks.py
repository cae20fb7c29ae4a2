"""Webhook endpoints and what was told to them."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import Given, Id, Narrowed, Page, Text, Told, at_utc
from greenroom.core.access import Can
from greenroom.hooks import actions as hooks
from greenroom.hooks import deliveries
from greenroom.hooks.models import Delivery, Endpoint

router = Router(tags=["webhooks"])


class EndpointTold(Told):
    """An address that is told of events as they happen."""

    id: Id
    url: str
    description: str
    names: list[str] = Field(description="Event names, noun.* or *.")
    state: str = Field(description="enabled, paused or disabled (by Greenroom, when the receiver is gone).")
    moves: list[str]
    secret: str = Field(description="What signs; the receiver checks with it (Standard Webhooks).")
    disabled_because: str
    last_delivered_at: datetime | None
    failing_since: datetime | None
    made_by: str
    made_at: datetime

    @classmethod
    def of(cls, row: Endpoint, request: Call) -> "EndpointTold":
        return cls(
            id=str(row.pk),
            url=row.url,
            description=row.description,
            names=row.names,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            secret=row.secret,
            disabled_because=row.disabled_because,
            last_delivered_at=at_utc(row.last_delivered_at),
            failing_since=at_utc(row.failing_since),
            made_by=row.made_by,
            made_at=row.made_at,
        )


class EndpointsAsked(Narrowed):
    state: Literal["enabled", "paused", "disabled"] | None = None


class EndpointGiven(Given):
    """Where a program listens, and to what. It must be https and on the public internet."""

    url: Text = Field(min_length=1, max_length=500, examples=["https://example.com/hooks"])
    names: list[Text] = Field(min_length=1, max_length=100, examples=[["connection.*"]])
    description: Text = Field("", max_length=200)


class EndpointChange(Given):
    url: Text | None = Field(None, min_length=1, max_length=500)
    names: list[Text] | None = Field(None, min_length=1, max_length=100)
    description: Text | None = Field(None, max_length=200)


class EndpointMove(Given):
    to: Literal["enabled", "paused"]


class DeliveryTold(Told):
    """One event that is, or was, to be told to one endpoint."""

    id: Id
    endpoint: Id
    event: Id
    name: str
    state: str = Field(description="waiting, failed (it is tried again), delivered or parked (given up).")
    status: int | None = Field(description="Of the last answer.")
    said: str
    made_at: datetime
    delivered_at: datetime | None

    @classmethod
    def of(cls, row: Delivery) -> "DeliveryTold":
        return cls(
            id=str(row.pk),
            endpoint=str(row.endpoint_id),
            event=str(row.event_id),
            name=row.name,
            state=row.state,
            status=row.status,
            said=row.said,
            made_at=row.made_at,
            delivered_at=at_utc(row.delivered_at),
        )


class DeliveriesAsked(Narrowed):
    state: Literal["waiting", "failed", "delivered", "parked"] | None = None
    name: Text | None = Field(None, max_length=60)


class CountTold(Told):
    """How many it was done to."""

    count: int


LEADS = {"get_endpoint": "endpoint", "move_endpoint": "endpoint", "remove_endpoint": "endpoint"}


@reads(router, "/endpoints", needs=Can.HOOKS_MANAGE, gives=Page[EndpointTold], leads=LEADS)
def list_endpoints(request: Call, workspace: str, asked: Query[EndpointsAsked]) -> Page[EndpointTold]:
    """The webhook endpoints of the workspace."""
    rows = Endpoint.of(request.workspace)
    rows = rows.filter(state=asked.state) if asked.state else rows
    return pages.page(rows, asked, lambda row: EndpointTold.of(row, request), of=EndpointTold)


@reads(router, "/endpoints/{endpoint}", needs=Can.HOOKS_MANAGE, gives=EndpointTold)
def get_endpoint(request: Call, workspace: str, endpoint: Id) -> EndpointTold:
    """One endpoint, with its secret."""
    return EndpointTold.of(_find(request, endpoint), request)


@writes(router, "/endpoints", needs=Can.HOOKS_MANAGE, gives=EndpointTold, status=201, leads=LEADS)
def add_endpoint(request: Call, workspace: str, body: EndpointGiven) -> EndpointTold:
    """Add an endpoint. It is told of what happens from now on."""
    told = {"url": body.url, "names": body.names, "description": body.description}
    made = hooks.add_endpoint(request.workspace, **told, by=request.caller.by, at=request.at)  # type: ignore[arg-type]
    return EndpointTold.of(made, request)


@changes(router, "/endpoints/{endpoint}", needs=Can.HOOKS_MANAGE, gives=EndpointTold)
def change_endpoint(request: Call, workspace: str, endpoint: Id, body: EndpointChange) -> EndpointTold:
    """Give an endpoint another address, description or choice of events."""
    found = _find(request, endpoint)
    hooks.change_endpoint(
        found,
        url=found.url if body.url is None else body.url,
        names=found.names if body.names is None else body.names,
        description=found.description if body.description is None else body.description,
        by=request.caller.by,
        at=request.at,
    )
    return EndpointTold.of(found, request)


@removes(router, "/endpoints/{endpoint}", needs=Can.HOOKS_MANAGE)
def remove_endpoint(request: Call, workspace: str, endpoint: Id) -> None:
    """Remove an endpoint with its deliveries."""
    hooks.remove_endpoint(_find(request, endpoint), by=request.caller.by, at=request.at)


@writes(router, "/endpoints/{endpoint}/moves", needs=Can.HOOKS_MANAGE, gives=EndpointTold)
def move_endpoint(request: Call, workspace: str, endpoint: Id, body: EndpointMove) -> EndpointTold:
    """Switch an endpoint on or off."""
    found = _find(request, endpoint)
    return EndpointTold.of(hooks.move_endpoint(found, body.to, by=request.caller.by, at=request.at), request)


@writes(router, "/endpoints/{endpoint}/secrets", needs=Can.HOOKS_MANAGE, gives=EndpointTold, status=201)
def rotate_secret(request: Call, workspace: str, endpoint: Id) -> EndpointTold:
    """Give an endpoint a new secret. For 24 hours the one before signs too."""
    made = hooks.rotate_secret(_find(request, endpoint), by=request.caller.by, at=request.at)
    return EndpointTold.of(made, request)


@writes(router, "/endpoints/{endpoint}/tests", needs=Can.HOOKS_MANAGE, gives=DeliveryTold, status=201)
def send_test(request: Call, workspace: str, endpoint: Id) -> DeliveryTold:
    """Tell this endpoint, and no other, of an `endpoint.test`."""
    return DeliveryTold.of(hooks.send_test(_find(request, endpoint), by=request.caller.by, at=request.at))


@reads(
    router,
    "/endpoints/{endpoint}/deliveries",
    needs=Can.HOOKS_MANAGE,
    gives=Page[DeliveryTold],
    leads={"replay_delivery": "delivery"},
)
def list_deliveries(request: Call, workspace: str, endpoint: Id, asked: Query[DeliveriesAsked]) -> Page[DeliveryTold]:
    """What an endpoint was told, the newest first."""
    rows = Delivery.objects.filter(endpoint=_find(request, endpoint))
    for name in ("state", "name"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    return pages.page(rows, asked, DeliveryTold.of, of=DeliveryTold, newest_first=True)


@writes(router, "/endpoints/{endpoint}/replays", needs=Can.HOOKS_MANAGE, gives=CountTold)
def replay_untold(request: Call, workspace: str, endpoint: Id) -> CountTold:
    """Send everything again that this endpoint has not been told."""
    count = deliveries.replay_untold(_find(request, endpoint), by=request.caller.by, at=request.at)
    return CountTold(count=count)


@writes(router, "/deliveries/{delivery}/replays", needs=Can.HOOKS_MANAGE, gives=DeliveryTold)
def replay_delivery(request: Call, workspace: str, delivery: Id) -> DeliveryTold:
    """Send one delivery again, with the same `webhook-id`."""
    rows = Delivery.objects.within(request.workspace).select_related("endpoint", "workspace")
    found: Delivery = pages.find(rows, delivery, "delivery")
    deliveries.replay(found, by=request.caller.by, at=request.at)
    found.refresh_from_db()
    return DeliveryTold.of(found)


def _find(request: Call, endpoint: str) -> Endpoint:
    found: Endpoint = pages.find(Endpoint.of(request.workspace), endpoint, "endpoint")
    return found
