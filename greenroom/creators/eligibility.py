"""Who may be invited to the Creator Marketplace: seven rules as dated data, judged on facts that are handed in.

Pure. What is not known is unknown, never a failure and never zero; TikTok itself has the last word.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["pass", "fail", "unknown"]
Value = int | str | bool | None

SHIPPED = Path(__file__).parent / "seeds"
LABELS = {
    "followers": "Followers",
    "country": "Country",
    "age": "Age",
    "account_type": "Account type",
    "videos": "Videos published",
    "views": "Views",
    "content": "Content",
}
"""The rules in TikTok's order."""
HINTS = {
    "followers": "The account can be invited once it has grown that far.",
    "country": "TikTok has no marketplace there. The creator can still authenticate the account.",
    "age": "Only adults take part.",
    "account_type": "The creator must switch first: Settings and privacy, Account, Switch to Personal Account.",
    "videos": "It passes once enough has been published.",
    "views": "It passes once the videos have been seen more.",
    "content": "Look again when the account has changed what it publishes.",
}
# How TikTok's words, which it does not document, name a rule.
HEARD = {
    "followers": r"follower",
    "country": r"region|countr|location",
    "age": r"\bage\b|under 18|years old|minor",
    "account_type": r"business account|personal account|account type",
    "videos": r"\bvideos?\b",
    "views": r"\bviews?\b",
    "content": r"\bcontent\b|suitable|appropriate",
}


class BadRules(ValueError):
    """The document is no set of rules; the text says what is wrong."""


@dataclass(frozen=True)
class Rules:
    """One version of the rules: from when it holds, for which programme, and its numbers."""

    version: str
    programme: str
    effective_from: date
    countries: tuple[str, ...]
    minimum_followers: Mapping[str, int]
    aliases: tuple[str, ...] = ()
    minimum_age: int = 18
    content_age: int = 13
    days: int = 30
    minimum_videos: int = 3
    minimum_views: int = 1_000

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Rules":
        """Read a document. Raises BadRules."""
        if unknown := set(document) - set(cls.__dataclass_fields__):
            raise BadRules(f"Nobody knows {', '.join(sorted(unknown))}.")
        try:
            told = dict(document) | {"effective_from": date.fromisoformat(document["effective_from"])}
            told |= {"countries": tuple(document["countries"]), "aliases": tuple(document.get("aliases", ()))}
            rules = cls(**told)
        except (KeyError, TypeError, ValueError) as error:
            raise BadRules(f"The rules can't be read: {error}.") from error
        for complaint in rules._complaints():
            raise BadRules(complaint)
        return rules

    def as_document(self) -> dict[str, Any]:
        """What `parse` reads."""
        told = asdict(self)
        return told | {"effective_from": self.effective_from.isoformat(), "countries": list(self.countries),
                       "aliases": list(self.aliases), "minimum_followers": dict(self.minimum_followers)}  # fmt: skip

    def with_minimum(self, country: str, followers: int, *, version: str, since: date) -> "Rules":
        """The same rules with another minimum of followers for one country. Raises BadRules."""
        least = {**self.minimum_followers, country: followers}
        return Rules.parse(replace(self, version=version, effective_from=since, minimum_followers=least).as_document())

    def wanted(self, rule: str, country: str = "") -> str:
        """What a rule asks for, in words."""
        least = self.minimum_followers.get(country)
        return {
            "followers": f"{least:,} or more in {country}" if least is not None else "A minimum for the country",
            "country": f"One of TikTok's {len(self.countries)} countries",
            "age": f"{self.minimum_age} or over",
            "account_type": "A personal account",
            "videos": f"{self.minimum_videos:,} or more in the past {self.days} days",
            "views": f"{self.minimum_views:,} or more in the past {self.days} days",
            "content": f"Suited to ages {self.content_age} and above",
        }[rule]

    def _complaints(self) -> Iterable[str]:
        text = (self.version, self.programme)
        if not all(isinstance(one, str) and one.strip() and len(one) <= 120 for one in text) or len(self.version) > 40:
            yield "Version and programme are short texts."
        for country in (*self.countries, *self.minimum_followers):
            if not isinstance(country, str) or not re.fullmatch("[A-Z]{2}", country):
                yield f"{country!r} is not two capital letters, such as US."
        numbers = (*self.minimum_followers.values(), self.minimum_age, self.content_age, self.days)
        for number in (*numbers, self.minimum_videos, self.minimum_views):
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10**9:
                yield f"{number!r} is not a whole number of 0 or more."
        if isinstance(self.days, int) and not 1 <= self.days <= 365:
            yield "Days are 1 to 365."


