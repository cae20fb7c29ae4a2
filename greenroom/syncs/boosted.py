"""What the reports of orders say of boosts: that a post is advertised, which nobody here may have noted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from greenroom.core import events
from greenroom.spark.models import Boost
from greenroom.syncs import reported
from greenroom.syncs.readings import Tied

Item = Mapping[str, Any]


def note(workspace: int, reports: Mapping[str, Item], posts: Mapping[str, Tied], *, at: datetime) -> None:
    """Keep a boost for each post that was advertised and has none yet. Call it where the readings are kept.

    It began on the day TikTok tells, else when the report first had paid views.
    """
    told = {
        posts[item_id].pk: began
        for item_id, item in reports.items()
        if item_id in posts and (began := _began(item, at))
    }
    if not told:
        return
    known = set(Boost.objects.within(workspace).filter(post__in=list(told)).values_list("post", flat=True))
    Boost.objects.bulk_create(
        Boost(workspace_id=workspace, post_id=pk, started_at=began, told_by="tiktok", by=events.SYSTEM)
        for pk, began in told.items()
        if pk not in known
    )


def _began(item: Item, at: datetime) -> datetime | None:
    if day := reported.boosted_on(item):
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    return at if (reported.figures(item).get("video_views_paid") or 0) > 0 else None
