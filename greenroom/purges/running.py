"""A purge step by step. Each step may be done twice and killed anywhere; what is done is written down (MIG-16)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.db import transaction

from greenroom.core import clock, events, work
from greenroom.core.models import Workspace
from greenroom.core.state import LostRace
from greenroom.metrics import recent
from greenroom.observations import erasure, lake, schema, view
from greenroom.purges import files, hiding, journal, plan, posts, scrubbing, told, verifying
from greenroom.purges.models import Purge
from greenroom.purges.refusals import Refused

SOURCE = "legacy"
REASON = "The former source was left"


@dataclass(frozen=True)
class Step:
    """One step: its key, what it does in words, and the function that does it and says to how many things."""

    key: str
    label: str
    take: Callable[[Purge, datetime], int]


def _journal(purge: Purge, at: datetime) -> int:
    journal.note(purge)
    return 1


def _posts(purge: Purge, at: datetime) -> int:
    return sum(posts.bury(purge, at=at))


def _told(purge: Purge, at: datetime) -> int:
    changed = told.redact(told.about(purge.workspace_id))
    return changed + told.forget_answers(purge.workspace_id, until=purge.started_at or at)


def _readings(purge: Purge, at: datetime) -> int:
    for kind in schema.KINDS:
        erasure.forget_source(purge.workspace_id, kind, purge.source, at=at)
    return len(schema.KINDS)


def _lake(purge: Purge, at: datetime) -> int:
    for kind in schema.KINDS:
        lake.trim(kind, at=at)
    return len(schema.KINDS)


def _archive(purge: Purge, at: datetime) -> int:
    return files.forget_archive(purge.workspace_id)


def _imports(purge: Purge, at: datetime) -> int:
    return files.forget_imports(purge.workspace_id, by=events.SYSTEM, at=at)


def _exports(purge: Purge, at: datetime) -> int:
    return files.forget_exports(until=purge.started_at or at)


def _caches(purge: Purge, at: datetime) -> int:
    recent.forget()
    view.forget()
    return 1


def _database(purge: Purge, at: datetime) -> int:
    scrubbing.scrub(at=at)
    return 1


def _certificate(purge: Purge, at: datetime) -> int:
    verifying.certify(purge, at=at)
    return 1


STEPS: tuple[Step, ...] = (
    Step("journal", "Write the purge into the journal beside the database", _journal),
    Step("posts", "Replace posts by tombstones, remove texts of those that stay", _posts),
    Step("told", "Clear events, webhook deliveries and kept answers", _told),
    Step("readings", "Remove readings from log, newest values and lake", _readings),
    Step("lake", "Remove older versions of the lake and its history", _lake),
    Step("archive", "Remove raw files from the archive", _archive),
    Step("imports", "Remove imported files and what was written down of their content", _imports),
    Step("exports", "Remove exports and backups in the home folder", _exports),
    Step("caches", "Forget answers in memory", _caches),
    Step("database", "Write the database anew without its free space", _database),
    Step("certificate", "Count every store again and make the certificate", _certificate),
)


def make_plan(workspace: Workspace, *, by: str, at: datetime) -> Purge:
    """Count what there is and keep it as a plan; an earlier plan that was not run is cancelled. Raises Refused."""
    _refuse_while_running(workspace)
    counted = plan.count(workspace, SOURCE, at=at)
    with transaction.atomic():
        for old in Purge.objects.within(workspace).filter(state="planned"):
            old.move("cancelled", by=by, at=at)
        made: Purge = Purge.objects.create(
            workspace=workspace, state="planned", source=SOURCE, reason=REASON, plan=counted, planned_at=at, by=by
        )
        events.record(made, "planned", by=by, at=at, stores=counted["stores"])
    return made


def start(purge: Purge, *, by: str, at: datetime) -> None:
    """Hide everything now and let a worker remove it. Raises Refused, IllegalMove, LostRace."""
    _refuse_while_running(purge.workspace, besides=purge.pk)
    counted = plan.count(purge.workspace, purge.source, at=at)
    with transaction.atomic():
        purge.plan, purge.started_at, purge.by, purge.due_at = counted, at, by, at
        purge.progress, purge.last_error, purge.failures = {}, "", 0
        purge.move("running", by=by, at=at, stores=counted["stores"])
        purge.save(update_fields=["plan", "started_at", "by", "due_at", "progress", "last_error", "failures"])
        hiding.hide(purge, by=by, at=at)


def resume(workspace: Workspace) -> Purge:
    """The purge that is running or stopped, due at once. Raises Refused when there is none."""
    found: Purge | None = Purge.objects.within(workspace).filter(state="running").first()
    if found is None:
        raise Refused("No purge is under way here.", code="no_purge")
    Purge.objects.filter(pk=found.pk).update(due_at=clock.now(), failures=0, last_error="")
    found.refresh_from_db()
    return found


def advance(purge: Purge, *, at: datetime) -> Iterator[Step]:
    """Take the steps that are not taken yet; yields each when it is written down. Raises work.Later."""
    scrubbing.delete_for_real()
    for step in STEPS:
        purge.refresh_from_db()
        if purge.state != "running":
            return
        if step.key in purge.progress:
            continue
        did = step.take(purge, at)
        purge.refresh_from_db(fields=["progress"])
        purge.progress[step.key] = {"at": at.isoformat(), "did": did}
        Purge.objects.filter(pk=purge.pk).update(progress=purge.progress)
        yield step


def carry_out(purge: Purge, *, now: Callable[[], datetime] = clock.now) -> Iterator[Purge]:
    """Run a purge in this process to its end, yields it now and then; beside a worker that is faster it only watches.

    Raises Refused when it can't go on.
    """
    by = f"purge:{token_hex(4)}"
    while True:
        took = work.run_now(purge, by=by, now=now)
        purge.refresh_from_db()
        yield purge
        if purge.is_over:
            return
        if purge.failures or purge.due_at is None:
            raise Refused(purge.last_error or "The purge can't go on; see Jobs.")
        if not took:
            time.sleep(0.2)


def reapply(*, at: datetime, now: Callable[[], datetime] = clock.now) -> list[Purge]:
    """Do every purge again that the journal knows and this database does not; only then may anything be served."""
    done = []
    for workspace, entry in journal.pending():
        told_of = {"source": entry.source, "reason": entry.reason, "planned_at": at, "by": events.SYSTEM}
        purge, _ = Purge.objects.get_or_create(
            uid=entry.uid, defaults={"workspace": workspace, "state": "planned", **told_of}
        )
        if purge.state == "cancelled":  # the backup was made before it was run after all
            Purge.objects.filter(pk=purge.pk, state="cancelled").update(state="planned")
            purge.refresh_from_db()
        try:
            start(purge, by=events.SYSTEM, at=at)
        except (Refused, LostRace):  # another process of this install is at it
            purge.refresh_from_db()
        for _ in carry_out(purge, now=now):
            pass
        done.append(purge)
    journal.complete()
    return done


def _refuse_while_running(workspace: Workspace, *, besides: int = 0) -> None:
    if Purge.objects.within(workspace).filter(state="running").exclude(pk=besides).exists():
        raise Refused("A purge is running. Wait until it has ended.", code="purge_running")
