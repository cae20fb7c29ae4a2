"""What the store does later: roll, tidy, erase."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from greenroom.core import clock, work
from greenroom.observations import erasure, lake, models, schema

LOOK_EVERY = timedelta(seconds=60)
TIDY_EVERY = timedelta(hours=6)


@work.runs(models.Roll)
def roll(row: models.Roll, *, at: datetime) -> datetime:
    """Roll as long as the log is due, compact now and then, forget keys that nobody can try again."""
    lake.settle(row.kind, at=at)
    while lake.is_due(row.kind, at=at) and lake.roll(row.kind, at=at):
        pass
    if row.tidied_at is None or row.tidied_at <= at - TIDY_EVERY:
        lake.compact(row.kind, at=at)
        models.Batch.objects.filter(kind=row.kind, rolled_at__lt=at - lake.KEYS_KEPT).delete()
    return at + LOOK_EVERY


@work.runs(models.Erasure)
def erase(row: models.Erasure, *, at: datetime) -> None:
    erasure.carry_out(row, at=at)


def ensure_rolls(**_: Any) -> None:
    """Every kind has its row, due at once, and its lake every column.

    Called after each migrate, also of other modules only.
    """
    if models.Roll._meta.db_table in connection.introspection.table_names():
        for kind in schema.KINDS:
            models.Roll.objects.get_or_create(kind=kind, defaults={"due_at": clock.now()})
            lake.widen(kind, at=clock.now())
