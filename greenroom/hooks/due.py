"""Due rows of this module: deliveries, and the tidying of each endpoint's log."""

import random
from datetime import datetime, timedelta

from greenroom.core.work import Later, runs
from greenroom.hooks import catalogue, deliveries, sending
from greenroom.hooks.models import Delivery, Endpoint

TIDY_EVERY = timedelta(hours=12)


@runs(Delivery)
def deliver(row: Delivery, *, at: datetime) -> datetime | None:
    """Make the attempt that is due. Doing it twice sends the same `webhook-id` twice, never a second event."""
    delivery = Delivery.objects.select_related("endpoint", "event", "workspace").filter(pk=row.pk).first()
    if delivery is None or delivery.due_at is None:
        return None
    endpoint, is_test = delivery.endpoint, delivery.name == catalogue.TEST
    if not endpoint.is_enabled and (not is_test or endpoint.state == "removed"):
        off = {"state": Delivery.State.PARKED, "due_at": None, "said": "The endpoint is switched off."}
        Delivery.objects.filter(pk=row.pk).update(**off)
        return None
    if not is_test and (later := sending.turn(endpoint, at=at)) is not None:
        spread = timedelta(seconds=random.uniform(0, 5))  # noqa: S311 - spreads load
        raise Later(f"{endpoint.host} does not answer well; it is left in peace", due_at=later + spread)
    sending.attempt(delivery, http=sending.client(), at=at)
    if delivery.due_at is not None:
        raise Later(delivery.said, due_at=delivery.due_at)
    return None


@runs(Endpoint)
def tidy(row: Endpoint, *, at: datetime) -> datetime | None:
    """Forget old deliveries and a secret that signs no more; a removed endpoint goes altogether."""
    if row.state == "removed":
        row.delete()
        return None
    deliveries.forget(row, at=at)
    Endpoint.objects.filter(pk=row.pk, old_until__lte=at).update(old_secret="", old_until=None)
    return at + TIDY_EVERY
