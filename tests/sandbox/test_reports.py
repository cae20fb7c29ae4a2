"""The reports of both generations: whose posts they have, from when, and that their figures are the post's own."""

import pytest

from greenroom.sandbox import marketplace_reports, orders, uploads

from .market_hand import BrandHand

DAYS = {"start_date": "2026-03-10", "end_date": "2026-03-20"}


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


@pytest.fixture
def campaign(brand, world):
    """A campaign of ANA and DOV with a post of each, published; two days later."""
    made = brand.campaign("ana", "dov", default_spark_ads_requested_authorization_days=30)
    for handle in ("ana", "dov"):
        orders.join(world, handle=handle, link=made["invite_link"])
        video = uploads.upload(world, handle=handle, link=made["invite_link"], caption=f"By {handle}", views=50_000)
        uploads.post(world, video_id=video.video_id)
        uploads.approve(world, video_id=video.video_id)
    world.clock.advance(days=3)
    return made


def report(brand, campaign, country="US", **asked):
    key = {"tto_tcm_account_id": brand.account, "campaign_id": campaign["campaign_id"]}
    answer = brand.hand.http.get(
        "/open_api/v1.3/tto/tcm/report/",
        params={**key, **asked},
        headers={"Access-Token": brand.token} | ({"Country-Code": country} if country else {}),
    ).json()
    return answer["data"] if answer["code"] == 0 else answer["code"]


def ids_of(brand, campaign):
    (orders_of,) = [brand.orders_behind(campaign["invite_link"])]
    return {one["handle_name"]: one["order_id"] for one in orders_of}


def test_a_campaign_is_reported_country_by_country(brand, campaign, world):
    data = report(brand, campaign)
    assert {name: data[name] for name in data if name != "videos"} == {
        "tto_tcm_account_id": brand.account, "campaign_id": campaign["campaign_id"], "country_code": "US",
        "campaign_type": "CAMPAIGN", "campaign_channel_type": "API_LITE_CAMPAIGN",
        "page_info": {"page": 1, "page_size": 10, "total_number": 1, "total_page": 1},
    }  # fmt: skip
    assert [one["creator_info"]["handle_name"] for one in data["videos"]] == ["ana"]
    assert [one["creator_info"]["handle_name"] for one in report(brand, campaign, "DE")["videos"]] == ["dov"]
    assert report(brand, campaign, "FR")["videos"] == report(brand, campaign, "??")["videos"] == []
    assert report(brand, campaign, "") == 40002
    assert report(brand, {"campaign_id": "1"}) == 40007


def test_figures_are_those_of_the_post(brand, campaign, world):
    (video,) = report(brand, campaign)["videos"]
    video_id = video["video_info"]["video_id"]
    truth = world.truth("ana")["posts"][video_id]
    assert video["video_views"] == truth["video_views"] > 0
    for name in ("likes", "comments", "shares", "favorites", "reach"):
        assert (video[name], video[f"{name}_organic"], video[f"{name}_paid"]) == (truth[name], truth[name], 0)
    assert video["engagement_count"] == video["likes"] + video["comments"] + video["shares"]
    assert video["engagement_rate"] == round(video["engagement_count"] / video["video_views"], 4)
    assert (video["total_play_time"], video["average_view_time"]) == (
        truth["total_time_watched"], truth["average_time_watched"],
    )  # fmt: skip
    assert 0 < video["six_seconds_views"] < video["two_seconds_views"] < 1, "rates, despite the name"
    assert sum(video["video_views_by_source"].values()) == video["video_views"]
    assert "engagement_rate_paid" not in video
    assert [name for name in video if name.startswith("ad_")] == []
    assert video["video_info"]["authorization_code"].startswith("#")
    for name in ("countries", "age", "device", "language", "interest", "locale"):
        shares = [one["percentage"] for one in video[f"audience_{name}_distribution"]]
        assert abs(sum(shares) - 1) < 1e-9, name


def test_nothing_is_reported_before_the_delay_is_over(brand, world):
    made = brand.campaign("ana")
    orders.join(world, handle="ana", link=made["invite_link"])
    video = uploads.upload(world, handle="ana", link=made["invite_link"], late_hours=40)
    world.clock.advance(days=3)
    assert report(brand, made)["videos"] == [], "uploaded but not posted"
    uploads.post(world, video_id=video.video_id)
    seen = []
    for _ in range(3):
        seen.append(len(report(brand, made)["videos"]))
        world.clock.advance(days=1)
    assert seen == [0, 0, 1]


def test_a_post_is_reported_while_it_waits_for_review(brand, world, monkeypatch):
    monkeypatch.setattr(uploads, "AD_REVIEW", uploads.AD_REVIEW * 2_000)
    made = brand.campaign("ana")
    orders.join(world, handle="ana", link=made["invite_link"])
    video = uploads.upload(world, handle="ana", link=made["invite_link"])
    uploads.post(world, video_id=video.video_id)
    world.clock.advance(days=3)
    assert len(report(brand, made)["videos"]) == 1
    assert brand.data("tto/tcm/campaign/")["campaigns"][0]["video_ids"] == []


