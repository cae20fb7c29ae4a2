"""From a sync to what its stream is told, and the client it asks through. Reads the database, writes nothing."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from greenroom.creators import client as creators
from greenroom.creators import connections
from greenroom.creators.models import Account, Post
from greenroom.syncs import archive, quota, schedule, tied
from greenroom.syncs.models import Schedule, Sync
from greenroom.syncs.streams import STREAMS, Ask, Stream
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import quota as ceilings

DAYS_BACK = timedelta(days=60)  # as far as TikTok looks back
DAYS_AGAIN = timedelta(days=3)  # late days are corrected for a while
MIDNIGHT = timedelta(minutes=5)  # our clock and TikTok's may stand on two sides of it

# Options of tiktok.Client; tests that let TikTok fail do not want to wait for it.
OPTIONS: dict[str, Any] = {}


def client(dialect: str) -> tiktok.Client:
    """This process's client for a dialect. Raises creators' NotConfigured."""
    return creators.pooled(dialect)


def shared() -> dict[str, Any]:
    """What every pooled client has: the quota all workers share, answers noted for the archive."""
    return {"on_exchange": archive.note, "quota": _quota(), **OPTIONS}


def _quota() -> ceilings.Quota | None:
    """The shared quota; GREENROOM_TIKTOK_LEVEL=off, for a sandbox without limits, has none."""
    return None if settings.TIKTOK_LEVEL == quota.NO_LIMIT else quota.SharedQuota(quota.ceilings())


def ask(sync: Sync, steps: schedule.Steps, *, at: datetime) -> Ask:
    """What the stream of `sync` is to be told for a reading at `at` under a schedule."""
    one, connection, account = STREAMS[sync.stream], sync.connection, sync.account
    consent = connections.consent_of(connection)
    told = Ask(
        at=at,
        scopes=tuple(connection.scopes),
        open_id=connection.open_id,
        marketplace_id=next(iter(connection.marketplace_ids.get(one.generation) or ()), ""),
        source_class=creators.source_class(account, dialect=connection.dialect),
        consent=consent.pk if consent else None,
        handles=_handles(sync) if one.gives == "membership" else (),
        back_to=_back_to(sync, one, steps, at=at) if one.gives in ("posts", "reports") else None,
        days_from=_days_from(sync, at=at) if one.gives == "account" else None,
    )
    if one.gives == "reports":
        return tied.about(sync, told)
    return told if account is None else told.about(account.pk, account.handle)


def steps(workspace: int) -> schedule.Steps:
    """The workspace's schedule by the age of posts."""
    own = Schedule.objects.within(workspace).values_list("steps", flat=True).first()
    return schedule.parse(own) if own else schedule.DEFAULT


def ages(sync: Sync, *, at: datetime) -> list[timedelta]:
    """How old the posts are that a sync reads."""
    account = sync.account_id
    if account is None:
        return tied.ages(sync.workspace_id, at=at)
    return [at - posted for posted in Post.objects.filter(account=account).values_list("posted_at", flat=True)]


def _back_to(sync: Sync, one: Stream, steps: schedule.Steps, *, at: datetime) -> datetime | None:
    marks = sync.cursor.get("read", {})
    reach = schedule.depth(marks, steps=steps, source=one.source, at=at)
    return None if reach is None else at - reach


def _days_from(sync: Sync, *, at: datetime) -> date:
    oldest = (at + MIDNIGHT - DAYS_BACK).date()
    through = sync.cursor.get("days_through")
    return max(oldest, date.fromisoformat(through) - DAYS_AGAIN) if through else oldest


def _handles(sync: Sync) -> tuple[str, ...]:
    """Every creator's account of the workspace; a brand's own is no matter of the marketplace."""
    accounts = Account.objects.within(sync.workspace_id).exclude(purpose=Account.Purpose.BRAND)
    return tuple(accounts.order_by("pk").values_list("handle", flat=True))
