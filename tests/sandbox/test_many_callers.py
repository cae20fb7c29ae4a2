"""Many callers at once see one world."""

import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from greenroom.sandbox import Clock, World, business_accounts, orders, uploads
from greenroom.sandbox.http import ApiError

from .conftest import NOON, Hand, hold
from .market_hand import BrandHand


def test_only_one_of_many_may_use_a_code(hand):
    code = hand.approve("ana")["code"]
    gate = threading.Barrier(8)

    def exchange(_: int) -> int:
        gate.wait()
        return hand.exchange(code)["code"]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(exchange, range(8))) == [0] + [40110] * 7


def read_all(hand: Hand, pair: dict, fields: list[str]) -> dict[str, dict]:
    """Every post, through whatever the faults throw in the way."""
    posts: dict[str, dict] = {}
    cursor: dict[str, str] = {}
    for _ in range(500):
        ask = {"business_id": pair["open_id"], "fields": json.dumps(fields), "max_count": "20", **cursor}
        answer = hand.http.get(
            "/open_api/v1.3/business/video/list/", params=ask, headers={"Access-Token": pair["access_token"]}
        )
        if answer.status_code == 502:
            continue
        body = answer.json()
        if body["code"] == 40102:
            while (fresh := hand.refresh(pair["refresh_token"]))["code"] != 0:
                assert fresh["code"] in (40100, 50002)
            pair = fresh["data"]
        elif body["code"] == 0:
            posts |= {post["item_id"]: post for post in body["data"]["videos"]}
            cursor = {"cursor": str(body["data"]["cursor"])}
            if not body["data"]["has_more"]:
                return posts
        else:
            assert body["code"] in (40100, 50002)
    raise AssertionError("500 calls were not enough")


@pytest.mark.parametrize("workers", [4])
def test_a_patient_reader_gets_exactly_the_truth_while_faults_fire(workers):
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, accounts=12, posts=50))
    pairs = {hand.world.account_at(index).handle: None for index in range(12)}
    for handle in pairs:
        pairs[handle] = hand.connect(handle)
    hand.world.faults.set(throttled=0.10, busy=0.10, short_pages=0.6, expired_token=0.05)
    handles = list(pairs)
    random.Random(1).shuffle(handles)
    fields = list(business_accounts.POST_FIELDS)
    with ThreadPoolExecutor(workers) as pool:
        read = dict(zip(handles, pool.map(lambda one: read_all(hand, pairs[one], fields), handles), strict=True))
    for handle, posts in read.items():
        assert posts == hand.world.truth(handle)["posts"]
    codes = {code for (_, path, code), _ in hand.world.ledger.items() if path.endswith("video/list/")}
    assert {"0", "40100", "50002", "40102"} <= codes


def at_once(count: int, do) -> list[bool]:
    """Do something in many threads at the same moment; which of them succeeded."""
    gate = threading.Barrier(count)

    def one(place: int) -> bool:
        gate.wait()
        try:
            do(place)
        except ApiError:
            return False
        return True

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_of_many_uploads_at_once_only_as_many_as_asked_for_are_taken(hand):
    link = BrandHand(hand).order("ana", video_number=5)["invite_link"]
    orders.join(hand.world, handle="ana", link=link)
    assert sum(at_once(12, lambda _: uploads.upload(hand.world, handle="ana", link=link))) == 5
    (order,) = orders.of(hand.world, "ana")
    assert sorted(one.place for one in order.uploads) == [0, 1, 2, 3, 4]


def test_of_many_codes_on_one_post_only_one_ties_it(hand):
    brand, post = BrandHand(hand), hand.world.publish("ana")
    codes = [brand.order("ana")["campaign_code"] for _ in range(8)]
    tied = at_once(8, lambda n: uploads.enter_code(hand.world, handle="ana", code=codes[n], video_id=post.item_id))
    assert sum(tied) == 1
    assert sum(len(one.live) for one in orders.of(hand.world, "ana")) == 1
    assert sum(one.state == "joined" for one in orders.of(hand.world, "ana")) == 1


def test_one_review_ends_once_however_many_ask(hand):
    link = BrandHand(hand).order("ana")["invite_link"]
    orders.join(hand.world, handle="ana", link=link)
    made = uploads.upload(hand.world, handle="ana", link=link)
    uploads.post(hand.world, video_id=made.video_id)

    def decide(place: int) -> None:
        if place % 2:
            uploads.approve(hand.world, video_id=made.video_id)
        else:
            uploads.reject(hand.world, video_id=made.video_id, reason="No", by="ad")

    done = at_once(10, decide)
    assert made.state == "rejected", "rejecting is possible before and after approval, and ends it"
    assert sum(done) == (1 if made.ad_judged_at is None else 2)
