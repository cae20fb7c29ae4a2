"""Who is in a workspace: another role, out, and what nobody may do to themself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from greenroom.core import events
from greenroom.core.access import ROLES, Can
from greenroom.core.models import Member, Workspace
from greenroom.people.refusals import LastOwner, TooMuch


@dataclass(frozen=True)
class Person:
    """A member as lists show them."""

    member: Member
    has_second_factor: bool

    @property
    def last_sign_in(self) -> datetime | None:
        return self.member.user.last_login


def everybody(workspace: Workspace) -> list[Person]:
    """The members, by role and name."""
    rows = list(Member.objects.within(workspace).select_related("user", "workspace"))
    safe = with_second_factor(row.user_id for row in rows)
    order = list(ROLES)
    rows.sort(key=lambda row: (order.index(row.role), str(row.user).lower(), row.pk))
    return [Person(row, row.user_id in safe) for row in rows]


def with_second_factor(users: Iterable[int]) -> set[int]:
    """Which of these people (ids) sign in with an authenticator app too."""
    apps = Authenticator.objects.filter(user__in=list(users), type=Authenticator.Type.TOTP)
    return set(apps.values_list("user_id", flat=True))


def grantable(may: frozenset[Can]) -> list[str]:
    """The roles that somebody who may do this can give: those that may do no more."""
    return [role for role, cans in ROLES.items() if cans <= may]


def change_role(member: Member, *, role: str, by: str, may: frozenset[Can], at: datetime) -> Member:
    """Give a member another role. `may` is what the one who does it may do.

    Raises TooMuch when the old or the new role may do more than that, so nobody raises themself; LastOwner; ValueError
    for a role there is not.
    """
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role; there is {', '.join(ROLES)}")
    with transaction.atomic():
        row = _hold(member)
        for needed in (row.role, role):
            if not ROLES[needed] <= may:
                raise TooMuch(needed)
        if row.role == role:
            return row
        if row.role == "owner":
            _leave_an_owner(row)
        was, row.role = row.role, role
        row.save(update_fields=["role"])
        told = {"who": str(row.user), "before": {"role": was}, "after": {"role": role}}
        events.record(row, "role_changed", by=by, at=at, **told)
    member.role = role
    return row


def remove(member: Member, *, by: str, may: frozenset[Can], at: datetime) -> None:
    """End a membership: from the next request on the workspace is not there for them. What they did stays told.

    Who leaves by themself needs no leave. Raises TooMuch, LastOwner.
    """
    with transaction.atomic():
        row = _hold(member)
        if by != row.by and not row.permissions <= may:
            raise TooMuch(row.role)
        if row.role == "owner":
            _leave_an_owner(row)
        told = {"who": str(row.user), "email": row.user.email, "before": {"role": row.role}, "after": None}
        events.record(row, "removed", by=by, at=at, **told)
        row.delete()


def _hold(member: Member) -> Member:
    """The row as it is, with the workspace's people locked, so that two owners can't remove each other at once."""
    Workspace.objects.select_for_update().get(pk=member.workspace_id)
    row: Member = Member.objects.select_related("user", "workspace").get(pk=member.pk)
    return row


def _leave_an_owner(member: Member) -> None:
    others = Member.objects.within(member.workspace_id).filter(role="owner", user__is_active=True)
    if not others.exclude(pk=member.pk).exists():
        raise LastOwner
