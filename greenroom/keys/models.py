"""Keys, how much of their allowance is used, and the answers kept so that a retry changes nothing twice."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from greenroom.core.access import ROLES, Can
from greenroom.core.scope import Scoped
from greenroom.core.secrets import EncryptedText
from greenroom.core.state import Stateful


class Key(Stateful):
    """A program's way in: a role in one workspace, until it expires or is revoked. The key itself is not kept."""

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {"live": {"revoked": Can.KEYS_MANAGE}}

    name = models.CharField(max_length=80)
    role = models.CharField(max_length=16)  # one of ROLES
    prefix = models.CharField(max_length=16, unique=True)  # how the key begins: shown, and what it is looked up by
    digest = models.CharField(max_length=64)  # SHA-256 of the whole key; it has 256 random bits, so needs no salt
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def permissions(self) -> frozenset[Can]:
        return ROLES[self.role]

    @property
    def by(self) -> str:
        """How events name this key."""
        return f"key:{self.pk}"

    @property
    def user(self) -> str:
        """How what it wrote is signed, as a member's is by their user."""
        return self.name

    def works(self, *, at: datetime) -> bool:
        return self.state == "live" and not self.is_expired(at=at)

    def is_expired(self, *, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class Allowance(models.Model):
    """How much of a caller's requests is used up, shared by all processes.

    `full_at` is the generic cell rate algorithm's theoretical arrival time, in epoch seconds: when all is free again.
    """

    name = models.CharField(max_length=60, unique=True)  # "key:7", "user:3"
    full_at = models.FloatField(default=0)

    def __str__(self) -> str:
        return self.name


class KeptAnswer(Scoped):
    """What a request with an Idempotency-Key was answered, for whoever sends it again.

    `status` is None while the first request is under way.
    """

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of what was asked: another question under the same key is refused
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    content = EncryptedText(blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "caller", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["begun_at"])]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
