"""How a workspace shows things and what it asks of its people. Nothing that is stored is converted by any of it."""

from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.core.models import User, Workspace
from greenroom.people.members import with_second_factor
from greenroom.people.refusals import Refusal

SHOWN = ("name", "time_zone", "currency", "language")


class OwnFactorFirst(Refusal):
    """Whoever turns it on without a second factor of their own would be sent away from this very page."""

    code, title = "own_factor_first", "Turn on your own second factor first"

    def __init__(self) -> None:
        super().__init__("You would lock yourself out of the workspace until you have one. It takes a minute.")


def change(workspace: Workspace, *, by: str, at: datetime, **wanted: str) -> list[str]:
    """Change some of SHOWN; returns which did. Only the look changes: amounts keep their currency, times their moment.

    Raises TypeError for what can't be changed here.
    """
    if unknown := set(wanted) - set(SHOWN):
        raise TypeError(f"can't change {', '.join(sorted(unknown))}")
    return _change(workspace, by=by, at=at, **wanted)


def require_second_factor(workspace: Workspace, required: bool, *, user: User, by: str, at: datetime) -> list[str]:
    """Ask every member for a second factor, or no longer; who has none is led to it before any page opens.

    `user` is who asks. Raises OwnFactorFirst.
    """
    if required and user.pk not in with_second_factor([user.pk]):
        raise OwnFactorFirst
    return _change(workspace, by=by, at=at, mfa_required=required)


def allow_operators(workspace: Workspace, allowed: bool, *, by: str, at: datetime) -> list[str]:
    """Keep whether operators may come in; `operators.allow` also sends away who is in."""
    return _change(workspace, by=by, at=at, operators_allowed=allowed)


def _change(workspace: Workspace, *, by: str, at: datetime, **wanted: str | bool) -> list[str]:
    with transaction.atomic():
        row = Workspace.objects.select_for_update().get(pk=workspace.pk)
        before = {key: getattr(row, key) for key, value in wanted.items() if getattr(row, key) != value}
        if not before:
            return []
        after = {key: wanted[key] for key in before}
        for key, value in after.items():
            setattr(row, key, value)
            setattr(workspace, key, value)
        row.save(update_fields=list(after))
        events.note(row, "workspace.changed", subject=events.about(row), by=by, at=at, before=before, after=after)
    return list(before)
