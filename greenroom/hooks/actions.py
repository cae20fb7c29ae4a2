"""What a person or a program may do with endpoints. Whoever calls has asked for Can.HOOKS_MANAGE."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from greenroom.core import addresses, events, outgoing
from greenroom.core.models import Event, Workspace
from greenroom.core.state import IllegalMove
from greenroom.hooks import catalogue, sending, signing
from greenroom.hooks.deliveries import BeingSent, replay, replay_untold
from greenroom.hooks.models import BOTH_SECRETS_FOR, Delivery, Endpoint

MOST = 50  # endpoints of a workspace
TIDIED_AFTER = timedelta(hours=12)
GONE_AFTER = timedelta(hours=1)  # longer than any transaction

__all__ = [
    "BeingSent",
    "NotPossible",
    "add_endpoint",
    "change_endpoint",
    "move_endpoint",
    "remove_endpoint",
    "replay",
    "replay_untold",
    "rotate_secret",
    "send_test",
]


class NotPossible(ValueError):
    """An endpoint can't be as asked. `field` says which part is wrong: url, names or "". Answered as 422."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def add_endpoint(
    workspace: Workspace,
    *,
    url: str,
    names: Iterable[str],
    description: str = "",
    by: str,
    at: datetime,
    http: outgoing.Client | None = None,
) -> Endpoint:
    """An endpoint that is told of events from now on. Its secret is made here. Raises NotPossible."""
    if Endpoint.of(workspace).count() >= MOST:
        raise NotPossible("", f"A workspace has at most {MOST} endpoints.")
    checked, chosen = _checked(url, http), _chosen(names)
    with transaction.atomic():
        made: Endpoint = Endpoint.objects.create(
            workspace=workspace,
            state="enabled",
            url=checked,
            description=description.strip(),
            names=chosen,
            secret=signing.new_secret(),
            made_by=by,
            made_at=at,
            due_at=at + TIDIED_AFTER,
        )
        events.record(made, "added", by=by, at=at, url=made.url, names=made.names)
    return made


def change_endpoint(
    endpoint: Endpoint,
    *,
    url: str,
    names: Iterable[str],
    description: str,
    by: str,
    at: datetime,
    http: outgoing.Client | None = None,
) -> Endpoint:
    """Give it another address, description or choice of events; what waits goes to the new address.

    Raises NotPossible.
    """
    was = _told(endpoint)
    endpoint.url = _checked(url, http) if url.strip() != endpoint.url else endpoint.url
    endpoint.names, endpoint.description = _chosen(names), description.strip()
    to = _told(endpoint)
    if to == was:
        return endpoint
    changed = [key for key in to if to[key] != was[key]]
    with transaction.atomic():
        endpoint.save(update_fields=changed)
        before, after = ({key: side[key] for key in changed} for side in (was, to))
        events.record(endpoint, "changed", by=by, at=at, before=before, after=after)
    return endpoint


def move_endpoint(endpoint: Endpoint, to: str, *, by: str, at: datetime) -> Endpoint:
    """Switch it on (`enabled`) or off (`paused`). Off: what waits is given up and can be replayed.

    Raises IllegalMove, LostRace.
    """
    if to == "paused":
        sending.switch_off(endpoint, to, because="", by=by, at=at)
        return endpoint
    if to != "enabled":
        raise IllegalMove(f"An endpoint can't be switched to {to}")
    with transaction.atomic():
        endpoint.move(to, by=by, at=at, url=endpoint.url)
        endpoint.failing_since, endpoint.failed_in_row, endpoint.held_until = None, 0, None
        endpoint.disabled_because = ""
        endpoint.save(update_fields=["failing_since", "failed_in_row", "held_until", "disabled_because"])
    return endpoint


def rotate_secret(endpoint: Endpoint, *, by: str, at: datetime) -> Endpoint:
    """A new secret. For 24 hours the one before signs too, so that the receiver can change over without a gap."""
    endpoint.old_secret, endpoint.old_until = endpoint.secret, at + BOTH_SECRETS_FOR
    endpoint.secret = signing.new_secret()
    with transaction.atomic():
        endpoint.save(update_fields=["secret", "old_secret", "old_until"])
        events.record(endpoint, "secret_rotated", by=by, at=at, old_until=endpoint.old_until.isoformat())
    return endpoint


def remove_endpoint(endpoint: Endpoint, *, by: str, at: datetime) -> None:
    """Delete it with its secret and deliveries. Raises LostRace when somebody else just did something to it."""
    with transaction.atomic():
        endpoint.move("removed", by=by, at=at, url=endpoint.url)
        endpoint.secret, endpoint.old_secret, endpoint.due_at = "", "", at + GONE_AFTER
        endpoint.save(update_fields=["secret", "old_secret", "due_at"])
        Delivery.objects.filter(endpoint=endpoint).delete()


def send_test(endpoint: Endpoint, *, by: str, at: datetime) -> Delivery:
    """Tell this endpoint, and no other, of an `endpoint.test`, even while it is switched off. Tried once."""
    event: Event = events.note(
        endpoint.workspace,
        catalogue.TEST,
        subject=events.about(endpoint),
        by=by,
        at=at,
        message="A test of this endpoint.",
    )
    made: Delivery = Delivery.objects.select_related("endpoint").get(endpoint=endpoint, event=event)
    return made


def _checked(url: str, http: outgoing.Client | None) -> str:
    try:
        return str((http or sending.client()).check(url))
    except addresses.Refused as refused:
        raise NotPossible("url", str(refused)) from None


def _chosen(names: Iterable[str]) -> list[str]:
    chosen = catalogue.shortest(names)
    if not chosen:
        raise NotPossible("names", "Choose at least one event.")
    if strange := catalogue.unknown(chosen):
        raise NotPossible("names", f"There is no event {', '.join(strange)}.")
    return chosen


def _told(endpoint: Endpoint) -> dict[str, object]:
    return {"url": endpoint.url, "description": endpoint.description, "names": endpoint.names}
