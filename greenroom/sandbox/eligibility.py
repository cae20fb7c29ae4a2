"""Who may be invited to the Creator Marketplace: the seven rules, as the world knows them to be true of an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from greenroom.sandbox import boosts, truth
from greenroom.sandbox.people import Account

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

COUNTRIES = (
    "AU", "BR", "CA", "EG", "FR", "DE", "GB", "ID", "IL", "IT", "JP", "MY", "PH", "RU", "SA", "SG", "KR", "ES", "TW",
    "TH", "TR", "AE", "US", "VN",
)  # fmt: skip
MINIMUM_FOLLOWERS = {"US": 10_000}
MINIMUM_ELSEWHERE = 1_000
RECENT = 30 * 86_400
LEAST_VIDEOS, LEAST_VIEWS = 3, 1_000


@dataclass(frozen=True)
class Rule:
    """One rule about one account: what it is called, whether it holds, the value it was judged by, and the refusal."""

    name: str
    holds: bool
    value: object
    refusal: str


def minimum_followers(country: str) -> int:
    """How many followers a creator of a country needs."""
    return MINIMUM_FOLLOWERS.get(country, MINIMUM_ELSEWHERE)


def rules(world: "World", account: Account, *, at: datetime) -> list[Rule]:
    """All seven, in TikTok's order, at a moment. A post counts up to exactly 30 times 24 hours after it came."""
    now = truth.minute(at)
    followers, _, _ = truth.followers(world, account, now)
    least = minimum_followers(account.country)
    recent = [post for post in world.posts_of(account.index, at=at) if post.created >= at.timestamp() - RECENT]
    views = sum(boosts.counters(world, post, now).views for post in recent)
    activity = f"The creator needs {LEAST_VIDEOS} videos and {LEAST_VIEWS:,} views in the last 30 days."
    return [
        Rule("followers", followers >= least, followers, f"The creator has fewer than {least:,} followers."),
        Rule("country", account.country in COUNTRIES, account.country, "The creator is not in a supported region."),
        Rule("age", account.adult, account.adult, "The creator is under 18."),
        Rule("account_type", not account.business, account.business, "The account is a business account."),
        Rule("videos", len(recent) >= LEAST_VIDEOS, len(recent), activity),
        Rule("views", views >= LEAST_VIEWS, views, activity),
        Rule("content", account.suitable, account.suitable, "The content is not suitable for audiences of 13 and up."),
    ]


def refusal(world: "World", account: Account, *, at: datetime) -> str:
    """Why an account cannot be invited, every failing rule in a sentence; an empty text when it can."""
    return " ".join(dict.fromkeys(rule.refusal for rule in rules(world, account, at=at) if not rule.holds))
