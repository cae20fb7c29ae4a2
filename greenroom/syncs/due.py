"""Due rows of this module: syncs, and the sweep of the archive."""

from datetime import datetime, timedelta

from greenroom.core.work import Later, Stop, runs
from greenroom.syncs import actions, archive
from greenroom.syncs.models import Run, Sweep, Sync


@runs(Sync)
def sync(row: Sync, *, at: datetime) -> datetime | None:
    """Take the reading that is due."""
    run = actions.run_sync(row, at=at)
    if run.outcome in (Run.Outcome.OK, Run.Outcome.REPEATED):
        return row.due_at
    if row.due_at is None:
        raise Stop(run.error)
    raise Later(run.error, due_at=row.due_at)


@runs(Sweep)
def sweep(row: Sweep, *, at: datetime) -> datetime:
    """Remove the files of the days that are over which no run knows."""
    last = (at - archive.ORPHANS_KEPT).date() - timedelta(days=1)
    day = max(row.swept_through or last - timedelta(days=1), last - timedelta(days=30))
    while day < last:
        day += timedelta(days=1)
        known = Run.objects.filter(archive__startswith=f"{day:%Y-%m-%d}/").values_list("archive", flat=True)
        archive.sweep(known, day=day)
    row.swept_through = day
    row.save(update_fields=["swept_through"])
    return at + timedelta(days=1)
