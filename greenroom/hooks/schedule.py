"""When a delivery is tried again, and when an endpoint is given up. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

# The Standard Webhooks schedule: waits after the first, second, … failed attempt. Three days and a bit in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = len(WAITS) + 1
JITTER = 0.1
LONGEST_WAIT = timedelta(hours=24)
DEAD_AFTER = timedelta(days=5)

# An endpoint that is unwell is left in peace: one delivery at a time knocks, ever more rarely.
UNWELL_AFTER = 3  # failed attempts in a row
FIRST_PEACE = timedelta(seconds=10)
LONGEST_PEACE = timedelta(minutes=5)

GONE = 410
SLOW_DOWN = frozenset({429, 503})


@dataclass(frozen=True)
class Outcome:
    """How one attempt went. `status` is None when nobody answered; `retry_after` is what the receiver asked for."""

    status: int | None
    words: str = ""  # why it is no success
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_unwell(self) -> bool:
        """Is it the receiver that is in trouble, rather than this message?"""
        return self.status is None or self.status >= 500 or self.status == 429


def next_wait(attempts: int, outcome: Outcome, *, dice: float) -> timedelta | None:
    """How long to wait after so many attempts, or None: give up. `dice` is in [0, 1)."""
    if attempts >= ATTEMPTS:
        return None
    wait = WAITS[attempts - 1] * (1 + JITTER * (2 * dice - 1))
    return max(wait, min(outcome.retry_after or timedelta(), LONGEST_WAIT))


def peace(failed_in_row: int, outcome: Outcome) -> timedelta | None:
    """How long an endpoint is left alone after this failure; None when it need not be."""
    asked = min(outcome.retry_after, LONGEST_WAIT) if outcome.retry_after and outcome.status in SLOW_DOWN else None
    if not outcome.is_unwell or failed_in_row < UNWELL_AFTER:
        return asked
    grown: timedelta = min(LONGEST_PEACE, FIRST_PEACE * 2.0 ** min(failed_in_row - UNWELL_AFTER, 10))
    return max(asked or timedelta(), grown)


def given_up(failing_since: datetime, outcome: Outcome, *, at: datetime) -> str:
    """Why the endpoint is to be switched off, or "": it said that it is gone, or nothing has worked for five days."""
    if outcome.status == GONE:
        return "It answered 410 Gone."
    if at - failing_since >= DEAD_AFTER:
        return f"Nothing has been accepted for {DEAD_AFTER.days} days. {outcome.words}"
    return ""


def asked_to_wait(header: str, *, at: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date; None when it says neither."""
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), int(LONGEST_WAIT.total_seconds())))
    try:
        return max(timedelta(), parsedate_to_datetime(text) - at)
    except (TypeError, ValueError, OverflowError):
        return None
