"""How the lake of a kind changes: in numbered steps, each written down before it is taken and finished by whoever can.

1. `begin` writes step n and what it is to do into the Roll row: only when no step is under way.
2. `settle` takes it: one Delta commit that carries n as its application transaction. Delta refuses a second commit on
   the same version, so of two processes at the same step one wins and the other finds the step taken.
3. `finish` makes the new version the one that counts and empties the batches it holds, in one database transaction.

A process may die anywhere: the next one finds the step in the row and either takes it or finishes it. Readers follow
the row, not the newest Delta version, so between 2 and 3 they see the log as before: nothing missing, nothing double.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from greenroom.observations import engine, models

if TYPE_CHECKING:
    from deltalake import CommitProperties, DeltaTable

Doing = dict[str, Any]
Take = Callable[["DeltaTable | None", str, Doing, "CommitProperties"], None]
APP = "greenroom"


class Raced(Exception):
    """Another process took the same step first."""


class LakeMismatch(RuntimeError):
    """Lake and database do not belong together, as after restoring one of them from a backup. Nothing was changed."""


def state(kind: str) -> models.Roll:
    """The row of one kind, made on first use."""
    row: models.Roll = models.Roll.objects.get_or_create(kind=kind)[0]
    return row


def begin(row: models.Roll, doing: Doing) -> bool:
    """Write down the next step after `row`; False when another one has been begun since `row` was read."""
    free = models.Roll.objects.filter(pk=row.pk, step=row.step, doing__isnull=True)
    return bool(free.update(step=row.step + 1, doing=doing))


def settle(kind: str, takes: Mapping[str, Take], *, at: datetime) -> models.Roll:
    """Take and finish the step under way, whoever began it; returns the row between steps."""
    while True:
        row, table = state(kind), open_table(kind)
        if row.doing:
            if taken(table) < row.step:
                table = _take(row, table, takes[row.doing["what"]], row.doing)
            finish(row, table, at=at)
        elif taken(table) == row.step if table else row.version < 0:
            return row
        elif state(kind).step == row.step:
            raise LakeMismatch(
                f"the lake of {kind} is at step {taken(table)}, the database at step {row.step}: was one of them"
                " restored from a backup? Restore both from the same one"
            )


def _take(row: models.Roll, table: "DeltaTable | None", take: Take, doing: Doing) -> "DeltaTable | None":
    """One Delta commit for the step, unless another process made it meanwhile."""
    from deltalake import CommitProperties, Transaction

    commit = CommitProperties(app_transactions=[Transaction(APP, row.step)], max_commit_retries=0)
    try:
        take(table, row.kind, doing, commit)
    except Exception:
        table = open_table(row.kind)
        now = state(row.kind)
        if taken(table) < row.step and now.step == row.step and now.doing:
            raise
        return table
    return open_table(row.kind)


def finish(row: models.Roll, table: "DeltaTable | None", *, at: datetime) -> None:
    """Let the step count: the lake's version and files, and the batches it took out of the log, change together."""
    files = sorted(f"{row.kind}/{os.path.relpath(uri, path(row.kind))}" for uri in table.file_uris()) if table else []
    with transaction.atomic():
        held = models.Roll.objects.filter(pk=row.pk, step=row.step, doing__isnull=False)
        if not held.update(version=table.version() if table else -1, files=files, doing=None):
            return
        if batches := (row.doing or {}).get("batches"):
            models.Batch.objects.filter(pk__in=batches).update(ipc=b"", rolled_at=at)


def path(kind: str) -> str:
    """Where the Delta table of a kind is."""
    return f"{engine.lake()}/{kind}"


def open_table(kind: str) -> "DeltaTable | None":
    """The Delta table of a kind at its newest version; None before the first roll."""
    from deltalake import DeltaTable

    return DeltaTable(path(kind)) if DeltaTable.is_deltatable(path(kind)) else None


def taken(table: "DeltaTable | None") -> int:
    """The last step that is in the table."""
    return (table.transaction_version(APP) or 0) if table else 0
