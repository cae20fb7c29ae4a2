"""What a boost brought a post: total, organic and paid side by side, and what it cost. They are never added up here."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links
from greenroom.spark.models import Boost

# What is split -> total, organic, paid.
SPLIT = {
    "Views": ("views", "organic_views", "paid_views"),
    "Engagement": ("engagement", "organic_engagement", "paid_engagement"),
    "Engagement rate": ("engagement_rate", "organic_engagement_rate", "paid_engagement_rate"),
}
COST = {"boost_cost": "Spent", "cost_per_paid_view": "Cost per paid view"}


@dataclass(frozen=True)
class Line:
    """One figure three times: of everything, of what nobody paid for, of what the boost brought."""

    words: str
    cells: list[Cell]


class Split:
    """The boosts of a post, the newest first. Only of a boosted post the parts are asked for, in one question."""

    def __init__(self, post: Post, *, at: datetime) -> None:
        self.post, self.at = post, at

    @cached_property
    def boosts(self) -> list[Boost]:
        rows = Boost.objects.within(self.post.workspace_id).filter(post=self.post)
        return list(rows.order_by("-started_at", "-pk"))

    @cached_property
    def _measured(self) -> dict[str, Any] | None:
        names = (*(name for parts in SPLIT.values() for name in parts), *COST)
        query = Query(names, by=("post",), where=(("post", self.post.pk),))
        return next(iter(metrics.measure(query, self.post.workspace, at=self.at).rows), None)

    @property
    def lines(self) -> list[Line]:
        links = Links.of(self.post.workspace)
        return [
            Line(words, cells.of(self._measured, names, links, by="post", key=self.post.pk))
            for words, names in SPLIT.items()
        ]

    @property
    def costs(self) -> list[Cell]:
        """In the currency people noted. Of an order's post TikTok tells it, in a currency it does not name."""
        found = cells.of(self._measured, COST, Links.of(self.post.workspace), by="post", key=self.post.pk)
        return [self._in_currency(replace(cell, label=COST[cell.key])) for cell in found]

    def _in_currency(self, cell: Cell) -> Cell:
        noted = {one.currency for one in self.boosts if one.spend_minor is not None}
        if cell.figure.value is None or len(noted) != 1 or self.post.basis == Post.Basis.ORDER:
            return cell
        return replace(cell, figure=replace(cell.figure, value=f"{cell.figure.value} {noted.pop()}"))

    @property
    def frozen(self) -> str:
        """Why the organic part stands still, where TikTok tells no split; empty where it does."""
        figures = [cell.figure for line in self.lines for cell in line.cells]
        return next((one.why for one in figures if one.reason == "baseline_frozen"), "")
