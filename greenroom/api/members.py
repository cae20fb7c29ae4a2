"""Members: the people of a workspace."""

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes
from greenroom.api.shapes import Given, Id, Narrowed, Page, Told, one_of
from greenroom.core.access import ROLES, Can
from greenroom.core.models import Member
from greenroom.people import members as people

router = Router(tags=["members"])


class MemberTold(Told):
    """A person in the workspace, with one role."""

    id: Id
    name: str
    email: str
    role: str = Field(description="owner, manager, finance, analyst or client; the roles' permissions are in the docs.")

    @classmethod
    def of(cls, row: Member) -> "MemberTold":
        return cls(id=str(row.pk), name=row.user.name, email=row.user.email, role=row.role)


Role = one_of(*ROLES)


class MembersAsked(Narrowed):
    role: Role | None = None  # type: ignore[valid-type]


class MemberChange(Given):
    role: Role  # type: ignore[valid-type]


@reads(router, "/members", needs=Can.MEMBERS_READ, gives=Page[MemberTold], leads={"get_member": "member"})
def list_members(request: Call, workspace: str, asked: Query[MembersAsked]) -> Page[MemberTold]:
    """The members of the workspace."""
    rows = Member.objects.within(request.workspace).select_related("user")
    return pages.page(rows.filter(role=asked.role) if asked.role else rows, asked, MemberTold.of, of=MemberTold)


@reads(router, "/members/{member}", needs=Can.MEMBERS_READ, gives=MemberTold)
def get_member(request: Call, workspace: str, member: Id) -> MemberTold:
    """One member."""
    return MemberTold.of(_find(request, member))


@changes(router, "/members/{member}", needs=Can.MEMBERS_MANAGE, gives=MemberTold)
def change_member(request: Call, workspace: str, member: Id, body: MemberChange) -> MemberTold:
    """Give a member another role: never one that may do more than the caller, and somebody stays an owner."""
    may = request.caller.permissions
    row = people.change_role(_find(request, member), role=body.role, by=request.caller.by, may=may, at=request.at)
    return MemberTold.of(row)


@removes(router, "/members/{member}", needs=Can.MEMBERS_MANAGE)
def remove_member(request: Call, workspace: str, member: Id) -> None:
    """End a membership. What the person did stays told."""
    may = request.caller.permissions
    people.remove(_find(request, member), by=request.caller.by, may=may, at=request.at)


def _find(request: Call, member: str) -> Member:
    rows = Member.objects.within(request.workspace).select_related("user", "workspace")
    found: Member = pages.find(rows, member, "member")
    return found
