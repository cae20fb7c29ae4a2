"""Operator access ends by itself."""

from datetime import datetime

from greenroom.core.models import OperatorSession
from greenroom.core.work import runs
from greenroom.people import operators


@runs(OperatorSession)
def end(session: OperatorSession, *, at: datetime) -> datetime | None:
    if session.ended_at is None and session.until > at:
        return session.until
    operators.leave(session, at=at, how="time is over")
    return None
