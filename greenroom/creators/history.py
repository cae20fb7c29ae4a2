"""The two attributes of an account over time. What they are now is a column; what they were is asked here."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.creators.models import Account, Connection, StateChange

# Called in the same transaction when an account enters or leaves the marketplace: `hook(account, at)`.
ON_MEMBERSHIP: list[Callable[[Account, datetime], None]] = []


def note_authentication(account: Account, *, by: str, at: datetime, cause: str) -> bool:
    """Make `authenticated` say whether the account has a live grant of its creator; returns it.

    There is no parameter to set it to: a grant exists or it does not (ACC-08).
    """
    live = Connection.objects.filter(account=account, state__in=Connection.LIVE).exists()
    if account.authenticated != live:
        with transaction.atomic():
            account.authenticated = live
            account.save(update_fields=["authenticated"])
            _note(account, "authenticated", live, by=by, at=at, cause=cause)
            events.record(account, "authenticated" if live else "unauthenticated", by=by, at=at, cause=cause)
    return live


def note_membership(
    account: Account, value: bool | None, *, at: datetime, by: str = events.SYSTEM, cause: str = "TikTok's answer"
) -> None:
    """Keep what TikTok says about the account's membership; None means it did not say, and changes nothing."""
    if value is None:
        return
    with transaction.atomic():
        was, account.in_marketplace, account.marketplace_checked_at = account.in_marketplace, value, at
        account.save(update_fields=["in_marketplace", "marketplace_checked_at"])
        if was is value:
            return
        _note(account, "in_marketplace", value, by=by, at=at, cause=cause)
        verb = "joined_marketplace" if value else "left_marketplace" if was else "found_outside_marketplace"
        events.record(account, verb, by=by, at=at, cause=cause)
        for hook in ON_MEMBERSHIP:
            hook(account, at)


def account_at(account: Account, at: datetime) -> tuple[bool, bool | None]:
    """(authenticated, in_marketplace) as they were at an instant; membership is None before TikTok was first asked."""
    authenticated = _value_at(account, "authenticated", at)
    return bool(authenticated), _value_at(account, "in_marketplace", at)


def _value_at(account: Account, attribute: str, at: datetime) -> bool | None:
    rows = StateChange.objects.filter(account=account, attribute=attribute, at__lte=at).order_by("-at", "-id")
    value: bool | None = rows.values_list("value", flat=True).first()
    return value


def _note(account: Account, attribute: str, value: bool, *, by: str, at: datetime, cause: str) -> None:
    StateChange.objects.create(
        workspace_id=account.workspace_id,
        account=account,
        attribute=attribute,
        value=value,
        at=at,
        by=by,
        cause=cause[:120],
    )
