"""Asking people in: a signed link by mail, good once, for one address and one role."""

import logging
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from greenroom.core import events
from greenroom.core.access import ROLES, Can
from greenroom.core.models import Member, User, Workspace
from greenroom.core.state import IllegalMove, LostRace
from greenroom.people.models import Invitation
from greenroom.people.refusals import InvitationOver, Known, TooMuch, WrongPerson

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(days=7)
_SALT = "greenroom.member"


def invite(
    workspace: Workspace, *, email: str, role: str, by: str, may: frozenset[Can], at: datetime
) -> tuple[Invitation, str]:
    """Ask the person with this address to become a member; returns the invitation and its link, which is mailed too.

    `may` is what the asker may do: nobody grants more than they have. Raises TooMuch, Known (a member already, or
    asked already), ValueError (no such role).
    """
    _allow(role, may)
    address = email.strip().lower()
    if Member.objects.within(workspace).filter(user__email__iexact=address).exists():
        raise Known(f"{address} is a member already.")
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                workspace=workspace, email=address, role=role, by=by, made_at=at, sent_at=at, until=at + GOOD_FOR
            )
            events.note(workspace, "member.invited", subject=events.about(made), by=by, at=at, email=address, role=role)
    except IntegrityError:
        raise Known(f"{address} is invited already. Send that invitation again instead.") from None
    return made, _send(made, at=at)


def send_again(invitation: Invitation, *, by: str, may: frozenset[Can], at: datetime) -> str:
    """Mail a new link; the one before works no more. Raises TooMuch, IllegalMove when the invitation is not open."""
    _allow(invitation.role, may)
    if invitation.state != "open":
        raise IllegalMove(f"The invitation of {invitation.email} is {invitation.state}")
    events.record(invitation, "sent_again", by=by, at=at, email=invitation.email)
    return _send(invitation, at=at)


def withdraw(invitation: Invitation, *, by: str, at: datetime) -> None:
    """Take the invitation back; its link works no more. Raises IllegalMove when it is not open, LostRace."""
    invitation.move("withdrawn", by=by, at=at, email=invitation.email, role=invitation.role)


def open_ones(workspace: Workspace) -> list[Invitation]:
    """Who is asked and has not come yet, the newest first."""
    return list(Invitation.objects.within(workspace).filter(state="open").order_by("-sent_at", "-pk"))


def read(token: str, *, at: datetime) -> Invitation:
    """The invitation a link is for. Raises InvitationOver."""
    try:
        told = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise InvitationOver from None
    found = Invitation.objects.filter(pk=told["i"], sent=told["n"], state="open").select_related("workspace").first()
    if found is None or found.is_over(at):
        raise InvitationOver
    return found


def user_of(invitation: Invitation) -> User | None:
    """Who has this address here already."""
    return User.objects.filter(email__iexact=invitation.email).first()


def accept(invitation: Invitation, *, user: User, at: datetime) -> Member:
    """Make `user` a member. Raises WrongPerson when the invitation is for another address, InvitationOver."""
    if user.email.lower() != invitation.email.lower():
        raise WrongPerson(invitation.email)
    with transaction.atomic():
        member, new = Member.objects.get_or_create(
            workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
        )
        try:
            invitation.move("accepted", by=member.by, at=at)
        except (IllegalMove, LostRace):
            raise InvitationOver from None
        if new:
            told = {"who": str(user), "email": user.email, "role": member.role, "invited_by": invitation.by}
            events.record(member, "joined", by=member.by, at=at, **told)
    return member


def join(invitation: Invitation, *, name: str, password: str, at: datetime) -> Member:
    """Make the person and their membership. The link came to their address, so it is theirs. Raises InvitationOver,
    and WrongPerson when somebody has this address by now: they sign in instead."""
    with transaction.atomic():
        if user_of(invitation):
            raise WrongPerson(invitation.email)
        try:
            with transaction.atomic():
                user = User.objects.create_user(invitation.email, password, name=name)
        except IntegrityError:  # the same button was pressed twice at once
            raise WrongPerson(invitation.email) from None
        return accept(invitation, user=user, at=at)


def _allow(role: str, may: frozenset[Can]) -> None:
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role; there is {', '.join(ROLES)}")
    if not ROLES[role] <= may:
        raise TooMuch(role)


def _send(invitation: Invitation, *, at: datetime) -> str:
    """Mail a new link and return it, for sending by hand where no mail arrives."""
    invitation.sent, invitation.sent_at, invitation.until = invitation.sent + 1, at, at + GOOD_FOR
    invitation.save(update_fields=["sent", "sent_at", "until"])
    token = signing.Signer(salt=_SALT).sign_object({"i": invitation.pk, "n": invitation.sent})
    link = settings.GREENROOM_URL.rstrip("/") + reverse("invitation", args=[token])
    workspace = invitation.workspace
    text = (
        f"Hello,\n\nyou are invited to {workspace} on Greenroom, as {invitation.role}:\n\n{link}\n\n"
        f"The link works once, until {invitation.until.astimezone(UTC):%d %B %Y, %H:%M} UTC. If you expected no "
        "invitation, do nothing.\n"
    )
    try:
        send_mail(f"{' '.join(str(workspace).split())}: your invitation", text, None, [invitation.email])
    except (OSError, SMTPException) as error:  # the link is shown to who invited
        log.warning("could not mail an invitation: %s", error)
    return link
