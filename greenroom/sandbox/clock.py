"""The sandbox's own time: follows the real clock, runs faster, stands still, or jumps."""

import threading
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Time as the pretend TikTok sees it.

    `start` is where it begins (default: the real now); `rate` is sandbox seconds per real second (0 stands still).
    """

    def __init__(self, start: datetime | None = None, rate: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._rate = rate
        self._from = _aware(start or datetime.now(UTC))
        self._mark = time.monotonic()

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> datetime:
        """The sandbox's current time, in UTC."""
        with self._lock:
            return self._now()

    def advance(
        self, by: timedelta | None = None, *, seconds: float = 0, hours: float = 0, days: float = 0
    ) -> datetime:
        """Jump forward by a duration; returns the new time."""
        with self._lock:
            step = (by or timedelta()) + timedelta(seconds=seconds, hours=hours, days=days)
            return self._restart(self._now() + step)

    def set(self, at: datetime) -> datetime:
        """Jump to a moment; returns it."""
        with self._lock:
            return self._restart(_aware(at))

    def run(self, rate: float) -> None:
        """Change the pace from now on."""
        with self._lock:
            self._restart(self._now())
            self._rate = rate

    def _now(self) -> datetime:
        return self._from + timedelta(seconds=(time.monotonic() - self._mark) * self._rate)

    def _restart(self, at: datetime) -> datetime:
        self._from, self._mark = at, time.monotonic()
        return at


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
