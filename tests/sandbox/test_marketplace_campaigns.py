"""Reads of campaigns and orders: in a world that has none yet, and over rows laid into a brand's book."""

import pytest

from greenroom.sandbox import brands, marketplace_campaigns, oauth

LISTS = [
    ("tto/tcm/campaign/", "tto_tcm_account_id", "campaigns", {"campaign_ids": ["77"]}),
    ("tto/tcm/campaign/link/status/", "tto_tcm_account_id", "video_infos", {"handle_names": ["ana"]}),
    ("tto/tcm/brand/profile/get/", "tto_tcm_account_id", "brands", {"brand_profile_ids": ["77"]}),
    ("tto/tcm/anchor/get/", "tto_tcm_account_id", "anchors", {"anchor_ids": ["77"]}),
    ("tcm/order/get/v2/", "tcm_account_id", "orders", {"query_type": "ORDER_ID", "order_ids": ["77"]}),
    ("tcm/report/get/v2/", "tcm_account_id", "insights", {"order_ids": ["77"]}),
]
REVIEWS = ("tcm/video/audit_status/get/", "tcm_account_id", "audit_status_list", {"v2_order_id": "77"})
each_list = pytest.mark.parametrize(("path", "key", "name", "asked"), LISTS)
each_read = pytest.mark.parametrize(("path", "key", "name", "asked"), [*LISTS, REVIEWS])


@pytest.fixture
def brand(hand):
    """(hand, long-lived token, marketplace account id)."""
    return (hand, *hand.brand_account())


@pytest.fixture
def book(world):
    """BRANDCO's book."""
    return marketplace_campaigns.book(world, brands.at(world.seed, 0))


def campaign(number: int, **more):
    return {
        "campaign_id": str(number), "campaign_type": "CAMPAIGN", "invite_link": f"https://tt.example/{number}",
        "spark_ads_requested_authorization_days": 30,
    } | more  # fmt: skip


def link(number: int, **more):
    return {
        "video_id": f"v{number}", "campaign_id": "1", "campaign_type": "CAMPAIGN", "status": "IN_REVIEW",
        "link_request_id": f"r{number}", "handle_name": "ana",
    } | more  # fmt: skip


def order(number: int, **more):
    return {
        "order_id": str(number), "handle_name": "ana", "campaign_code": "CODE", "invite_link": "https://tt.example/1",
        "video_ids": [], "quota": {"current_video_count": 0, "per_creator_video_limit": 10, "total_video_limit": 2000},
    } | more  # fmt: skip


@each_list
def test_a_brand_without_campaigns_gets_an_empty_list(brand, path, key, name, asked):
    hand, token, account = brand
    empty = {name: [], "page_info": {"page": 1, "page_size": 10, "total_number": 0, "total_page": 0}}
    assert hand.data(path, token, **{key: account}, **asked) == empty
    third = hand.data(path, token, **{key: account}, **asked, page="3", page_size="20")
    assert third["page_info"] == {"page": 3, "page_size": 20, "total_number": 0, "total_page": 0}


@each_list
def test_page_sizes_have_bounds(brand, path, key, name, asked):
    hand, token, account = brand
    most = 20 if name == "orders" else 100
    assert hand.code(path, token, **{key: account}, **asked, page_size=str(most)) == 0
    for wrong in ({"page_size": str(most + 1)}, {"page_size": "0"}, {"page_size": "ten"}, {"page": "0"}):
        assert hand.code(path, token, **{key: account}, **asked, **wrong) == 40002


@each_read
def test_token_scope_and_account_are_asked_before_parameters(brand, path, key, name, asked):
    hand, token, account = brand
    assert hand.code(path) == 40104
    assert hand.code(path, "wrong", **{key: account}) == 40105
    assert hand.code(path, hand.connect("ana")["access_token"], **{key: account}, **asked) == 40001
    assert hand.code(path, token) == 40002
    assert hand.code(path, token, **{key: "123"}, **asked) == 40001
    foreign = hand.brand_account(1)[1]
    assert hand.code(path, token, **{key: foreign}, **asked) == 40001
    assert hand.post(path, {key: account}, token)["code"] == 40117


def test_each_read_needs_the_documented_permission(world, brand):
    hand, token, account = brand
    grant = world.grants.find(token)
    for path, key, _, asked in [*LISTS, REVIEWS]:
        needed = 13010000 if path == "tto/tcm/brand/profile/get/" else 13020000
        grant.scopes = tuple(str(one) for one in oauth.BRAND_SCOPES if one != needed)
        assert hand.code(path, token, **{key: account}, **asked) == 40001
        grant.scopes = (str(needed),)
        assert hand.code(path, token, **{key: account}, **asked) in (0, 40007)


