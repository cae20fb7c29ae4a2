"""Three orders of one creator that race for posts through the database, while people put in, take out and move."""

import random
from contextlib import suppress
from datetime import timedelta

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import adding, following, moving, ordering, settling
from greenroom.campaigns.interfaces import Standing
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order
from greenroom.campaigns.refusals import Refusal
from greenroom.core import work
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from greenroom.sandbox.http import ApiError
from tests.campaigns.conftest import BY, SETTINGS, later, take_part

LONG_AGO = timedelta(seconds=1)


class Race:
    """Three orders of one creator in two campaigns, at a TikTok in a bad mood; people put in, take out and move."""

    FAULTS = {"throttled": 0.05, "busy": 0.05, "lost_answer": 0.05, "late_ids": 0.4}

    def __init__(self, campaign, world, seed, at):
        self.campaign, self.world, self.at = campaign, world, at
        self.dice = random.Random(seed)
        self.other = campaigns.create_campaign(
            campaign.workspace, name="Barley", by=BY, at=at, mode="manual", **SETTINGS
        )
        campaigns.move_campaign(self.other, "active", by=BY, at=at)
        for one, videos in ((campaign, 2), (campaign, 1), (self.other, 2)):
            rows = take_part(one, "ana", at=at)
            ordering.create_orders(one, rows, ordering.Asked(videos=videos), by=BY, at=at)
        self.work()
        for order in self.orders():
            taking.join(world, handle="ana", link=order.invite_link)
        world.faults.set(**self.FAULTS)

    def step(self):
        self.at = later(self.world, self.at, minutes=self.dice.choice([1, 7, 20, 200]))
        self.world.settle()
        deeds = [self.upload, self.upload, self.post, self.judge, self.remove, self.code, self.code, self.change_over]
        deeds += [self.move, self.move, self.put_in, self.take_out, self.put_elsewhere, self.stale]
        with suppress(ApiError, IllegalMove, LostRace, Refusal):  # the app and the tables refuse what can't be now
            self.dice.choice(deeds)()
        for told in self.dice.sample([self.campaign, self.other] * 2, self.dice.randint(0, 4)):
            following.nudge(told, at=self.at)  # TikTok's events: twice, late, or not at all
        if self.dice.random() < 0.7:
            self.work()
        self.check()

    def work(self):
        work.run_due(Order, at=self.at)
        work.run_due(Campaign, at=self.at)

    def orders(self):
        return list(Order.objects.select_related("account").exclude(tiktok_id="").order_by("pk"))

    def order(self):
        return self.dice.choice(self.orders())

    def tied(self):
        return self.dice.choice(sorted(self.world.market.ties) or [""])

    def upload(self):
        uploads.upload(self.world, handle="ana", link=self.order().invite_link)

    def post(self):
        uploads.post(self.world, video_id=self.tied())

    def judge(self):
        who = self.dice.choice(["content", "ad", "advertiser"])
        uploads.reject(self.world, video_id=self.tied(), reason="Not today", by=who)

    def remove(self):
        if video_id := self.tied():
            uploads.remove(self.world, video_id=video_id, by="moderators")

    def code(self):
        posts = self.world.posts_of(self.world.account("ana").index)
        video = self.dice.choice(posts).item_id
        uploads.enter_code(self.world, handle="ana", code=self.order().code, video_id=video)

    def change_over(self):
        """One order loses a post at TikTok and another gets it, before anybody looks."""
        video = self.tied()
        uploads.reject(self.world, video_id=video, reason="The other one", by="advertiser")
        uploads.enter_code(self.world, handle="ana", code=self.order().code, video_id=video)

    def entry(self, **having):
        rows = CampaignPost.objects.filter(**having).select_related("post", "deliverable__order").order_by("pk")
        return self.dice.choice(list(rows) or [None])

    def move(self):
        if entry := self.entry(deliverable__isnull=False):
            moving.move_to_order(entry, self.dice.choice(list(Deliverable.objects.order_by("pk"))), by=BY, at=self.at)

    def put_in(self):
        rows = list(Post.objects.order_by("pk"))
        if rows:
            adding.add_post(self.other, self.dice.choice(rows), branded=True, by=BY, at=self.at)

    def take_out(self):
        if entry := self.entry():
            adding.remove_post(entry, by=BY, at=self.at)

    def put_elsewhere(self):
        if entry := self.entry():
            adding.move_post(entry, self.dice.choice([self.campaign, self.other]), by=BY, at=self.at)

    def stale(self):
        """A worker that read long ago comes to write now, and says that nothing is there."""
        order = self.order()
        if order.read_at:
            before = sorted(Deliverable.objects.values_list("pk", "state", "video_id"))
            row = Order.objects.select_related("account", "workspace").get(pk=order.pk)
            assert not following.note_standing(row, Standing(()), read_at=order.read_at - LONG_AGO)
            assert before == sorted(Deliverable.objects.values_list("pk", "state", "video_id"))

    def check(self):
        """Deliverable, entry and basis agree on the one owner; nothing that is not known is a figure."""
        places = list(Deliverable.objects.exclude(video_id="").select_related("order", "post__entry", "moved_from"))
        ids = [one.video_id for one in places]
        assert len(ids) == len(set(ids)), "a post has two owners"
        for one in places:
            assert one.moved_from_id != one.order_id
            if one.post is not None:
                entry = one.post.entry
                assert (entry.deliverable_id, entry.campaign_id) == (one.pk, one.order.campaign_id)
                assert entry.how in CampaignPost.TIED
                assert one.post.basis == Post.Basis.ORDER
        owned = {one.post_id for one in places}
        assert not Post.everything.filter(basis=Post.Basis.ORDER).exclude(pk__in=owned).exists()
        loose = CampaignPost.objects.filter(deliverable=None).exclude(removed_at__isnull=False)
        assert set(loose.values_list("how", flat=True)) <= {"hand", "untied"}
        assert not Deliverable.objects.filter(state="published", video_id="").exists()
        steps = Event.objects.filter(subject__startswith="deliverable:", data__has_key="was")
        assert all(one.name.partition(".")[2] in Deliverable.MOVES[one.data["was"]] for one in steps)

    def no_zero(self):
        """Nobody read a figure in this walk, so there is none, and each says why."""
        answer = metrics.measure(Query(("views", "likes"), by=("post",)), self.campaign.workspace, at=self.at)
        figures = [row[name] for row in answer.rows for name in ("views", "likes")]
        assert all(one.value is None and one.reason for one in figures)

    def end(self):
        """TikTok calms down, every review and every late id comes, three last looks."""
        self.world.faults.clear()
        for hours in (1, 50, 52, 53):
            self.at = later(self.world, self.at, hours=hours)
            self.world.settle()
            Campaign.objects.update(due_at=self.at)
            self.work()
            self.check()
        assert not Campaign.objects.exclude(last_error="").exists()
        theirs = {
            one.video_id: (number, one.state)
            for number, order in self.world.market.orders.items()
            for one in order.live
        }
        ours = {
            one.video_id: one for one in Deliverable.objects.exclude(video_id="").select_related("order", "moved_from")
        }
        assert set(ours) <= set(theirs), "what TikTok does not have is nowhere"
        for video, one in ours.items():
            number, state = theirs[video]
            assert one.told_by.tiktok_id == number, "where TikTok has it, or moved from there by a person"
            assert one.state == ("published" if state == "published" else "uploaded")
        for video in set(theirs) - set(ours):
            order = Order.objects.get(tiktok_id=theirs[video][0])
            assert not order.deliverables.filter(state="open").exists(), "there was room for it"
        for order in self.orders():
            states = [one.state for one in order.deliverables.all()]
            if any(one != "open" for one in states):
                assert order.state == settling.order_state("created", states)
        self.no_zero()
