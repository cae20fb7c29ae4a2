"""Random walks: whatever happens at TikTok, and however readings of it arrive, orders end where TikTok has them.

The first kind walks the pure rules, over 10,000 times; the second goes through the database and the sandbox.
"""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from greenroom.campaigns import following, ordering, settling
from greenroom.campaigns.interfaces import Standing
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import work
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove, LostRace
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from greenroom.sandbox.http import ApiError
from greenroom.syncs import asking
from tests.campaigns.conftest import BY, later, take_part
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


class Walk:
    """Two creators with an order of three each, at a TikTok in a bad mood; things happen to them at random."""

    FAULTS = {"throttled": 0.1, "busy": 0.1, "bad_gateway": 0.05, "lost_answer": 0.1, "late_ids": 0.3}

    def __init__(self, campaign, world, seed, at):
        self.campaign, self.world, self.at = campaign, world, at
        self.dice = random.Random(seed)
        rows = take_part(campaign, "ana", "dov", at=at)
        ordering.create_orders(campaign, rows, ordering.Asked(videos=3), by=BY, at=at)
        world.faults.set(**self.FAULTS)

    def step(self):
        self.at = later(self.world, self.at, minutes=self.dice.choice([1, 7, 20, 200]))
        self.world.settle()
        deeds = [self.upload, self.upload, self.post, self.judge, self.remove, self.code, self.by_hand, self.stale]
        with suppress(ApiError, IllegalMove, LostRace):  # the app and the table refuse what can't be now
            self.dice.choice(deeds)()
        if self.dice.random() < 0.5:  # TikTok's events: twice, late, or not at all
            for _ in range(self.dice.choice([1, 2])):
                following.nudge(self.campaign, at=self.at)
        if self.dice.random() < 0.7:
            self.work()
        self.check()

    def work(self):
        work.run_due(Order, at=self.at)
        work.run_due(Campaign, at=self.at)

    def order(self):
        rows = Order.objects.select_related("account").exclude(tiktok_id="").order_by("pk")
        return self.dice.choice(list(rows)) if rows else None

    def upload(self):
        if order := self.order():
            taking.join(self.world, handle=order.account.handle, link=order.invite_link)
            uploads.upload(self.world, handle=order.account.handle, link=order.invite_link)

    def tied(self):
        return self.dice.choice(sorted(self.world.market.ties) or [""])

    def post(self):
        uploads.post(self.world, video_id=self.tied())

    def judge(self):
        who = self.dice.choice(["content", "ad", "advertiser"])
        uploads.reject(self.world, video_id=self.tied(), reason="Not today", by=who)

    def remove(self):
        if video_id := self.tied():
            uploads.remove(self.world, video_id=video_id, by="moderators")

    def code(self):
        if order := self.order():
            posts = self.world.posts_of(self.world.account(order.account.handle).index)
            uploads.enter_code(
                self.world, handle=order.account.handle, code=order.code, video_id=self.dice.choice(posts).item_id
            )

    def by_hand(self):
        if order := self.order():
            ordering.move_order(order, self.dice.choice(["joined", "declined", "cancelled"]), by=BY, at=self.at)

    def stale(self):
        """A worker that read long ago comes to write now: an older reading changes nothing, whatever it says."""
        order = self.order()
        if order and order.read_at:
            row = Order.objects.select_related("account", "workspace").get(pk=order.pk)
            order.state = "created"
            assert not following.note_standing(order, Standing(()), read_at=order.read_at - timedelta(seconds=1))
            assert Order.objects.get(pk=order.pk).state == row.state

    def check(self):
        """What holds at any moment: no post twice, no more counted than handed in, every step one of the table."""
        ids = list(Deliverable.objects.exclude(video_id="").values_list("video_id", flat=True))
        assert len(ids) == len(set(ids))
        for model, name in ((Order, "order"), (Deliverable, "deliverable")):
            steps = Event.objects.filter(subject__startswith=f"{name}:", data__has_key="was").order_by("pk")
            assert all(one.name.partition(".")[2] in model.MOVES[one.data["was"]] for one in steps)

    def end(self):
        """TikTok calms down, every review and every late id comes, one last look."""
        self.world.faults.clear()
        for hours in (1, 50, 52):
            self.at = later(self.world, self.at, hours=hours)
            self.world.settle()
            Order.objects.filter(state="not_created").update(due_at=self.at)
            Campaign.objects.update(due_at=self.at)
            self.work()
        assert len(self.world.market.orders) == 2, "each order was made once"
        for order in Order.objects.all():
            theirs = self.world.market.orders[order.tiktok_id].live
            wanted = sorted(("published" if one.state == "published" else "uploaded", one.video_id) for one in theirs)
            filled = order.deliverables.exclude(state="open").values_list("state", "video_id")
            assert sorted(filled) == wanted, Campaign.objects.values("last_error", "due_at")
            done = sum(state == "published" for state, _ in wanted)
            if wanted:
                expected = "fulfilled" if done == 3 else "partially_fulfilled" if done else "joined"
                assert order.state == expected


@pytest.fixture
def calm(monkeypatch, settings):
    """TikTok's clock is ours to set, so nobody waits: neither between attempts nor for a ceiling."""
    settings.TIKTOK_LEVEL = "off"
    monkeypatch.setitem(asking.OPTIONS, "sleep", lambda seconds: None)


@pytest.mark.parametrize("seed", range(24))
def test_walks_through_the_database_end_at_tiktoks_truth(calm, campaign, world, at, seed):
    walk = Walk(campaign, world, seed, at)
    for _ in range(25):
        walk.step()
    walk.end()
