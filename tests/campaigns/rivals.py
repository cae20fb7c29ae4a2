"""TikTok's truth about several orders of one creator: a post is tied to one of them at most, and may change over.

It tells what TikTok would tell of each order. It knows nothing of `settling`.
"""

import random
from dataclasses import dataclass, field

from greenroom.campaigns.settling import Lost, Seen


@dataclass
class Tied:
    """One post as one order has or had it. `known` is whether TikTok tells its id yet."""

    video_id: str
    order: int
    stage: str = "uploaded"  # uploaded, published, rejected, removed, untied
    known: bool = True

    @property
    def live(self) -> bool:
        return self.stage in ("uploaded", "published")

    @property
    def state(self) -> str:
        """What our deliverable is to be."""
        return self.stage if self.known or self.stage == "uploaded" else "published_pending_id"


@dataclass
class Rivals:
    """Orders with room for `sizes` posts each."""

    sizes: list[int]
    dice: random.Random
    posts: list[Tied] = field(default_factory=list)
    made: int = 0

    def happen(self) -> None:
        """One thing, at random, of what can happen now."""
        live = [one for one in self.posts if one.live]
        things = [self._upload] if self._room() else []
        things += [self._change] * 2 if live else []
        things += [self._change_over] * 2 if any(one.known for one in self.posts) and self._room() else []
        things += [self._tell] if any(not one.known for one in self.posts) else []
        self.dice.choice(things or [lambda: None])()

    def reading(self, order: int) -> tuple[list[Seen], list[Lost]]:
        """What TikTok tells of an order when it is asked now, in no order that could be relied on."""
        rows = [one for one in self.posts if one.order == order]
        self.dice.shuffle(rows)
        seen = [Seen(one.video_id if one.known else "", one.stage) for one in rows if one.live]
        seen += [one for one in seen if one.video_id and self.dice.random() < 0.1]  # the same row on two pages
        return seen, [Lost(one.video_id if one.known else "", one.stage) for one in rows if not one.live]

    def _room(self) -> list[int]:
        return [
            order
            for order, size in enumerate(self.sizes)
            if sum(one.live and one.order == order for one in self.posts) < size
        ]

    def _upload(self) -> None:
        self.made += 1
        known = self.dice.random() < 0.6
        self.posts.append(Tied(f"v{self.made}", self.dice.choice(self._room()), known=known))

    def _change(self) -> None:
        one = self.dice.choice([one for one in self.posts if one.live])
        one.stage = self.dice.choice(["published", "published", "rejected", "removed"])

    def _change_over(self) -> None:
        """The tie ends, and the code of some order is typed on the same post."""
        video = self.dice.choice([one.video_id for one in self.posts if one.known])
        for one in self.posts:
            if one.video_id == video and one.live:
                one.stage = "untied"
        self.posts.append(Tied(video, self.dice.choice(self._room()), self.dice.choice(["uploaded", "published"])))

    def _tell(self) -> None:
        self.dice.choice([one for one in self.posts if not one.known]).known = True
