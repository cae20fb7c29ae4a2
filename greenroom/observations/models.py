"""The log, the newest readings, the dated availability tables, and the due rows that tend the lake."""

from django.db import models

from greenroom.core.scope import Scoped
from greenroom.core.work import Due


class Batch(Scoped):
    """One append to the log: an Arrow IPC batch (zstd) of readings of one kind, in the same transaction as its cause.

    `key` makes an append that is tried again a no-op. `id` orders the log; the lake's watermark is one of them.
    """

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    rows = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ipc = models.BinaryField()
    appended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} batch {self.pk}: {self.rows} rows"


class Latest(Scoped):
    """The newest known value of each field of one subject: {field: [value, observed_at, surface, consent id]}.

    A field TikTok leaves out keeps its last value and its own, older time. Written in the append's transaction.
    """

    kind = models.CharField(max_length=12)
    subject = models.BigIntegerField()  # account id or post id
    account = models.BigIntegerField()
    observed_at = models.DateTimeField()
    fields = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="one_latest_per_subject")]
        indexes = [models.Index(fields=["workspace", "kind", "account"])]

    def __str__(self) -> str:
        return f"latest {self.kind} {self.subject}"


class Matrix(models.Model):
    """A version of an availability table with the day it takes effect; the shipped one is version 1 (AVA-11)."""

    name = models.CharField(max_length=8, choices=[("account", "account"), ("post", "post")])
    version = models.PositiveIntegerField()
    effective_at = models.DateTimeField()
    cells = models.JSONField()  # {key: {column: "full" | "limited" | "none"}}
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_matrix_per_version")]

    def __str__(self) -> str:
        return f"{self.name} availability v{self.version}"


class Roll(Due):
    """Moves the log of one kind into the lake, and now and then compacts it."""

    kind = models.CharField(max_length=12, unique=True)
    rolled_through = models.BigIntegerField(default=0)  # newest Batch id known to be in the lake
    version = models.BigIntegerField(default=-1)  # Delta version that holds it
    compacted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Roll {self.kind} readings into the lake"


class Erasure(Scoped, Due):
    """A promise to remove what was read of an account: log, latest rows, lake files, archive."""

    account = models.BigIntegerField()
    reason = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    source_class = models.CharField(max_length=16, blank=True)  # only readings of this class; empty: all
    done_at = models.DateTimeField(null=True, blank=True)
    removed = models.JSONField(default=dict)  # {kind: rows}

    def __str__(self) -> str:
        return f"Erase readings of account {self.account}"
