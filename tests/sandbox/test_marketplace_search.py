"""Finding creators in the marketplace."""

import pytest

from greenroom.sandbox import Clock, World, people

from .conftest import NOON, hold


@pytest.fixture(scope="module")
def brand():
    """(hand, long-lived token, marketplace account id) over a crowd of 400."""
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, accounts=400, posts=8))
    return (hand, *hand.brand_account())


def everyone(brand, **filters):
    """All hits of a search, page by page."""
    hand, token, account = brand
    found, page = [], 1
    while True:
        ask = {"tto_tcm_account_id": account, "country_codes": ["US"], "page": str(page), "page_size": "20", **filters}
        data = hand.data("tto/tcm/creator/discover/", token, **ask)
        found += data["creators"]
        if page >= data["page_info"]["total_page"]:
            assert data["page_info"]["total_number"] == len(found)
            return found
        page += 1


def test_search_finds_every_member_of_one_region_and_nobody_else(brand):
    world = brand[0].world
    accounts = [world.account_at(index) for index in range(400)]
    expected = {one.handle for one in accounts if one.country == "US" and world.membership(one) == "IN"}
    found = everyone(brand)
    assert {one["handle_name"] for one in found} == expected
    assert len(found) == len(expected) > 30
    hand, token, account = brand
    two = {"tto_tcm_account_id": account, "country_codes": ["US", "GB"]}
    assert hand.code("tto/tcm/creator/discover/", token, **two) == 40002


def test_search_filters_and_sorts(brand):
    big = everyone(brand, min_followers="20000", sort_field="FOLLOWERS")
    assert [one["followers_count"] for one in big] == sorted((one["followers_count"] for one in big), reverse=True)
    assert 0 < len(big) < len(everyone(brand))
    world = brand[0].world
    busy = everyone(brand, min_engagement_rate="0.08")
    assert busy
    for one in busy:
        assert world.truth(one["handle_name"])["marketplace"]["profile"]["engagement_rate"] >= 0.08
    label = people.LABELS[2][0]
    labelled = everyone(brand, content_label_ids=[label])
    assert {world.account(one["handle_name"]).label for one in labelled} == {2}
    assert all("runs" in one["handle_name"] for one in everyone(brand, keyword_search="runs"))


def test_the_older_search_posts_and_bands(brand):
    hand, token, account = brand
    body = {"tcm_account_id": account, "country_code": "US", "page_size": 200, "engagement_rate": "5-10"}
    found = hand.post("tcm/creator/discover/", body, token)["data"]["creators"]
    assert found
    for one in found:
        rate = hand.world.truth(one["handle_name"])["marketplace"]["profile"]["engagement_rate"]
        assert 0.05 <= rate <= 0.10
    equal = {"tcm_account_id": account, "min_followers": 500, "max_followers": 500}
    assert hand.post("tcm/creator/discover/", equal, token)["data"]["creators"] == []


def test_similar_creators_share_label_and_country(brand):
    hand, token, account = brand
    found = hand.data("tcm/similar/creator/", token, tcm_account_id=account, handle_name="cyd")["creators"]
    cyd = hand.world.account("cyd")
    alike = [hand.world.account(one["handle_name"]) for one in found]
    assert alike
    assert {(one.label, one.country) for one in alike} == {(cyd.label, cyd.country)}
    assert "cyd" not in {one.handle for one in alike}


def test_ranking_and_labels(brand):
    hand, token, account = brand
    key = {"tto_tcm_account_id": account}
    labels = hand.data("tto/tcm/category/label/", token, **key, label_type="RANKING")["content_labels"]
    assert len(labels) == len(people.LABELS)
    ask = {
        **key, "ranking_type": "ORGANIC_CONTENT", "time_period": "WEEK", "time_period_lookback": "ONE",
        "label_id": labels[1]["label_id"], "country_code": "US",
    }  # fmt: skip
    ranked = hand.data("tto/tcm/rank/", token, **ask)
    sizes = [one["number_of_followers"] for one in ranked["creators"]]
    assert sizes == sorted(sizes, reverse=True)
    assert "cyd" in {one["handle"] for one in ranked["creators"]}
    assert hand.code("tto/tcm/rank/", token, **key) == 40002
