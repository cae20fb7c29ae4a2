"""Rate limits: per app by second, minute and day, per account and endpoint, and the sliding minute of the Display API.

Limits are about a caller's real pace, so they count real seconds, not those of the sandbox clock.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

LEVELS = {  # QPS, QPM, QPD
    "basic": (10, 600, 864_000),
    "advanced": (20, 1_200, 1_728_000),
    "premium": (30, 1_800, 2_592_000),
    "ultimate": (50, 3_000, 4_320_000),
}
ACCOUNTS_PER_MINUTE = {"basic": 600}
ACCOUNTS_PER_MINUTE_ABOVE = 1_000
ACCOUNT_ENDPOINT_PER_MINUTE = 40
PUBLISH = (6, 15)
DISPLAY_PER_MINUTE = 600


class Throttle:
    """Counters per window. Each check returns the refusal's text, or an empty text when the call may pass."""

    def __init__(self, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._sliding: dict[tuple[str, str], deque[float]] = {}

    def app(self, app_id: str, level: str) -> str:
        """The global limits of an app."""
        second, minute, day = LEVELS[level]
        with self._lock:
            if not self._fits("app", app_id, 1, second):
                return "App reaches the QPS limit."
            if not self._fits("app", app_id, 60, minute):
                return f"Due to too many requests, requests from App {app_id} are temporarily restricted"
            if not self._fits("app", app_id, 86_400, day):
                return f"Due to too many requests, requests from App {app_id} are temporarily restricted"
            self._count("app", app_id, (1, 60, 86_400))
        return ""

    def account(self, app_id: str, level: str, business_id: str, path: str) -> str:
        """The Accounts API: 40 a minute per account and endpoint, and a ceiling for the app."""
        ceiling = ACCOUNTS_PER_MINUTE.get(level, ACCOUNTS_PER_MINUTE_ABOVE)
        pair = f"{business_id} {path}"
        with self._lock:
            if not self._fits("pair", pair, 60, ACCOUNT_ENDPOINT_PER_MINUTE) or not self._fits(
                "accounts", app_id, 60, ceiling
            ):
                return f"Due to too many requests, requests from App {app_id} are temporarily restricted"
            self._count("pair", pair, (60,))
            self._count("accounts", app_id, (60,))
        return ""

    def publish(self, app_id: str, business_id: str) -> str:
        """6 posts a minute and 15 a day per TikTok account."""
        with self._lock:
            if not self._fits("publish", business_id, 60, PUBLISH[0]) or not self._fits(
                "publish", business_id, 86_400, PUBLISH[1]
            ):
                return f"Due to too many requests, requests from App {app_id} are temporarily restricted"
            self._count("publish", business_id, (60, 86_400))
        return ""

    def display(self, app_id: str, endpoint: str) -> bool:
        """600 in a sliding minute for each Display endpoint; True when the call may pass."""
        now = self._timer()
        with self._lock:
            calls = self._sliding.setdefault((app_id, endpoint), deque())
            while calls and calls[0] <= now - 60:
                calls.popleft()
            if len(calls) >= DISPLAY_PER_MINUTE:
                return False
            calls.append(now)
        return True

    def _fits(self, kind: str, key: str, seconds: int, limit: int) -> bool:
        window, count = self._windows.get((kind, key, seconds), (0, 0))
        return window != self._window(seconds) or count < limit

    def _count(self, kind: str, key: str, windows: tuple[int, ...]) -> None:
        for seconds in windows:
            now = self._window(seconds)
            window, count = self._windows.get((kind, key, seconds), (now, 0))
            self._windows[kind, key, seconds] = (now, count + 1 if window == now else 1)

    def _window(self, seconds: int) -> int:
        return int(self._timer() // seconds)
