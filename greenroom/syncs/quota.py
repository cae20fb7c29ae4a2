"""TikTok's ceilings, counted once for all workers: rows in the database, drawn on in small slices.

The arithmetic is tiktok.quota's (one number per bucket). A process reserves a few places at a time and hands them to
its threads, so that fifty requests a second cost a few small transactions, and places nobody uses lapse by themselves.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, FloatField, Sum

from greenroom.syncs import archive, schedule
from greenroom.syncs.models import QuotaBucket, Sync
from greenroom.tiktok import quota

SLICE = 0.4  # seconds' worth of places a process takes at once
KEPT = 1.0  # seconds a place may be used late
NAP = 2.0
NO_LIMIT = "off"  # a level of our own, for a sandbox without limits


@dataclass
class Slice:
    """Places this process holds in one bucket: `left` of them, the next one at `mark` (epoch seconds)."""

    mark: float = 0.0
    left: int = 0

    def drop_stale(self, pace: quota.Pace, now: float) -> None:
        """Let go of places that were not used in their time; used late they would come as a burst."""
        lapsed = int((now - max(KEPT, places(pace) * pace.interval) - self.mark) / pace.interval)
        if lapsed > 0:
            self.left, self.mark = max(0, self.left - lapsed), self.mark + lapsed * pace.interval


class SharedQuota:
    """Implements tiktok.quota.Quota over QuotaBucket rows; one per process, shared by its threads."""

    def __init__(
        self,
        ceilings: quota.Ceilings,
        *,
        longest_wait: float = quota.LONGEST_WAIT,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ceilings = ceilings
        self._longest_wait = longest_wait
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._slices: dict[quota.Bucket, Slice] = {}

    def acquire(self, app_id: str, account: str, endpoint: str) -> float:
        """See Quota.acquire. A run that has answers already is not given up for our own ceiling: it waits here."""
        paces = self._ceilings.paces(app_id, account, endpoint)
        while True:
            with self._lock:
                wait = self._draw(paces, endpoint)
            if wait <= self._longest_wait:
                return wait
            if not archive.under_way():
                raise quota.too_far(wait, endpoint)
            self._sleep(min(wait - self._longest_wait, NAP))

    def _draw(self, paces: dict[quota.Bucket, quota.Pace], endpoint: str) -> float:
        """Seconds to wait for the next place, which is taken unless it is too far away."""
        now = self._now()
        held = {bucket: self._slices.setdefault(bucket, Slice()) for bucket in paces}
        for bucket, piece in held.items():
            piece.drop_stale(paces[bucket], now)
        if short := {bucket: paces[bucket] for bucket, piece in held.items() if not piece.left}:
            self._reserve(short, now, endpoint)
        starts = (piece.mark - (paces[bucket].burst - 1) * paces[bucket].interval for bucket, piece in held.items())
        wait = max(0.0, *(start - now for start in starts))
        if wait <= self._longest_wait:
            for bucket, piece in held.items():
                piece.mark, piece.left = piece.mark + paces[bucket].interval, piece.left - 1
            if len(self._slices) > quota.FULL_LEDGER:
                self._slices = {bucket: piece for bucket, piece in self._slices.items() if piece.left}
        return wait

    def _reserve(self, paces: dict[quota.Bucket, quota.Pace], now: float, endpoint: str) -> None:
        """Take the next slice of these buckets. Raises Throttled while one of them is blocked."""
        names = {_name(bucket): bucket for bucket in paces}
        with transaction.atomic():
            rows = {row.name: row for row in _locked(names)}
            for row in rows.values():
                if row.blocked_until and row.blocked_until.timestamp() > now:
                    raise quota.too_far(row.blocked_until.timestamp() - now, endpoint)
            for name, bucket in names.items():
                pace, row = paces[bucket], rows[name]
                begin, count = max(row.full_at, now), places(pace)
                row.full_at = begin + count * pace.interval
                _count(row, count, now)
                self._slices[bucket].mark, self._slices[bucket].left = begin, count
            QuotaBucket.objects.bulk_update(rows.values(), ["full_at", "used_total", "used_today", "today"])


@dataclass(frozen=True)
class Usage:
    """How full one ceiling of an app is. `busy` is the share of a minute that is already promised, 0 to 1."""

    name: str
    per_minute: float
    busy: float
    used_today: int
    blocked_until: datetime | None


def places(pace: quota.Pace) -> int:
    """How many places of a bucket to take at once."""
    return max(1, pace.burst // 2, int(SLICE / pace.interval))


def ceilings() -> quota.Ceilings:
    """The ceilings of the level TikTok gave the developer app. Raises KeyError for a level TikTok does not have."""
    return quota.LEVELS[settings.TIKTOK_LEVEL.title()]


def block(app_id: str, *, until: datetime) -> None:
    """TikTok said "too often": nobody asks for this app until then."""
    name = _name((app_id, "second"))
    with transaction.atomic():
        list(_locked([name]))
        QuotaBucket.objects.filter(name=name).exclude(blocked_until__gte=until).update(blocked_until=until)


def stretch(*, at: datetime) -> float:
    """How much the schedule must thin out so that all syncs together stay within the app's ceiling; 1 while they do."""
    if settings.TIKTOK_LEVEL == NO_LIMIT:
        return 1.0
    limits = ceilings()
    return schedule.stretch(_planned(int(at.timestamp() // 60)), min(limits.qpm, limits.accounts_qpm))


@lru_cache(maxsize=1)
def _planned(minute: int) -> float:
    """Requests a minute that the schedule of every waiting sync adds up to; counted anew each minute."""
    waiting = Sync.objects.filter(due_at__isnull=False, every_s__gt=0)
    pace = Sum(F("requests") * 60.0 / F("every_s"), output_field=FloatField())
    return float(waiting.aggregate(pace=pace)["pace"] or 0)


def usage(app_id: str, *, at: datetime) -> list[Usage]:
    """The app's own ceilings as they stand."""
    paces = ceilings().paces(app_id, "", "business/get/")
    rows = {row.name: row for row in QuotaBucket.objects.filter(name__in=[_name(bucket) for bucket in paces])}
    return [_usage(bucket, pace, rows.get(_name(bucket)), at) for bucket, pace in paces.items()]


def _usage(bucket: quota.Bucket, pace: quota.Pace, row: QuotaBucket | None, at: datetime) -> Usage:
    promised = max(0.0, row.full_at - at.timestamp()) if row else 0.0
    blocked = row.blocked_until if row and row.blocked_until and row.blocked_until > at else None
    return Usage(
        name=bucket[-1],
        per_minute=60 * pace.limit / pace.seconds,
        busy=min(1.0, promised / 60),
        used_today=row.used_today if row and row.today == at.astimezone(UTC).date() else 0,
        blocked_until=blocked,
    )


def _locked(names: Iterable[str]) -> Iterable[QuotaBucket]:
    """The rows of these buckets, made when they are new, in one order, locked until the transaction ends."""
    wanted = sorted(names)
    known = set(QuotaBucket.objects.filter(name__in=wanted).values_list("name", flat=True))
    if len(known) < len(wanted):
        new = [QuotaBucket(name=name) for name in wanted if name not in known]
        QuotaBucket.objects.bulk_create(new, ignore_conflicts=True)
    rows = QuotaBucket.objects.filter(name__in=wanted).order_by("name")
    return rows.select_for_update() if connection.features.has_select_for_update else rows


def _count(row: QuotaBucket, count: int, now: float) -> None:
    today = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now)).date()
    row.used_today = count + (row.used_today if row.today == today else 0)
    row.used_total += count
    row.today = today


def _name(bucket: quota.Bucket) -> str:
    return "/".join(bucket)
