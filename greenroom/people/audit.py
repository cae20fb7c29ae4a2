"""The audit log: every event of a workspace, newest first, narrowed, in pages that cost the same at any depth.

A page is reached by the event it begins after, not by a number, so it needs no count and no skipping.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from greenroom.core.models import Event, Member, User, Workspace
from greenroom.people import naming

PAGE = 50
CHUNK = 1000  # events that an export reads at once
ACTORS = {
    "member": "Anybody in the workspace",
    "creator": "Creators",
    "key": "API keys",
    "operator": "Operators of this install",
    "system": "Greenroom itself",
}
# How older events tell what was and what is; newer ones say `before` and `after`.
_BECAME = ("to", "handle")


@dataclass(frozen=True)
class Wanted:
    """Which events: `actor` a reference (`member:7`) or one of ACTORS, `name` of events or the noun they begin with,
    `subject` a reference, times from `since` until before `until`, `text` anywhere in the event."""

    actor: str = ""
    name: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    @property
    def told(self) -> dict[str, str]:
        """What was asked for, as the event of an export keeps it."""
        every = {**self.__dict__, "since": _iso(self.since), "until": _iso(self.until)}
        return {key: value for key, value in every.items() if value}


@dataclass(frozen=True)
class Line:
    """One event in words. `before` and `after` are what changed, or None; `details` everything else it tells."""

    event: Event
    actor: str
    what: str
    subject: str
    before: Any
    after: Any
    details: dict[str, Any]

    @property
    def cursor(self) -> str:
        """Where the page that begins after this event begins."""
        return f"{int(self.event.at.timestamp() * 1_000_000)}-{self.event.pk}"

    @property
    def record(self) -> dict[str, Any]:
        """The event as a file has it."""
        return {
            "id": self.event.pk,
            "at": _iso(self.event.at),
            "actor": self.actor,
            "by": self.event.by,
            "event": self.event.name,
            "what": self.what,
            "subject": self.subject,
            "subject_ref": self.event.subject,
            "before": self.before,
            "after": self.after,
            "details": self.details,
        }


@dataclass(frozen=True)
class Page:
    """Some lines, newest first; `older` is the cursor of the next page, or "" on the last."""

    lines: list[Line]
    older: str


def page(workspace: Workspace, wanted: Wanted, *, after: str = "", size: int = PAGE) -> Page:
    """The events that fit, from the cursor `after` on (nonsense means the newest)."""
    found = list(_older(events(workspace, wanted), after)[: size + 1])
    lines = in_words(workspace, found[:size])
    return Page(lines, lines[-1].cursor if len(found) > size else "")


def every(workspace: Workspace, wanted: Wanted, *, up_to: Event | None = None) -> Iterator[Line]:
    """All events that fit, newest first, read in chunks; only those older than `up_to` when given."""
    rows = events(workspace, wanted)
    if up_to is not None:
        rows = rows.filter(pk__lt=up_to.pk)
    after = ""
    while found := list(_older(rows, after)[:CHUNK]):
        lines = in_words(workspace, found)
        yield from lines
        after = lines[-1].cursor


def events(workspace: Workspace, wanted: Wanted) -> "QuerySet[Event]":
    """The events that fit, newest first."""
    rows: QuerySet[Event] = Event.objects.within(workspace).order_by("-at", "-pk")
    if wanted.text:
        rows = rows.annotate(told=Cast("data", TextField())).filter(_says(workspace, wanted.text))
    if wanted.actor:
        by_kind = wanted.actor in ACTORS and wanted.actor != "system"
        rows = rows.filter(by__startswith=f"{wanted.actor}:") if by_kind else rows.filter(by=wanted.actor)
    if wanted.name:
        whole = "." in wanted.name
        rows = rows.filter(name=wanted.name) if whole else rows.filter(name__startswith=f"{wanted.name}.")
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def in_words(workspace: Workspace, rows: Iterable[Event]) -> list[Line]:
    """These events as lines, with a constant number of queries."""
    rows = list(rows)
    refs = {row.by for row in rows} | {row.subject for row in rows if row.subject}
    called = naming.names(workspace, refs)
    return [_line(row, called) for row in rows]


def names_used(workspace: Workspace) -> list[str]:
    """The names of all events of the workspace, found by hopping through the index: one query, whatever the size."""
    sql = (
        "WITH RECURSIVE hop(name) AS ("
        "SELECT min(name) FROM core_event WHERE workspace_id = %s UNION ALL "
        "SELECT (SELECT min(name) FROM core_event WHERE workspace_id = %s AND name > hop.name) FROM hop "
        "WHERE hop.name IS NOT NULL) SELECT name FROM hop WHERE name IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [workspace.pk, workspace.pk])
        return [row[0] for row in cursor.fetchall()]


def _older(rows: "QuerySet[Event]", cursor: str) -> "QuerySet[Event]":
    micros, _, pk = cursor.partition("-")
    if not (micros.isdecimal() and pk.isdecimal()) or len(micros) > 17 or len(pk) > 18:
        return rows
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))
    # The first condition says nothing new, but lets the index begin at the right place.
    return rows.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(at=at, pk__lt=int(pk))))


def _says(workspace: Workspace, text: str) -> Q:
    """The text stands in the event's name, its references, what it tells, or in its actor's name."""
    of_people = Q(name__icontains=text) | Q(email__icontains=text)
    users = User.objects.filter(of_people)
    members = Member.objects.within(workspace).filter(user__in=users).values_list("pk", flat=True)[:100]
    written = json.dumps(text)[1:-1]  # as SQLite keeps JSON: é is \u00e9 there
    return (
        Q(name__icontains=_as_name(text))
        | Q(name__icontains=text.replace(" ", "_"))
        | Q(subject=text)
        | Q(by=text)
        | Q(by__in=[f"member:{pk}" for pk in members])
        | Q(told__icontains=text)
        | Q(told__icontains=written)
    )


def _as_name(text: str) -> str:
    """ "Member: role changed", or "member role changed", as events are named."""
    noun, _, verb = text.replace(":", "").strip().partition(" ")
    return f"{noun}.{verb.replace(' ', '_')}" if verb else noun


def _line(event: Event, called: dict[str, str]) -> Line:
    data = dict(event.data)
    before, after = data.pop("before", None), data.pop("after", None)
    if before is None and after is None and "was" in data:
        before = data.pop("was")
        after = next((data.pop(key) for key in _BECAME if key in data), event.name.partition(".")[2])
    elif before is None and after is None and data.get("removed"):  # a purge: what there was, and nothing
        before = data.pop("removed")
    return Line(
        event=event,
        actor=called.get(event.by, event.by),
        what=naming.words(event.name),
        subject=called.get(event.subject, ""),
        before=before,
        after=after,
        details=data,
    )


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
