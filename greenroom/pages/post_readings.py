"""What was read of a post, reading by reading, as a drawing and a table in which gaps stay gaps (PUB-07)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from greenroom.creators.models import Post
from greenroom.metrics import definitions, snapshots
from greenroom.metrics.figure import Figure
from greenroom.pages import post_charts
from greenroom.pages.links import Links
from greenroom.pages.post_split import Split

SHOWN = 100
KEYS = ("views", "likes", "comments", "shares")
PARTS = ("organic_views", "paid_views")


@dataclass(frozen=True)
class Row:
    """One reading, or a stretch without any: `gap` then, until `until` or until now. A cell is None where not read."""

    at: datetime
    until: datetime | None
    gap: bool
    cells: list[tuple[str, Figure, str] | None]  # label, figure, passport


class Readings:
    """The readings of a post, of a boosted one also its organic and paid views."""

    def __init__(self, post: Post, *, at: datetime) -> None:
        self.post, self.at = post, at
        self.split = Split(post, at=at)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return (*KEYS, *PARTS) if self.split.boosts else KEYS

    @property
    def labels(self) -> list[str]:
        return [definitions.find(key).label for key in self.keys]

    @cached_property
    def _snapshots(self) -> list[snapshots.Snapshot]:
        return snapshots.snapshots(self.post, self.keys, self.post.workspace, at=self.at)

    @property
    def total(self) -> int:
        """How many readings there are, without the gaps."""
        return sum(self._is_reading(one) for one in self._snapshots)

    @property
    def gaps(self) -> int:
        return sum(one.gap for one in self._snapshots)

    @property
    def rows(self) -> list[Row]:
        """The newest first."""
        links = Links.of(self.post.workspace)
        hrefs = {key: links.passport(key, "post", self.post.pk) for key in self.keys}
        return [self._row(one, hrefs) for one in reversed(self._snapshots) if one.gap or self._is_reading(one)][:SHOWN]

    def _row(self, one: snapshots.Snapshot, hrefs: dict[str, str]) -> Row:
        told = [
            (label, one.figures[key], hrefs[key]) if key in one.figures else None
            for key, label in zip(self.keys, self.labels, strict=True)
        ]
        return Row(one.at, one.until, one.gap, told)

    @staticmethod
    def _is_reading(one: snapshots.Snapshot) -> bool:
        return not one.gap and any(figure.value is not None for figure in one.figures.values())

    @cached_property
    def drawing(self) -> "post_charts.Drawing | None":
        """Views over time; None before the first reading."""
        found = [
            (one.at, {key: figure.value for key, figure in one.figures.items()})
            for one in self._snapshots
            if one.gap or "views" in one.figures
        ]
        return post_charts.by_reading(found, [boost.started_at for boost in self.split.boosts])

    @property
    def why(self) -> str:
        """Why there is nothing to draw."""
        figures = [one.figures["views"] for one in self._snapshots if "views" in one.figures]
        return next((figure.why for figure in figures if figure.value is None), "")
