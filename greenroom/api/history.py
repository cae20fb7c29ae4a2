"""The history of a post: its readings over time, with the gaps between them."""

from datetime import datetime

from ninja import Query, Router
from pydantic import BaseModel, Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.measure import many
from greenroom.api.shapes import Id, Told, one_of
from greenroom.core.access import Can
from greenroom.creators.models import Post
from greenroom.metrics.definitions import METRICS
from greenroom.metrics.snapshots import Snapshot, snapshots, why_not

router = Router(tags=["posts"])
MOST_ROWS = 2000
Key = one_of(*(key for key, metric in METRICS.items() if not why_not(metric)))
USUAL = ("views", "organic_views", "paid_views", "likes", "comments", "shares")


class HistoryAsked(BaseModel):
    """Metrics of posts with commas between them: counters, their sums and ratios, organic and paid parts."""

    metrics: many(Key, 12) = list(USUAL)  # type: ignore[valid-type]


class SnapshotTold(Told):
    """What was read at an instant, or a gap: from when a reading was due until there was one (null: not yet)."""

    at: datetime
    until: datetime | None
    gap: bool
    values: dict[str, float | int | None] = Field(description="Of the metrics read then; in a gap all are null.")
    states: dict[str, str] = Field(description="Of the values: full, limited, derived or entered.")
    reasons: dict[str, str] = Field(description="Why a value is null, or what there is to know of it.")

    @classmethod
    def of(cls, one: Snapshot) -> "SnapshotTold":
        return cls(
            at=one.at,
            until=one.until,
            gap=one.gap,
            values={key: figure.value for key, figure in one.figures.items()},
            states={key: figure.state for key, figure in one.figures.items()},
            reasons={key: figure.reason for key, figure in one.figures.items() if figure.reason},
        )


class HistoryTold(Told):
    """The newest readings of a post, oldest first."""

    post: str
    snapshots: list[SnapshotTold]
    truncated: bool = Field(description="There are older ones.")


@reads(router, "/posts/{post}/history", needs=Can.METRICS_READ, gives=HistoryTold, leads={"get_post": "post=post"})
def get_post_history(request: Call, workspace: str, post: Id, asked: Query[HistoryAsked]) -> HistoryTold:
    """The readings of a post over time. Where none came in twice the planned time there is a gap, never a flat line."""
    row = pages.find(Post.objects.within(request.workspace), post, "post")
    found = snapshots(row, tuple(asked.metrics), request.workspace, at=request.at)
    told = [SnapshotTold.of(one) for one in found[-MOST_ROWS:]]
    return HistoryTold(post=str(row.pk), snapshots=told, truncated=len(found) > MOST_ROWS)
