"""Operators of the install: a workspace is open to them only for a while, for a reason, and where its owner sees it.

An operator is a superuser. There is no other way in: their being one opens no page of any workspace.
"""

from datetime import datetime, timedelta

from django.db import models, transaction

from greenroom.core import events
from greenroom.core.models import Member, OperatorSession, User, Workspace
from greenroom.people import workspaces
from greenroom.people.refusals import Refusal

LONGEST = timedelta(hours=4)
# What an operator may be there: looking is the rule, changing the exception. Never an owner.
ROLES = {"analyst": "Look only", "manager": "Look and change, as a manager"}


class NoOperators(Refusal):
    """The workspace's owner does not let operators in."""

    code, status, title = "no_operators", 403, "This workspace lets no operator in"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(f"An owner of {workspace} has closed it to operators. Ask them to open it or to invite you.")


class AlreadyIn(Refusal):
    """Who is a member goes in as one."""

    code, status, title = "already_member", 409, "You are a member there"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(f"You are a member of {workspace}; open it as one.")


def appoint(user: User, on: bool, *, at: datetime) -> None:
    """Make a person an operator of the install, or no longer one; then their open visits end."""
    user.is_superuser = on
    user.save(update_fields=["is_superuser"])
    if not on:
        for session in current(user).select_related("user", "workspace"):
            leave(session, at=at, how="no operator any more", by=events.SYSTEM)


def enter(
    workspace: Workspace, *, user: User, reason: str, lasting: timedelta, role: str = "analyst", at: datetime
) -> OperatorSession:
    """Open `workspace` to the operator `user`; an open session of theirs there ends first.

    Raises NoOperators, AlreadyIn, and ValueError for what no form offers: not an operator, no reason, too long, a role
    that is none of ROLES.
    """
    if not user.is_superuser or role not in ROLES or not reason.strip() or not timedelta() < lasting <= LONGEST:
        raise ValueError("an operator gives a reason, at most four hours, and one of the roles for operators")
    if not workspace.operators_allowed:
        raise NoOperators(workspace)
    if Member.objects.within(workspace).filter(user=user).exists():
        raise AlreadyIn(workspace)
    with transaction.atomic():
        for open_one in current(user).filter(workspace=workspace):
            leave(open_one, at=at, how="began another")
        until = at + lasting
        session = OperatorSession.objects.create(
            workspace=workspace, user=user, role=role, reason=reason.strip(), started_at=at, until=until, due_at=until
        )
        told = {"reason": session.reason, "role": role, "until": until.isoformat(), "who": str(user)}
        events.note(workspace, "operator.entered", subject=events.about(session), by=_by(user), at=at, **told)
    return session


def leave(session: OperatorSession, *, at: datetime, how: str = "left", by: str = "") -> bool:
    """End operator access now; False when it had ended before. `how` is told in the audit log."""
    open_ones = OperatorSession.objects.filter(pk=session.pk, ended_at__isnull=True)
    with transaction.atomic():
        if not open_ones.update(ended_at=at, due_at=None):
            return False
        session.ended_at = at
        by = by or (events.SYSTEM if how == "time is over" else _by(session.user))
        told = {"how": how, "who": str(session.user)}
        events.note(session.workspace, "operator.left", subject=events.about(session), by=by, at=at, **told)
    return True


def current(user: User) -> "models.QuerySet[OperatorSession]":
    """The operator's sessions that nobody has ended; the clock may have."""
    open_ones: models.QuerySet[OperatorSession] = OperatorSession.objects.filter(user=user, ended_at__isnull=True)
    return open_ones


def allow(workspace: Workspace, allowed: bool, *, by: str, at: datetime) -> None:
    """Let operators in, or keep them out; who is in goes at once."""
    with transaction.atomic():
        workspaces.allow_operators(workspace, allowed, by=by, at=at)
        if not allowed:
            for one in OperatorSession.objects.within(workspace).filter(ended_at__isnull=True).select_related("user"):
                leave(one, at=at, how="an owner closed the workspace to operators", by=by)


def _by(user: User) -> str:
    return f"operator:{user.pk}"
