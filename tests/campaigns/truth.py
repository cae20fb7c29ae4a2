"""TikTok's truth about one order, as a model: what is handed in, published, rejected, removed, tied again.

It tells what TikTok would tell (`reading`) and what should be known at the end (`due`). It knows nothing of `settling`.
"""

import random
from dataclasses import dataclass, field

from greenroom.campaigns.settling import Lost, Seen


@dataclass
class Handed:
    """One attempt to fill a place. `known` is whether TikTok tells its id yet."""

    video_id: str
    state: str  # uploaded, published, rejected, removed
    known: bool

    @property
    def live(self) -> bool:
        return self.state in ("uploaded", "published")


@dataclass
class Truth:
    """An order at TikTok with room for `size` posts."""

    size: int
    dice: random.Random
    handed: list[Handed] = field(default_factory=list)
    made: int = 0

    def happen(self) -> None:
        """One thing, at random, of what can happen now."""
        things = [self._upload] if len(self.live) < self.size else []
        things += [self._change] * 2 if self.live else []
        things += [self._tie_again] if len(self.live) < self.size and self._free() else []
        things += [self._tell] if any(not one.known for one in self.handed) else []
        self.dice.choice(things or [lambda: None])()

    @property
    def live(self) -> list[Handed]:
        return [one for one in self.handed if one.live]

    def reading(self) -> tuple[list[Seen], list[Lost]]:
        """What TikTok tells when it is asked now. Its rows come in no order that could be relied on."""
        rows = self.dice.sample(self.handed, len(self.handed))
        seen = [Seen(one.video_id if one.known else "", one.state) for one in rows if one.live]
        seen += [one for one in seen if one.video_id and self.dice.random() < 0.1]  # the same row on two pages
        lost = [Lost(one.video_id if one.known else "", one.state) for one in rows if not one.live]
        return seen, lost

    def due(self) -> list[tuple[str, str]]:
        """State and id of every filled place, whichever place it is."""
        pending = {"uploaded": "uploaded", "published": "published_pending_id"}
        return sorted((one.state if one.known else pending[one.state], one.video_id * one.known) for one in self.live)

    def _upload(self) -> None:
        """Through the link or by the code; a code can come on a post that is out."""
        self.made += 1
        self.handed.append(Handed(f"v{self.made}", "uploaded", known=self.dice.random() < 0.6))

    def _change(self) -> None:
        one = self.dice.choice(self.live)
        one.state = self.dice.choice(["published", "published", "rejected", "removed"])

    def _tie_again(self) -> None:
        """The creator types the code on a post that was tied before: another attempt with the same id."""
        self.handed.append(Handed(self.dice.choice(self._free()), "uploaded", known=True))

    def _tell(self) -> None:
        self.dice.choice([one for one in self.handed if not one.known]).known = True

    def _free(self) -> list[str]:
        held = {one.video_id for one in self.live}
        return sorted({one.video_id for one in self.handed if one.known} - held)
