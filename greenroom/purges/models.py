"""A purge of everything an old source left, and what stays of its posts: tombstones without a figure."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due


def fresh_uid() -> str:
    """A name that no other purge of any install has."""
    return uuid4().hex


class Purge(Stateful, Due):
    """The removal of one workspace's data of an old source, step by step; as a due row it goes on where it was."""

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "planned": {"running": Can.WORKSPACE_MANAGE, "cancelled": Can.WORKSPACE_MANAGE},
        "running": {"done": Can.SYSTEM},
    }
    STATES: ClassVar[dict[str, str]] = {
        "planned": "Planned",
        "running": "Running",
        "done": "Done",
        "cancelled": "Cancelled",
    }

    uid = models.CharField(max_length=32, unique=True, default=fresh_uid)  # the journal and the certificate name it
    source = models.CharField(max_length=16, default="legacy")  # the class of readings that goes
    reason = models.CharField(max_length=120)
    plan = models.JSONField(default=dict)  # counts by store, as they were when it was planned
    progress = models.JSONField(default=dict)  # {step: what it did}, each written when its step is done
    certificate = models.JSONField(default=dict)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Purge of {self.planned_at:%Y-%m-%d %H:%M}"

    @property
    def queue_label(self) -> str:
        return "Purge what the old source left"

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "cancelled")

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


class Tombstone(Scoped):
    """A post that was purged: enough to say why it is missing and to tie it again, and no figure (MIG-04).

    `digest` is the SHA-256 of what was removed of it, so that nobody needs to keep that to prove it.
    """

    purge = models.ForeignKey(Purge, models.RESTRICT, related_name="tombstones")
    item_id = models.CharField(max_length=40)
    account = models.ForeignKey("creators.Account", models.SET_NULL, null=True, blank=True, related_name="+")
    campaign = models.ForeignKey("campaigns.Campaign", models.SET_NULL, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=120)
    purged_at = models.DateTimeField()
    tied_again_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "item_id"], name="one_tombstone_per_post")]
        indexes = [models.Index(fields=["workspace", "campaign"])]

    def __str__(self) -> str:
        return f"Tombstone of {self.item_id}"
