"""Deliveries: made with their event, sent again on request, given up, forgotten."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from greenroom.core import events
from greenroom.core.models import Event
from greenroom.hooks import catalogue
from greenroom.hooks.models import Attempt, Delivery, Endpoint

BODIES_KEPT = timedelta(days=7)
KEPT = timedelta(days=30)


class BeingSent(Exception):
    """The delivery is under way right now; look at its outcome first. Answered as 409."""


def fan_out(event: Event) -> None:
    """Make a delivery for each endpoint that wants the event. Runs in the event's own transaction."""
    told = [one for one in _listeners(event) if event.name == catalogue.TEST or one.wants(event.name)]
    if told:
        Delivery.objects.bulk_create(
            Delivery(
                workspace_id=event.workspace_id,
                endpoint=one,
                event=event,
                name=event.name,
                made_at=event.at,
                due_at=event.at,
            )
            for one in told
        )


def _listeners(event: Event) -> "QuerySet[Endpoint]":
    found: QuerySet[Endpoint] = Endpoint.objects.within(event.workspace_id).only("pk", "names")
    if event.name == catalogue.TEST:
        return found.filter(pk=event.subject.partition(":")[2])
    return found.filter(state="enabled")


def _free(rows: Any, *, at: datetime) -> Any:
    return rows.filter(Q(leased_until=None) | Q(leased_until__lte=at))


def replay(delivery: Delivery, *, by: str, at: datetime) -> None:
    """Send it again at once, with the same `webhook-id`, and let it be tried as often as a new one.

    Raises BeingSent while an attempt is under way.
    """
    with transaction.atomic():
        if not _send_again(Delivery.objects.filter(pk=delivery.pk), at=at):
            raise BeingSent(f"{delivery.name} is being sent to {delivery.endpoint.host} right now")
        told = {"event_name": delivery.name, "endpoint": delivery.endpoint_id}
        events.record(delivery, "replayed", by=by, at=at, **told)


def replay_untold(endpoint: Endpoint, *, by: str, at: datetime) -> int:
    """Send everything again that this endpoint has not been told, the oldest first; returns how many."""
    with transaction.atomic():
        count = _send_again(Delivery.objects.filter(endpoint=endpoint, state__in=Delivery.UNTOLD), at=at)
        if count:
            events.record(endpoint, "replayed", by=by, at=at, deliveries=count)
    return count


def _send_again(rows: "QuerySet[Delivery]", *, at: datetime) -> int:
    waits = {"state": Delivery.State.WAITING, "round": 0, "due_at": at, "last_error": ""}
    return int(_free(rows, at=at).update(**waits))


def park(endpoint: Endpoint, *, because: str, at: datetime) -> int:
    """Give up everything that waits for this endpoint; returns how many. What is under way parks itself."""
    rows = Delivery.objects.filter(endpoint=endpoint, state__in=Delivery.OPEN)
    parked = {"state": Delivery.State.PARKED, "due_at": None, "said": because[:300], "last_error": "", "failures": 0}
    return int(_free(rows, at=at).update(**parked))


def forget(endpoint: Endpoint, *, at: datetime) -> int:
    """Remove bodies after a week and whole deliveries after a month; returns how many deliveries went."""
    mine = Delivery.objects.filter(endpoint=endpoint).exclude(state__in=Delivery.OPEN)
    lately = Q(last_ran_at__gte=at - KEPT)  # replayed, perhaps
    gone, _ = mine.filter(made_at__lt=at - KEPT).exclude(lately).delete()
    mine.filter(made_at__lt=at - BODIES_KEPT).exclude(body="").update(body="")
    answers = Attempt.objects.filter(delivery__endpoint=endpoint, at__lt=at - BODIES_KEPT)
    answers.exclude(body="", headers={}).update(body="", headers={})
    return gone


def forget_copies(found: Iterable[Event]) -> None:
    """Drop what was sent and answered about these events: their data was erased, and its copies go with it.

    What is still to be sent is made from the events as they are now.
    """
    told = Delivery.objects.filter(event__in=[event.pk for event in found])
    Attempt.objects.filter(delivery__in=told).update(body="", headers={})
    told.update(body="")
