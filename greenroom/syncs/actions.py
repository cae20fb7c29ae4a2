"""Verbs of this module: take a reading, take all of them now, try again, change the schedule."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from greenroom.core import clock, events, work
from greenroom.core.models import Workspace
from greenroom.core.work import Due
from greenroom.syncs import schedule
from greenroom.syncs.models import Run, Schedule, Sync
from greenroom.syncs.running import renormalise, run_sync
from greenroom.syncs.streams import STREAMS

__all__ = ["NotWaiting", "Step", "change_schedule", "renormalise", "retry", "run_sync", "sync_now"]


class NotWaiting(Exception):
    """The row is being run right now; there is nothing to try again. Answered as 409."""


@dataclass(frozen=True)
class Step:
    """One sync that has run: `done` of `total`; `outcome` is that of its Run, `words` what to print."""

    stream: str
    account: str
    rows: int
    outcome: str
    words: str
    done: int
    total: int

    @property
    def ok(self) -> bool:
        return self.outcome in (Run.Outcome.OK, Run.Outcome.REPEATED)

    @property
    def label(self) -> str:
        """What was read of whom."""
        return f"{self.account}, {STREAMS[self.stream].label.lower()}"


def sync_now(workspace: Workspace, *, at: datetime, threads: int = 0) -> Iterator[Step]:
    """Read everything that may be read of a workspace, in this process, and tell of each sync as it ends.

    Who is in the marketplace is read first, since that decides what else may be. Posts are read back to where TikTok
    stops changing them. A sync that a worker is just running is left to it.
    """
    threads = 1 if connection.in_atomic_block else threads or settings.GREENROOM_WORKERS
    open_now = Sync.objects.within(workspace).filter(due_at__isnull=False)
    first = list(open_now.filter(account=None).values_list("pk", flat=True))
    done = 0
    for step in _run_all(first, at=at, threads=threads, done=0, more=open_now.exclude(account=None).count()):
        done += 1
        yield step
    rest = list(open_now.exclude(account=None).order_by("account", "stream").values_list("pk", flat=True))
    yield from _run_all(rest, at=at, threads=threads, done=done, more=0)


def retry(row: Due, *, by: str, at: datetime) -> None:
    """Let a row that waits or has stopped run at once, and keep who asked. Raises NotWaiting while it runs."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    with transaction.atomic():
        won = type(row)._default_manager.filter(free, pk=row.pk).update(due_at=at, leased_until=None, leased_by="")
        if not won:
            raise NotWaiting(f"{row.queue_label} is running now")
        workspace = getattr(row, "workspace", None)
        if workspace is not None:
            events.note(workspace, f"{row._meta.model_name}.retried", subject=events.about(row), by=by, at=at)


def change_schedule(workspace: Workspace, steps: Sequence[Sequence[float]], *, by: str, at: datetime) -> None:
    """Set how often posts are read by their age: rows of [hours of age, minutes between readings] (MON-02).

    Raises ValueError when they are not in order.
    """
    schedule.parse(steps)
    kept = [list(step) for step in steps]
    with transaction.atomic():
        Schedule.objects.update_or_create(workspace=workspace, defaults={"steps": kept})
        events.note(workspace, "schedule.changed", by=by, at=at, steps=kept)


def _run_all(ids: list[int], *, at: datetime, threads: int, done: int, more: int) -> Iterator[Step]:
    """Run these syncs on a few threads, holding on to their leases. `done` have ended before, `more` come after."""
    by = f"sync:{token_hex(4)}"
    held = [row for pk in ids if (row := _take(pk, by=by, at=at))]
    total = done + len(held) + more
    for row in _ended(held, by=by, threads=threads):
        done += 1
        run = Run.objects.filter(sync=row).order_by("-pk").first()
        outcome, rows, error = (run.outcome, run.rows, run.error) if run else (Run.Outcome.FAILED, 0, "")
        words = f"{rows} readings" if outcome == Run.Outcome.OK else error or Run.Outcome(outcome).label
        yield Step(row.stream, str(row.account or row.workspace), rows, outcome, words, done, total)


def _ended(held: list[Sync], *, by: str, threads: int) -> Iterator[Sync]:
    """The rows, each once it has run."""
    ids = [row.pk for row in held]
    if threads == 1:
        for row in held:
            work.renew(Sync, ids, by=by, at=clock.now())
            work.run(row, by=by)
            yield row
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="sync") as pool:
        running = {pool.submit(_run_apart, row, by): row for row in held}
        left = set(running)
        while left:
            ended, left = wait(left, timeout=work.RENEW_EVERY, return_when=FIRST_COMPLETED)
            work.renew(Sync, ids, by=by, at=clock.now())
            for future in ended:
                future.result()
                yield running[future]


def _run_apart(row: Sync, by: str) -> None:
    try:
        work.run(row, by=by)
    finally:
        connection.close()


def _take(pk: int, *, by: str, at: datetime) -> Sync | None:
    """Lease one sync to ourselves, due now; its posts are to be read back as far as they still change."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    rows = Sync.objects.filter(free, pk=pk, due_at__isnull=False)
    if not rows.update(due_at=at, leased_by=by, leased_until=clock.now() + work.LEASE):
        return None
    row: Sync = Sync.objects.select_related("account", "connection", "workspace").get(pk=pk)
    if row.cursor.get("read"):
        row.cursor["read"] = {"asked": at.isoformat()}
    return row
