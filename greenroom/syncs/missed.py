"""Readings that did not come about: what is kept of them, and when the sync tries again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from greenroom.core import clock, work
from greenroom.creators import client as creators
from greenroom.creators import history
from greenroom.syncs import ensure, quota
from greenroom.syncs.models import Run, Sync
from greenroom.tiktok import errors

NEXT_DAY = timedelta(days=1)


def note(sync: Sync, error: errors.TikTokError, *, requests: int, at: datetime) -> Run:
    """Keep TikTok's words and set `sync.due_at` as the error asks for. Waiting for a turn is no failure."""
    outcome, wait = verdict(error, failures=sync.failures + 1)
    if isinstance(error, errors.Throttled) and error.window != "ours" and wait:
        quota.block(creators.app(sync.connection.dialect).id, until=at + wait)
    spread = timedelta(seconds=sync.pk % 10)  # so that all who were told to wait do not come back as one
    due_at = None if wait is None else at + wait + spread
    words = f"{error}. {error.what_to_do}"
    with transaction.atomic():
        run = _keep(sync, outcome, words, due_at, requests=requests, at=at, request_id=error.request_id)
        if isinstance(error, errors.NotACreator) and sync.account:
            history.note_membership(sync.account, False, at=at)
        if isinstance(error, errors.Unauthorized | errors.NotACreator) and sync.account:
            ensure.for_account(sync.account, at=at)  # what this door gave may be had through another one
    sync.due_at = Sync.objects.values_list("due_at", flat=True).get(pk=sync.pk)
    return run


def verdict(error: errors.TikTokError, *, failures: int) -> tuple[Run.Outcome, timedelta | None]:
    """What to call a refusal, and how long to wait after it as the n-th in a row; None waits for somebody to act."""
    backoff = work.backoff(failures)
    match error:
        case errors.Throttled():
            return Run.Outcome.THROTTLED, timedelta(seconds=max(1.0, error.retry_after))
        case errors.Unavailable():
            return Run.Outcome.UNAVAILABLE, max(backoff, timedelta(seconds=error.retry_after))
        case errors.TokenExpired():  # a new token ran out as well: TikTok is confused, the grant may be good
            return Run.Outcome.UNAUTHORIZED, max(backoff, timedelta(minutes=1))
        case errors.ScopeMissing():
            return Run.Outcome.REJECTED, NEXT_DAY
        case errors.Unauthorized():
            return Run.Outcome.UNAUTHORIZED, None
        case _:
            return Run.Outcome.REJECTED, NEXT_DAY


def note_failure(sync: Sync, error: Exception, *, requests: int, at: datetime) -> Run:
    """Keep an attempt that ended in an error of our own, or in waiting for another worker to renew a token."""
    return Run.objects.create(
        workspace_id=sync.workspace_id,
        sync=sync,
        started_at=at,
        finished_at=clock.now(),
        outcome=Run.Outcome.WAITING if isinstance(error, work.Later) else Run.Outcome.FAILED,
        requests=requests,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def park(sync: Sync, *, at: datetime) -> Run:
    """The account may not be read (any more), or not this way: wait until that changes."""
    words = "Not read: the account is neither authenticated nor in the marketplace, or the connection has ended."
    return _keep(sync, Run.Outcome.PARKED, words, None, requests=0, at=at)


def repeated(sync: Sync, *, requests: int, at: datetime) -> Run:
    """Another worker has stored this reading meanwhile, or consent ended; nothing of it is kept but its trace."""
    sync.due_at = Sync.objects.values_list("due_at", flat=True).get(pk=sync.pk)
    return Run.objects.create(
        workspace_id=sync.workspace_id,
        sync=sync,
        started_at=at,
        finished_at=clock.now(),
        outcome=Run.Outcome.REPEATED,
        requests=requests,
    )


def _keep(
    sync: Sync,
    outcome: Run.Outcome,
    words: str,
    due_at: datetime | None,
    *,
    requests: int,
    at: datetime,
    request_id: str = "",
) -> Run:
    run: Run = Run.objects.create(
        workspace_id=sync.workspace_id,
        sync=sync,
        started_at=at,
        finished_at=clock.now(),
        outcome=outcome,
        requests=requests,
        error=words[:2000],
        request_id=request_id,
    )
    failed = F("failures") + (0 if outcome in (Run.Outcome.THROTTLED, Run.Outcome.PARKED) else 1)
    still_due = Sync.objects.filter(pk=sync.pk, due_at=sync.due_at)  # else somebody else took the reading meanwhile
    still_due.update(due_at=due_at, failures=failed, last_error=words[:2000], last_ran_at=at)
    sync.due_at = due_at
    return run
