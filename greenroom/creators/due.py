"""Connections and invites as due rows: the one keeps its tokens fresh, the other itself sent, followed and ended."""

from datetime import datetime, timedelta

from greenroom.core.work import Later, Stop, runs
from greenroom.creators import connections, marketplace_invites
from greenroom.creators.models import Connection, MarketplaceInvite
from greenroom.creators.refusals import NotInvitable
from greenroom.tiktok import errors


@runs(Connection)
def tend(connection: Connection, *, at: datetime) -> datetime | None:
    """Renew the tokens of a live connection; returns the next time. Raises Later when TikTok says wait."""
    if connection.state == "revoked":
        return _return_token(connection, at=at)
    if not connection.is_live or not connection.refresh_token:
        return None
    try:
        connections.refresh(connection, at=at)
    except errors.Throttled as throttled:
        raise Later(str(throttled), due_at=at + timedelta(seconds=throttled.retry_after)) from throttled
    except errors.Unauthorized as refused:
        raise Stop(f"Ask the creator to connect again. {refused}") from refused
    return connection.due_at


@runs(MarketplaceInvite)
def follow(invite: MarketplaceInvite, *, at: datetime) -> datetime | None:
    """Send, look after or end an invite; returns the next time. Raises Later when TikTok says wait or is away."""
    try:
        return marketplace_invites.tend(invite, at=at)
    except errors.Throttled as throttled:
        raise Later(str(throttled), due_at=at + timedelta(seconds=throttled.retry_after)) from throttled
    except errors.Unavailable as away:
        raise Later(str(away), due_at=at + timedelta(seconds=max(away.retry_after, 60))) from away
    except NotInvitable as refused:
        raise Later(refused.words, due_at=at + timedelta(hours=6)) from refused
    except errors.TikTokError as error:
        raise Later(f"{error}. {error.what_to_do}", due_at=at + timedelta(hours=6)) from error


def _return_token(connection: Connection, *, at: datetime) -> datetime | None:
    if connections.give_back(connection, at=at):
        connections.forget(connection)
        return None
    raise Later("TikTok can't be reached to revoke the token; trying again", due_at=at + connections.TRY_AGAIN)
