"""The one retry loop: `decide` is the rule, `persist` applies it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from greenroom.tiktok import errors

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long one call may be tried: `attempts` in all, `seconds` in all, each wait at most `longest` seconds."""

    attempts: int = 6
    seconds: float = 25.0
    longest: float = 8.0


@dataclass(frozen=True)
class Retry:
    """Ask again after this many seconds."""

    after: float


@dataclass(frozen=True)
class GiveUp:
    """Do not ask again now. `pause` is how many seconds the caller should leave it (0: as the error says)."""

    pause: float = 0.0


def decide(
    error: errors.TikTokError,
    *,
    attempt: int,
    repeatable: bool,
    elapsed: float,
    dice: float,
    patience: Patience,
) -> Retry | GiveUp:
    """What to do after attempt number `attempt` (from 1) failed with `error`, `elapsed` seconds after the first began.

    `repeatable` says that doing the request twice does no harm (every read). `dice` in [0, 1) spreads the waits:
    full jitter over an exponentially growing span, so that many callers do not come back together.
    """
    if not _worth_repeating(error, repeatable=repeatable):
        return GiveUp()
    first = 1.0 if isinstance(error, errors.Throttled) else 0.5
    after = dice * min(patience.longest, first * 2 ** (attempt - 1))
    if attempt < patience.attempts and elapsed + after <= patience.seconds:
        return Retry(after)
    return GiveUp(errors.MINUTE_PAUSE if isinstance(error, errors.Throttled) and attempt > 1 else 0.0)


def _worth_repeating(error: errors.TikTokError, *, repeatable: bool) -> bool:
    match error:
        case errors.Throttled():
            return error.window in ("second", "unknown")  # the others ask for minutes or hours: not in this thread
        case errors.Unavailable():
            return error.code not in errors.MAINTENANCE_CODES and (repeatable or not error.sent)
        case _:
            return False


def persist(
    send: Callable[[], T],
    *,
    repeatable: bool,
    sleep: Callable[[float], None],
    stopwatch: Callable[[], float],
    dice: Callable[[], float],
    patience: Patience,
) -> T:
    """The answer of `send`, asked again as `decide` says; the last error when patience is over.

    A Throttled that patience could not outlast is raised with the pause of the per-minute limit in `retry_after`.
    """
    began, waited = stopwatch(), 0.0
    for attempt in range(1, patience.attempts + 1):
        try:
            return send()
        except errors.TikTokError as error:
            elapsed = max(stopwatch() - began, waited)
            verdict = decide(
                error, attempt=attempt, repeatable=repeatable, elapsed=elapsed, dice=dice(), patience=patience
            )
            if isinstance(verdict, GiveUp):
                if isinstance(error, errors.Throttled):
                    error.retry_after = max(error.retry_after, verdict.pause)
                raise
            sleep(verdict.after)
            waited += verdict.after
    raise AssertionError("decide gives up at the last attempt")
