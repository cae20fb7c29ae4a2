"""Members: the people of a workspace."""

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import Id, Narrowed, Page, Told, one_of
from greenroom.core.access import ROLES, Can
from greenroom.core.models import Member

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


class MembersAsked(Narrowed):
    role: one_of(*ROLES) | None = None  # type: ignore[valid-type]


@reads(router, "/members", needs=Can.MEMBERS_READ, gives=Page[MemberTold], leads={"get_member": "member"})
def list_members(request: Call, workspace: str, asked: Query[MembersAsked]) -> Page[MemberTold]:
    """The members of the workspace."""
    rows = Member.objects.within(request.workspace).select_related("user")
    return pages.page(rows.filter(role=asked.role) if asked.role else rows, asked, MemberTold.of, of=MemberTold)


@reads(router, "/members/{member}", needs=Can.MEMBERS_READ, gives=MemberTold)
def get_member(request: Call, workspace: str, member: Id) -> MemberTold:
    """One member."""
    return MemberTold.of(pages.find(Member.objects.within(request.workspace).select_related("user"), member, "member"))
