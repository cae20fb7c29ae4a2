"""A grant through its life: fresh tokens, lapse, withdrawal. TikTok is never called inside a transaction."""

import random
from datetime import datetime, timedelta

from django.db import models, transaction

from greenroom.core import events, secrets
from greenroom.core.work import Later, Stop
from greenroom.creators import client as clients
from greenroom.creators import history
from greenroom.creators.models import Account, Connection, Consent
from greenroom.tiktok import auth, errors

EXPIRING = timedelta(days=30)  # how long before the refresh token's end a creator is asked to renew
MARGIN = timedelta(minutes=2)  # a token this close to its end is not used any more
SWAP = timedelta(seconds=90)  # longer than an exchange can take
TRY_AGAIN = timedelta(minutes=15)


def live_connection(account: Account | None, dialect: str) -> Connection | None:
    """The account's live grant in one dialect."""
    if account is None:
        return None
    found: Connection | None = account.connections.filter(dialect=dialect, state__in=Connection.LIVE).first()
    return found


def scopes_of(account: Account) -> frozenset[str]:
    """Everything the account's live grants allow, of all dialects together."""
    live = account.connections.filter(state__in=Connection.LIVE).values_list("scopes", flat=True)
    return frozenset(scope for scopes in live for scope in scopes)


def consent_of(connection: Connection, *, at: datetime | None = None) -> Consent | None:
    """The consent in force, now or at an instant."""
    rows = connection.consents.order_by("-at", "-id")
    if at is None:
        found: Consent | None = rows.filter(revoked_at=None).first()
        return found
    ended = models.Q(revoked_at__isnull=False, revoked_at__lte=at)
    past: Consent | None = rows.filter(at__lte=at).exclude(ended).first()
    return past


def store(connection: Connection, grant: auth.Grant, *, at: datetime) -> None:
    """Put a grant's tokens and ends into the row (not saved), clear every trace of earlier failures, plan the next
    refresh: at a random moment of the last quarter of the token's life, so that a thousand do not come at once."""
    connection.access_token = grant.access_token
    connection.refresh_token = grant.refresh_token or ""
    connection.expires_at, connection.refresh_expires_at = grant.expires_at, grant.refresh_expires_at
    connection.failures, connection.last_error, connection.swapping_until = 0, "", None
    connection.due_at = next_refresh(grant.expires_at, at=at)


def next_refresh(expires_at: datetime | None, *, at: datetime) -> datetime | None:
    """A random moment in the last quarter of what is left, never in its last tenth; None for a token without an end."""
    if expires_at is None:
        return None
    return at + (expires_at - at) * random.uniform(0.75, 0.90)  # noqa: S311 (spreads load, guards nothing)


def token(connection: Connection, *, at: datetime) -> str:
    """An access token that works now, refreshed on the way if its time is over. Raises what `refresh` raises, and Stop
    when the token was encrypted with keys that are not here."""
    if isinstance(connection.access_token, secrets.Sealed):
        raise Stop("Connect again: its token was encrypted with keys that this install does not have")
    if connection.expires_within(MARGIN, at=at):
        refresh(connection, at=at)
    fresh: str = connection.access_token
    return fresh


def refresh(connection: Connection, *, at: datetime) -> None:
    """Swap the tokens at TikTok. Of all processes that want to, one does; the others raise `Later`.

    When TikTok refuses the refresh token the connection lapses and errors.Unauthorized is raised; errors.Throttled,
    Unavailable and Rejected pass through and leave everything as it was.
    """
    before = _claim(connection, at=at)
    try:
        with clients.client(connection.dialect, now=lambda: at) as tiktok:
            grant = clients.oauth(connection.dialect, tiktok).refresh(before)  # type: ignore[union-attr]
    except errors.Unauthorized as refused:
        over = connection.refresh_expires_at is not None and connection.refresh_expires_at <= at
        reason = f"TikTok refused to renew it: {refused}"
        lapse(connection, reason=reason, at=at, withdrawn=not over, expected=before)
        raise
    except Exception:
        Connection.objects.filter(pk=connection.pk).update(swapping_until=None)
        raise
    _keep_swapped(connection, grant, before=before, at=at)


def recover(connection: Connection, error: errors.Unauthorized, *, used: str, at: datetime) -> bool:
    """TikTok refused the access token `used`. True: there is a working one, ask again. False: the connection lapsed.

    Only the refresh can tell an expired token from a withdrawn consent, so it is asked. A missing scope changes nothing
    and is False too.
    """
    connection.refresh_from_db()
    if isinstance(error, errors.ScopeMissing) or not connection.is_live:
        return False
    if connection.access_token != used:
        return True
    if not connection.refresh_token:
        lapse(connection, reason=f"TikTok refused the token: {error}", at=at, withdrawn=True)
        return False
    try:
        refresh(connection, at=at)
    except errors.Unauthorized:
        return False
    return True