def test_campaigns_are_narrowed_by_id_and_type_and_are_the_brands_own(brand, book):
    hand, token, account = brand
    book.campaigns += [campaign(1), campaign(2, campaign_type="BRAND_LINK"), campaign(3)]
    ask = {"tto_tcm_account_id": account}

    def ids(**narrowed):
        return [one["campaign_id"] for one in hand.data("tto/tcm/campaign/", token, **ask, **narrowed)["campaigns"]]

    assert ids() == ["1", "2", "3"]
    assert ids(campaign_ids=["3", "99"]) == ["3"]
    assert ids(campaign_type="BRAND_LINK") == ["2"]
    assert ids(page="2", page_size="2") == ["3"]
    assert hand.code("tto/tcm/campaign/", token, **ask, campaign_type="ORDER") == 40002
    other, elsewhere = hand.brand_account(1)
    assert hand.data("tto/tcm/campaign/", other, tto_tcm_account_id=elsewhere)["campaigns"] == []


def test_link_states_are_narrowed_and_show_no_handle(brand, book):
    hand, token, account = brand
    book.links += [link(1), link(2, handle_name="cyd", status="APPROVE"), link(3, campaign_id="2")]

    def found(**narrowed):
        path = "tto/tcm/campaign/link/status/"
        return hand.data(path, token, tto_tcm_account_id=account, **narrowed)["video_infos"]

    assert [one["video_id"] for one in found()] == ["v1", "v2", "v3"]
    assert [one["video_id"] for one in found(handle_names=["ana"], campaign_ids=["1"])] == ["v1"]
    assert [one["status"] for one in found(handle_names=["cyd"])] == ["APPROVE"]
    assert found(campaign_type="BRAND_LINK") == []
    assert "handle_name" not in found()[0]


def test_brand_profiles_and_anchors_by_id(brand, book):
    hand, token, account = brand
    ask = {"tto_tcm_account_id": account}
    book.profiles += [{"brand_profile_id": "1", "brand_name": "One"}, {"brand_profile_id": "2", "brand_name": "Two"}]
    book.anchors += [{"anchor_id": "5", "status": "DRAFT"}, {"anchor_id": "6", "status": "APPROVED"}]
    two = hand.data("tto/tcm/brand/profile/get/", token, **ask, brand_profile_ids=["2", "9"])["brands"]
    assert two == [{"brand_profile_id": "2", "brand_name": "Two"}]
    too_many = [str(n) for n in range(21)]
    assert hand.code("tto/tcm/brand/profile/get/", token, **ask, brand_profile_ids=too_many) == 40002
    assert hand.data("tto/tcm/anchor/get/", token, **ask, anchor_ids=["6"])["anchors"] == [
        {"anchor_id": "6", "status": "APPROVED"}
    ]


def test_a_creator_reads_what_is_behind_an_invite_link(hand, book):
    pair = hand.connect("ana")
    path, ask = "tto/creator/link/request/get/", {"creator_id": pair["open_id"]}
    the_link = "https://tt.example/1"
    assert hand.code(path, pair["access_token"], **ask, tto_invite_link=the_link) == 40007
    assert hand.code(path, pair["access_token"], **ask) == 40002
    assert hand.code(path, pair["access_token"], creator_id="x", tto_invite_link=the_link) == 40001
    book.campaigns.append(campaign(1))
    book.links += [link(1), link(2, handle_name="cyd"), link(3, status="REJECTED"), link(4, campaign_id="2")]
    assert hand.data(path, pair["access_token"], **ask, tto_invite_link=the_link) == {
        "campaign_id": "1",
        "spark_authorization_days": 30,
        "link_requests": [{"video_id": "v1", "link_request_id": "r1"}],
    }


def test_an_invite_link_is_read_by_members_who_granted_it(hand, book):
    book.campaigns.append(campaign(1))
    path, the_link = "tto/creator/link/request/get/", "https://tt.example/1"
    ben = hand.connect("ben")
    assert hand.code(path, ben["access_token"], creator_id=ben["open_id"], tto_invite_link=the_link) == 40121
    assert hand.code(path, ben["access_token"], creator_id=ben["open_id"], tto_invite_link="other") == 40007
    few = hand.connect("ana", scopes=["user.info.basic"])
    assert hand.code(path, few["access_token"], creator_id=few["open_id"], tto_invite_link=the_link) == 40001
    assert hand.code(path, hand.brand()["access_token"], creator_id="x", tto_invite_link=the_link) == 40001


