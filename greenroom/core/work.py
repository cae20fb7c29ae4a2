"""Due rows: the only queue. A row with `due_at` waits; a worker leases it, runs it and sets the next `due_at`.

There is no broker and no task table: what repeats *is* its row, so the schedule, the lock, the retry and the last error
are columns anyone can read. A worker that dies lets its lease lapse and the row is due again.
"""

import gc
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any, ClassVar

from django.db import close_old_connections, connection, connections, models, transaction

from greenroom.core import clock

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=12)
ALONE = timedelta(minutes=3)  # of a row that is run without a worker
RENEW_EVERY = 3.0
POLL_EVERY = 0.5


class Later(Exception):
    """Raised by a runner: nothing failed, run it again at `due_at` (None: when somebody sets that); Jobs shows why."""

    def __init__(self, reason: str, *, due_at: datetime | None) -> None:
        super().__init__(reason)
        self.due_at = due_at


class Stop(Exception):
    """Raised by a runner: do not run the row again until somebody acts; the reason is shown on the Jobs page."""


class Due(models.Model):
    """A row that waits or repeats."""

    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    last_ran_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects: ClassVar[Any]

    class Meta:
        abstract = True

    @property
    def queue_label(self) -> str:
        """What the Jobs page calls this row."""
        return str(self)


Runner = Callable[..., datetime | None]


@dataclass(frozen=True)
class Queue:
    """How rows of one model are run: `run(row, at=…)` returns the next `due_at`, or None when nothing waits."""

    model: type[Due]
    run: Runner


QUEUES: dict[type[Due], Queue] = {}


def runs(model: type[Any]) -> Callable[[Runner], Runner]:
    """Register the function that runs due rows of `model`. What it does must be safe to do twice."""

    def register(run: Runner) -> Runner:
        QUEUES[model] = Queue(model, run)
        return run

    return register


def backoff(failures: int) -> timedelta:
    """How long a row waits after its n-th failure in a row: 10 s, doubling, an hour at most."""
    return min(timedelta(hours=1), timedelta(seconds=10 * 2.0 ** min(failures - 1, 9)))


def waiting(model: type[Any], at: datetime) -> models.QuerySet[Any]:
    """Rows that are due and leased by nobody, the longest waiting first."""
    free = models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at)
    rows: models.QuerySet[Any] = model._default_manager.filter(free, due_at__lte=at)
    return rows.order_by("due_at")


def claim(model: type[Any], *, by: str, at: datetime, limit: int) -> list[Any]:
    """Lease up to `limit` due rows to `by`. Two claimants never get the same row."""
    with transaction.atomic():
        # PostgreSQL skips rows another worker is just claiming; SQLite has begun with the write lock (BEGIN IMMEDIATE).
        rows = waiting(model, at).values_list("pk", flat=True)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        ids = list(rows[:limit])
        if not ids:
            return []
        model._default_manager.filter(pk__in=ids).update(leased_by=by, leased_until=at + LEASE)
    return list(model._default_manager.filter(pk__in=ids, leased_by=by))


def renew(model: type[Any], ids: Iterable[Any], *, by: str, at: datetime) -> None:
    """Hold on to rows that are still being run."""
    model._default_manager.filter(pk__in=list(ids), leased_by=by).update(leased_until=at + LEASE)


def run(row: Any, *, by: str, now: Callable[[], datetime] = clock.now) -> bool:
    """Run one leased row and write down how it went and when it is due again. True when it succeeded."""
    started = now()
    seen: dict[str, Any] = {"last_ran_at": started, "leased_until": None, "leased_by": ""}
    try:
        seen |= {"due_at": QUEUES[type(row)].run(row, at=started), "failures": 0, "last_error": "", "last_ok_at": now()}
    except Later as later:
        seen |= {"due_at": later.due_at, "last_error": str(later)}
    except Stop as stop:
        seen |= {"due_at": None, "failures": row.failures + 1, "last_error": str(stop)}
    except Exception as error:
        failures = row.failures + 1
        log.exception("%s failed", row.queue_label)
        words = f"{type(error).__name__}: {error}"[:2000]
        seen |= {"due_at": now() + backoff(failures), "failures": failures, "last_error": words}
    # Only the holder of the lease writes; if it lapsed, whoever took the row over says how it went.
    return bool(type(row)._default_manager.filter(pk=row.pk, leased_by=by).update(**seen)) and not seen["last_error"]


