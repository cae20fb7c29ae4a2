"""Faults on demand: what TikTok does on a bad day, by rate (a float) or for the next so many calls (an int).

Deterministic: the n-th roll of a fault depends on the seed, its name and n alone.
"""

import threading
from typing import Any

from greenroom.sandbox import chance

Amount = float | int | bool

RATES = {
    "throttled": "answers 40100 (Display: 429 rate_limit_exceeded)",
    "busy": "answers 50002 (Display: 500 internal_error)",
    "bad_gateway": "HTTP 502 with a page instead of JSON, before anything was done",
    "lost_answer": "carries the call out, then answers HTTP 502",
    "short_pages": "a page holds fewer items than asked although has_more is true",
    "expired_token": "the access token ends at this moment: 40102",
    "duplicate_webhooks": "delivers an event twice",
    "shuffled_webhooks": "delivers an event after the one that follows it",
    "delayed_webhooks": "delivers an event three seconds later",
    "nameless_webhooks": "TCM_VIDEOS without handle_name, as when the creator cannot be matched",
    "late_ids": "the id of a post handed in is told to brands 1 to 48 hours later",
    "missing_invite_link": "a campaign of tto/ comes without its invite_link",
    "refused_duplicates": "a POST with the body of an earlier one answers 40050",
    "numeric_ids": "ids of posts in lists are JSON numbers above 2^53 (those in webhooks always are)",
    "uneven_shapes": "answers in the other of two shapes TikTok is known to use",
    "no_split": "reports on orders do not tell organic from paid",
    "extra_fields": "answers carry fields nobody asked for, such as completion_rate",
    "rotate_at_once": "a refresh token ends when it is used, even when the answer gets lost",
}


class Faults:
    """The switches. `set()` turns some on, `clear()` turns all off, `strikes()` asks about one call."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._amounts: dict[str, Amount] = {}
        self._slow: tuple[float, float] = (0.0, 0.0)
        self._rolls: dict[str, int] = {}

    def set(self, *, slow: tuple[float, float] | list[float] | None = None, **amounts: Amount) -> None:
        """Turn faults on: a float is a share of calls, an int a number of calls still to fail, `slow` (share, seconds).

        Raises `ValueError` for an unknown name or an amount that is neither.
        """
        for name, amount in amounts.items():
            if name not in RATES:
                raise ValueError(f"No fault is called {name}; there are {', '.join(sorted(RATES))} and slow")
            if not isinstance(amount, int | float) or amount < 0 or (isinstance(amount, float) and amount > 1):
                raise ValueError(f"{name} must be a share from 0.0 to 1.0 or a count, not {amount!r}")
        with self._lock:
            self._amounts.update(amounts)
            if slow is not None:
                self._slow = (float(slow[0]), float(slow[1]))

    def clear(self) -> None:
        with self._lock:
            self._amounts.clear()
            self._slow = (0.0, 0.0)

    def state(self) -> dict[str, Any]:
        """What is on now."""
        return {**{name: amount for name, amount in self._amounts.items() if amount}, "slow": list(self._slow)}

    def strikes(self, name: str) -> bool:
        """Whether a fault hits this call; uses up one of a count."""
        amount = self._amounts.get(name, 0)
        if not amount:
            return False
        with self._lock:
            if isinstance(amount, bool):
                return amount
            if isinstance(amount, int):
                left = int(self._amounts.get(name, 0))
                self._amounts[name] = max(0, left - 1)
                return left > 0
            return self._roll(name) < amount

    def delay(self) -> float:
        """Seconds this call must wait."""
        share, seconds = self._slow
        if not share:
            return 0.0
        with self._lock:
            return seconds if self._roll("slow") < share else 0.0

    def _roll(self, name: str) -> float:
        self._rolls[name] = self._rolls.get(name, 0) + 1
        return chance.draws("fault", self._seed, name, self._rolls[name])[0]
