"""Random walks: whatever happens at TikTok, and however readings of it arrive, orders end where TikTok has them.

The first kind walks the pure rules, over 10,000 times; the second goes through the database and the sandbox.
"""

import random

import pytest

from greenroom.campaigns import settling
from greenroom.campaigns.order import Deliverable, Order
from tests.campaigns.truth import Truth

WALKS, PARTS, STEPS = 40_000, 8, 14
START = ("created", "joined", "declined", "cancelled", "expired")


class Settler:
    """Our side without a database: the rows of one order, and the two rules by which `following` changes them."""

    def __init__(self, size, state):
        self.places = [settling.Place(number) for number in range(1, size + 1)]
        self.state, self.read_at = state, -1

    def note(self, at, seen, lost):
        """A reading made at `at`; an older one than the last is dropped."""
        if at < self.read_at:
            return
        self.read_at = at
        settled = settling.settle(self.places, seen, lost)
        self.places = [self._moved(*pair) for pair in zip(self.places, settled.steps, strict=True)]
        filled = [one for one in self.places if one.state != "open"]
        told = {one.video_id or id(one) for one in seen}
        assert len(filled) <= len(told), "no more places are filled than TikTok has posts"
        ids = [one.video_id for one in self.places if one.video_id]
        assert len(ids) == len(set(ids)), "no post is at two places"
        assert not settled.extra, "no post without a place while there is one"
        to = settling.order_state(self.state, [one.state for one in self.places])
        if to != self.state:
            if self.state in ("created", *Order.GIVEN_UP) and to != "joined":
                self._order_to("joined")
            if to != self.state:
                self._order_to(to)

    def _moved(self, place, step):
        assert step.place == place.place
        now = place.state
        if now != "open" and (step.seen is None or step.lost):
            assert step.lost, "who loses a place is told why"
            assert "open" in Deliverable.MOVES[now]
            now = "open"
        if step.state != now:
            assert step.state in Deliverable.MOVES[now], (now, step.state)
        if place.video_id and step.video_id and not step.lost:
            assert step.video_id == place.video_id, "a post that stays keeps its place"
        return settling.Place(place.place, step.state, step.video_id)

    def _order_to(self, to):
        assert to in Order.MOVES[self.state], (self.state, to)
        self.state = to

    def standing(self):
        return sorted((one.state, one.video_id) for one in self.places if one.state != "open")


def walk(seed):
    """One order from its beginning to a last reading, with readings that come twice, late and out of order."""
    dice = random.Random(seed)
    truth = Truth(dice.randint(1, 10), dice)
    ours = Settler(truth.size, dice.choice(START))
    under_way = []
    for moment in range(dice.randint(1, STEPS)):
        truth.happen()
        if dice.random() < 0.6:
            under_way += [(moment, *truth.reading())] * dice.choice([1, 1, 2])
        dice.shuffle(under_way)
        while under_way and dice.random() < 0.6:
            ours.note(*under_way.pop())
        if dice.random() < 0.1 and {"declined", "cancelled"} & set(Order.MOVES[ours.state]):
            ours.state = dice.choice(sorted({"declined", "cancelled"} & set(Order.MOVES[ours.state])))
    ours.note(STEPS, *truth.reading())
    for late in under_way:
        ours.note(*late)
    assert ours.standing() == truth.due()
    done = sum(state in Deliverable.DONE for state, _ in truth.due())
    if done:
        assert ours.state == ("fulfilled" if done == truth.size else "partially_fulfilled")
    elif truth.due():
        assert ours.state == "joined"
    else:
        assert ours.state not in ("partially_fulfilled", "fulfilled")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("part", range(PARTS))
def test_walks_end_at_tiktoks_truth(part):
    for seed in range(part * WALKS // PARTS, (part + 1) * WALKS // PARTS):
        try:
            walk(seed)
        except AssertionError as wrong:
            raise AssertionError(f"walk {seed}: {wrong}") from wrong
