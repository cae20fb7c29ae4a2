"""Invitations: who is asked to become a member."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import Given, Id, Narrowed, Page, Told, one_of
from greenroom.core.access import ROLES, Can
from greenroom.people import invitations
from greenroom.people.models import Invitation

router = Router(tags=["members"])
Role = one_of(*ROLES)


class InvitationTold(Told):
    """A person who is asked to come in. Open until accepted or withdrawn; its link has an end of its own."""

    id: Id
    email: str
    role: str
    state: str = Field(description="open, accepted or withdrawn.")
    moves: list[str]
    by: str
    made_at: datetime
    sent_at: datetime
    until: datetime = Field(description="When the link that was sent last ends.")
    link: str | None = Field(description="Told once, to who sends it, for where no mail arrives.")

    @classmethod
    def of(cls, row: Invitation, request: Call, link: str | None = None) -> "InvitationTold":
        return cls(
            id=str(row.pk),
            email=row.email,
            role=row.role,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            by=row.by,
            made_at=row.made_at,
            sent_at=row.sent_at,
            until=row.until,
            link=link,
        )


class InvitationsAsked(Narrowed):
    state: Literal["open", "accepted", "withdrawn"] | None = None


class InvitationGiven(Given):
    """Whom to ask, and as what: never more than the asker may."""

    email: str = Field(
        max_length=120,
        pattern=r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        examples=["mia@example.com"],
    )
    role: Role  # type: ignore[valid-type]


class InvitationMove(Given):
    to: Literal["withdrawn"]


LEADS = {"move_invitation": "invitation", "send_invitation": "invitation", "get_invitation": "invitation"}


@reads(router, "/invitations", needs=Can.MEMBERS_MANAGE, gives=Page[InvitationTold], leads=LEADS)
def list_invitations(request: Call, workspace: str, asked: Query[InvitationsAsked]) -> Page[InvitationTold]:
    """The invitations of the workspace, the newest first."""
    rows = Invitation.objects.within(request.workspace)
    rows = rows.filter(state=asked.state) if asked.state else rows
    return pages.page(rows, asked, lambda row: InvitationTold.of(row, request), of=InvitationTold, newest_first=True)


@reads(router, "/invitations/{invitation}", needs=Can.MEMBERS_MANAGE, gives=InvitationTold)
def get_invitation(request: Call, workspace: str, invitation: Id) -> InvitationTold:
    """One invitation."""
    return InvitationTold.of(_find(request, invitation), request)


@writes(router, "/invitations", needs=Can.MEMBERS_MANAGE, gives=InvitationTold, status=201, leads=LEADS)
def invite_member(request: Call, workspace: str, body: InvitationGiven) -> InvitationTold:
    """Ask somebody to become a member. The link is mailed, and given for sending by hand."""
    made, link = invitations.invite(
        request.workspace,
        email=body.email,
        role=body.role,
        by=request.caller.by,
        may=request.caller.permissions,
        at=request.at,
    )
    return InvitationTold.of(made, request, link)


@writes(router, "/invitations/{invitation}/sendings", needs=Can.MEMBERS_MANAGE, gives=InvitationTold, status=201)
def send_invitation(request: Call, workspace: str, invitation: Id) -> InvitationTold:
    """Mail a new link; the one before works no more."""
    found, may = _find(request, invitation), request.caller.permissions
    link = invitations.send_again(found, by=request.caller.by, may=may, at=request.at)
    return InvitationTold.of(found, request, link)


@writes(router, "/invitations/{invitation}/moves", needs=Can.MEMBERS_MANAGE, gives=InvitationTold)
def move_invitation(request: Call, workspace: str, invitation: Id, body: InvitationMove) -> InvitationTold:
    """Take an invitation back; its link works no more."""
    found = _find(request, invitation)
    invitations.withdraw(found, by=request.caller.by, at=request.at)
    return InvitationTold.of(found, request)


def _find(request: Call, invitation: str) -> Invitation:
    rows = Invitation.objects.within(request.workspace).select_related("workspace")
    found: Invitation = pages.find(rows, invitation, "invitation")
    return found
