"""Connections as due rows: each keeps its own tokens fresh, and gives back what it could not give back at once."""

from datetime import datetime, timedelta

from greenroom.core.work import Later, Stop, runs
from greenroom.creators import connections
from greenroom.creators.models import Connection
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


def _return_token(connection: Connection, *, at: datetime) -> datetime | None:
    if connections.give_back(connection, at=at):
        connections.forget(connection)
        return None
    raise Later("TikTok can't be reached to revoke the token; trying again", due_at=at + connections.TRY_AGAIN)
