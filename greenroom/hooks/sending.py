"""One attempt to tell one endpoint of one event, and what follows from how it went."""

import random
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

import greenroom
from greenroom.core import addresses, events, outgoing
from greenroom.core.models import Event
from greenroom.hooks import catalogue, deliveries, schedule, signing
from greenroom.hooks.models import Delivery, Endpoint
from greenroom.hooks.schedule import Outcome

PROBE = timedelta(seconds=30)  # nobody else knocks while one delivery finds out whether the endpoint is back
KEPT_HEADERS = ("content-type", "content-encoding", "location", "retry-after", "server", "date")


def client() -> outgoing.Client:
    """The one that the operator's settings ask for."""
    return outgoing.Client(allowed=addresses.Allowed.read(settings.GREENROOM_ALLOW_PRIVATE_HOOKS))


def turn(endpoint: Endpoint, *, at: datetime) -> datetime | None:
    """None when a delivery may be sent now, else when to ask again.

    An endpoint that is unwell is left in peace; when that is over, one delivery wins the right to knock.
    """
    if endpoint.held_until is None:
        return None
    if endpoint.held_until > at:
        return endpoint.held_until
    held = Endpoint.objects.filter(pk=endpoint.pk, held_until=endpoint.held_until)
    return None if held.update(held_until=at + PROBE) else at + PROBE


def attempt(delivery: Delivery, *, http: outgoing.Client, at: datetime) -> Delivery:
    """Send it, keep how that went, and set when it is due again. HTTP happens outside any transaction."""
    endpoint = delivery.endpoint
    body = delivery.body or _body(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Greenroom/{greenroom.__version__}",
        **signing.headers(delivery.message_id, body, endpoint.secrets(at=at), at=at),
    }
    begun = time.monotonic()
    answer: outgoing.Answer | None = None
    try:
        answer = http.post(endpoint.url, content=body.encode(), headers=headers)
    except (addresses.Refused, outgoing.Unreachable) as error:
        outcome = Outcome(None, str(error))
    else:
        outcome = _judge(answer, at=at)
    took = timedelta(seconds=time.monotonic() - begun)
    with transaction.atomic():
        if not Delivery.objects.select_for_update().filter(pk=delivery.pk).exists():
            return delivery  # the endpoint was removed meanwhile
        if Event.objects.get(pk=delivery.event_id).data != delivery.event.data:
            body, answer = "", None  # what is personal was taken out of the event meanwhile; no copy of it stays
        _keep(delivery, body, outcome, answer, at=at, took=took)
        if outcome.delivered:
            _accepted(delivery, at=at + took)
        else:
            _failed(delivery, outcome, at=at + took)
    return delivery


def _body(delivery: Delivery) -> str:
    event = delivery.event
    return signing.payload(
        event.name,
        event=event.pk,
        workspace=delivery.workspace.slug,
        subject=event.subject,
        by=event.by,
        at=event.at,
        data=event.data,
    )


def _judge(answer: outgoing.Answer, *, at: datetime) -> Outcome:
    asked = schedule.asked_to_wait(answer.headers.get("retry-after", ""), at=at)
    if 200 <= answer.status < 300:
        return Outcome(answer.status)
    if 300 <= answer.status < 400:
        target = answer.headers.get("location", "")
        words = f"It answered {answer.status} and points elsewhere{f' ({target})' if target else ''}; "
        return Outcome(answer.status, f"{words[:200]}redirects are not followed.", asked)
    return Outcome(answer.status, f"It answered {answer.status}; only 200 to 299 counts as delivered.", asked)


def _keep(
    delivery: Delivery,
    body: str,
    outcome: Outcome,
    answer: outgoing.Answer | None,
    *,
    at: datetime,
    took: timedelta,
) -> None:
    delivery.body, delivery.round, delivery.status = body, delivery.round + 1, outcome.status
    delivery.attempts.create(
        workspace_id=delivery.workspace_id,
        at=at,
        milliseconds=int(took.total_seconds() * 1000),
        status=outcome.status,
        error=outcome.words[:300],
        headers={name: answer.headers[name][:500] for name in KEPT_HEADERS if name in answer.headers} if answer else {},
        body=readable(answer.body) if answer else "",
        cut=answer.cut if answer else False,
    )


def readable(body: bytes) -> str:
    """Bytes as text that every database keeps: what is no UTF-8, and NUL, becomes U+FFFD."""
    return body.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _accepted(delivery: Delivery, *, at: datetime) -> None:
    delivery.state, delivery.due_at, delivery.said, delivery.delivered_at = Delivery.State.DELIVERED, None, "", at
    _save(delivery)
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(
        last_delivered_at=at, failing_since=None, failed_in_row=0, held_until=None
    )


def _failed(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    wait = schedule.next_wait(delivery.round, outcome, dice=random.random())  # noqa: S311 - spreads load, hides nothing
    if delivery.name == catalogue.TEST:
        wait = None  # somebody looks at it now; a test that comes true tomorrow tells nothing
    delivery.state = Delivery.State.PARKED if wait is None else Delivery.State.FAILED
    delivery.due_at, delivery.said = at + wait if wait else None, outcome.words[:300]
    _save(delivery)
    _trouble(delivery.endpoint_id, outcome, at=at)


def _save(delivery: Delivery) -> None:
    delivery.save(update_fields=["state", "due_at", "said", "round", "status", "body", "delivered_at"])


def _trouble(pk: int, outcome: Outcome, *, at: datetime) -> None:
    """The endpoint's side of a failure: how long it has been so, peace for it, or its end."""
    Endpoint.objects.filter(pk=pk).update(failed_in_row=F("failed_in_row") + 1)
    Endpoint.objects.filter(pk=pk, failing_since=None).update(failing_since=at)
    endpoint = Endpoint.objects.get(pk=pk)
    rest = schedule.peace(endpoint.failed_in_row, outcome)
    Endpoint.objects.filter(pk=pk).update(held_until=at + rest if rest else None)
    because = schedule.given_up(endpoint.failing_since or at, outcome, at=at)
    if because and endpoint.is_enabled:
        switch_off(endpoint, "disabled", because=because, by=events.SYSTEM, at=at)


def switch_off(endpoint: Endpoint, to: str, *, because: str, by: str, at: datetime) -> None:
    """Move to `paused` or `disabled` and give up what waits. Raises IllegalMove, LostRace."""
    with transaction.atomic():
        parked = deliveries.park(endpoint, because="The endpoint was switched off.", at=at)
        told = {"reason": because[:300]} if to == "disabled" else {}
        endpoint.move(to, by=by, at=at, url=endpoint.url, parked=parked, **told)
        endpoint.disabled_because = because[:300] if to == "disabled" else ""
        endpoint.save(update_fields=["disabled_because"])
