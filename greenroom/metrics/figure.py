"""A figure: one cell of an answer. A value, or nothing with a reason; never a zero that stands for "unknown"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from greenroom.core import reasons

State = Literal["full", "limited", "partial", "derived", "entered", "none"]

# Why a value is missing, the most telling first: when values are missing for several reasons, the first one found
# here is the one shown. The SQL carries the place in this list (from 1), because `min()` then picks it.
REASONS = (
    "unsupported_account",
    "not_in_entitlement",
    "scope_missing",
    "purged",
    "fetch_failed",
    "not_yet_available",
    "provider_omitted",
    "zero_denominator",
    "not_additive",
    "not_boosted",
    "baseline_frozen",
    "not_read",
)
RANK = {code: place for place, code in enumerate(REASONS, start=1)}

WAY_OUT = {
    "unsupported_account": "Send invite to the Marketplace, or have the creator authenticate the account.",
    "not_in_entitlement": "See what you would gain: authenticating, joining the Marketplace or an order may add it.",
    "scope_missing": "Ask the creator to authenticate again and to share this too.",
    "purged": "It cannot be brought back; an official source may supply it from now on.",
    "fetch_failed": "Nothing to do: it is tried again. Jobs shows what TikTok said.",
    "not_yet_available": "Nothing to do: TikTok fills it in, usually within 48 hours.",
    "provider_omitted": "Nothing to do: it appears as soon as TikTok sends it.",
    "zero_denominator": "It appears with the first view.",
    "not_additive": "Split by account or post to see each one.",
    "not_boosted": "Nothing to do: it is known once the post is boosted.",
    "baseline_frozen": "Track the post by an order: TikTok's report on orders tells organic from paid.",
    "not_read": "Nothing to do: readings go on. Jobs shows what TikTok said meanwhile.",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, or nothing with a reason.

    value: int, float, str or a list of {"key"|"second", "share"}; rates are fractions; None says unknown.
    state: `none` no value · `derived` worked out by us where TikTok gives nothing · `limited` a `~` cell was used ·
        `entered` people entered some of it themselves · `partial` some subjects had no value · `full`.
    reason: why there is no value, or why some are missing (see REASONS); None when nothing is missing.
    as_of, newest: the oldest and the newest reading time among the values used (aware UTC).
    n, of: how many posts (or accounts) had a value, of how many.
    top, bottom: numerator and denominator of a ratio, with numbers. definition: what the figure is, in a sentence.
    """

    value: Any
    state: State
    reason: str | None
    as_of: datetime | None
    n: int
    of: int
    newest: datetime | None = None
    top: int | float | None = None
    bottom: int | float | None = None
    definition: str = ""

    @property
    def why(self) -> str:
        """The reason in words; empty when nothing is missing."""
        return reasons.words(self.reason) if self.reason else ""

    @property
    def way_out(self) -> str:
        """What a person can do about the reason; empty when nothing is missing."""
        return WAY_OUT.get(self.reason or "", "")


def state_of(*, value: Any, derived: bool, limited: int, n: int, of: int, entered: int = 0, frozen: int = 0) -> State:
    """The state of a value. A frozen baseline is derived. `limited` and `entered` go before `partial`: they forbid
    uses, n of m says the rest."""
    if value is None:
        return "none"
    if derived or frozen:
        return "derived"
    if limited:
        return "limited"
    if entered:
        return "entered"
    return "partial" if n < of else "full"
