"""What became of requests: TikTok is asked, its answer is written down, the clock ends what is over.

A request is sent once, whatever dies on the way: how many are left is written down before it is sent, so that whoever
takes over sees whether it was taken.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from greenroom.core import events
from greenroom.core.work import Later
from greenroom.spark import asking, boosts, settling, ways
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import NotPossible
from greenroom.spark.settling import Told
from greenroom.tiktok import errors

OFTEN = timedelta(hours=1)  # in the first week after a request
SELDOM = timedelta(days=1)
WEEK = timedelta(days=7)
BEFORE_THE_END = timedelta(hours=1)
AFTER_THE_END = timedelta(minutes=1)


def look(authorization: SparkAuthorization, *, at: datetime) -> datetime | None:
    """Send what waits to be sent, read how the authorization stands, and return when to look again, or None.

    Raises Later where nobody can be asked now and tiktok.errors.TikTokError; the clock has been heeded then already.
    """
    row = SparkAuthorization.objects.select_related("post__account", "workspace").get(pk=authorization.pk)
    heed_clock(row, at=at)
    try:
        way = ways.of(row.post)
    except NotPossible as refused:
        return _without_a_way(row, refused, at=at)
    told = way.read(at=at)
    if row.wish:
        told = _send(row, way, told, at=at)
    note(row, told, at=at)
    return next_look(row, at=at)


def look_now(row: SparkAuthorization, *, at: datetime) -> None:
    """Look at once, in the caller's thread, whatever state it is in; the object is as it stands afterwards."""
    soon(row, at=at)
    asking.ask_now([row], at=at)


def soon(row: SparkAuthorization, *, at: datetime) -> None:
    """Have a worker look as soon as one is free."""
    SparkAuthorization.objects.filter(pk=row.pk).update(due_at=at)


def next_look(row: SparkAuthorization, *, at: datetime) -> datetime | None:
    """Requested: every hour for a week, then daily. Authorized: daily, shortly before the end, and at the end."""
    if row.state == "requested":
        fresh = row.asked_at is None or at - row.asked_at < WEEK
        return at + (OFTEN if fresh else SELDOM)
    if row.state == "authorized" and row.until is not None:
        moments = [row.until - row.SOON, row.until - BEFORE_THE_END, row.until + AFTER_THE_END, at + SELDOM]
        return min(one for one in moments if one > at)
    waits = row.state == "expired" and row.more_asked_at is not None and at - row.more_asked_at < timedelta(days=30)
    return at + SELDOM if waits else None


def heed_clock(row: SparkAuthorization, *, at: datetime) -> None:
    """End what is over, and tell once of what ends within a week, by the end that TikTok told last."""
    if row.state == "authorized" and row.until is not None and row.until <= at:
        with transaction.atomic():
            row.move("expired", by=events.SYSTEM, at=at, **_about(row))
            if row.in_use:
                boosts.ended(row.post, at=row.until)
            _write(row, in_use=False)
    elif row.ends_soon(at) and row.told_until != row.until:
        with transaction.atomic():
            _write(row, told_until=row.until)
            events.record(row, "ends_soon", by=events.SYSTEM, at=at, **_about(row))


def note(row: SparkAuthorization, told: Told, *, at: datetime) -> bool:
    """Write down how it stands. False: somebody wrote down a later reading already, so this one is dropped."""
    with transaction.atomic():
        held = SparkAuthorization.objects.select_for_update().filter(pk=row.pk).values("state", "read_at").get()
        if held["read_at"] is not None and held["read_at"] > at:
            row.refresh_from_db()
            return False
        row.state, before, used = held["state"], row.until, row.in_use
        to = settling.state(row.state, told, at=at)
        _keep(row, told, to, at=at)
        if to != row.state:
            row.move(to, by=events.SYSTEM, at=at, **_about(row), days_given=row.days_given)
        elif to == "authorized" and before is not None and row.until is not None and row.until > before:
            events.record(row, "extended", by=events.SYSTEM, at=at, **_about(row), was_until=before.isoformat())
        boosts.follow(row, was_in_use=used, before=held["read_at"], at=at)
    heed_clock(row, at=at)
    return True


def _send(row: SparkAuthorization, way: ways.Way, told: Told, *, at: datetime) -> Told:
    """Ask the creator, unless the request was taken before or is needless; gives how it stands then."""
    if told.gone or (row.wish == "ask" and told.works(at)):
        _write(row, wish="", left_before=None)
        return told
    taken = None not in (row.left_before, told.requests_left) and told.requests_left != row.left_before
    if not taken:
        _write(row, left_before=told.requests_left)
        try:
            way.ask(row.days_asked, told=told, at=at)
        except errors.Rejected as refused:
            _refuse(row, f"{refused}. {refused.what_to_do}", at=at)
            return told
        told = way.read(at=at)
    more = {"more_asked_at": at} if row.wish == "extend" and told.answer == "WAITING" else {}
    _write(row, wish="", left_before=None, asked_at=at, refusal="", **more)
    return told


def _refuse(row: SparkAuthorization, words: str, *, at: datetime) -> None:
    """TikTok did not take the request; what there was before stands."""
    first = row.state == "requested" and row.wish == "ask"
    with transaction.atomic():
        _write(row, wish="", left_before=None, refusal=words)
        if first:
            row.move("declined", by=events.SYSTEM, at=at, **_about(row), words=words)
        else:
            events.record(row, "refused", by=events.SYSTEM, at=at, **_about(row), words=words)


def _keep(row: SparkAuthorization, told: Told, to: str, *, at: datetime) -> None:
    """What is known by this reading. A code that was taken back is forgotten, one whose time is over is not."""
    new: dict[str, Any] = {"read_at": at, "in_use": told.use == "IN_USE" and told.works(at)}
    if told.requests_left is not None:
        new["requests_left"] = told.requests_left
    if told.code and told.since and told.until:
        new |= {"code": told.code, "since": told.since, "until": told.until}
        new["days_given"] = max(1, round((told.until - told.since) / timedelta(days=1)))
    if to == "revoked":
        new["code"] = ""
    if told.answer != "WAITING":
        if row.more_asked_at is not None and told.answer == "REJECTED":
            events.record(row, "extension_declined", by=events.SYSTEM, at=at, **_about(row))
        new["more_asked_at"] = None
    _write(row, **new)


def _without_a_way(row: SparkAuthorization, refused: NotPossible, *, at: datetime) -> datetime | None:
    if refused.code == "post_removed" and row.state in ("requested", "authorized"):
        note(row, Told(gone=True), at=at)
        return None
    if row.state not in ("requested", "authorized"):
        return None
    raise Later(refused.words, due_at=next_look(row, at=at))


def _about(row: SparkAuthorization) -> dict[str, Any]:
    return asking.about(row) | {"until": row.until.isoformat() if row.until else None}


def _write(row: SparkAuthorization, **values: Any) -> None:
    """Write columns, here and in the row."""
    for name, value in values.items():
        setattr(row, name, value)
    SparkAuthorization.objects.filter(pk=row.pk).update(**values)
