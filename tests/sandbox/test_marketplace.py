"""Both generations of the marketplace answer over the same creators."""

import json

import pytest

from greenroom.sandbox import Clock, World, audience, eligibility, marketplace_tcm, marketplace_tto

from .conftest import NOON, hold


@pytest.fixture
def brand(hand):
    """(hand, long-lived token, marketplace account id)."""
    return (hand, *hand.brand_account())


GENERATIONS = [("tto/tcm/creator/", "tto_tcm_account_id"), ("tcm/creator/", "tcm_account_id")]


@pytest.mark.parametrize(("path", "key"), GENERATIONS)
def test_membership_of_up_to_twenty_handles(brand, path, key):
    hand, token, account = brand
    asked = ["ana", "ben", "cyd", "dov", "brandco", "nobody.at.all"]
    found = hand.data(f"{path}status/get/", token, **{key: account}, handle_names=asked)["onboarding_status"]
    assert [(one["handle_name"], one["status"]) for one in found] == [
        ("ana", "IN"), ("ben", "NOT_IN"), ("cyd", "IN"), ("dov", "NOT_IN"), ("brandco", "NOT_IN"),
        ("nobody.at.all", "INVALID"),
    ]  # fmt: skip
    assert hand.code(f"{path}status/get/", token, **{key: account}, handle_names=["ana"] * 21) == 40002
    assert hand.code(f"{path}status/get/", token, **{key: "123"}, handle_names=["ana"]) == 40001
    assert hand.code(f"{path}status/get/", token, **{key: account}) == 40002


@pytest.mark.parametrize(("path", "key"), GENERATIONS)
def test_public_profile_equals_the_truth_and_is_for_members_only(brand, path, key):
    hand, token, account = brand
    data = hand.data(f"{path}public/", token, **{key: account}, handle_name="cyd")
    assert data == hand.world.truth("cyd")["marketplace"]["profile"]
    assert 0 < data["engagement_rate"] < 0.3
    assert len(data["creator_id"]) == 19
    assert hand.code(f"{path}public/", token, **{key: account}, handle_name="dov") == 40121
    assert hand.code(f"{path}public/", token, **{key: account}, handle_name="nobody") == 40007
    hand.world.join_marketplace("dov")
    assert hand.code(f"{path}public/", token, **{key: account}, handle_name="dov") == 0


@pytest.mark.parametrize(("path", "key"), GENERATIONS)
def test_public_posts_come_ten_at_a_time_and_equal_the_truth(brand, path, key):
    hand, token, account = brand
    found, cursor = [], "0"
    for _ in range(10):
        data = hand.data(f"{path}public/video/list/", token, **{key: account}, handle_name="cyd", cursor=cursor)
        found += data["posts"]
        cursor = str(data["page_info"]["cursor"])
        if not data["page_info"]["has_more"]:
            break
    assert {post["video_id"]: post for post in found} == hand.world.truth("cyd")["marketplace"]["posts"]
    assert len(found) == 30
    too_many = {key: account, "handle_name": "cyd", "limit": "11"}
    assert hand.code(f"{path}public/video/list/", token, **too_many) == 40002


def test_authorized_profile_of_today_has_rate_and_audience(hand):
    pair = hand.connect("ana")
    data = hand.data("tto/creator/authorized/", pair["access_token"], creator_id=pair["open_id"])
    assert set(data) == set(marketplace_tto.AUTHORIZED_FIELDS)
    assert data["creator_rate"] == {"rate": 620, "currency": "USD"}
    for name in ("countries", "genders", "ages", "devices", "usages"):
        assert abs(sum(one["percentage"] for one in data[f"audience_{name}"]) - 1) < 1e-9
    few = hand.data("tto/creator/authorized/", pair["access_token"], creator_id=pair["open_id"], fields=["bio"])
    assert set(few) == {"bio"}


def test_ana_has_every_figure_an_authenticated_member_can_have(hand):
    pair = hand.connect("ana")
    ask = {"creator_id": pair["open_id"]}
    today = hand.data("tto/creator/authorized/", pair["access_token"], **ask)
    older = hand.data(
        "tcm/creator/authorized/", pair["access_token"], **ask, fields=list(marketplace_tcm.AUTHORIZED_FIELDS)
    )
    token, account = hand.brand_account()
    public = hand.data("tto/tcm/creator/public/", token, tto_tcm_account_id=account, handle_name="ana")
    names = (
        "profile_image", "handle_name", "display_name", "followers_count", "likes_count", "videos_count",
        "audience_countries", "audience_genders", "audience_ages", "creator_rate",
    )  # fmt: skip
    assert [name for name in names if not today.get(name)] == []
    names = ("audience_locales", "average_views", "engagement_rate", "completion_rate")
    assert [name for name in names if not older.get(name)] == []
    assert len(public["creator_id"]) == 19
    assert (today["country_code"], older["location"]) == ("US", "US")
    for told in (today, older):
        shares = {one["country"]: one["percentage"] for one in told["audience_countries"]}
        assert max(shares, key=shares.__getitem__) == "US"
    states = sorted(audience.states(hand.world.seed, 0), key=lambda one: -one[1])
    assert [(one["locale"], one["percentage"]) for one in older["audience_locales"]] == states[:3]
    assert today["followers_count"] > eligibility.MINIMUM_FOLLOWERS["US"]