def run_now(row: Any, *, by: str, now: Callable[[], datetime] = clock.now) -> bool:
    """Run this due row in the caller's thread instead of when a worker comes to it; False where a worker was faster.

    How it went stands in the row afterwards, as after a worker's run. `by` must be one caller's alone.
    """
    at = now()
    rows = waiting(type(row), at).filter(pk=row.pk)
    # Nobody renews this lease, so it is longer than a run can take.
    taken = rows.order_by().update(leased_by=by, leased_until=at + ALONE)
    if taken:
        run(row, by=by, now=now)
    return bool(taken)


def run_due(model: type[Any], *, at: datetime, limit: int = 1000, by: str = "inline") -> int:
    """Run what is due now, in this thread; returns how many rows ran. For commands and tests."""
    rows = claim(model, by=by, at=at, limit=limit)
    for row in rows:
        run(row, by=by, now=lambda: at)
    return len(rows)


class Worker:
    """Claims due rows of all queues and runs them on its threads until told to stop."""

    def __init__(self, *, threads: int = 16, now: Callable[[], datetime] = clock.now) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self.threads = threads
        self.now = now
        self.stopping = threading.Event()
        self._wake = threading.Event()
        self._idle = threading.Event()  # the crew has gone home; leases need no more renewing
        self._rows: SimpleQueue[Any] = SimpleQueue()
        self._held: dict[type[Due], set[Any]] = {model: set() for model in QUEUES}
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Finish what is running, claim nothing more."""
        self.stopping.set()
        self._wake.set()

    def work(self) -> None:
        """Run until `stop()`."""
        # A run makes and drops hundreds of thousands of small values; the collector need not look after each thousand.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        crew = [threading.Thread(target=self._serve, name=f"due {n}") for n in range(self.threads)]
        heart = threading.Thread(target=self._beat, daemon=True, name="lease heartbeat")
        for thread in [*crew, heart]:
            thread.start()
        while not self.stopping.is_set():
            self._wake.clear()
            if not self._claim():
                self._wake.wait(POLL_EVERY)
        for _ in crew:
            self._rows.put(None)
        for thread in crew:
            thread.join()
        self._idle.set()
        connections.close_all()

    def _free(self) -> int:
        with self._lock:
            return self.threads - sum(map(len, self._held.values()))

    def _claim(self) -> bool:
        """Give free threads something to do; False when nothing was due or nobody is free."""
        found = False
        for model in QUEUES:
            if (free := self._free()) <= 0:
                break
            try:
                rows = claim(model, by=self.name, at=self.now(), limit=free)
            except Exception:
                log.exception("can't claim %s; trying again", model.__name__)
                close_old_connections()
                continue
            for row in rows:
                with self._lock:
                    self._held[model].add(row.pk)
                self._rows.put(row)
            found = found or bool(rows)
        return found

    def _serve(self) -> None:
        while (row := self._rows.get()) is not None:
            try:
                run(row, by=self.name, now=self.now)
            except Exception:  # the outcome could not be written; the lease lapses and the row runs again
                log.exception("lost %s", row.queue_label)
            finally:
                with self._lock:
                    self._held[type(row)].discard(row.pk)
                self._wake.set()
                close_old_connections()
        connections.close_all()

    def _beat(self) -> None:
        while not self._idle.wait(RENEW_EVERY):
            with self._lock:
                held = {model: set(ids) for model, ids in self._held.items() if ids}
            for model, ids in held.items():
                try:
                    renew(model, ids, by=self.name, at=self.now())
                except Exception:
                    log.exception("can't renew leases; trying again")
            close_old_connections()
        connections.close_all()