def test_orders_are_asked_for_with_the_parameter_of_the_query_type(brand, book):
    hand, token, account = brand
    path, ask = "tcm/order/get/v2/", {"tcm_account_id": account}
    for wrong in (
        {}, {"query_type": "HANDLE"}, {"query_type": "ORDER_ID", "campaign_code": "CODE"},
        {"query_type": "CAMPAIGN_CODE", "order_ids": ["1"]}, {"query_type": "INVITE_LINK", "campaign_code": "CODE"},
        {"query_type": "ORDER_ID", "order_ids": []}, {"query_type": "ORDER_ID", "order_ids": ["1"] * 201},
        {"query_type": "ORDER_ID", "order_ids": ["1"], "fields": ["price"]},
    ):  # fmt: skip
        assert hand.code(path, token, **ask, **wrong) == 40002, wrong
    book.orders += [order(1), order(2, campaign_code="OTHER", invite_link="https://tt.example/2")]

    def ids(**asked):
        return [one["order_id"] for one in hand.data(path, token, **ask, **asked)["orders"]]

    assert ids(query_type="ORDER_ID", order_ids=["2", "99"]) == ["2"]
    assert ids(query_type="CAMPAIGN_CODE", campaign_code="CODE") == ["1"]
    assert ids(query_type="INVITE_LINK", invite_link="https://tt.example/2") == ["2"]
    assert ids(query_type="CAMPAIGN_CODE", campaign_code="NONE") == []


def test_an_order_shows_all_fields_or_those_asked_for(brand, book):
    hand, token, account = brand
    book.orders.append(order(1))
    ask = {"tcm_account_id": account, "query_type": "ORDER_ID", "order_ids": ["1"]}
    assert hand.data("tcm/order/get/v2/", token, **ask)["orders"] == [order(1)]
    few = hand.data("tcm/order/get/v2/", token, **ask, fields=["order_id", "total_video_limit"])["orders"]
    assert few == [{"order_id": "1", "quota": {"total_video_limit": 2000}}]


def test_reviews_belong_to_one_order_that_must_exist(brand, book):
    hand, token, account = brand
    path, ask = "tcm/video/audit_status/get/", {"tcm_account_id": account}
    assert hand.code(path, token, **ask) == 40002
    assert hand.code(path, token, **ask, v2_order_id="1") == 40007
    book.orders.append(order(1))
    assert hand.data(path, token, **ask, v2_order_id="1") == {"audit_status_list": []}
    book.reviews += [
        {"order_id": "1", "video_id": "v1", "review_status": "SUCCEED"},
        {"order_id": "2", "video_id": "v2", "review_status": "ALL_FAIL"},
    ]
    told = hand.data(path, token, **ask, v2_order_id="1", lang="de")["audit_status_list"]
    assert told == [{"video_id": "v1", "review_status": "SUCCEED"}]


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
)  # fmt: skip
def test_the_report_takes_two_ends_at_most_sixty_days_apart(brand, asked, code):
    hand, token, account = brand
    assert hand.code("tcm/report/get/v2/", token, tcm_account_id=account, order_ids=["1"], **asked) == code


def test_the_report_ignores_foreign_orders_and_shows_the_metrics_asked_for(brand, book):
    hand, token, account = brand
    path, ask = "tcm/report/get/v2/", {"tcm_account_id": account}
    assert hand.code(path, token, **ask) == 40002
    figures = {"likes": 5, "video_views": 90, "ad_clicks": 2, "daily_stats": [{"date": "2026-01-01", "likes": 5}]}
    book.insights += [{"dimensions": {"order_id": one, "video_id": f"v{one}"}, "metrics": figures} for one in "12"]
    usual = hand.data(path, token, **ask, order_ids=["1", "99"])["insights"]
    assert usual == [{"dimensions": {"order_id": "1", "video_id": "v1"}, "metrics": {"video_views": 90, "likes": 5}}]
    (chosen,) = hand.data(path, token, **ask, order_ids=["2"], metrics=["ad_clicks"])["insights"]
    assert chosen["metrics"] == {"ad_clicks": 2}
    (daily,) = hand.data(
        path, token, **ask, order_ids=["2"], need_daily_stats="true", start_date="2026-01-01", end_date="2026-01-02"
    )["insights"]
    assert daily["metrics"]["daily_stats"] == figures["daily_stats"]