@pytest.mark.parametrize(("path", "key"), GENERATIONS)
def test_an_account_limited_to_a_region_reads_no_creator_outside_it(hand, path, key):
    token, account = hand.brand_account(2)
    hand.world.join_marketplace("dov")
    for endpoint in ("public/", "public/video/list/"):
        asked = {key: account}
        assert hand.code(path + endpoint, token, **asked, handle_name="ana") == 40122
        assert hand.code(path + endpoint, token, **asked, handle_name="dov") == 0
        assert hand.code(path + endpoint, token, **asked, handle_name="ben") == 40121, "membership is asked first"
    told = hand.data(f"{path}status/get/", token, **{key: account}, handle_names=["ana"])
    assert told["onboarding_status"] == [{"handle_name": "ana", "status": "IN"}]


def test_authorized_profile_of_old_has_averages_and_benchmarks(hand):
    pair = hand.connect("cyd")
    ask = {"creator_id": pair["open_id"], "fields": list(marketplace_tcm.AUTHORIZED_FIELDS)}
    data = hand.data("tcm/creator/authorized/", pair["access_token"], **ask)
    assert 0 < data["completion_rate"] < 1
    assert data["average_views"] > data["average_likes"] > data["average_comments"]
    assert 1 <= data["average_views_benchmark"] <= 100
    assert len(data["audience_locales"]) == 3
    assert [one["age"] for one in data["audience_ages"]] == ["18-24", "25-34", "35+"]
    assert data["creator_rate"]["is_negotiable_type"] is True
    plain = hand.data("tcm/creator/authorized/", pair["access_token"], creator_id=pair["open_id"])
    assert set(plain) == {"profile_image", "display_name"}


def test_creator_side_calls_need_a_member_and_their_own_id(hand):
    pair = hand.connect("ben")
    assert hand.code("tto/creator/authorized/", pair["access_token"], creator_id=pair["open_id"]) == 40121
    assert hand.code("tcm/creator/authorized/", pair["access_token"], creator_id="x") == 40001
    hand.world.join_marketplace("ben")
    assert hand.code("tto/creator/authorized/", pair["access_token"], creator_id=pair["open_id"]) == 0


def test_authorized_posts_keep_the_two_shapes_of_the_two_generations(hand):
    pair = hand.connect("ana")
    ask = {"creator_id": pair["open_id"]}
    new = hand.data("tto/creator/authorized/video/list/", pair["access_token"], **ask)
    old = hand.data("tcm/creator/authorized/video/list/", pair["access_token"], **ask)
    assert set(new) == {"posts", "has_more", "cursor"}
    assert set(old) == {"posts", "page_info"}
    assert [post["video_id"] for post in new["posts"]] == [post["video_id"] for post in old["posts"]]
    post = old["posts"][3]
    assert post["engagement_count"] == post["likes"] + post["comments"] + post["shares"]
    assert abs(post["engagement_rate"] - post["engagement_count"] / post["video_views"]) < 1e-4
    hand.world.faults.set(uneven_shapes=1)
    assert "page_info" in hand.data("tto/creator/authorized/video/list/", pair["access_token"], **ask)


def test_invitations_are_given_or_refused_with_a_reason(brand):
    hand, token, account = brand
    body = {"tcm_account_id": account, "handle_names": ["ana", "ben", "brandco", "nobody"]}
    data = hand.post("tcm/creator/invite/", body, token)["data"]
    assert data["in_tcm"] == ["ana"]
    assert data["invited"] == ["ben"]
    assert data["rejected"] == ["brandco", "nobody"]
    assert data["reject_reasons"]["brandco"] == "The account is a business account."
    (status,) = hand.data("tcm/creator/status/get/", token, tcm_account_id=account, handle_names=["ben"])[
        "onboarding_status"
    ]
    assert status["status"] == "INVITED"
    (today,) = hand.data("tto/tcm/creator/status/get/", token, tto_tcm_account_id=account, handle_names=["ben"])[
        "onboarding_status"
    ]
    assert today["status"] == "NOT_IN", "the newer generation has no such word"


def test_short_pages_lose_nothing():
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, posts=40))
    token, account = hand.brand_account()
    hand.world.faults.set(short_pages=0.7)
    found, cursor, pages = [], "0", 0
    while True:
        ask = {"tto_tcm_account_id": account, "handle_name": "ana", "cursor": cursor}
        data = hand.data("tto/tcm/creator/public/video/list/", token, **ask)
        found += [post["video_id"] for post in data["posts"]]
        pages += 1
        if not data["page_info"]["has_more"]:
            break
        cursor = json.dumps(data["page_info"]["cursor"])
    assert found == [post.item_id for post in hand.world.posts_of(0)]
    assert pages > 4
