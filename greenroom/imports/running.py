"""Taking an import in: chunk by chunk, each one transaction, so that it can be stopped, killed and gone on with."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import Q

from greenroom.core import clock, events, work
from greenroom.core.state import IllegalMove
from greenroom.imports import drafts, places, reading, taking, undoing
from greenroom.imports.deciding import Decided, decide
from greenroom.imports.known import Known
from greenroom.imports.mapping import Plan
from greenroom.imports.models import Import, Seen
from greenroom.imports.records import Record, RowProblem, read
from greenroom.imports.refusals import BadFile, NotMapped
from greenroom.imports.storing import Problem, store

CHUNK = 2_000
TRIED_HERE = 20_000  # rows of which a dry run is made at once: a few seconds
_FREE = {"leased_until": None, "leased_by": ""}


class Busy(Exception):
    """Another process is at it. Answered as 409."""


def start(of: Import, *, by: str, at: datetime) -> None:
    """Let a worker take the import in, from where it stands. Raises NotMapped, BadFile, IllegalMove, LostRace."""
    if asked := drafts.questions(of):
        raise NotMapped(" ".join(asked))
    if of.former:
        reading.refuse_while_purged(of.workspace_id)
    with transaction.atomic():
        _stop_trying(of)
        of.move("started", by=by, at=at, **of.facts)
        of.refresh_from_db(fields=["undo_asked_by"])
        if of.undo_asked_by:
            raise IllegalMove(f"import {of.pk} is being undone; it can't go on")
        of.started_at = of.started_at or at
        of.due_at, of.last_error, of.failures = at, "", 0
        of.save(update_fields=["started_at", "due_at", "last_error", "failures"])


def cancel(of: Import, *, by: str, at: datetime) -> None:
    """Stop where it stands; what was taken in stays until it is undone. Raises IllegalMove, LostRace."""
    with transaction.atomic():
        of.refresh_from_db()
        of.move("cancelled", by=by, at=at, **of.facts)
        of.due_at, of.finished_at = None, at
        of.save(update_fields=["due_at", "finished_at"])


def carry_out(of: Import, *, at: datetime) -> Iterator[Import]:
    """Take in, or undo, in this process; yields the import after each chunk. Raises Busy while a worker is at it.

    It holds the row as a worker does, so that a worker goes on when this process dies.
    """
    by = f"import:{token_hex(4)}"
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    until = clock.now() + work.LEASE
    if not Import.objects.filter(free, pk=of.pk, due_at__isnull=False).update(leased_by=by, leased_until=until):
        raise Busy("A worker is at this import already; see its page")
    try:
        of.refresh_from_db()
        for _ in advance(of, at=at):
            work.renew(Import, [of.pk], by=by, at=clock.now())
            yield of
    finally:
        waits = {} if of.is_busy else {"due_at": None}
        Import.objects.filter(pk=of.pk, leased_by=by).update(leased_until=None, leased_by="", **waits)
    of.refresh_from_db()
    yield of


def advance(of: Import, *, at: datetime) -> Iterator[None]:
    """Do what is next, chunk by chunk, until nothing is left or somebody stops it. Raises BadFile: the file is gone."""
    if of.is_undoing:
        yield from undoing.steps(of, at=at)
        return
    if of.state == "reading":
        reading.go_on(of, at=at)
    elif of.is_trying:
        _try(of, at=at)
    if of.state != "started":
        return
    plan = drafts.plan(of, at=of.started_at or at)
    rows = taking.reread(places.rows(of), skip=of.cursor)
    while chunk := list(islice(rows, CHUNK)):
        records, problems = _read(plan, of.cursor, chunk)
        if not _store(of, Known(), records, problems, len(chunk), at=at):
            return
        yield
    _finish(of, at=at)


def ask_dry_run(of: Import, *, at: datetime) -> None:
    """Have a dry run made: at once of few rows, by a worker of many. Raises NotMapped, BadFile, IllegalMove.

    `dry_run` then holds what came of it; `is_trying` is true until it does.
    """
    if asked := drafts.questions(of):
        raise NotMapped(" ".join(asked))
    told: dict[str, Any] = {"dry_run": {"done": 0}, "dry_run_asked_at": at, "due_at": at}
    if of.total <= TRIED_HERE:
        told = {"dry_run": _tried(dry_run(of, at=at), of, at=at), "dry_run_asked_at": None, "due_at": None}
    if not Import.objects.filter(pk=of.pk, state="new").update(**told, **_FREE, last_error="", failures=0):
        raise IllegalMove(f"import {of.pk} has begun; there is nothing to try")
    of.refresh_from_db()


def stop_dry_run(of: Import) -> None:
    """Stop a dry run, or forget what came of it. Whoever makes it stops by themself."""
    _stop_trying(of)
    of.refresh_from_db()


def _stop_trying(of: Import) -> None:
    trying = Import.objects.filter(pk=of.pk, state="new", dry_run_asked_at__isnull=False)
    trying.update(due_at=None, **_FREE)
    Import.objects.filter(pk=of.pk, state="new").update(dry_run={}, dry_run_asked_at=None)


class _Overtaken(Exception):
    """Somebody stopped the dry run, or changed what it is of."""


def _try(of: Import, *, at: datetime) -> None:
    """Make the dry run that was asked for. After a crash it begins again."""
    mine = Import.objects.filter(pk=of.pk, state="new", dry_run_asked_at=of.dry_run_asked_at)
    noted = time.monotonic()

    def note(done: int) -> None:
        nonlocal noted
        if time.monotonic() - noted >= reading.NOTED:
            if not mine.update(dry_run={"done": done}):
                raise _Overtaken
            noted = time.monotonic()

    try:
        mine.update(dry_run=_tried(dry_run(of, at=at, watch=note), of, at=at), dry_run_asked_at=None)
    except _Overtaken:
        pass
    except (NotMapped, BadFile):
        mine.update(dry_run={}, dry_run_asked_at=None)
        raise
    of.refresh_from_db()


def _tried(found: Decided, of: Import, *, at: datetime) -> dict[str, Any]:
    return {"done": of.total, "at": at.isoformat(), "counts": found.counts, "warnings": found.warnings}


def dry_run(of: Import, *, at: datetime, watch: Callable[[int], None] | None = None) -> Decided:
    """What taking it in would count and warn of, with nothing written. Raises NotMapped, BadFile.

    `watch` is told the rows that are done.
    """
    if asked := drafts.questions(of):
        raise NotMapped(" ".join(asked))
    plan, known, whole = drafts.plan(of, at=at), Known(), Decided()
    rows, done = taking.reread(places.rows(of)), 0
    while chunk := list(islice(rows, CHUNK)):
        records, problems = _read(plan, done, chunk)
        known.learn(of.workspace_id, records, of=of.pk)
        decided = decide(of.kind, records, known, of=of.pk)
        _add(whole.counts, decided.counts, len(problems))
        whole.warnings = _merged(whole.warnings, decided.warnings)
        done += len(chunk)
        if watch:
            watch(done)
    return whole


def _read(plan: Plan, first: int, chunk: Sequence[taking.Kept]) -> tuple[list[Record], list[Problem]]:
    """The rows of a chunk that can be read, and what is wrong with the others."""
    records: list[Record] = []
    problems: list[Problem] = []
    for row, kept in enumerate(chunk, start=first):
        try:
            if kept.problem:
                raise RowProblem(*kept.problem.rpartition("\t")[::2])
            records.append(read(plan, kept.line, row, kept.cells))
        except RowProblem as problem:
            problems.append((kept.line, row, problem))
    return records, problems


def _store(
    of: Import, known: Known, records: list[Record], problems: list[Problem], size: int, *, at: datetime
) -> bool:
    """One chunk in one transaction; False when it is not this run's any more."""
    with transaction.atomic():
        mine = Import.objects.filter(pk=of.pk, state="started", cursor=of.cursor)
        if not mine.update(cursor=of.cursor + size):  # first, so that nobody else does the same chunk meanwhile
            of.refresh_from_db()
            return False
        known.learn(of.workspace_id, records, of=of.pk)
        decided = decide(of.kind, records, known, of=of.pk)
        store(of, decided, known, problems, at=at)
        counts = dict(of.counts)
        _add(counts, decided.counts, len(problems))
        of.warnings = _merged(of.warnings, decided.warnings)
        of.counts = counts
        of.save(update_fields=["counts", "warnings"])
    of.cursor += size
    return True


def _finish(of: Import, *, at: datetime) -> None:
    with transaction.atomic():
        of.move("finished", by=events.SYSTEM, at=at, **of.facts)
        Seen.objects.filter(of=of).delete()
        of.finished_at, of.due_at = at, None
        of.save(update_fields=["finished_at", "due_at"])


def _add(counts: dict[str, int], more: dict[str, int], errors: int) -> None:
    for name, rows in {**more, "errors": errors}.items():
        counts[name] = counts.get(name, 0) + rows


def _merged(old: dict[str, list[int]], new: dict[str, list[int]]) -> dict[str, list[int]]:
    return old | {
        words: [old.get(words, [0])[0] + rows, old.get(words, [0, line])[1]] for words, (rows, line) in new.items()
    }


def rest(of: Import, *, at: datetime) -> timedelta | None:
    """How long it still takes at the pace so far, None while that can't be said."""
    if of.state != "started" or not of.started_at or not of.cursor:
        return None
    return (at - of.started_at) / of.cursor * (of.total - of.cursor)
