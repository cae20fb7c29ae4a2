"""Posts: what creators published."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import MOST, Id, Moment, Narrowed, Page, Text, Told, one_of
from greenroom.core.access import Can
from greenroom.creators.models import Post

router = Router(tags=["posts"])


class PostTold(Told):
    """One published video or photo. Its figures are asked of `measure`."""

    id: Id
    account: Id
    item_id: str = Field(description="TikTok's id; text, because it is above 2^53.")
    posted_at: datetime
    caption: str
    share_url: str
    media_type: str = Field(description="VIDEO or PHOTO.")
    duration_s: float | None
    basis: str = Field(description="How it is tied to work that was asked for; decides which figures exist.")
    first_seen_at: datetime
    last_seen_at: datetime

    @classmethod
    def of(cls, row: Post) -> "PostTold":
        same = {"item_id", "posted_at", "caption", "share_url", "media_type", "duration_s", "basis"}
        same |= {"first_seen_at", "last_seen_at"}
        return cls(id=str(row.pk), account=str(row.account_id), **{name: getattr(row, name) for name in same})


class PostsAsked(Narrowed):
    account: Id | None = None
    creator: Id | None = None
    item_id: Text | None = Field(None, max_length=40)
    media_type: Literal["VIDEO", "PHOTO"] | None = None
    basis: one_of(*Post.Basis.values) | None = None  # type: ignore[valid-type]
    since: Moment | None = Field(None, description="Published then or later.")
    until: Moment | None = Field(None, description="Published before then.")


@reads(router, "/posts", needs=Can.CREATORS_READ, gives=Page[PostTold], leads={"get_post": "post"})
def list_posts(request: Call, workspace: str, asked: Query[PostsAsked]) -> Page[PostTold]:
    """The posts of the workspace, the newest first."""
    rows = Post.objects.within(request.workspace)
    if asked.account is not None:
        rows = rows.filter(account=min(int(asked.account), MOST))
    if asked.creator is not None:
        rows = rows.filter(account__creator=min(int(asked.creator), MOST))
    for name in ("item_id", "media_type", "basis"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    if asked.since is not None:
        rows = rows.filter(posted_at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(posted_at__lt=asked.until)
    return pages.page_by_time(rows, asked, PostTold.of, of=PostTold, field="posted_at")


@reads(router, "/posts/{post}", needs=Can.CREATORS_READ, gives=PostTold)
def get_post(request: Call, workspace: str, post: Id) -> PostTold:
    """One post."""
    return PostTold.of(pages.find(Post.objects.within(request.workspace), post, "post"))
