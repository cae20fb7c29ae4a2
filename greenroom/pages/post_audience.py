"""Who watches a post: ages, genders, countries, places, each with its bulb or its reason."""

from datetime import datetime

from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells, profile
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
        return [(LISTS[cell.key], profile.Bars(cell, profile.bars(cell.figure.value))) for cell in found]
