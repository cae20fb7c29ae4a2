"""Who watches a post: ages, genders, countries, places, each with its bulb or its reason."""

from datetime import datetime

from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells, profile
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

LISTS = {
    "audience_age": "Ages",
    "audience_gender": "Genders",
    "audience_country": "Countries",
    "audience_geography": "Places",
}


class Audience:
    """Four lists of shares, from one question."""

    def __init__(self, post: Post, *, at: datetime) -> None:
        self.post, self.at = post, at

    @property
    def lists(self) -> list[tuple[str, profile.Bars]]:
        query = Query(tuple(LISTS), by=("post",), where=(("post", self.post.pk),))
        row = next(iter(metrics.measure(query, self.post.workspace, at=self.at).rows), None)
        found = cells.of(row, LISTS, Links.of(self.post.workspace), by="post", key=self.post.pk)
        return [(LISTS[cell.key], profile.Bars(cell, _bars(cell))) for cell in found]


def _bars(cell: Cell) -> list[tuple[str, float, float]]:
    """The largest shares. Reports write genders in capitals, profiles do not; here they are one."""
    found = profile.bars(cell.figure.value)
    if cell.key != "audience_gender":
        return found
    return [(key.capitalize(), share, width) for key, share, width in found]
