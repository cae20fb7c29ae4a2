"""Running a sync: read everything first, outside any transaction, then store it in one."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db import transaction

from greenroom.core import events
from greenroom.creators import accounts as creators_accounts
from greenroom.creators import connections, history
from greenroom.creators.models import Account, Connection
from greenroom.observations import log
from greenroom.syncs import archive, asking, boosted, ensure, missed, posts, quota, readings, schedule
from greenroom.syncs.models import Run, Sync
from greenroom.syncs.streams import STREAMS, Ask, Stream
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors

MOVED = (
    *("cursor", "due_at", "requests", "every_s", "rows_total"),
    *("failures", "last_error", "last_ok_at", "last_ran_at"),
)


def run_sync(sync: Sync, *, at: datetime) -> Run:
    """Take the reading that is due: all pages of the stream or nothing of it. Leaves a Run whatever happens.

    On success observations, posts, cursor, the next `due_at`, Run and the event `sync.finished` are one transaction,
    which writes only while the reading is still due; it was taken by another worker otherwise (outcome "repeated").
    TikTok's refusals end in the Run and in `sync.due_at`, where None means that somebody must act first. Other
    exceptions are noted in a Run and raised.
    """
    _join(sync)
    if not ensure.may_run(sync, at=at):
        return missed.park(sync, at=at)
    with archive.recording() as tape:
        try:
            steps = asking.steps(sync.workspace_id)
            ask = asking.ask(sync, steps, at=at)
            collected = _read(sync, ask, tape, at=at)
            return _store(sync, ask, steps, collected, tape, at=at)
        except errors.TikTokError as error:
            return missed.note(sync, error, requests=len(tape), at=at)
        except Exception as error:
            missed.note_failure(sync, error, requests=len(tape), at=at)  # core.work says when to try again
            raise


def renormalise(run: Run) -> dict[str, list[readings.Row]]:
    """The observations of a run by kind, made again from its archived answers: exactly those that were appended.

    Raises FileNotFoundError when the archive of the run has been erased.
    """
    raw = archive.read(run.archive)
    ask, one = Ask.from_json(raw.ask), STREAMS[run.sync.stream]
    with tiktok.Client(tiktok.Hosts(), transport=archive.Replay(raw), clock=lambda: ask.at) as client:
        collected = readings.collect(one.read(client, "", ask), one.surface)
    if one.gives == "reports":
        return readings.report_rows(collected.reports, _origin(one, ask), posts.tied(ask))
    return readings.rows(collected, _origin(one, ask), posts.find(ask.account, collected.posts))


def _join(sync: Sync) -> None:
    """Load what the run will look at, anew and in one question."""
    fresh = Sync.objects.select_related("workspace", "connection", "account").get(pk=sync.pk)
    sync.workspace, sync.connection, sync.account = fresh.workspace, fresh.connection, fresh.account


def _read(sync: Sync, ask: Ask, tape: list[tiktok.Exchange], *, at: datetime) -> readings.Collected:
    """Everything the stream finds. A token that has run out is refreshed once on the way."""
    one, connection = STREAMS[sync.stream], sync.connection
    client = asking.client(connection.dialect)
    token = connections.token(connection, at=at)
    try:
        return readings.collect(one.read(client, token, ask), one.surface)
    except errors.Unauthorized as error:
        tape.clear()
        if not connections.recover(connection, error, used=token, at=at):
            raise
        return readings.collect(one.read(client, connection.access_token, ask), one.surface)


def _store(
    sync: Sync,
    ask: Ask,
    steps: schedule.Steps,
    collected: readings.Collected,
    tape: list[tiktok.Exchange],
    *,
    at: datetime,
) -> Run:
    owner = f"{sync.workspace_id}-{ask.account}-{sync.stream}"
    file = archive.write(ask.as_json(), tape, owner=owner, at=at)
    slot = sync.due_at
    with transaction.atomic():
        if not _still_due(sync, slot):
            archive.discard(file)
            return missed.repeated(sync, requests=len(tape), at=at)
        count = _append(sync, ask, collected, at=at)
        _note_account(sync, collected, at=at)
        _note_memberships(sync, collected, at=at)
        _move_on(sync, ask, steps, collected, rows=count, requests=len(tape), at=at)
        events.record(sync, "finished", by=events.SYSTEM, at=at, stream=sync.stream, account=ask.account, rows=count)
        return Run.objects.create(
            workspace_id=sync.workspace_id,
            sync=sync,
            started_at=at,
            finished_at=tape[-1].at if tape else at,
            outcome=Run.Outcome.OK,
            rows=count,
            requests=len(tape),
            archive=file,
        )


def _append(sync: Sync, ask: Ask, collected: readings.Collected, *, at: datetime) -> int:
    """Posts and observations of one reading. Its key is the sync and the moment it was due, whoever takes it."""
    origin = _origin(STREAMS[sync.stream], ask)
    if sync.account is None:
        tied = posts.tied(ask)
        made = readings.report_rows(collected.reports, origin, tied)
        boosted.note(sync.workspace_id, collected.reports, tied, at=at)
        posts.meet(ask, collected.reports, at=at)
    else:
        known = posts.keep(sync.account, [facts for facts, _ in collected.posts.values()], at=at)
        made = readings.rows(collected, origin, known)
    key = f"sync:{sync.pk}:{sync.due_at:%Y%m%dT%H%M%S.%f}"
    return sum(log.append(sync.workspace_id, kind, rows, key=f"{key}:{kind}", at=at) for kind, rows in made.items())


def _still_due(sync: Sync, slot: datetime | None) -> bool:
    """Lock the row if this very reading is still to be taken, and may be kept.

    A worker whose lease lapsed finds that it was taken; consent may have been withdrawn while TikTok answered.
    """
    rows = Sync.objects.filter(pk=sync.pk, due_at=slot, connection__state__in=Connection.LIVE)
    if database.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return slot is not None and bool(rows.values_list("pk", flat=True))


def _origin(one: Stream, ask: Ask) -> readings.Origin:
    return readings.Origin(
        account=ask.account,
        surface=one.surface,
        source_class=ask.source_class,
        consent=ask.consent,
        observed_at=ask.at,
    )


def _note_account(sync: Sync, collected: readings.Collected, *, at: datetime) -> None:
    """What a profile says of the account itself: its handle, name and kind, and that it is officially read now."""
    account = sync.account
    if account is None:
        return
    told: dict[str, Any] = dict(collected.account[0]) if collected.account else {}
    if handle := told.get("username") or told.get("handle_name"):
        creators_accounts.rename(account, handle, at=at)
    new = {"display_name": told.get("display_name"), "is_business": told.get("is_business_account")}
    new |= {"official_since": account.official_since or at}
    changed = {name: value for name, value in new.items() if value is not None and value != getattr(account, name)}
    if changed:
        Account.objects.filter(pk=account.pk).update(**changed)


def _note_memberships(sync: Sync, collected: readings.Collected, *, at: datetime) -> None:
    """Which accounts are in the marketplace; TikTok knows no handle it calls INVALID, so that says nothing."""
    told = {str(one.get("handle_name", "")).lower(): one.get("status") for one in collected.memberships}
    if not told:
        return
    for account in Account.objects.within(sync.workspace_id):
        status = told.get(account.handle.lower())
        if status in ("IN", "NOT_IN", "INVITED"):
            history.note_membership(account, status == "IN", at=at)


def _move_on(
    sync: Sync,
    ask: Ask,
    steps: schedule.Steps,
    collected: readings.Collected,
    *,
    rows: int,
    requests: int,
    at: datetime,
) -> None:
    """The cursor after this reading, and when the next one is due."""
    one = STREAMS[sync.stream]
    stretch = quota.stretch(at=at)
    cursor = dict(sync.cursor)
    due_at = at + one.every * stretch
    cursor.pop("new", None)
    if one.gives in ("posts", "reports"):
        read_back = None if ask.back_to is None else at - ask.back_to
        plan = schedule.plan(
            cursor.get("read", {}),
            asking.ages(sync, at=at),
            read_back=read_back,
            steps=steps,
            source=one.source,
            at=at,
            stretch=stretch,
        )
        cursor["read"], due_at = plan.marks, plan.due_at
    if days := [str(day["date"]) for day in collected.days if day.get("date")]:
        cursor["days_through"] = max(days)
    sync.cursor, sync.due_at, sync.requests = cursor, due_at, requests
    sync.every_s = int((due_at - at) / timedelta(seconds=1))
    sync.rows_total += rows
    sync.failures, sync.last_error, sync.last_ok_at, sync.last_ran_at = 0, "", at, at
    sync.save(update_fields=MOVED)