@dataclass(frozen=True)
class Known:
    """A fact and where it comes from. `value` None: not known, and `source` says why.

    `at_least`: there may be more than `value`, so that it can show enough but never too little.
    """

    value: Value = None
    source: str = ""
    at_least: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of an account when it is judged. `adult` and `suitable` are what somebody attested."""

    followers: Known = Known()
    country: Known = Known()
    adult: Known = Known()
    business: Known = Known()
    videos: Known = Known()
    views: Known = Known()
    suitable: Known = Known()


@dataclass(frozen=True)
class Verdict:
    """One rule about one account: outcome, the value it was judged by (None: unknown), what is asked, the source."""

    rule: str
    outcome: Outcome
    value: Value
    wanted: str
    source: str

    @property
    def label(self) -> str:
        return LABELS[self.rule]

    @property
    def hint(self) -> str:
        """What can be done about a failure."""
        return HINTS[self.rule] if self.outcome == "fail" else ""

    @property
    def value_words(self) -> str:
        """The value as people say it; empty when it is unknown."""
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            said = {"age": ("Of age", "Under age"), "account_type": ("Business", "Personal")}
            yes, no = said.get(self.rule, ("Suitable", "Not suitable"))
            return yes if self.value else no
        return f"{self.value:,}" if isinstance(self.value, int) else self.value

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a decision, so that the decision explains itself under later rules too."""
        return {**asdict(self), "label": self.label, "value_words": self.value_words}


def judge(rules: Rules, facts: Facts) -> tuple[Verdict, ...]:
    """All seven rules, in TikTok's order."""
    country = str(facts.country.value or "")
    least = rules.minimum_followers.get(country)
    followers = facts.followers
    if followers.value is not None and least is None:
        why = f"No minimum is set for {country}" if country else "The country is not known"
        followers = replace(followers, source=f"{followers.source}. {why}".lstrip(". "))
    told: dict[str, tuple[Known, bool | None]] = {
        "followers": (followers, _enough(followers, least)),
        "country": (facts.country, country in rules.countries if country else None),
        "age": (facts.adult, _said(facts.adult)),
        "account_type": (facts.business, None if facts.business.value is None else not facts.business.value),
        "videos": (facts.videos, _enough(facts.videos, rules.minimum_videos)),
        "views": (facts.views, _enough(facts.views, rules.minimum_views)),
        "content": (facts.suitable, _said(facts.suitable)),
    }
    return tuple(
        Verdict(rule, _outcome(holds), known.value, rules.wanted(rule, country), known.source)
        for rule, (known, holds) in told.items()
    )


def failing(verdicts: Iterable[Verdict]) -> list[str]:
    """The rules that surely fail."""
    return [one.rule for one in verdicts if one.outcome == "fail"]


def unknown(verdicts: Iterable[Verdict]) -> list[str]:
    """The rules nothing is known about."""
    return [one.rule for one in verdicts if one.outcome == "unknown"]


def named_in(words: str) -> list[str]:
    """The rules that TikTok's words name, in order; none when they name none we know."""
    return [rule for rule, pattern in HEARD.items() if re.search(pattern, words, re.IGNORECASE)]


def recent(posted: Iterable[datetime], *, at: datetime, days: int = 30) -> list[datetime]:
    """Those of the past `days` times 24 hours; one exactly so long ago still counts."""
    since = at - timedelta(hours=24 * days)
    return [one for one in posted if since <= one <= at]


def in_force(known: Sequence[Rules], on: date) -> Rules:
    """The version that holds on a day: of those that have begun the one that began last, of two of a day the later
    in the sequence. Before the first, the first."""
    begun = [(one.effective_from, place, one) for place, one in enumerate(known) if one.effective_from <= on]
    return max(begun, key=lambda one: one[:2])[2] if begun else known[0]


@cache
def shipped() -> tuple[Rules, ...]:
    """The versions that come with the program, oldest first."""
    files = sorted(SHIPPED.glob("marketplace-*.json"))
    found = [Rules.parse(json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return tuple(sorted(found, key=lambda one: one.effective_from))


def _enough(known: Known, least: int | None) -> bool | None:
    if known.value is None or least is None:
        return None
    enough = int(known.value) >= least
    return enough if enough or not known.at_least else None


def _said(known: Known) -> bool | None:
    return None if known.value is None else bool(known.value)


def _outcome(holds: bool | None) -> Outcome:
    return "unknown" if holds is None else "pass" if holds else "fail"
