"""Creators: the people, each with their TikTok accounts."""

from datetime import datetime

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import Id, Narrowed, Page, Text, Told
from greenroom.core.access import Can
from greenroom.creators.models import Creator

router = Router(tags=["creators"])


class CreatorTold(Told):
    """A person. One creator may have several accounts."""

    id: Id
    name: str
    email: str
    country: str | None = Field(description="ISO 3166-1 alpha-2.")
    accounts: list[Id] = Field(description="The ids of their accounts.")
    created_at: datetime

    @classmethod
    def of(cls, row: Creator) -> "CreatorTold":
        return cls(
            id=str(row.pk),
            name=row.name,
            email=row.email,
            country=row.country or None,
            accounts=sorted((str(one.pk) for one in row.accounts.all()), key=int),
            created_at=row.created_at,
        )


class CreatorsAsked(Narrowed):
    search: Text | None = Field(None, max_length=120, description="Part of the name, in any capitals.")


@reads(router, "/creators", needs=Can.CREATORS_READ, gives=Page[CreatorTold], leads={"get_creator": "creator"})
def list_creators(request: Call, workspace: str, asked: Query[CreatorsAsked]) -> Page[CreatorTold]:
    """The creators of the workspace."""
    rows = Creator.objects.within(request.workspace).prefetch_related("accounts")
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    return pages.page(rows, asked, CreatorTold.of, of=CreatorTold)


@reads(router, "/creators/{creator}", needs=Can.CREATORS_READ, gives=CreatorTold)
def get_creator(request: Call, workspace: str, creator: Id) -> CreatorTold:
    """One creator."""
    rows = Creator.objects.within(request.workspace).prefetch_related("accounts")
    return CreatorTold.of(pages.find(rows, creator, "creator"))
