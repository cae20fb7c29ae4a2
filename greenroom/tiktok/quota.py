"""TikTok's ceilings, kept before TikTok has to remind us.

`reserve` is the arithmetic (the generic cell rate algorithm: one number per bucket); `Ceilings.paces` says which
buckets a request draws from; `LocalQuota` keeps the numbers in this process. A quota shared by many processes only
has to keep the same numbers elsewhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from greenroom.tiktok import errors

Bucket = tuple[str, ...]
LONGEST_WAIT = 3.0
FULL_LEDGER = 20_000


@dataclass(frozen=True)
class Pace:
    """At most `limit` requests in any `seconds`, of which `burst` may come at once after a rest."""

    limit: int
    seconds: float
    burst: int = 1

    @property
    def interval(self) -> float:
        """Seconds between requests once the burst is used, so that burst and flow together stay within the limit."""
        return self.seconds / (self.limit - self.burst + 1)


def reserve(
    marks: Mapping[Bucket, float], paces: Mapping[Bucket, Pace], now: float
) -> tuple[float, dict[Bucket, float]]:
    """Seconds to wait until every bucket lets one request through, and the marks after it went.

    A mark is the moment (same scale as `now`, seconds) at which its bucket is at rest again; a bucket without one is
    at rest. Nothing is changed in place: who does not want to wait drops the new marks.
    """
    start = now
    for bucket, pace in paces.items():
        start = max(start, marks.get(bucket, now) - (pace.burst - 1) * pace.interval)
    return start - now, {b: max(marks.get(b, start), start) + pace.interval for b, pace in paces.items()}


@dataclass(frozen=True)
class Ceilings:
    """The limits of one developer app at one access level (requests per second, per minute, and of Accounts calls)."""

    level: str
    qps: int
    qpm: int
    accounts_qpm: int

    def paces(self, app_id: str, account: str, endpoint: str) -> dict[Bucket, Pace]:
        """The buckets one request to `endpoint` about `account` ("" if about none) draws from."""
        if endpoint.startswith("v2/"):  # the developer platform counts a sliding minute per endpoint
            return {(app_id, endpoint): Pace(600, 60)}
        paces: dict[Bucket, Pace] = {
            (app_id, "second"): Pace(self.qps, 1),
            (app_id, "minute"): Pace(self.qpm, 60),
        }
        if endpoint.startswith("business/"):
            paces[app_id, "accounts"] = Pace(self.accounts_qpm, 60)
            if account:
                paces[app_id, endpoint, account] = Pace(40, 60, burst=10)
        return paces


BASIC = Ceilings("Basic", 10, 600, 600)
ADVANCED = Ceilings("Advanced", 20, 1200, 1000)
PREMIUM = Ceilings("Premium", 30, 1800, 1000)
ULTIMATE = Ceilings("Ultimate", 50, 3000, 1000)
LEVELS = {ceilings.level: ceilings for ceilings in (BASIC, ADVANCED, PREMIUM, ULTIMATE)}


class Quota(Protocol):
    """Who may ask when."""

    def acquire(self, app_id: str, account: str, endpoint: str) -> float:
        """Reserve the next free place and return the seconds to wait for it (0: go).

        Raises errors.Throttled, and reserves nothing, when the place is too far away to hold a thread for it.
        """
        ...


class LocalQuota:
    """The ceilings of every app, counted in this process; may be shared by any number of threads."""

    def __init__(
        self,
        ceilings: Ceilings = BASIC,
        *,
        longest_wait: float = LONGEST_WAIT,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ceilings = ceilings
        self._longest_wait = longest_wait
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._marks: dict[Bucket, float] = {}

    def acquire(self, app_id: str, account: str, endpoint: str) -> float:
        """See Quota.acquire."""
        paces = self._ceilings.paces(app_id, account, endpoint)
        with self._lock:
            now = self._stopwatch()
            wait, marks = reserve(self._marks, paces, now)
            if wait > self._longest_wait:
                raise too_far(wait, endpoint)
            if len(self._marks) > FULL_LEDGER:
                self._marks = {bucket: mark for bucket, mark in self._marks.items() if mark > now}
            self._marks |= marks
        return wait


def too_far(wait: float, endpoint: str) -> errors.Throttled:
    """The refusal of a quota whose next free place is `wait` seconds away."""
    message = f"Our own ceiling for this call is reached; the next place is free in {wait:.1f} s."
    return errors.Throttled(message, code="ceiling", endpoint=endpoint, retry_after=wait, window="ours")