def test_days_are_gains_and_what_a_day_did_not_bring_is_not_there(brand, campaign, world):
    assert "daily_stats" not in report(brand, campaign)["videos"][0]
    (video,) = report(brand, campaign, **DAYS)["videos"]
    days = video["daily_stats"]
    assert [one["date"] for one in days] == ["2026-03-12", "2026-03-13"]
    for name, lifetime in (("views", "video_views"), ("likes", "likes"), ("favorites", "favorites")):
        assert sum(one[name] for one in days) == video[lifetime]
    world.clock.advance(days=420)
    window = {"start_date": "2027-04-01", "end_date": "2027-04-03"}
    (frozen,) = report(brand, campaign, **window)["videos"]
    assert frozen["daily_stats"] == [{"date": f"2027-04-0{n}"} for n in (1, 2, 3)]
    for wrong in ({"start_date": "2026-03-10"}, {"start_date": "2026-03-10", "end_date": "2026-05-10"}):
        assert report(brand, campaign, **wrong) == 40002


def test_both_shapes_of_sources_and_retention(brand, campaign, world):
    (usual,) = report(brand, campaign)["videos"]
    world.faults.set(uneven_shapes=1)
    (other,) = report(brand, campaign)["videos"]
    assert isinstance(usual["video_view_retention"], list)
    assert isinstance(other["video_view_retention"], str)
    assert {one["source"]: one["video_views"] for one in other["video_views_by_source"]} == usual[
        "video_views_by_source"
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, 0),
        ({"start_date": "2026-01-01", "end_date": "2026-03-02"}, 0),
        ({"start_date": "2026-01-01", "end_date": "2026-03-03"}, 40002),
        ({"start_date": "2026-01-02", "end_date": "2026-01-01"}, 40002),
        ({"start_date": "2026-01-01"}, 40002),
        ({"start_date": "1 January", "end_date": "2026-01-02"}, 40002),
        ({"need_daily_stats": "true"}, 40002),
        ({"need_daily_stats": "true", "start_date": "2026-01-01", "end_date": "2026-01-01"}, 0),
        ({"need_daily_stats": "perhaps"}, 40002),
        ({"metrics": ["likes", "ad_cost"]}, 0),
        ({"metrics": ["love"]}, 40002),
    ],
)
def test_the_older_report_takes_two_ends_at_most_sixty_days_apart(brand, asked, code):
    assert brand.get("tcm/report/get/v2/", order_ids=["1"], **asked)["code"] == code


def test_the_older_report_ignores_foreign_orders_and_shows_the_metrics_asked_for(brand, campaign, hand):
    path, ids = "tcm/report/get/v2/", ids_of(brand, campaign)
    assert brand.get(path)["code"] == 40002
    (row,) = brand.data(path, order_ids=[ids["ana"], "99"])["insights"]
    (newer,) = report(brand, campaign)["videos"]
    assert row["dimensions"] == {
        "tcm_account_id": brand.account, "order_id": ids["ana"], "order_type": "API_ORDER_V2",
        "video_id": newer["video_info"]["video_id"], "handle_name": "ana",
        "video_first_release_time": newer["video_info"]["create_time"],
    }  # fmt: skip
    assert set(row["metrics"]) == set(marketplace_reports.METRICS)
    assert all(row["metrics"][name] == newer[name] for name in marketplace_reports.METRICS)
    assert BrandHand(hand, 1).data(path, order_ids=list(ids.values()))["insights"] == []
    wanted = [*marketplace_reports.MORE_METRICS]
    (more,) = brand.data(path, order_ids=[ids["ana"]], metrics=wanted)["insights"]
    assert set(wanted) - set(more["metrics"]) == {name for name in wanted if name.startswith("ad_")}
    assert more["metrics"]["video_boosted_date"] == "1970-01-01"
    assert [one["age"] for one in more["metrics"]["lifetime_top_age_distribution"]] == ["18-24", "25-34", "35+"]
    (daily,) = brand.data(path, order_ids=[ids["ana"]], need_daily_stats="true", **DAYS)["insights"]
    assert sum(one["likes"] for one in daily["metrics"]["daily_stats"]) == newer["likes"]
    page = brand.data(path, order_ids=list(ids.values()), page_size="1", page="2")
    assert (page["page_info"]["total_page"], page["insights"][0]["dimensions"]["handle_name"]) == (2, "dov")


def test_removed_and_rejected_posts_leave_the_report(brand, campaign, world):
    (ana,), (dov,) = report(brand, campaign)["videos"], report(brand, campaign, "DE")["videos"]
    world.remove(ana["video_info"]["video_id"])
    uploads.reject(world, video_id=dov["video_info"]["video_id"], reason="", by="advertiser")
    assert report(brand, campaign)["videos"] == report(brand, campaign, "DE")["videos"] == []
