"""Whatever brands, creators, moderators and the clock do in whatever order: no illegal state, nothing counted twice."""

import json
from collections import Counter
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from greenroom.sandbox import Clock, World, brands, invitations, link_requests, market, orders, uploads
from greenroom.sandbox.http import ApiError

from .conftest import NOON, hold
from .market_hand import BrandHand

HANDLES = ("ana", "ben", "dov")
handles = st.sampled_from(HANDLES)
places = st.integers(0, 7)
hours = st.sampled_from([0, 0, 1, 30, 48])


class Walk(RuleBasedStateMachine):
    """One world; every step may be refused, but never half done."""

    @initialize()
    def begin(self) -> None:
        self.world = World(clock=Clock(NOON, rate=0), throttle=False, posts=4)
        self.hand = hold(self.world)
        self.brand = BrandHand(self.hand)
        self.videos: list[str] = []
        self.seen: dict[int, tuple[object, str]] = {}
        self.world.webhooks.hold()
        detail = {"access_token": self.brand.token, "tto_tcm_account_id": self.brand.account}
        self.world.webhooks.subscribe("sandbox-app", "TCM_VIDEOS", "http://127.0.0.1:9/", detail)
        self.links = [self.brand.order(*HANDLES, video_number=2)["invite_link"]]

    def attempt(self, do, **asked):
        try:
            return do(self.world, **asked)
        except ApiError:
            return None

    def link(self, place: int) -> str:
        return self.links[place % len(self.links)]

    def video(self, place: int) -> str:
        return self.videos[place % len(self.videos)] if self.videos else "0"

    @rule(handle=handles, number=st.integers(1, 3))
    def order(self, handle, number):
        if len(self.links) < 4:
            self.links.append(self.brand.order(handle, video_number=number)["invite_link"])

    @rule(handle=handles, place=places)
    def ask_again(self, handle, place):
        campaign = self.world.market.behind_link(self.link(place))
        self.attempt(orders.ask, campaign=campaign, handles=[handle])

    @rule(handle=handles, place=places, do=st.sampled_from([orders.join, orders.join, orders.decline, orders.expire]))
    def answer(self, handle, place, do):
        self.attempt(do, handle=handle, link=self.link(place))

    @rule(handle=handles, place=places, late=hours)
    def upload(self, handle, place, late):
        made = self.attempt(uploads.upload, handle=handle, link=self.link(place), late_hours=late)
        self.videos += [made.video_id] if made else []

    @rule(handle=handles)
    def publish(self, handle):
        self.videos.append(self.world.publish(handle).item_id)

    @rule(place=places)
    def post(self, place):
        self.attempt(uploads.post, video_id=self.video(place))

    @rule(handle=handles, place=places, which=places)
    def code(self, handle, place, which):
        code = self.world.market.behind_link(self.link(place)).code
        self.attempt(uploads.enter_code, handle=handle, code=code, video_id=self.video(which))

    @rule(place=places, which=places, do=st.sampled_from([link_requests.ask, link_requests.revoke]))
    def wish(self, place, which, do):
        campaign = self.world.market.behind_link(self.link(place))
        self.attempt(do, campaign=campaign, video_id=self.video(which))

    @rule(place=places, action=st.sampled_from(["APPROVE", "REJECT"]))
    def grant(self, place, action):
        waiting = list(self.world.market.requests.values())
        if waiting:
            one = waiting[place % len(waiting)]
            self.attempt(link_requests.answer, handle=one.handle, request_id=one.request_id, action=action)

    @rule(place=places, by=st.sampled_from(["content", "ad", "advertiser"]))
    def reject(self, place, by):
        self.attempt(uploads.reject, video_id=self.video(place), reason="No", by=by)

    @rule(place=places)
    def approve(self, place):
        self.attempt(uploads.approve, video_id=self.video(place))

    @rule(place=places, by=st.sampled_from(["creator", "moderators"]))
    def remove(self, place, by):
        self.world.remove(self.video(place), by=by)

    @rule(handle=handles, do=st.sampled_from([invitations.accept, invitations.decline, invitations.view]))
    def marketplace(self, handle, do):
        if handle != "ana":
            invitations.send(self.world, brand=brands.at(7, 0), handle=handle)
        self.attempt(do, handle=handle)

    @rule(minutes=st.sampled_from([1, 5, 10, 2_880, 140_000]))
    def wait(self, minutes):
        self.world.clock.advance(seconds=60 * minutes)
        self.world.settle()

    @invariant()
    def states_moved_as_the_tables_say(self):
        everything = [(one, market.ORDER_MOVES) for one in self.world.market.orders.values()]
        everything += [(made, market.UPLOAD_MOVES) for one, _ in list(everything) for made in one.uploads]
        for one, table in everything:
            _, before = self.seen.get(id(one), (one, one.state))
            assert one.state in reachable(table, before), f"{before} -> {one.state}"
            self.seen[id(one)] = (one, one.state)

    @invariant()
    def nothing_is_counted_twice(self):
        live = Counter()
        for order in self.world.market.orders.values():
            taken = [made.place for made in order.live]
            assert len(taken) == len(set(taken)) <= len(order.campaign.deliverables)
            assert len(order.open_places) + len(taken) == len(order.campaign.deliverables)
            assert not order.uploads or order.state == "joined"
            live.update(made.video_id for made in order.live)
        assert set(live.values()) <= {1}
        assert set(live) == set(self.world.market.ties)

    def brands_read_what_is_so(self):
        for link in self.links:
            told = self.brand.orders_behind(link)
            for order in told:
                assert len(set(order["video_ids"])) == len(order["video_ids"]) <= order["quota"]["current_video_count"]
                assert order["quota"]["current_video_count"] <= order["quota"]["per_creator_video_limit"]
        published = [one["video_ids"] for one in self.brand.data("tto/tcm/campaign/", page_size="100")["campaigns"]]
        flat = [video for found in published for video in found]
        assert len(flat) == len(set(flat))

    def teardown(self):
        if not hasattr(self, "world"):
            return
        self.brands_read_what_is_so()
        told = Counter()
        for one in self.world.webhooks.held():
            entry = json.loads(one.body)["entry"][0]
            assert entry.get("video_id") != "0"
            assert datetime.fromisoformat(entry["event_time"])
            if entry["tto_campaign_event_type"] == "tto_video_published":
                told[entry["video_id"]] += 1
        made = Counter(
            upload.video_id
            for order in self.world.market.orders.values()
            for upload in order.uploads
            if upload.ad_judged_at is not None
        )
        assert all(told[video] <= made[video] for video in told), "published is told once for each time it passed"
        self.hand.http.close()


def reachable(table: dict[str, tuple[str, ...]], state: str) -> set[str]:
    found, new = {state}, {state}
    while new:
        new = {to for one in new for to in table[one]} - found
        found |= new
    return found


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=1_000, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
