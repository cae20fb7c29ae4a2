"""Events: what happened, who did it, when."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import Id, Moment, Narrowed, Page, Text, Told
from greenroom.core.access import Can
from greenroom.core.models import Event

router = Router(tags=["events"])


class EventTold(Told):
    """One thing that happened. Never changed."""

    id: Id
    name: str = Field(description="noun.verb, such as connection.active.")
    subject: str = Field(description="What it happened to, such as connection:7.")
    by: str = Field(description="Who did it: member:7, key:7, creator:7 or system.")
    at: datetime
    data: dict[str, Any]

    @classmethod
    def of(cls, row: Event) -> "EventTold":
        return cls(id=str(row.pk), name=row.name, subject=row.subject, by=row.by, at=row.at, data=row.data)


class EventsAsked(Narrowed):
    name: Text | None = Field(None, max_length=60, description="The whole name, such as key.made.")
    subject: Text | None = Field(None, max_length=60, description="Such as account:7.")
    by: Text | None = Field(None, max_length=60, description="Such as member:7.")
    since: Moment | None = Field(None, description="Happened then or later.")
    until: Moment | None = Field(None, description="Happened before then.")


@reads(router, "/events", needs=Can.AUDIT_READ, gives=Page[EventTold], leads={"get_event": "event"})
def list_events(request: Call, workspace: str, asked: Query[EventsAsked]) -> Page[EventTold]:
    """What happened in the workspace, the newest first."""
    rows = Event.objects.within(request.workspace)
    for name in ("name", "subject", "by"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until)
    return pages.page(rows, asked, EventTold.of, of=EventTold, newest_first=True)


@reads(router, "/events/{event}", needs=Can.AUDIT_READ, gives=EventTold)
def get_event(request: Call, workspace: str, event: Id) -> EventTold:
    """One event."""
    return EventTold.of(pages.find(Event.objects.within(request.workspace), event, "event"))