def lapse(
    connection: Connection, *, reason: str, at: datetime, withdrawn: bool = False, expected: str | None = None
) -> None:
    """TikTok ended the grant: forget its tokens, stop, say why. `withdrawn` when the creator took it back at TikTok.

    `expected` is the refresh token the verdict is about: a connection that was renewed meanwhile is left alone.
    """
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        if row.is_live and expected in (None, row.refresh_token):
            row.last_error = reason
            forget(row)
            row.move("lapsed", by=events.SYSTEM, at=at, reason=reason)
            if withdrawn:
                _end_consents(row, by="the creator or TikTok, at TikTok", at=at)
            if row.account:
                history.note_authentication(row.account, by=events.SYSTEM, at=at, cause=reason)
    connection.refresh_from_db()


def withdraw(connection: Connection, *, by: str, at: datetime) -> None:
    """End the grant for good: at TikTok, then here. Reading stops at once even while TikTok can't be reached; the row
    then keeps its token, and only to give it back later.
    """
    given_back = give_back(connection, at=at)
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        if given_back:
            forget(row)
        else:
            Connection.objects.filter(pk=row.pk).update(due_at=at + TRY_AGAIN)
        if row.state != "revoked":
            row.move("revoked", by=by, at=at, at_tiktok=given_back)
        _end_consents(row, by=by, at=at)
        if row.account:
            history.note_authentication(row.account, by=by, at=at, cause="Consent withdrawn")
    connection.refresh_from_db()


def give_back(connection: Connection, *, at: datetime) -> bool:
    """Revoke the token at TikTok. False when TikTok can't be reached; True also when there is nothing left to revoke.

    TikTok knows one grant per person and app. While another connection of this install stands on the same one (the
    creator also works with another workspace), it is not revoked there, only forgotten here.
    """
    if not connection.access_token or _shared(connection):
        return True
    try:
        with clients.client(connection.dialect, now=lambda: at, max_attempts=2) as tiktok:
            clients.oauth(connection.dialect, tiktok).revoke(connection.access_token)
    except (errors.Unavailable, errors.Throttled):
        return False
    except errors.TikTokError:
        return True  # TikTok has no such grant any more
    return True


def _shared(connection: Connection) -> bool:
    others = Connection.objects.filter(
        dialect=connection.dialect, open_id=connection.open_id, state__in=Connection.LIVE
    ).exclude(pk=connection.pk)
    return bool(connection.open_id) and others.exists()


def _claim(connection: Connection, *, at: datetime) -> str:
    """Become the one process that swaps this connection's tokens; returns the refresh token to swap."""
    free = models.Q(swapping_until=None) | models.Q(swapping_until__lte=at)
    won = Connection.objects.filter(free, pk=connection.pk, state__in=Connection.LIVE).update(swapping_until=at + SWAP)
    if not won:
        raise Later(f"{connection}: its token is being renewed elsewhere", due_at=at + timedelta(seconds=5))
    connection.refresh_from_db()
    before: str = connection.refresh_token
    return before


def _keep_swapped(connection: Connection, grant: auth.Grant, *, before: str, at: datetime) -> None:
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        if row.refresh_token == before and row.is_live:  # neither withdrawn nor connected anew meanwhile
            store(row, grant, at=at)
            row.save()
            ends = row.refresh_expires_at
            near = ends is not None and ends - at <= EXPIRING
            if near and row.state == "active":
                row.move("expiring", by=events.SYSTEM, at=at, until=ends.isoformat() if ends else "")
    connection.refresh_from_db()


def forget(connection: Connection) -> None:
    """Drop tokens, ends and plans, and save; of a creator who was deleted also TikTok's id of them."""
    connection.access_token = connection.refresh_token = ""
    connection.expires_at = connection.refresh_expires_at = None
    connection.due_at = connection.swapping_until = None
    if connection.account is not None and connection.account.gone_at is not None:
        connection.open_id = ""
    connection.save()


def _end_consents(connection: Connection, *, by: str, at: datetime) -> None:
    in_force = models.Q(until=None) | models.Q(until__gt=at)
    connection.consents.filter(in_force, revoked_at=None).update(revoked_at=at, revoked_by=by)
