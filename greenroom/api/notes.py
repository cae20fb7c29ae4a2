"""Notes: what was written about creators."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Told, at_utc
from greenroom.core import access
from greenroom.core.access import Can
from greenroom.creators import notes
from greenroom.creators.models import Creator, Note

router = Router(tags=["notes"])


class NoteTold(Told):
    """What somebody wrote about a creator."""

    id: Id
    creator: Id
    text: str
    author: str
    by: str
    at: datetime
    changed_at: datetime | None

    @classmethod
    def of(cls, row: Note) -> "NoteTold":
        return cls(
            id=str(row.pk),
            creator=str(row.creator_id),
            text=row.text,
            author=row.author,
            by=row.by,
            at=row.at,
            changed_at=at_utc(row.changed_at),
        )


class NoteGiven(Given):
    text: str = Field(min_length=1, max_length=5000, pattern=WORD)


@reads(router, "/creators/{creator}/notes", needs=Can.CREATORS_READ, gives=Page[NoteTold])
def list_notes(request: Call, workspace: str, creator: Id, asked: Query[Narrowed]) -> Page[NoteTold]:
    """The notes about a creator, the newest first."""
    rows = Note.objects.within(request.workspace).filter(creator=_creator(request, creator))
    return pages.page(rows, asked, NoteTold.of, of=NoteTold, newest_first=True)


@writes(
    router,
    "/creators/{creator}/notes",
    needs=Can.CREATORS_WRITE,
    gives=NoteTold,
    status=201,
    leads={"change_note": "note", "remove_note": "note"},
)
def add_note(request: Call, workspace: str, creator: Id, body: NoteGiven) -> NoteTold:
    """Write a note about a creator; it is signed by the caller."""
    return NoteTold.of(notes.add(_creator(request, creator), text=body.text, author=_author(request), at=request.at))


@changes(router, "/notes/{note}", needs=Can.CREATORS_WRITE, gives=NoteTold)
def change_note(request: Call, workspace: str, note: Id, body: NoteGiven) -> NoteTold:
    """Change a note; only who wrote it may."""
    found = _note(request, note)
    notes.change(found, text=body.text, author=_author(request), at=request.at)
    return NoteTold.of(found)


@removes(router, "/notes/{note}", needs=Can.CREATORS_WRITE)
def remove_note(request: Call, workspace: str, note: Id) -> None:
    """Remove a note; only who wrote it may."""
    notes.remove(_note(request, note), author=_author(request), at=request.at)


def _author(request: Call) -> Any:
    """Who signs: the member, or the key, which is named the same way."""
    return request.caller.key or access.member_of(request.caller.user, request.workspace.slug)


def _creator(request: Call, creator: str) -> Creator:
    found: Creator = pages.find(Creator.objects.within(request.workspace), creator, "creator")
    return found


def _note(request: Call, note: str) -> Note:
    found: Note = pages.find(Note.objects.within(request.workspace), note, "note")
    return found
