"""Notes about creators. Events say that one was written, changed or removed and how long it was, not what it said."""

from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.core.models import Member
from greenroom.creators.models import Creator, Note
from greenroom.creators.naming import Unfit

LONGEST = 5000


class NotYours(PermissionError):
    """Only who wrote a note may change or remove it."""


def add(creator: Creator, *, text: str, author: Member, at: datetime) -> Note:
    """Raises naming.Unfit."""
    text = _clean(text)
    told = {"by": author.by, "author": str(author.user), "at": at}
    with transaction.atomic():
        note: Note = Note.objects.create(workspace_id=creator.workspace_id, creator=creator, text=text, **told)
        events.record(note, "added", by=author.by, at=at, creator=creator.pk, characters=len(text))
    return note


def change(note: Note, *, text: str, author: Member, at: datetime) -> None:
    """Raises NotYours or naming.Unfit."""
    _require_own(note, author)
    text = _clean(text)
    if text == note.text:
        return
    before, note.text, note.changed_at = len(note.text), text, at
    with transaction.atomic():
        note.save(update_fields=["text", "changed_at"])
        told = {"before": {"characters": before}, "after": {"characters": len(text)}}
        events.record(note, "changed", by=author.by, at=at, creator=note.creator_id, **told)


def remove(note: Note, *, author: Member, at: datetime) -> None:
    """Raises NotYours."""
    _require_own(note, author)
    with transaction.atomic():
        before = {"author": note.by, "at": note.at.isoformat(), "characters": len(note.text)}
        events.record(note, "removed", by=author.by, at=at, creator=note.creator_id, before=before)
        note.delete()


def _require_own(note: Note, author: Member) -> None:
    if note.by != author.by:
        raise NotYours(f"This note is {note.author}'s; only they may change it.")


def _clean(text: str) -> str:
    text = text.strip()
    if not text:
        raise Unfit("Write something, or remove the note.")
    if len(text) > LONGEST:
        raise Unfit(f"A note has at most {LONGEST:,} characters.")
    return text
