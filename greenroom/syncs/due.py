"""Due rows of this module: syncs, and the sweep of the archive."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from greenroom.core import clock
from greenroom.core.work import Later, Stop, runs
from greenroom.observations.models import Erasure
from greenroom.syncs import actions, archive
from greenroom.syncs.models import Run, Sweep, Sync

SWEEP_EVERY = timedelta(minutes=30)
ERASED_LATELY = timedelta(days=2)


@runs(Sync)
def sync(row: Sync, *, at: datetime) -> datetime | None:
    """Take the reading that is due."""
    run = actions.run_sync(row, at=at)
    if run.outcome in (Run.Outcome.OK, Run.Outcome.REPEATED):
        return row.due_at
    if row.due_at is None and run.outcome != Run.Outcome.PARKED:
        raise Stop(run.error)
    raise Later(run.error, due_at=row.due_at)


@runs(Sweep)
def sweep(row: Sweep, *, at: datetime) -> datetime:
    """Remove files of erased accounts, and of the days that are over those which no run knows."""
    for erased in Erasure.objects.filter(done_at__gte=at - ERASED_LATELY):
        archive.erase(erased.workspace_id, erased.account, until=erased.done_at or at)
    last = (at - archive.ORPHANS_KEPT).date() - timedelta(days=1)
    day = max(row.swept_through or last - timedelta(days=1), last - timedelta(days=30))
    while day < last:
        day += timedelta(days=1)
        known = Run.objects.filter(archive__startswith=f"{day:%Y-%m-%d}/").values_list("archive", flat=True)
        archive.sweep(known, day=day)
    row.swept_through = day
    row.save(update_fields=["swept_through"])
    return at + SWEEP_EVERY


def ensure_sweep(**_: Any) -> None:
    """There is one Sweep, due at once. Called after each migrate, also of other modules only."""
    if Sweep._meta.db_table in connection.introspection.table_names():
        Sweep.objects.get_or_create(pk=1, defaults={"due_at": clock.now()})
