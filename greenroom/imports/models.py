"""A file that somebody brought in, what became of its rows, and what it changed."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due

ASLEEP = timedelta(seconds=30)


class Import(Stateful, Due):
    """One file on its way in: what it is, how its columns are read, how far it has come, what came of it.

    As a due row it reads a large file, makes a dry run, takes in the next rows, or carries out an undo that was asked
    for. `cursor` rows are done; it moves in the transaction that stores them, so whoever goes on after a crash goes on
    exactly there. Reading and dry runs write nothing on the way and begin again.
    """

    class Kind(models.TextChoices):
        CREATORS = "creators", "Creators"
        POSTS = "posts", "Posts"
        ACCOUNT_DAYS = "account_days", "Days of accounts"

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "reading": {"new": Can.SYSTEM, "refused": Can.SYSTEM},
        "new": {"started": Can.IMPORTS_RUN},
        "started": {"finished": Can.SYSTEM, "failed": Can.SYSTEM, "cancelled": Can.IMPORTS_RUN},
        "cancelled": {"started": Can.IMPORTS_RUN, "undone": Can.IMPORTS_RUN},
        "failed": {"started": Can.IMPORTS_RUN, "undone": Can.IMPORTS_RUN},
        "finished": {"undone": Can.IMPORTS_RUN},
    }
    OUTCOMES: ClassVar[tuple[str, ...]] = ("new", "updated", "known", "repeated", "errors")

    kind = models.CharField(max_length=12, choices=Kind)
    file_name = models.CharField(max_length=120)  # as shown: only its last part, without control characters
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    told = models.JSONField(default=dict)  # how it was read: {"format", "sheet" …}; on the way {"rows", "share"}
    header = models.JSONField(default=list)  # the names of its columns, each once
    profile = models.JSONField(default=list)  # what each column holds; see profile.py
    total = models.PositiveIntegerField(default=0)  # rows below the header
    mapping = models.JSONField(default=dict)  # {field: name of the column}
    date_orders = models.JSONField(default=dict)  # {name of the column: "dmy" or "mdy"}, where somebody had to say
    account = models.CharField(max_length=60, blank=True)  # whose rows these are, where no column says
    # What a former source left: readings of class "legacy", posts on that basis; a purge removes them (MIG-01).
    former = models.BooleanField(default=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.SET_NULL, null=True, blank=True, related_name="+")
    observed_at = models.DateTimeField(null=True, blank=True)  # when the figures were read, where no column says
    cursor = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # {outcome: rows}
    warnings = models.JSONField(default=dict)  # {words: [rows, first line]}
    uploaded_by = models.CharField(max_length=60)
    uploaded_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undo_asked_by = models.CharField(max_length=60, blank=True)
    dry_run = models.JSONField(default=dict)  # {"done": rows}, and once it has ended its "counts" and "warnings"
    dry_run_asked_at = models.DateTimeField(null=True, blank=True)  # while a worker is to make one
    kept = models.JSONField(default=dict)  # what an undo left, because something else uses it: {noun: how many}

    class Meta:
        indexes = [models.Index(fields=["workspace", "-uploaded_at"]), models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.file_name}"

    @property
    def queue_label(self) -> str:
        what = "Undo" if self.undo_asked_by else "Dry run of" if self.is_trying else "Import"
        return f"{what} {str(self)[0].lower()}{str(self)[1:]}"

    @property
    def errors(self) -> int:
        """Rows that could not be taken in."""
        return int(self.counts.get("errors", 0))

    @property
    def is_undoing(self) -> bool:
        return bool(self.undo_asked_by) and self.state != "undone"

    @property
    def trouble(self) -> str:
        """Why it does not go on, in words."""
        return self.last_error or str(self.told.get("refused", ""))

    @property
    def is_trying(self) -> bool:
        """Is a worker to make a dry run?"""
        return self.dry_run_asked_at is not None and self.state == "new"

    @property
    def is_busy(self) -> bool:
        """Is something still to be done by a worker?"""
        return self.state in ("reading", "started") or self.is_undoing or self.is_trying

    @property
    def facts(self) -> dict[str, Any]:
        """What every event of an import says."""
        counts = self.counted()
        return {"file": self.file_name, "sha256": self.sha256, "kind": self.kind, "rows": self.total, "counts": counts}

    def waits_for_a_worker(self, *, at: datetime) -> bool:
        """Due for a while, and nobody took it?"""
        held = self.leased_until is not None and self.leased_until > at
        return self.is_busy and not held and self.due_at is not None and self.due_at < at - ASLEEP

    def counted(self) -> dict[str, int]:
        """Every outcome with its rows; those that were not seen are 0 because they were counted."""
        return {name: int(self.counts.get(name, 0)) for name in self.OUTCOMES}


class RowError(Scoped):
    """Why one row of an import was not taken in. The row itself stands in the kept file."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="row_errors")
    line = models.PositiveIntegerField()  # where the row begins in the file, the first line being 1
    row = models.PositiveIntegerField()  # its place among the rows, from 0
    column = models.CharField(max_length=100, blank=True)
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["of", "row"])]

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class Change(Scoped):
    """What an import changed, for its undo: a value, a label put on a creator (field "label"), a label made."""

    LABEL = "label"

    of = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    noun = models.CharField(max_length=8, choices=[(one, one) for one in ("creator", "post", LABEL)])
    row = models.BigIntegerField()
    field = models.CharField(max_length=20)
    before: Any = models.JSONField(null=True)
    after: Any = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["of"])]

    def __str__(self) -> str:
        return f"{self.noun} {self.row}: {self.field}"


class Fingerprint(Scoped):
    """That a row's content was taken in: `key` stands for whose figures of when, `digest` for the values.

    The newest of a key says whether a row brings anything new. Both are 63 bits of a hash. `nth` counts the values a
    key has had: a correction is read as made `nth` microseconds later, so that the newest is never a toss.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="fingerprints")
    key = models.BigIntegerField()
    digest = models.BigIntegerField()
    nth = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "key"])]

    def __str__(self) -> str:
        return f"{self.key:x}"


class Seen(Scoped):
    """That an import met a row that was there already, by its key, until the import has ended.

    A row of the same key further down repeats it, whoever goes on by then.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="+")
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["of", "key"])]

    def __str__(self) -> str:
        return f"{self.key:x}"
