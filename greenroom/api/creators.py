"""Creators: the people, each with their TikTok accounts."""

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.problems import missing
from greenroom.api.shapes import MOST, WORD, Given, Id, Narrowed, Page, Text, Told
from greenroom.core.access import Can
from greenroom.creators import actions as creating
from greenroom.creators import deletion, details, fields, merging
from greenroom.creators.models import Creator
from greenroom.creators.models import Field as OwnField

router = Router(tags=["creators"])


class CreatorTold(Told):
    """A person. One creator may have several accounts."""

    id: Id
    name: str
    email: str
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    about: str = Field(description="In a sentence; what happened and was said are notes.")
    labels: list[Id]
    lists: list[Id]
    fields: dict[str, str] = Field(description="The workspace's own fields that have a value, by their id.")
    accounts: list[Id] = Field(description="The ids of their accounts.")
    created_at: datetime

    @classmethod
    def of(cls, row: Creator) -> "CreatorTold":
        return cls(
            id=str(row.pk),
            name=row.name,
            email=row.email,
            country=row.country or None,
            about=row.about,
            labels=_ids(row.labels),
            lists=_ids(row.lists),
            fields={str(one.field_id): fields.words(one.value) for one in row.values.all()},
            accounts=_ids(row.accounts),
            created_at=row.created_at,
        )


class CreatorsAsked(Narrowed):
    label: Id | None = None
    list: Id | None = None
    search: Text | None = Field(None, max_length=120, description="Part of the name, in any capitals.")


class CreatorChange(Given):
    """What changes; the rest stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=120, pattern=WORD)
    email: Text | None = Field(None, max_length=200)
    country: str | None = Field(None, pattern="^([A-Za-z]{2})?$")
    about: Text | None = Field(None, max_length=500)
    fields: dict[Id, Text] | None = Field(None, description="By id; an empty text removes the value.")


class MergeGiven(Given):
    """Who becomes part of this creator, and what of them wins over what is here."""

    other: Id
    take: list[Literal["name", "email", "country", "about"]] = Field([], max_length=4)


class MergeMove(Given):
    to: Literal["undone"]


class PortalLinkTold(Told):
    """Whether the mail left; null: no address is known, or the mail server is away."""

    creator: Id
    mailed_to: str | None


@reads(router, "/creators", needs=Can.CREATORS_READ, gives=Page[CreatorTold], leads={"get_creator": "creator"})
def list_creators(request: Call, workspace: str, asked: Query[CreatorsAsked]) -> Page[CreatorTold]:
    """The creators of the workspace."""
    rows = _rows(request)
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    rows = rows.filter(labels=min(int(asked.label), MOST)) if asked.label else rows
    rows = rows.filter(lists=min(int(asked.list), MOST)) if asked.list else rows
    return pages.page(rows, asked, CreatorTold.of, of=CreatorTold)


@reads(router, "/creators/{creator}", needs=Can.CREATORS_READ, gives=CreatorTold)
def get_creator(request: Call, workspace: str, creator: Id) -> CreatorTold:
    """One creator."""
    return CreatorTold.of(_find(request, creator))


@changes(router, "/creators/{creator}", needs=Can.CREATORS_WRITE, gives=CreatorTold)
def change_creator(request: Call, workspace: str, creator: Id, body: CreatorChange) -> CreatorTold:
    """Change what is kept about a creator."""
    found = _find(request, creator)
    told = {key: value for key in details.OWN if (value := getattr(body, key)) is not None}
    rows = OwnField.objects.within(request.workspace)
    own = {pages.find(rows, pk, "field"): text for pk, text in (body.fields or {}).items()}
    values = {field: fields.parse(field, text) for field, text in own.items()}
    details.change(found, told, values=values, by=request.caller.by, at=request.at)
    return CreatorTold.of(_find(request, creator))


@removes(router, "/creators/{creator}", needs=Can.CREATORS_WRITE)
def delete_creator(request: Call, workspace: str, creator: Id) -> None:
    """Delete a creator: grants are withdrawn, readings erased, who it was is forgotten.

    It can't be undone. What money needs later stays, without a name.
    """
    deletion.delete(_find(request, creator), by=request.caller.by, at=request.at)


@writes(router, "/creators/{creator}/merges", needs=Can.CREATORS_WRITE, gives=CreatorTold)
def merge_creator(request: Call, workspace: str, creator: Id, body: MergeGiven) -> CreatorTold:
    """Make another creator part of this one."""
    keep, other = _find(request, creator), _find(request, body.other)
    merging.merge(keep, other, take=body.take, by=request.caller.by, at=request.at)
    return CreatorTold.of(_find(request, creator))


@writes(router, "/creators/{creator}/merges/{other}/moves", needs=Can.CREATORS_WRITE, gives=CreatorTold)
def move_merge(request: Call, workspace: str, creator: Id, other: Id, body: MergeMove) -> CreatorTold:
    """Take a merge apart; gives the creator who is back."""
    keep = _find(request, creator)
    merged = Creator.everyone.within(request.workspace).filter(merged_into=keep)
    event = merging.last_merge(keep, pages.find(merged, other, "creator merged into this one"))
    if event is None:
        raise missing("merge")
    back = merging.undo(event, by=request.caller.by, at=request.at)
    return CreatorTold.of(_find(request, str(back.pk)))


@writes(router, "/creators/{creator}/portal-links", needs=Can.CREATORS_WRITE, gives=PortalLinkTold, status=201)
def send_portal_link(request: Call, workspace: str, creator: Id) -> PortalLinkTold:
    """Mail a creator the way to their own page. It works once, and only they get it."""
    found = _find(request, creator)
    mailed = bool(found.email) and creating.send_portal_link(found, at=request.at, by=request.caller.by)
    return PortalLinkTold(creator=str(found.pk), mailed_to=found.email if mailed else None)


def _rows(request: Call) -> Any:
    return Creator.objects.within(request.workspace).prefetch_related("accounts", "labels", "lists", "values__field")


def _find(request: Call, creator: str) -> Creator:
    found: Creator = pages.find(_rows(request), creator, "creator")
    return found


def _ids(rows: Any) -> list[str]:
    return sorted((str(one.pk) for one in rows.all()), key=int)
