"""Where people are signed in: kept by django-allauth's sessions, brought up to date every few minutes, ended here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from greenroom.core import clock, events
from greenroom.core.models import Member, User
from greenroom.people.devices import device

SEEN_EVERY = timedelta(minutes=5)
_SEEN = "seen"  # when this session was last written down, in the session itself: asking costs no query


@dataclass(frozen=True)
class SignIn:
    """One browser somebody is signed in with. `here` is the one that asks."""

    id: int
    user: User
    device: str
    address: str
    since: datetime
    seen_at: datetime
    here: bool


def seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: note the device and address of whoever is signed in, at most every five minutes."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.session_key:
            at = clock.now()
            if at.timestamp() - request.session.get(_SEEN, 0) > SEEN_EVERY.total_seconds():
                request.session[_SEEN] = at.timestamp()
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return answer


def of(users: Iterable[User], *, here: str | None, at: datetime) -> list[SignIn]:
    """Where these people are signed in, newest first. `here` is the session key of the browser that asks."""
    rows = UserSession.objects.filter(user__in=list(users)).select_related("user").order_by("-last_seen_at", "-pk")
    keys = [row.session_key for row in rows]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True))
    return [
        SignIn(
            id=row.pk,
            user=row.user,
            device=device(row.user_agent),
            address=row.ip,
            since=row.created_at,
            seen_at=row.last_seen_at,
            here=row.session_key == here,
        )
        for row in rows
        if row.session_key in alive
    ]


def end(user: User, pk: int) -> bool:
    """Sign one browser of this person out. False when there is no such session."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    return True


def end_others(user: User, *, here: str | None) -> int:
    """Sign every other browser of this person out; returns how many."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=here or ""))
    for row in rows:
        row.end()
    return len(rows)


def end_of(member: Member, *, by: str, at: datetime) -> int:
    """Sign a member out everywhere, as somebody who manages members asks; they may sign in again."""
    ended = end_others(member.user, here=None)
    events.record(member, "signed_out", by=by, at=at, sessions=ended)
    return ended
