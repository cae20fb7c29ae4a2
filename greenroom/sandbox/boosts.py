"""Boosts of posts: an advertiser pays for views, and what they bring counts on the post itself (SPK-06).

Every counter of a boosted post is its own growth plus the paid part, wherever TikTok tells it. How much is paid only
the reports on orders say, and the older one only when it is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from greenroom.sandbox import curves
from greenroom.sandbox.http import Json
from greenroom.sandbox.posts import Post

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

SHOWN_FOR_A_VIEW = 3  # impressions
VIEWS_FOR_A_CLICK = 50
NOTHING = curves.Counters(*(0 for _ in curves.Counters._fields))


@dataclass(eq=False)
class Boost:
    """`views` paid for each day from `began_at`, `spend` for a day in units of the currency; epoch seconds."""

    video_id: str
    began_at: int
    views: int
    spend: float
    ended_at: int | None = None

    def days(self, moment: int) -> float:
        """For how many days it had run."""
        end = moment if self.ended_at is None else min(moment, self.ended_at)
        return max(0, end - self.began_at) / curves.DAY


def boost(
    world: "World", video_id: str, *, start: datetime | None = None, views: int = 10_000, spend: float = 50.0
) -> Boost:
    """Somebody advertises a post from `start` on (None: now) with so many views and so much money a day."""
    began = int((start or world.clock.now()).timestamp())
    made = Boost(video_id, began, views, spend)
    with world.lock:
        world.boosts[video_id] = made
        world.forget_totals()
    return made


def stop(world: "World", video_id: str, *, at: datetime | None = None) -> None:
    """The advertising ends; what it brought stays. Raises KeyError when the post was never boosted."""
    with world.lock:
        world.boosts[video_id].ended_at = int((at or world.clock.now()).timestamp())
        world.forget_totals()


def paid(boosts: Mapping[str, Boost], post: Post, moment: int) -> curves.Counters:
    """What was brought by advertising until a moment, by the rates of the post itself."""
    made = boosts.get(post.item_id)
    if made is None:
        return NOTHING
    views, curve = int(made.views * made.days(moment)), post.curve
    return curves.Counters(
        views=views,
        likes=int(views * curve.like / 2),
        comments=int(views * curve.comment / 2),
        shares=int(views * curve.share / 2),
        favorites=int(views * curve.favorite / 2),
        reach=int(views * curve.reach),
        watched=int(views * curve.average_watch),
        new_followers=int(views * curve.follow / 2),
        profile_views=int(views * curve.visit / 2),
    )


def counters(world: "World", post: Post, moment: int) -> curves.Counters:
    """Lifetime totals of a post at a moment, in epoch seconds, with what was paid for."""
    own = curves.counters(post.curve, moment - post.created)
    if post.item_id not in world.boosts:
        return own
    more = paid(world.boosts, post, moment)
    return curves.Counters(*(one + other for one, other in zip(own, more, strict=True)))


def costs(world: "World", post: Post, moment: int) -> Json:
    """What the reports tell of the advertising; nothing of a post that was never boosted, or not yet."""
    made = world.boosts.get(post.item_id)
    if made is None or made.began_at >= moment:
        return {}
    views, cost = paid(world.boosts, post, moment).views, round(made.spend * made.days(moment), 2)
    told: Json = {"ad_cost": cost, "ad_impressions": views * SHOWN_FOR_A_VIEW, "ad_clicks": views // VIEWS_FOR_A_CLICK}
    if views:
        told["ad_cpm"] = round(1000 * cost / (views * SHOWN_FOR_A_VIEW), 4)
    return told


def began_on(world: "World", post: Post) -> str | None:
    """The day a boost began, as the older report says it."""
    made = world.boosts.get(post.item_id)
    return None if made is None else datetime.fromtimestamp(made.began_at, UTC).date().isoformat()
