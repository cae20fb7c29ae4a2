"""Fields: what a workspace keeps about every creator besides."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Text, Told
from greenroom.core.access import Can
from greenroom.creators import fields
from greenroom.creators.models import Field as OwnField

router = Router(tags=["fields"])


class FieldTold(Told):
    """A field of the workspace's own on every creator."""

    id: Id
    name: str
    kind: str
    choices: list[str]
    created_at: datetime

    @classmethod
    def of(cls, row: OwnField) -> "FieldTold":
        return cls(id=str(row.pk), name=row.name, kind=row.kind, choices=row.choices, created_at=row.created_at)


class FieldGiven(Given):
    name: str = Field(min_length=1, max_length=60, pattern=WORD)
    kind: Literal["text", "number", "date", "choice", "yes_no", "url"]
    choices: list[Text] = Field([], max_length=100, description="Of the kind choice: two or more words, in order.")


class FieldChange(Given):
    name: str | None = Field(None, min_length=1, max_length=60, pattern=WORD)
    choices: list[Text] | None = Field(None, max_length=100)


@reads(router, "/fields", needs=Can.CREATORS_READ, gives=Page[FieldTold], leads={"get_field": "field"})
def list_fields(request: Call, workspace: str, asked: Query[Narrowed]) -> Page[FieldTold]:
    """The workspace's own fields of creators."""
    return pages.page(OwnField.objects.within(request.workspace), asked, FieldTold.of, of=FieldTold)


@reads(router, "/fields/{field}", needs=Can.CREATORS_READ, gives=FieldTold)
def get_field(request: Call, workspace: str, field: Id) -> FieldTold:
    """One field."""
    return FieldTold.of(_field(request, field))


@writes(
    router,
    "/fields",
    needs=Can.CREATORS_WRITE,
    gives=FieldTold,
    status=201,
    leads={"get_field": "field", "change_field": "field", "remove_field": "field"},
)
def make_field(request: Call, workspace: str, body: FieldGiven) -> FieldTold:
    """Make a field on every creator."""
    told = {"name": body.name, "kind": body.kind, "choices": body.choices}
    return FieldTold.of(fields.make(request.workspace, **told, by=request.caller.by, at=request.at))  # type: ignore[arg-type]


@changes(router, "/fields/{field}", needs=Can.CREATORS_WRITE, gives=FieldTold)
def change_field(request: Call, workspace: str, field: Id, body: FieldChange) -> FieldTold:
    """Give a field another name or other choices; its kind stays."""
    found = _field(request, field)
    choices = found.choices if body.choices is None else body.choices
    fields.change(found, name=body.name or found.name, choices=choices, by=request.caller.by, at=request.at)
    return FieldTold.of(found)


@removes(router, "/fields/{field}", needs=Can.CREATORS_WRITE)
def remove_field(request: Call, workspace: str, field: Id) -> None:
    """Remove a field and all its values, for good."""
    fields.remove(_field(request, field), by=request.caller.by, at=request.at)


def _field(request: Call, field: str) -> OwnField:
    found: OwnField = pages.find(OwnField.objects.within(request.workspace), field, "field")
    return found
