"""Random walks of posts that two orders race for, and that people move meanwhile: each has one owner at most.

The first kind walks the pure rules, 12,000 times; the second goes through the database and the sandbox. At the end
everything is where TikTok has it, but for what a person moved.
"""

import random

import pytest

from greenroom.campaigns import settling
from greenroom.syncs import asking
from tests.campaigns.racing import Race
from tests.campaigns.rivals import Rivals

WALKS, PARTS, STEPS = 12_000, 8, 24


class Ours:
    """Our side without a database: the places of several orders of one account, as `following` and `moving` do it."""

    def __init__(self, sizes):
        self.places = [[settling.Place(number) for number in range(1, size + 1)] for size in sizes]
        self.pins = {}  # id of a post a person moved -> the order TikTok has it in
        self.read_at = [-1] * len(sizes)
        self.extra = [set() for _ in sizes]

    def where(self, video_id):
        """(order, index of its place) of a post; None if it is nowhere."""
        found = [
            (order, at)
            for order, places in enumerate(self.places)
            for at, one in enumerate(places)
            if one.video_id == video_id
        ]
        assert len(found) <= 1, f"{video_id} has {len(found)} owners"
        return found[0] if found else None

    def note(self, order, at, seen, lost):
        """A reading of one order, made at `at`; an older one than the last is dropped."""
        if at < self.read_at[order]:
            return
        self.read_at[order] = at
        away = [video for video, theirs in self.pins.items() if theirs == order]
        named = [one.video_id for one in seen if one.video_id]
        elsewhere = {one for one in named if (self.where(one) or (order,))[0] != order}
        settled = settling.settle(self.places[order], seen, lost, elsewhere=elsewhere, away=away)
        before = self.places[order]
        self.places[order] = [self._taken(*pair) for pair in zip(before, settled.steps, strict=True)]
        self.extra[order] = {one.video_id for one in settled.extra}
        told = {one.video_id for one in seen}
        for was, now in zip(before, self.places[order], strict=True):
            if was.pinned and was.video_id not in told:
                assert now == was, "a pinned place stays whatever its order's reading leaves out"
            assert now.state != "published" or now.video_id, "published is only said of a post with an id"
        for video in away:
            there, at_place = self.where(video)
            step = settling.follow(self.places[there][at_place], seen, lost)
            if step.seen is None:
                assert video not in told
                assert step.lost, "who loses a place is told why"
                del self.pins[video]
            pinned = step.seen is not None
            self.places[there][at_place] = settling.Place(step.place, step.state, step.video_id, pinned)

    def move(self, dice):
        """A person moves some post to some open place of another order."""
        tied = [(o, p, one) for o, places in enumerate(self.places) for p, one in enumerate(places) if one.video_id]
        if not tied:
            return
        order, at, one = dice.choice(tied)
        free = [
            (o, p)
            for o, places in enumerate(self.places)
            for p, there in enumerate(places)
            if o != order and there.state == "open"
        ]
        if free:
            there, to = dice.choice(free)
            theirs = self.pins.pop(one.video_id, order)
            if theirs != there:
                self.pins[one.video_id] = theirs
            self.places[order][at] = settling.Place(one.place)
            pinned = theirs != there
            self.places[there][to] = settling.Place(to + 1, one.state, one.video_id, pinned)

    def _taken(self, place, step):
        if step.kept:
            return place
        if place.pinned:
            del self.pins[place.video_id]  # TikTok itself ties it here now
        assert step.state == "open" or step.seen is not None
        return settling.Place(step.place, step.state, step.video_id)

    def check(self):
        ids = [one.video_id for places in self.places for one in places if one.video_id]
        assert len(ids) == len(set(ids)), "a post has two owners"
        pinned = {one.video_id for places in self.places for one in places if one.pinned}
        assert pinned == set(self.pins)


def walk(seed):
    """Two or three orders of one creator, from their beginning to two last rounds of readings."""
    dice = random.Random(seed)
    truth = Rivals([dice.randint(1, 4) for _ in range(dice.choice([2, 2, 3]))], dice)
    ours = Ours(truth.sizes)
    under_way = []
    for moment in range(dice.randint(4, STEPS)):
        truth.happen()
        for order in range(len(truth.sizes)):
            if dice.random() < 0.5:
                under_way += [(order, moment, *truth.reading(order))] * dice.choice([1, 1, 2])
        dice.shuffle(under_way)
        while under_way and dice.random() < 0.6:
            ours.note(*under_way.pop())
            ours.check()
        if dice.random() < 0.15:
            ours.move(dice)
            ours.check()
    for last in (STEPS, STEPS + 1, STEPS + 2):  # what waits for another order's reading comes with the next round
        for order in dice.sample(range(len(truth.sizes)), len(truth.sizes)):
            ours.note(order, last, *truth.reading(order))
            ours.check()
    for late in under_way:
        ours.note(*late)
    ours.check()
    end(ours, truth)


def end(ours, truth):
    """TikTok's truth, except where a person moved something; and what has no room any more because of that."""
    told = {one.video_id: one for one in truth.posts if one.live and one.known}
    for video, one in told.items():
        found = ours.where(video)
        if found is None:
            assert video in ours.extra[one.order], f"{video} is nowhere"
            assert all(place.state != "open" for place in ours.places[one.order]), "there was room for it"
            continue
        order, at = found
        assert order == one.order or ours.pins.get(video) == one.order, f"{video} is at the wrong order"
        assert ours.places[order][at].state == one.state
    for places in ours.places:
        for place in places:
            assert not place.video_id or place.video_id in told, f"{place.video_id} is not TikTok's"
    for order, places in enumerate(ours.places):
        nameless = sum(one.live and not one.known and one.order == order for one in truth.posts)
        assert sum(place.state != "open" and not place.video_id for place in places) <= nameless


@pytest.mark.sqlite_only
@pytest.mark.parametrize("part", range(PARTS))
def test_every_post_has_one_owner_and_ends_where_tiktok_or_a_person_put_it(part):
    for seed in range(part * WALKS // PARTS, (part + 1) * WALKS // PARTS):
        try:
            walk(seed)
        except AssertionError as wrong:
            raise AssertionError(f"walk {seed}: {wrong}") from wrong


@pytest.fixture
def calm(monkeypatch, settings):
    """TikTok's clock is ours to set, so nobody waits: neither between attempts nor for a ceiling."""
    settings.TIKTOK_LEVEL = "off"
    monkeypatch.setitem(asking.OPTIONS, "sleep", lambda seconds: None)


@pytest.mark.parametrize("seed", range(24))
def test_a_race_through_the_database_has_one_winner_at_every_step(calm, campaign, world, at, seed):
    race = Race(campaign, world, seed, at)
    for _ in range(24):
        race.step()
    race.no_zero()
    race.end()
