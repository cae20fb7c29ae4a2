"""Authorizations ask TikTok how they stand."""

from datetime import datetime, timedelta

from greenroom.core.work import Later, runs
from greenroom.spark import following
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import Refusal
from greenroom.tiktok import errors


@runs(SparkAuthorization)
def look(authorization: SparkAuthorization, *, at: datetime) -> datetime | None:
    """Send a request that waits, read the answer, heed the clock."""
    try:
        return following.look(authorization, at=at)
    except errors.Throttled as throttled:
        raise Later(str(throttled), due_at=at + timedelta(seconds=throttled.retry_after)) from throttled
    except errors.Unavailable as away:
        raise Later(str(away), due_at=at + timedelta(seconds=max(away.retry_after, 10))) from away
    except Refusal as refused:
        raise Later(refused.words, due_at=at + timedelta(hours=1)) from refused
    except errors.TikTokError as error:
        raise Later(f"{error}. {error.what_to_do}", due_at=at + timedelta(hours=1)) from error
