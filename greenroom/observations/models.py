"""The log, the newest readings, the dated availability tables, and the due rows that tend the lake."""

from typing import ClassVar

from django.db import models

from greenroom.core.scope import Scoped
from greenroom.core.work import Due

KINDS_IN_WORDS = {"account": "accounts", "account_day": "days of accounts", "post": "posts"}


class Batch(Scoped):
    """One append to the log: an Arrow IPC batch (zstd) of readings of one kind, in the same transaction as its cause.

    A batch never changes. Once rolled into the lake it is emptied and kept for some days, for its `key`, which makes an
    append that is tried again a no-op.
    """

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    rows = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ipc = models.BinaryField()
    appended_at = models.DateTimeField()
    rolled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], condition=models.Q(rolled_at=None), name="log_tail"),
            models.Index(fields=["rolled_at"], condition=models.Q(rolled_at__isnull=False), name="log_keys"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} batch {self.pk}: {self.rows} rows"


class Latest(Scoped):
    """The newest known value of each field of one subject. Written in the append's transaction, read through the view.

    A field TikTok leaves out keeps its last value and its own, older origin. `fields` and `older` are JSON texts:
    {field: value}, and {field: [observed_at in microseconds, surface, consent]} for the fields that do not come from
    the newest reading, which the columns describe. `keys` names the fields held, so that a reading that has them all
    replaces the row unread.
    """

    kind = models.CharField(max_length=12)
    subject = models.BigIntegerField()  # account id or post id
    account = models.BigIntegerField()
    observed_at = models.DateTimeField()
    surface = models.CharField(max_length=20)
    consent = models.BigIntegerField(null=True)
    keys = models.TextField()
    fields = models.TextField()
    older = models.TextField()
    batch = models.BigIntegerField()  # id of the last Batch that touched it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="one_latest_per_subject")]
        indexes = [
            models.Index(fields=["workspace", "kind", "account"]),
            models.Index(fields=["batch"]),
        ]

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
    """The lake of one kind: which Delta version counts, and the step being taken on it. As a due row it moves the log.

    A reader takes `version` and the batches not yet rolled in one look; a Delta commit counts only once `version` says
    so. `doing` is written before a step touches the lake, so that whoever comes next can finish it: see steps.py.
    """

    kind = models.CharField(max_length=12, unique=True)
    version = models.BigIntegerField(default=-1)  # -1: there is no lake yet
    files = models.JSONField(default=list)  # of that version, below the lake's folder
    step = models.BigIntegerField(default=0)  # the last step begun; the lake's application transaction
    doing = models.JSONField(null=True)  # {"what": "roll", "batches": […]}; None between steps
    tidied_at = models.DateTimeField(null=True, blank=True)  # last compaction

    def __str__(self) -> str:
        return f"Store new readings of {KINDS_IN_WORDS.get(self.kind, self.kind)}"


class Erasure(Scoped, Due):
    """A promise to remove what was read of an account: log, latest rows, lake files, archive.

    With EVERY for the account it is a whole source class of the workspace; until that is done, no view shows it.
    """

    EVERY: ClassVar[int] = 0

    account = models.BigIntegerField()
    reason = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    source_class = models.CharField(max_length=16, blank=True)  # only readings of this class; empty: all
    done_at = models.DateTimeField(null=True, blank=True)
    removed = models.JSONField(default=dict)  # {kind: rows}

    def __str__(self) -> str:
        return f"Erase readings of account {self.account}" if self.account else f"Erase {self.source_class} readings"
