"""What the reports of orders say of boosts: that a post was advertised, which nobody here may have noted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from greenroom.creators.models import Post
from greenroom.observations.schema import DAYS
from greenroom.spark import boosts
from greenroom.spark.models import Boost
from greenroom.syncs import reported
from greenroom.syncs.readings import Tied

Item = Mapping[str, Any]


def note(workspace: int, reports: Mapping[str, Item], posts: Mapping[str, Tied], *, at: datetime) -> None:
    """Keep that posts were advertised, once. Call it where the readings are kept.

    It began on the day TikTok names; where it names none, at the latest when the first paid views were counted.
    """
    told = {
        posts[item_id].pk: began
        for item_id, item in reports.items()
        if item_id in posts and (began := _began(item, at))
    }
    known = Boost.objects.within(workspace).filter(post__in=list(told)) if told else Boost.objects.none()
    since: dict[int, date] = {}
    for pk, started_at in known.values_list("post", "started_at"):
        since[pk] = min(since.get(pk, started_at.date()), started_at.date())
    fresh = {pk: began for pk, (began, named) in told.items() if pk not in since or (named and began < since[pk])}
    for post in Post.everything.filter(pk__in=list(fresh)):
        boosts.told(post, boosted_on=fresh[post.pk], at=at)


def _began(item: Item, at: datetime) -> tuple[date, bool] | None:
    """The day, and whether TikTok named it."""
    if day := reported.boosted_on(item):
        return date.fromisoformat(day), True
    return ((at - DAYS).date(), False) if (reported.figures(item).get("video_views_paid") or 0) > 0 else None
