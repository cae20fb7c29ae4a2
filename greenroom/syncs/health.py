"""Is what we show fresh? Sources for Home and the rail, and the queue for the Jobs page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from greenroom.core.models import Workspace
from greenroom.core.work import QUEUES, Due
from greenroom.creators.models import Account
from greenroom.syncs.models import Sync
from greenroom.syncs.streams import STREAMS

State = Literal["on_time", "late", "failing", "never"]

GRACE = timedelta(minutes=5)
LABELS = {
    "accounts_api": "TikTok accounts",
    "display_api": "TikTok sign-ins",
    "marketplace_tto": "Creator Marketplace",
    "marketplace_tcm": "Creator Marketplace, older interface",
}
_ON_IT = Q(due_at__isnull=False) | Q(failures__gt=0)  # waits, or stopped on an error: what a queue holds
_FINE = Q(last_error="")
WORST: tuple[State, ...] = ("failing", "late", "never", "on_time")


@dataclass(frozen=True)
class SourceHealth:
    """How one surface is doing: the worst of its syncs. `due_at` is when the next of them reads."""

    surface: str
    label: str
    state: State
    last_ok_at: datetime | None
    due_at: datetime | None
    words: str
    failing: int = 0
    syncs: int = 0


@dataclass(frozen=True)
class Job:
    """One due row as the Jobs page shows it. `state` is running, waiting, retrying (its last attempt did not go well)
    or stopped (until somebody acts)."""

    queue: str
    id: int
    label: str
    state: str
    due_at: datetime | None
    last_ran_at: datetime | None
    last_ok_at: datetime | None
    failures: int
    error: str


def source_health(workspace: Workspace, *, at: datetime) -> list[SourceHealth]:
    """One line per surface that is read in this workspace, what needs attention first."""
    by_surface: dict[str, list[Sync]] = {}
    kept = ("stream", "due_at", "leased_until", "failures", "last_error", "last_ok_at")
    for sync in _of_interest(workspace).only(*kept):
        by_surface.setdefault(STREAMS[sync.stream].surface, []).append(sync)
    found = [_surface(surface, syncs, at) for surface, syncs in by_surface.items()]
    return sorted(found, key=lambda one: (WORST.index(one.state), one.label))


def state_of(sync: Sync, *, at: datetime) -> State:
    """Is one sync on time? Being told to wait by TikTok is no failure, only late."""
    if sync.failures:
        return "failing"
    if sync.due_at is not None and sync.due_at < at - GRACE:
        return "late"
    return "on_time" if sync.last_ok_at else "never"


def queue(workspace: Workspace, *, at: datetime, limit: int = 200) -> list[Job]:
    """What waits, runs or has stopped, of this workspace and of the install: troubles first, then by next run."""
    found: list[Job] = []
    for model in QUEUES:
        rows = _rows(model, workspace).filter(_ON_IT).annotate(fine=ExpressionWrapper(_FINE, BooleanField()))
        found += [_job(model, row, at) for row in rows.order_by("fine", "-failures", "due_at")[:limit]]
    return sorted(found, key=_urgency)[:limit]


def find(workspace: Workspace, queue_name: str, pk: int) -> Due | None:
    """The due row behind a Job of this workspace; None for a stranger's, and for what has nothing left to do."""
    model = next((model for model in QUEUES if model._meta.model_name == queue_name), None)
    found: Due | None = _rows(model, workspace).filter(_ON_IT, pk=pk).first() if model else None
    return found


def _of_interest(workspace: Workspace) -> QuerySet[Sync]:
    """Syncs that wait, and those that stopped on an error; a parked one is nobody's worry."""
    rows: QuerySet[Sync] = Sync.objects.within(workspace).filter(_ON_IT)
    return rows


def _surface(surface: str, syncs: list[Sync], at: datetime) -> SourceHealth:
    states = [state_of(sync, at=at) for sync in syncs]
    worst = min(states, key=WORST.index)
    failing = states.count("failing")
    return SourceHealth(
        surface=surface,
        label=LABELS.get(surface, surface),
        state=worst,
        last_ok_at=max((sync.last_ok_at for sync in syncs if sync.last_ok_at), default=None),
        due_at=min((sync.due_at for sync in syncs if sync.due_at), default=None),
        words=_words(worst, states, next((sync.last_error for sync in syncs if sync.failures), "")),
        failing=failing,
        syncs=len(syncs),
    )


def _words(worst: State, states: list[State], error: str) -> str:
    count, all_of_them = states.count(worst), len(states)
    match worst:
        case "failing":
            return f"{count} of {all_of_them} could not be read: {error}"
        case "late":
            return f"{count} of {all_of_them} wait longer than planned"
        case "never":
            return f"{count} of {all_of_them} are about to be read for the first time"
        case _:
            return f"{all_of_them} on time"


def _rows(model: type[Due], workspace: Workspace) -> QuerySet[Any]:
    """Rows of one queue: the workspace's own, or all of a queue that belongs to the install."""
    rows: QuerySet[Any] = model._default_manager.all()
    names = {field.name for field in model._meta.concrete_fields}
    related = [field.name for field in model._meta.concrete_fields if field.many_to_one]  # a row's name speaks of them
    mine = rows.filter(workspace=workspace) if "workspace" in names else rows
    return mine.select_related(*related) if related else mine


def _job(model: type[Due], row: Any, at: datetime) -> Job:
    if row.leased_until is not None and row.leased_until > at:
        state = "running"
    else:
        state = "stopped" if row.due_at is None else "retrying" if row.last_error else "waiting"
    return Job(
        queue=str(model._meta.model_name),
        id=row.pk,
        label=row.queue_label,
        state=state,
        due_at=row.due_at,
        last_ran_at=row.last_ran_at,
        last_ok_at=row.last_ok_at,
        failures=row.failures,
        error=row.last_error,
    )


def _urgency(job: Job) -> tuple[int, float]:
    order = ("stopped", "retrying", "running", "waiting")
    return order.index(job.state), job.due_at.timestamp() if job.due_at else 0.0


def next_reading(account: Account) -> datetime | None:
    """When something of this account is read next; None: nothing of it is."""
    row = Sync.objects.filter(account=account).exclude(due_at=None).order_by("due_at").first()
    return row.due_at if row else None
