"""The programme as a whole: counts, figures over all accounts, the newest posts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count

from greenroom.core.models import Workspace
from greenroom.creators.facets import SUPPORTED
from greenroom.creators.models import Account, Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

FIGURES = ("posts", "views", "engagement", "engagement_rate", "share_rate")
OF_POSTS = ("views", "engagement_rate")
POSTS_SHOWN = 8


@dataclass(frozen=True)
class PostRow:
    post: Post
    cells: list[Cell]
    href: str


class Programme:
    """What Home shows of the workspace; `span` None means everything that was ever read."""

    def __init__(self, workspace: Workspace, span: timedelta | None, *, at: datetime) -> None:
        self.workspace, self.span, self.at = workspace, span, at
        self.links = Links.of(workspace)

    @cached_property
    def counts(self) -> dict[str, int]:
        """creators, accounts, tracked."""
        found: dict[str, int] = Account.objects.within(self.workspace).aggregate(
            creators=Count("creator", distinct=True), accounts=Count("pk"), tracked=Count("pk", filter=SUPPORTED)
        )
        return found

    @cached_property
    def figures(self) -> list[Cell]:
        since = self.at - self.span if self.span else None
        rows = metrics.measure(Query(FIGURES, since=since), self.workspace, at=self.at).rows
        window = f"?days={self.span.days}" if self.span else ""
        found = cells.of(rows[0] if rows else None, FIGURES, self.links, by="workspace", key=self.workspace.slug)
        return [Cell(one.key, one.label, one.figure, one.href + window, one.unit) for one in found]

    @cached_property
    def as_of(self) -> datetime | None:
        """The newest reading behind the figures."""
        return max((one.figure.newest for one in self.figures if one.figure.newest), default=None)

    @cached_property
    def posts(self) -> list[PostRow]:
        newest = Post.objects.within(self.workspace).select_related("account").order_by("-posted_at", "-pk")
        shown: list[Post] = list(newest[:POSTS_SHOWN])
        if not shown:
            return []
        query = Query(OF_POSTS, by=("post",), where=(("post", tuple(post.pk for post in shown)),))
        rows: dict[Any, Any] = {row["post"]: row for row in metrics.measure(query, self.workspace, at=self.at).rows}
        return [
            PostRow(
                post,
                cells.of(rows.get(post.pk), OF_POSTS, self.links, by="post", key=post.pk),
                self.links.post(post.pk),
            )
            for post in shown
        ]
