"""Lists: named groups of creators."""

from datetime import datetime

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Told, whole_number
from greenroom.core.access import Can
from greenroom.creators import lists
from greenroom.creators.models import Creator, List

router = Router(tags=["lists"])


class ListTold(Told):
    """A named group of creators, in an order."""

    id: Id
    name: str
    creators: list[Id]
    created_at: datetime

    @classmethod
    def of(cls, row: List) -> "ListTold":
        members = [str(entry.creator_id) for entry in row.entries.all()]
        return cls(id=str(row.pk), name=row.name, creators=members, created_at=row.created_at)


class ListGiven(Given):
    name: str = Field(min_length=1, max_length=80, pattern=WORD)


class PlaceGiven(Given):
    creator: Id
    steps: whole_number(-10_000, 10_000, "Up where negative; past an end is at the end.")  # type: ignore[valid-type]


class CreatorsGiven(Given):
    """Whom to add and whom to take away."""

    add: list[Id] = Field([], max_length=200)
    remove: list[Id] = Field([], max_length=200)


class CreatorsChanged(Told):
    """Who was not there before, and who is not there any more."""

    added: list[Id]
    removed: list[Id]


@reads(router, "/lists", needs=Can.CREATORS_READ, gives=Page[ListTold], leads={"get_list": "list_id"})
def list_lists(request: Call, workspace: str, asked: Query[Narrowed]) -> Page[ListTold]:
    """The lists of the workspace."""
    rows = List.objects.within(request.workspace).prefetch_related("entries")
    return pages.page(rows, asked, ListTold.of, of=ListTold)


@reads(router, "/lists/{list_id}", needs=Can.CREATORS_READ, gives=ListTold)
def get_list(request: Call, workspace: str, list_id: Id) -> ListTold:
    """One list, with who is on it."""
    return ListTold.of(_list(request, list_id))


@writes(
    router,
    "/lists",
    needs=Can.CREATORS_WRITE,
    gives=ListTold,
    status=201,
    leads={"get_list": "list_id", "rename_list": "list_id", "remove_list": "list_id"},
)
def make_list(request: Call, workspace: str, body: ListGiven) -> ListTold:
    """Make a list."""
    return ListTold.of(lists.make(request.workspace, name=body.name, by=request.caller.by, at=request.at))


@changes(router, "/lists/{list_id}", needs=Can.CREATORS_WRITE, gives=ListTold)
def rename_list(request: Call, workspace: str, list_id: Id, body: ListGiven) -> ListTold:
    """Give a list another name."""
    found = _list(request, list_id)
    lists.rename(found, name=body.name, by=request.caller.by, at=request.at)
    return ListTold.of(found)


@removes(router, "/lists/{list_id}", needs=Can.CREATORS_WRITE)
def remove_list(request: Call, workspace: str, list_id: Id) -> None:
    """Remove a list; its creators stay."""
    lists.remove(_list(request, list_id), by=request.caller.by, at=request.at)


@writes(router, "/lists/{list_id}/creators", needs=Can.CREATORS_WRITE, gives=CreatorsChanged)
def list_creators_on(request: Call, workspace: str, list_id: Id, body: CreatorsGiven) -> CreatorsChanged:
    """Put creators at the end of a list, and take others off it."""
    found, by, at = _list(request, list_id), request.caller.by, request.at
    added = lists.add(found, creators_of(request, body.add), by=by, at=at)
    return changed(added, lists.drop(found, creators_of(request, body.remove), by=by, at=at))


@writes(router, "/lists/{list_id}/places", needs=Can.CREATORS_WRITE, gives=ListTold)
def move_on_list(request: Call, workspace: str, list_id: Id, body: PlaceGiven) -> ListTold:
    """Move a creator up or down on a list."""
    (creator,) = creators_of(request, [body.creator])
    lists.move(_list(request, list_id), creator, steps=body.steps, by=request.caller.by, at=request.at)
    return ListTold.of(_list(request, list_id))


def creators_of(request: Call, ids: list[str]) -> list[Creator]:
    """All of these. Raises Problem (404) when one is not there."""
    rows = Creator.objects.within(request.workspace)
    return [pages.find(rows, pk, "creator") for pk in dict.fromkeys(ids)]


def changed(added: list[Creator], removed: list[Creator]) -> CreatorsChanged:
    return CreatorsChanged(added=[str(one.pk) for one in added], removed=[str(one.pk) for one in removed])


def _list(request: Call, pk: str) -> List:
    found: List = pages.find(List.objects.within(request.workspace).prefetch_related("entries"), pk, "list")
    return found
