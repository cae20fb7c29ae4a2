"""Limits as TikTok documents them, and every fault on demand."""

import time

import pytest

from greenroom.sandbox import Clock, World
from greenroom.sandbox.faults import Faults
from greenroom.sandbox.throttle import LEVELS, Throttle

from .conftest import NOON, hold


@pytest.mark.parametrize("level", list(LEVELS))
def test_an_app_may_make_so_many_calls_a_second_and_a_minute(level):
    per_second, per_minute, _ = LEVELS[level]
    now = [0.0]
    throttle = Throttle(timer=lambda: now[0])
    assert [throttle.app("a", level) for _ in range(per_second)] == [""] * per_second
    assert throttle.app("a", level) == "App reaches the QPS limit."
    assert throttle.app("b", level) == "", "each app has its own"
    for second in range(1, 60):
        now[0] = float(second)
        for _ in range(per_second):
            throttle.app("a", level)
    allowed = per_second * 60
    assert allowed == per_minute
    now[0] = 60.0
    assert throttle.app("a", level) == ""


def test_a_minute_is_refused_with_the_other_text():
    now = [0.0]
    throttle = Throttle(timer=lambda: now[0])
    for second in range(60):
        now[0] = float(second)
        for _ in range(10):
            throttle.app("a", "basic")
    now[0] = 59.9
    throttle._windows["app", "a", 1] = (59, 0)
    assert "temporarily restricted" in throttle.app("a", "basic")


def test_forty_a_minute_per_account_and_endpoint():
    now = [0.0]
    world = World(clock=Clock(NOON, rate=0), throttle=Throttle(timer=lambda: now[0]), level="ultimate")
    hand = hold(world)
    ana, ben = hand.connect("ana"), hand.connect("ben")

    def ask(path: str, pair: dict) -> int:
        now[0] += 0.05
        return hand.code(path, pair["access_token"], business_id=pair["open_id"])

    assert [ask("business/get/", ana) for _ in range(41)] == [0] * 40 + [40100]
    assert ask("business/video/list/", ana) == 0
    assert ask("business/get/", ben) == 0
    now[0] = 61.0
    assert ask("business/get/", ana) == 0


def test_publishing_is_limited_to_six_a_minute_and_fifteen_a_day():
    now = [0.0]
    throttle = Throttle(timer=lambda: now[0])
    assert [bool(throttle.publish("a", "ana")) for _ in range(7)] == [False] * 6 + [True]
    now[0] = 60.0
    assert [bool(throttle.publish("a", "ana")) for _ in range(6)] == [False] * 6
    now[0] = 120.0
    assert [bool(throttle.publish("a", "ana")) for _ in range(4)] == [False] * 3 + [True]


def test_the_limit_answers_http_200_and_40100(hand):
    hand.world.throttle = Throttle(timer=lambda: 5.0)
    answers = [hand.get("user/info/", "x") for _ in range(3)]
    assert {one["code"] for one in answers} == {40105}, "refused tokens do not count"
    pair = hand.connect("ana")
    codes = [hand.code("business/get/", pair["access_token"], business_id=pair["open_id"]) for _ in range(12)]
    assert codes[:9] == [0] * 9
    assert codes[9:] == [40100] * 3


@pytest.mark.parametrize(("fault", "code"), [("throttled", 40100), ("busy", 50002), ("expired_token", 40102)])
def test_a_counted_fault_strikes_so_many_times(hand, fault, code):
    pair = hand.connect("ana")
    hand.world.faults.set(**{fault: 2})
    codes = []
    for _ in range(3):
        answer = hand.get("business/get/", pair["access_token"], business_id=pair["open_id"])
        codes.append(answer["code"])
        if fault == "expired_token" and answer["code"]:
            pair = hand.refresh(pair["refresh_token"])["data"]
    assert codes == [code, code, 0]


def test_a_bad_gateway_does_nothing_and_a_lost_answer_did_it(hand):
    code = hand.approve("ana")["code"]
    body = {
        "client_id": "sandbox-app", "client_secret": "sandbox-secret", "grant_type": "authorization_code",
        "auth_code": code, "redirect_uri": "https://brand.example/callback/",
    }  # fmt: skip
    hand.world.faults.set(bad_gateway=1)
    answer = hand.http.post("/open_api/v1.3/tt_user/oauth2/token/", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    hand.world.faults.set(lost_answer=1)
    assert hand.http.post("/open_api/v1.3/tt_user/oauth2/token/", json=body).status_code == 502
    assert hand.exchange(code)["code"] == 40110, "the lost answer burned the code"


def test_rates_are_met_and_repeat_with_the_seed():
    def hits(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.set(throttled=0.10)
        return [faults.strikes("throttled") for _ in range(4_000)]

    first = hits(7)
    assert first == hits(7)
    assert first != hits(8)
    assert 0.08 < sum(first) / len(first) < 0.12


def test_slow_answers_wait(hand):
    hand.world.faults.set(slow=(1.0, 0.15))
    before = time.monotonic()
    hand.get("business/get/")
    assert time.monotonic() - before >= 0.15
    hand.world.faults.clear()
    before = time.monotonic()
    hand.get("business/get/")
    assert time.monotonic() - before < 0.1


def test_short_pages_still_lead_to_every_post(hand):
    pair = hand.connect("ana")
    hand.world.faults.set(short_pages=0.8)
    sizes = []
    found, cursor = [], {}
    while True:
        ask = {"business_id": pair["open_id"], "max_count": "10", **cursor}
        data = hand.data("business/video/list/", pair["access_token"], **ask)
        sizes.append(len(data["videos"]))
        found += [one["item_id"] for one in data["videos"]]
        if not data["has_more"]:
            break
        cursor = {"cursor": str(data["cursor"])}
    assert found == [post.item_id for post in hand.world.posts_of(0)]
    assert min(sizes[:-1]) < 10


def test_unasked_fields_numeric_ids_and_immediate_rotation(hand):
    pair = hand.connect("ben")
    hand.world.faults.set(extra_fields=True, numeric_ids=True, rotate_at_once=True)
    data = hand.data("business/get/", pair["access_token"], business_id=pair["open_id"])
    assert data["completion_rate"] == 0.3141
    listed = hand.data("business/video/list/", pair["access_token"], business_id=pair["open_id"])["videos"]
    assert listed[0]["item_id"] == int(hand.world.posts_of(1)[0].item_id) > 2**53
    hand.refresh(pair["refresh_token"])
    assert hand.refresh(pair["refresh_token"])["code"] == 40107


def test_nonsense_faults_are_refused():
    faults = Faults(1)
    for wrong in ({"thunder": 0.5}, {"busy": 1.5}, {"busy": -1}):
        with pytest.raises(ValueError, match=r"thunder|busy"):
            faults.set(**wrong)
