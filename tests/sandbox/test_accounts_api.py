"""The Accounts API: envelope, order of checks, fields, delays, windows; and answers equal to the truth."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from greenroom.sandbox import Clock, World, business_accounts, truth

from .conftest import NOON, hold

ALL_PROFILE = list(business_accounts.PROFILE_FIELDS)
ALL_ACCOUNT = list(business_accounts.ACCOUNT_FIELDS)
ALL_POST = list(business_accounts.POST_FIELDS)


def test_every_answer_wears_the_envelope_and_names_its_request(hand):
    answer = hand.http.get("/open_api/v1.3/business/get/")
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"code", "message", "request_id", "data"}
    assert body["code"] == 40104
    assert body["message"] == "Access token is null, you should set it in http header with key Access-Token."
    assert body["data"] == {}
    assert re.fullmatch(r"20260312140500[0-9A-F]{18}", body["request_id"])
    assert answer.headers["x-tt-logid"] == body["request_id"]
    assert "x-tt-trace-id" in answer.headers
    assert "retry-after" not in answer.headers


def test_a_path_without_the_final_slash_is_plain_404_and_an_unknown_one_40008(hand):
    bare = hand.http.get("/open_api/v1.3/business/get")
    assert (bare.status_code, bare.text) == (404, "404 page not found")
    assert hand.code("business/nothing/") == 40008
    assert hand.http.get("/open_api/v1.2/business/get/").json()["code"] == 40008
    assert hand.http.get("/nowhere/").status_code == 404


def test_checks_come_in_order(hand):
    pair = hand.connect("ana", scopes=["user.info.basic", "video.list"])
    token, mine = pair["access_token"], pair["open_id"]
    assert hand.code("business/nothing/", "junk") == 40008
    assert hand.code("business/get/") == 40104
    assert hand.code("business/get/", "junk") == 40105
    hand.world.faults.set(throttled=1)
    assert hand.code("business/benchmark/", token, business_id="junk") == 40001, "scope before throttle"
    assert hand.code("business/get/", token) == 40100, "throttle before parameters"
    missing = hand.get("business/get/", token)
    assert (missing["code"], missing["message"]) == (40002, "Missing required field(s): business_id.")
    assert hand.code("business/get/", token, business_id=hand.world.open_id(1, "sandbox-app")) == 40001
    assert hand.code("business/get/", token, business_id=mine) == 0
    hand.world.clock.advance(days=2)
    assert hand.code("business/benchmark/", token) == 40102, "expiry before scope"


def test_default_fields_are_the_documented_ones(hand):
    pair = hand.connect("ana")
    data = hand.data("business/get/", pair["access_token"], business_id=pair["open_id"])
    assert set(data) == {"display_name", "profile_image"}
    posts = hand.data("business/video/list/", pair["access_token"], business_id=pair["open_id"])
    assert len(posts["videos"]) == 10
    assert set(posts["videos"][0]) == {"item_id"}
    assert posts["has_more"] is True


def test_lists_are_json_text_with_or_without_a_blank(hand):
    pair = hand.connect("ana")
    for text in ('["username","display_name"]', '["username", "display_name"]'):
        data = hand.data("business/get/", pair["access_token"], business_id=pair["open_id"], fields=text)
        assert data["username"] == "ana"
    wrong = hand.get("business/get/", pair["access_token"], business_id=pair["open_id"], fields="username,display_name")
    assert wrong["code"] == 40002


def test_a_field_needs_its_own_scope(hand):
    pair = hand.connect("ana", scopes=["user.info.basic", "user.info.stats", "video.list"])
    ask = {"business_id": pair["open_id"]}
    assert hand.code("business/get/", pair["access_token"], **ask, fields=["followers_count"]) == 0
    refused = hand.get("business/get/", pair["access_token"], **ask, fields=["followers_count", "audience_ages"])
    assert refused["code"] == 40001
    assert "user.insights" in refused["message"]
    assert hand.code("business/video/list/", pair["access_token"], **ask, fields=["item_id", "reach"]) == 0
    assert hand.code("business/video/list/", pair["access_token"], **ask, fields=["item_id", "new_followers"]) == 40001


@pytest.mark.parametrize("handle", ["ana", "ben", "brandco"])
def test_answers_equal_the_truth_for_every_field(hand, handle):
    pair = hand.connect(handle)
    true = hand.world.truth(handle)
    data = hand.data("business/get/", pair["access_token"], business_id=pair["open_id"], fields=ALL_ACCOUNT)
    metrics = {day["date"]: day for day in data.pop("metrics")}
    assert data == true["profile"]
    assert metrics
    assert all(true["metrics"][day] == figures for day, figures in metrics.items())
    posts = {post["item_id"]: post for post in hand.posts(pair, ALL_POST)}
    assert posts == json.loads(json.dumps(true["posts"]))
    assert len(posts) == 30


def test_pages_follow_the_cursor_and_filters_pick_posts(hand):
    pair = hand.connect("ana")
    posts = hand.posts(pair, ["item_id", "create_time"])
    times = [int(post["create_time"]) for post in posts]
    assert times == sorted(times, reverse=True)
    assert isinstance(posts[0]["create_time"], str)
    wanted = [posts[3]["item_id"], posts[7]["item_id"]]
    picked = hand.posts(pair, ["item_id"], filters={"video_ids": wanted})
    assert [post["item_id"] for post in picked] == wanted
    base = {"business_id": pair["open_id"]}
    assert hand.code("business/video/list/", pair["access_token"], **base, max_count="21") == 40002
    assert hand.code("business/video/list/", pair["access_token"], **base, fields=["caption"]) == 40002
    assert hand.code("business/video/list/", pair["access_token"], **base, fields=["item_id", "favorities"]) == 40002


def test_figures_come_24_to_48_hours_late_and_are_left_out_until_then(hand):
    pair, world = hand.connect("ana"), hand.world
    made = world.publish("ana", views=1_000_000)
    (fresh,) = [post for post in hand.posts(pair, ALL_POST) if post["item_id"] == made.item_id]
    assert set(fresh) == set(truth.AT_ONCE)
    world.clock.set(datetime(2026, 3, 13, 23, 59, tzinfo=UTC))
    pair = hand.connect("ana")
    (still,) = [post for post in hand.posts(pair, ALL_POST) if post["item_id"] == made.item_id]
    assert "video_views" not in still
    world.clock.set(datetime(2026, 3, 14, 0, 1, tzinfo=UTC))
    (shown,) = [post for post in hand.posts(pair, ALL_POST) if post["item_id"] == made.item_id]
    midnight = datetime(2026, 3, 13, tzinfo=UTC).timestamp() - NOON.timestamp()
    from greenroom.sandbox import curves

    assert shown["video_views"] == curves.counters(made.curve, midnight).views > 0
    world.clock.set(datetime(2026, 3, 14, 23, 59, tzinfo=UTC))
    (same,) = [post for post in hand.posts(pair, ["item_id", "video_views"]) if post["item_id"] == made.item_id]
    assert same["video_views"] == shown["video_views"], "one snapshot serves the whole day"


def test_without_delays_figures_are_live():
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, delays=False, posts=12))
    pair = hand.connect("ana")
    hand.world.publish("ana", at=NOON - timedelta(minutes=90), views=500_000)
    assert hand.posts(pair, ["item_id", "video_views"])[0]["video_views"] > 0


def test_idle_posts_lose_six_fields_and_keep_the_rest():
    world = World(clock=Clock(NOON, rate=0), throttle=False, posts=200)
    posts = world.truth("dov")["posts"].values()
    counted = [post for post in posts if "video_views" in post and post["media_type"] == "VIDEO"]
    idle = [post for post in counted if "reach" not in post]
    busy = [post for post in counted if "reach" in post]
    assert idle
    assert busy
    for post in idle:
        assert not set(truth.IDLE_FIELDS) & set(post)
        assert {"video_views", "likes", "comments", "shares", "favorites", "new_followers"} <= set(post)
    assert all(set(truth.IDLE_FIELDS) - {"audience_countries"} <= set(post) for post in busy)


def test_figures_freeze_after_a_year(hand):
    world = hand.world
    old = world.posts_of(0)[-1]
    assert NOON.timestamp() - old.created > 367 * 86_400
    now, later = world.truth("ana"), world.truth("ana", NOON + timedelta(days=500))
    assert now["posts"][old.item_id]["video_views"] == later["posts"][old.item_id]["video_views"]


def test_metrics_reach_back_60_days_and_end_two_days_ago(hand):
    pair = hand.connect("brandco")

    def days(**window: str) -> list[str]:
        data = hand.get(
            "business/get/", pair["access_token"], business_id=pair["open_id"], fields=["video_views"], **window
        )["data"]  # fmt: skip
        return [day["date"] for day in data["metrics"]]

    assert days() == [f"2026-03-{day:02}" for day in range(5, 11)]
    assert days(start_date="2026-01-11", end_date="2026-03-12")[0] == "2026-01-11"
    assert len(days(start_date="2026-01-11", end_date="2026-03-12")) == 59
    for window in (
        {"start_date": "2026-01-10"},
        {"start_date": "2026-03-09", "end_date": "2026-03-08"},
        {"end_date": "2026-03-13"},
        {"start_date": "12.03.2026"},
    ):
        base = {"business_id": pair["open_id"], "fields": ["video_views"]}
        assert hand.code("business/get/", pair["access_token"], **base, **window) == 40002


def test_business_fields_are_for_business_accounts_only(hand):
    only = {
        "unique_video_views",
        "daily_new_followers",
        "daily_lost_followers",
        "engaged_audience",
        "audience_activity",
    }
    for handle, business in (("brandco", True), ("ana", False)):
        day = next(iter(hand.world.truth(handle)["metrics"].values()))
        assert (only <= set(day)) is business
        assert not business or len(day["audience_activity"]) == 24
    post = next(one for one in hand.world.truth("ana")["posts"].values() if "video_views" in one)
    assert "profile_views" not in post
    post = next(one for one in hand.world.truth("brandco")["posts"].values() if "video_views" in one)
    assert {"profile_views", "website_clicks", "lead_submissions"} <= set(post)


def test_daily_followers_add_up(hand):
    days = list(hand.world.truth("brandco")["metrics"].values())
    for before, after in pairwise(days):
        change = after["daily_new_followers"] - after["daily_lost_followers"]
        assert after["followers_count"] == before["followers_count"] + change
        assert after["daily_new_followers"] >= 0
        assert after["daily_lost_followers"] >= 0


def test_daily_views_are_the_gain_of_all_posts(hand):
    world, day = hand.world, int(datetime(2026, 3, 8, tzinfo=UTC).timestamp())
    gained = world.totals(0, day + 86_400)[0] - world.totals(0, day)[0]
    assert world.truth("ana")["metrics"]["2026-03-08"]["video_views"] == gained > 0


def test_audience_needs_a_hundred_followers():
    world = World(clock=Clock(NOON, rate=0), accounts=3_000, throttle=False, posts=3)
    small = next(one for index in range(5, 3_000) if (one := world.account_at(index)).followers < 90)
    profile = world.truth(small.handle)["profile"]
    assert profile["followers_count"] < 100
    assert not any(name.startswith("audience_") for name in profile)
    assert {"audience_ages", "audience_genders", "audience_countries", "audience_cities"} <= set(
        world.truth("dov")["profile"]
    )


def test_pictures_are_temporary_and_say_so(hand):
    first = hand.world.truth("ana")["profile"]["profile_image"]
    later = hand.world.truth("ana", NOON + timedelta(hours=2))["profile"]["profile_image"]
    assert "x-expires=" in first
    assert first != later
    picture = hand.http.get("/_sim/media/ana.svg")
    assert picture.headers["content-type"] == "image/svg+xml"


def test_settings_benchmark_and_hashtags_answer(hand):
    pair = hand.connect("ana")
    base = {"business_id": pair["open_id"]}
    settings = hand.data("business/video/settings/", pair["access_token"], **base)
    assert settings["max_video_post_duration_sec"] == 600
    benchmark = hand.data("business/benchmark/", pair["access_token"], **base, business_category="FOOD")
    assert benchmark["business_category"] == "FOOD"
    assert benchmark["average_video_views"] > 0
    assert hand.code("business/benchmark/", pair["access_token"], **base) == 40002
    found = hand.data("business/hashtag/suggestion/", pair["access_token"], **base, keyword="bread")["suggestions"]
    assert found[0]["name"] == "bread"
