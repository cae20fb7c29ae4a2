"""Endpoint, Delivery, Attempt."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from greenroom.core import addresses
from greenroom.core.access import Can
from greenroom.core.models import Event, Workspace
from greenroom.core.scope import Scoped
from greenroom.core.secrets import EncryptedText
from greenroom.core.state import Stateful
from greenroom.core.work import Due
from greenroom.hooks import catalogue

BOTH_SECRETS_FOR = timedelta(hours=24)


class Endpoint(Stateful, Due):
    """An address of somebody's program that is told of events as they happen.

    `names` are event names, `noun.*`, or `*`. `disabled` is what Greenroom does to an endpoint that is gone. A removed
    one is for nobody to see; its row goes a little later, because an event that is being stored may still point at it.
    It is a due row too: it tidies up its own old deliveries.
    """

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "enabled": {"paused": Can.HOOKS_MANAGE, "disabled": Can.SYSTEM, "removed": Can.HOOKS_MANAGE},
        "paused": {"enabled": Can.HOOKS_MANAGE, "removed": Can.HOOKS_MANAGE},
        "disabled": {"enabled": Can.HOOKS_MANAGE, "removed": Can.HOOKS_MANAGE},
    }

    url = models.CharField(max_length=addresses.LONGEST_URL)
    description = models.CharField(max_length=200, blank=True)
    names = models.JSONField(default=list)
    secret = EncryptedText()
    old_secret = EncryptedText(blank=True, default="")
    old_until = models.DateTimeField(null=True, blank=True)  # until then both secrets sign
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    last_delivered_at = models.DateTimeField(null=True, blank=True)
    # Since the last success: when trouble began, how many attempts failed, and until when it is left in peace.
    failing_since = models.DateTimeField(null=True, blank=True)
    failed_in_row = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True, blank=True)
    disabled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "state"])]

    def __str__(self) -> str:
        return self.url

    @classmethod
    def of(cls, workspace: Workspace) -> "models.QuerySet[Endpoint]":
        """Those of the workspace that were not removed."""
        found: models.QuerySet[Endpoint] = cls.objects.within(workspace).exclude(state="removed")
        return found

    @property
    def queue_label(self) -> str:
        return f"Tidy the deliveries of {self.host}"

    @property
    def host(self) -> str:
        """The receiver's name, for lists and messages."""
        return self.url.split("://", 1)[-1].split("/", 1)[0]

    @property
    def is_enabled(self) -> bool:
        return self.state == "enabled"

    def wants(self, name: str) -> bool:
        """Is this endpoint to be told of events called `name`?"""
        return any(catalogue.covers(chosen, name) for chosen in self.names)

    def secrets(self, *, at: datetime) -> list[str]:
        """The secrets that sign at this time, the newest first."""
        return [self.secret, self.old_secret] if self.old_until and at < self.old_until else [self.secret]


class Delivery(Scoped, Due):
    """One event to be told to one endpoint. `body` is what was sent, byte for byte; forgotten after a week."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        FAILED = "failed", "Trying again"
        DELIVERED = "delivered", "Delivered"
        PARKED = "parked", "Given up"

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.FAILED)
    UNTOLD: ClassVar[tuple[str, ...]] = (State.FAILED, State.PARKED)

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)  # of the event, to filter by
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    round = models.PositiveSmallIntegerField(default=0)  # attempts since it was made or replayed
    body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    said = models.CharField(max_length=300, blank=True)  # how the last attempt went
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="an_event_is_told_once")]
        indexes = [
            models.Index(fields=["endpoint", "state", "id"]),
            models.Index(fields=["endpoint", "made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.endpoint}"

    @property
    def queue_label(self) -> str:
        return f"Webhook {self.name}, event {self.event_id}"

    @property
    def message_id(self) -> str:
        """The `webhook-id`: one per event, so that who gets it twice can tell."""
        return f"evt_{self.event_id}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Attempt(Scoped):
    """One try of a delivery. `status` is None when nobody answered; `error` says why it is no success."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    headers = models.JSONField(default=dict)  # of the answer
    body = models.TextField(blank=True)  # of the answer, up to 16 kB
    cut = models.BooleanField(default=False)  # the answer was longer

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or 'no answer'}"

    @property
    def worked(self) -> bool:
        return not self.error
