"""TikTok One's campaigns, link requests, profiles and anchors; and what every call of a brand is asked first."""

from urllib.parse import parse_qs, urlsplit

import pytest

from greenroom.sandbox import brands, business, oauth, orders

from .market_hand import BrandHand, control, path_of

LISTS = [
    ("tto/tcm/campaign/", "campaigns", {"campaign_ids": ["77"]}),
    ("tto/tcm/campaign/link/status/", "video_infos", {"handle_names": ["ana"]}),
    ("tto/tcm/brand/profile/get/", "brands", {"brand_profile_ids": ["77"]}),
    ("tto/tcm/anchor/get/", "anchors", {"anchor_ids": ["77"]}),
    ("tcm/order/get/v2/", "orders", {"query_type": "ORDER_ID", "order_ids": ["77"]}),
    ("tcm/report/get/v2/", "insights", {"order_ids": ["77"]}),
]
READS = [path for path, _, _ in LISTS] + ["tcm/video/audit_status/get/", "tto/tcm/report/", "tcm/tt_video/status/"]
WRITES = [
    "tto/tcm/campaign/create/", "tto/tcm/campaign/update/", "tto/tcm/campaign/link/", "tto/tcm/brand/profile/create/",
    "tto/tcm/anchor/create/", "tto/tcm/anchor/delete/", "tcm/order/create/v2/", "tcm/video/audit_status/update/",
    "tcm/tt_video/apply/", "tcm/creator/invite/",
]  # fmt: skip
each_list = pytest.mark.parametrize(("path", "name", "asked"), LISTS)


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


@each_list
def test_a_brand_without_campaigns_gets_an_empty_list(brand, path, name, asked):
    empty = {name: [], "page_info": {"page": 1, "page_size": 10, "total_number": 0, "total_page": 0}}
    assert brand.data(path, **asked) == empty
    third = brand.data(path, **asked, page="3", page_size="20")
    assert third["page_info"] == {"page": 3, "page_size": 20, "total_number": 0, "total_page": 0}


@each_list
def test_page_sizes_have_bounds(brand, path, name, asked):
    most = 20 if name == "orders" else 100
    assert brand.get(path, **asked, page_size=str(most))["code"] == 0
    for wrong in ({"page_size": str(most + 1)}, {"page_size": "0"}, {"page_size": "ten"}, {"page": "0"}):
        assert brand.get(path, **asked, **wrong)["code"] == 40002


@pytest.mark.parametrize("path", READS + WRITES)
def test_token_scope_and_account_are_asked_before_parameters(brand, hand, path):
    (key,) = brand.key(path)
    ana, foreign = hand.connect("ana")["access_token"], BrandHand(hand, 1).account

    def code(token, **asked):
        return hand.code(path, token, **asked) if path in READS else hand.post(path, asked, token)["code"]

    assert code("") == 40104
    assert code("wrong") == 40105
    assert code(ana, **{key: brand.account}) == 40001
    assert code(brand.token) == 40002
    assert code(brand.token, **{key: foreign}) == 40001
    other = hand.post(path, {}, brand.token) if path in READS else hand.get(path, brand.token)
    assert other["code"] == 40117


@pytest.mark.parametrize("path", READS + WRITES)
def test_each_call_needs_the_documented_permission(brand, world, path):
    grant, needed = world.grants.find(brand.token), business.ROUTES[path].scope
    grant.scopes = tuple(str(one) for one in oauth.BRAND_SCOPES if one != needed)
    answer = brand.get(path) if path in READS else brand.post(path)
    assert answer["code"] == 40001
    grant.scopes = (str(needed),)
    answer = brand.get(path) if path in READS else brand.post(path)
    assert answer["code"] in (0, 40002)


def test_a_campaign_tells_who_failed_and_gives_its_link(brand, world):
    made = brand.campaign(
        "ana", "@ben", "nobody", campaign_description="Trail shoes", default_spark_ads_requested_authorization_days=30
    )
    assert made == {
        "campaign_id": made["campaign_id"], "campaign_type": "CAMPAIGN", "campaign_channel_type": "API_LITE_CAMPAIGN",
        "brand_name": "Northgate", "campaign_name": "Spring", "campaign_description": "Trail shoes",
        "handle_names": ["ana", "ben"], "failed_handle_names": ["nobody"], "advertiser_ids": [],
        "spark_ads_requested_authorization_days": 30, "invite_link": made["invite_link"],
        "create_time": "2026-03-12 14:05:00", "country_codes": ["US"],
    }  # fmt: skip
    (listed,) = brand.data("tto/tcm/campaign/")["campaigns"]
    assert listed == {key: value for key, value in made.items() if key != "failed_handle_names"} | {"video_ids": []}
    assert "status" not in listed


@pytest.mark.parametrize(
    "wrong",
    [
        {"campaign_name": ""}, {"handle_names": []}, {"brand_name": ""}, {"campaign_type": "ORDER"},
        {"default_spark_ads_requested_authorization_days": 14}, {"handle_names": ["nobody"]},
        {"send_notification": "perhaps"},
    ],
)  # fmt: skip
def test_limits_of_a_campaign(brand, wrong):
    base = {"brand_name": "Northgate", "campaign_name": "Spring", "handle_names": ["ana"]}
    assert brand.post("tto/tcm/campaign/create/", **{**base, **wrong})["code"] == 40002
    assert brand.data("tto/tcm/campaign/")["campaigns"] == []


def test_both_generations_see_one_store(brand):
    older, newer = brand.order("ana", description="Older"), brand.campaign("cyd")
    first, second = brand.data("tto/tcm/campaign/")["campaigns"]
    assert (first["campaign_description"], first["handle_names"]) == ("Older", ["ana"])
    assert (first["campaign_channel_type"], second["campaign_id"]) == ("STANDARD_CAMPAIGN", newer["campaign_id"])
    assert first["invite_link"] == older["invite_link"]
    (order,) = brand.orders_behind(newer["invite_link"])
    assert (order["handle_name"], order["quota"]["per_creator_video_limit"]) == ("cyd", 10)


def test_creators_are_added_by_either_call(brand, hand):
    made = brand.campaign("ana")
    again = brand.campaign("cyd", campaign_id=made["campaign_id"])
    assert (again["campaign_id"], again["handle_names"]) == (made["campaign_id"], ["ana", "cyd"])
    path, base = "tto/tcm/campaign/update/", {"campaign_id": made["campaign_id"], "campaign_type": "CAMPAIGN"}
    advertisers = brands.at(hand.world.seed, 0).advertiser_ids
    told = brand.done(path, **base, handle_names=["dov", "nobody"], advertiser_ids=[advertisers[0]])
    assert (told["handle_names"], told["failed_handle_names"]) == (["ana", "cyd", "dov"], ["nobody"])
    assert (told["country_codes"], told["advertiser_ids"]) == (["DE", "US"], [advertisers[0]])
    assert brand.post(path, **{**base, "campaign_type": "BRAND_LINK"})["code"] == 40002
    assert brand.post(path, **{**base, "campaign_id": "1"})["code"] == 40007
    assert brand.post(path, **base, advertiser_ids=["1"])["code"] == 40001
    assert BrandHand(hand, 1).post(path, **base)["code"] == 40007


def test_a_brand_link_stands_once_for_a_brand(brand):
    first = brand.campaign("ana", campaign_type="BRAND_LINK")
    second = brand.campaign("cyd", campaign_type="BRAND_LINK")
    other = brand.campaign("ana", campaign_type="BRAND_LINK", brand_name="Kestrel")
    assert first["campaign_id"] == second["campaign_id"] != other["campaign_id"]


def test_campaigns_are_narrowed_by_id_and_type_and_are_the_brands_own(brand, hand):
    made = [brand.campaign("ana")["campaign_id"] for _ in range(2)]
    made.append(brand.campaign("ana", campaign_type="BRAND_LINK")["campaign_id"])

    def ids(**narrowed):
        return [one["campaign_id"] for one in brand.data("tto/tcm/campaign/", **narrowed)["campaigns"]]

    assert ids() == made
    assert ids(campaign_ids=[made[1], "99"]) == [made[1]]
    assert ids(campaign_type="BRAND_LINK") == [made[2]]
    assert ids(page="2", page_size="2") == [made[2]]
    assert brand.get("tto/tcm/campaign/", campaign_type="ORDER")["code"] == 40002
    assert BrandHand(hand, 1).data("tto/tcm/campaign/")["campaigns"] == []


def test_the_invite_link_leads_to_a_page_whose_nested_address_has_the_campaign(brand, hand):
    made = brand.campaign("ana")
    answer = hand.http.get(path_of(made["invite_link"]), follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/creatorlink/share-link?")
    nested = parse_qs(urlsplit(answer.headers["location"]).query)["share_url"][0]
    assert parse_qs(urlsplit(nested).query)["campaignID"] == [made["campaign_id"]]
    assert hand.http.get("/t/none/").status_code == 404


def test_unevenness_of_a_campaign_on_demand(brand, world):
    world.faults.set(missing_invite_link=1)
    assert "invite_link" not in brand.campaign("ana")
    made = brand.campaign("ana", business_account_handle="northgate")
    assert made["dm_info"] == {"business_account_handle": "northgate", "dm_allowed": True}
    world.faults.set(uneven_shapes=1)
    flat = brand.campaign("ana", business_account_handle="northgate")
    assert ("dm_info" in flat, flat["dm_allowed"]) == (False, True)


def test_a_creator_is_told_in_the_app_only_when_the_brand_wishes(brand, hand):
    brand.campaign("ana")
    assert control(hand, "notices?handle=ana")["notices"] == []
    brand.campaign("ana", send_notification=True)
    (notice,) = control(hand, "notices?handle=ana")["notices"]
    assert (notice["kind"], notice["text"]) == ("campaign", "Northgate invited you to the campaign Spring.")


def test_a_brand_asks_reminds_and_the_creator_approves(brand, world, hand):
    campaign, post = brand.campaign("ana"), world.publish("ana")
    path, body = "tto/tcm/campaign/link/", {"campaign_id": campaign["campaign_id"], "video_id": post.item_id}
    asked = brand.done(path, **body, action="LINK")
    assert asked == {
        "video_id": post.item_id, "status": "IN_REVIEW", "last_reminded_timestamp": 1773324300,
        "number_of_requests": 1, "campaign_type": "CAMPAIGN",
    }  # fmt: skip
    assert brand.done(path, **body, action="LINK")["number_of_requests"] == 2
    pair, link = hand.connect("ana"), campaign["invite_link"]
    ask = {"creator_id": pair["open_id"], "tto_invite_link": link}
    told = hand.data("tto/creator/link/request/get/", pair["access_token"], **ask)
    (one,) = told["link_requests"]
    assert (told["campaign_id"], one["video_id"]) == (campaign["campaign_id"], post.item_id)
    confirm = {"creator_id": pair["open_id"], "link_request_id": one["link_request_id"], "action": "APPROVE"}
    assert hand.post("tto/creator/link/request/confirm/", confirm, pair["access_token"])["code"] == 0
    assert hand.post("tto/creator/link/request/confirm/", confirm, pair["access_token"])["code"] == 40002
    (state,) = brand.data("tto/tcm/campaign/link/status/", campaign_ids=[campaign["campaign_id"]])["video_infos"]
    assert (state["status"], state["link_request_id"]) == ("APPROVE", one["link_request_id"])
    assert "handle_name" not in state
    assert brand.data("tto/tcm/campaign/")["campaigns"][0]["video_ids"] == [post.item_id]
    assert brand.post(path, **body, action="LINK")["code"] == 40002, "it is linked already"


def test_a_request_is_rejected_or_taken_back(brand, world, hand):
    campaign, posts = brand.campaign("ana"), [world.publish("ana").item_id for _ in range(2)]
    path, base = "tto/tcm/campaign/link/", {"campaign_id": campaign["campaign_id"]}
    for video_id in posts:
        brand.done(path, **base, video_id=video_id, action="LINK")
    assert brand.done(path, **base, video_id=posts[0], action="REVOKE")["status"] == "REVOKE"
    assert brand.post(path, **base, video_id=posts[0], action="REVOKE")["code"] == 40007
    (_, waiting) = control(hand, "market")["link_requests"]
    body = {"handle": "ana", "link_request_id": waiting["link_request_id"], "action": "REJECT"}
    assert control(hand, "link_request", **body)["status"] == "REJECTED"
    states = brand.data("tto/tcm/campaign/link/status/", handle_names=["ana"])["video_infos"]
    assert [one["status"] for one in states] == ["REVOKE", "REJECTED"]
    assert brand.data("tto/tcm/campaign/link/status/", handle_names=["cyd"])["video_infos"] == []
    assert brand.data("tto/tcm/campaign/link/status/", campaign_type="BRAND_LINK")["video_infos"] == []
    assert brand.post(path, **base, video_id=world.publish("cyd").item_id, action="LINK")["code"] == 40007
    assert brand.post(path, **base, video_id=posts[0], action="ASK")["code"] == 40002


def test_a_member_joins_and_links_by_api(brand, world, hand):
    link, post = brand.campaign("ana")["invite_link"], world.publish("ana")
    pair = hand.connect("ana")
    base = {"creator_id": pair["open_id"], "tto_invite_link": link}
    join, tie = "tto/creator/campaign/join/", "tto/creator/campaign/video/link/"
    early = hand.post(tie, {**base, "video_id": post.item_id}, pair["access_token"])
    assert (early["code"], early["message"]) == (40002, "The creator has not joined the campaign.")
    assert hand.post(join, base, pair["access_token"])["data"] == {}
    assert orders.of(world, "ana")[0].state == "joined"
    assert hand.post(tie, {**base, "video_id": post.item_id}, pair["access_token"])["code"] == 0
    assert hand.post(tie, {**base, "video_id": post.item_id}, pair["access_token"])["code"] == 40002
    assert hand.post(tie, {**base, "video_id": "1"}, pair["access_token"])["code"] == 40007
    assert hand.post(join, {**base, "tto_invite_link": "x"}, pair["access_token"])["code"] == 40007
    assert hand.post(join, {"creator_id": pair["open_id"]}, pair["access_token"])["code"] == 40002
    assert hand.post(join, {**base, "creator_id": "x"}, pair["access_token"])["code"] == 40001
    cyd, ben = hand.connect("cyd"), hand.connect("ben")
    assert hand.post(join, {**base, "creator_id": cyd["open_id"]}, cyd["access_token"])["code"] == 40001
    assert hand.post(join, {**base, "creator_id": ben["open_id"]}, ben["access_token"])["code"] == 40121
    few = hand.connect("ana", scopes=["user.info.basic"])
    assert hand.post(join, base, few["access_token"])["code"] == 40001


def test_brand_profiles_are_made_listed_and_used(brand):
    path = "tto/tcm/brand/profile/create/"
    base = {
        "brand_name": "Northgate", "brand_industry_id": "22000000000", "brand_website": "https://n.example",
        "logo_url": "https://n.example/logo.png",
    }  # fmt: skip
    made = brand.done(path, **base, tiktok_account_url="https://www.tiktok.com/@northgate")
    assert brand.data("tto/tcm/brand/profile/get/", brand_profile_ids=[made["brand_profile_id"]])["brands"] == [made]
    for wrong in (
        {"brand_name": "x" * 61}, {"brand_website": "http://n.example"}, {"logo_url": ""},
        {"tiktok_account_url": "https://n.example/@n"},
    ):  # fmt: skip
        assert brand.post(path, **{**base, **wrong})["code"] == 40002
    too_many = [str(n) for n in range(21)]
    assert brand.get("tto/tcm/brand/profile/get/", brand_profile_ids=too_many)["code"] == 40002
    told = brand.campaign("ana", brand_name="", brand_profile_id=made["brand_profile_id"])
    assert (told["brand_profile_id"], told["brand_name"]) == (made["brand_profile_id"], "Northgate")
    body = {"campaign_name": "Spring", "handle_names": ["ana"], "brand_profile_id": "1"}
    assert brand.post("tto/tcm/campaign/create/", **body)["code"] == 40007


def test_anchors_go_through_review_and_only_drafts_are_deleted(brand, world):
    path = "tto/tcm/anchor/create/"
    base = {
        "country_code": "US", "call_to_action": {"landing_page_url": "https://n.example"}, "anchor_title": "Shoes",
        "anchor_name": "shoes", "upload_type": "UPLOAD_BY_URL",
    }  # fmt: skip
    draft = brand.done(path, **base)
    made = brand.done(path, **base, thumbnail_url="https://n.example/a.png")
    statuses = []
    for minutes in (0, 1, 9):
        world.clock.advance(seconds=60 * minutes)
        statuses.append([one["status"] for one in brand.data("tto/tcm/anchor/get/")["anchors"]])
    assert statuses == [["DRAFT", "CREATED"], ["DRAFT", "IN_REVIEW"], ["DRAFT", "APPROVED"]]
    assert brand.post(path, **{**base, "call_to_action": {"x": 1}})["code"] == 40002
    assert brand.post("tto/tcm/anchor/delete/", anchor_id=made["anchor_id"])["code"] == 40002
    assert brand.post("tto/tcm/anchor/delete/", anchor_id=draft["anchor_id"])["code"] == 0
    assert brand.post("tto/tcm/anchor/delete/", anchor_id=draft["anchor_id"])["code"] == 40007
    assert [one["anchor_id"] for one in brand.data("tto/tcm/anchor/get/")["anchors"]] == [made["anchor_id"]]
    assert brand.campaign("ana", anchor_id=made["anchor_id"])["anchor_id"] == made["anchor_id"]
    body = {"brand_name": "N", "campaign_name": "Spring", "handle_names": ["ana"], "anchor_id": "1"}
    assert brand.post("tto/tcm/campaign/create/", **body)["code"] == 40007


def test_a_wrong_country_in_the_header_is_the_one_refusal_with_another_status(brand):
    def anchors(country):
        headers = {"Access-Token": brand.token, "Country-Code": country}
        params = {"tto_tcm_account_id": brand.account}
        return brand.hand.http.get("/open_api/v1.3/tto/tcm/anchor/get/", params=params, headers=headers)

    assert (anchors("US").status_code, anchors("US").json()["code"]) == (200, 0)
    assert (anchors("XX").status_code, anchors("XX").json()["code"]) == (403, 40006)


def test_a_thumbnail_can_be_a_file(brand):
    fields = {
        "tto_tcm_account_id": brand.account, "country_code": "US", "anchor_title": "Café", "anchor_name": "shoes",
        "upload_type": "UPLOAD_BY_FILE", "call_to_action": '{"landing_page_url": "https://n.example"}',
    }  # fmt: skip
    headers, path = {"Access-Token": brand.token}, "/open_api/v1.3/tto/tcm/anchor/create/"
    files = {"thumbnail_file": ("a.png", b"\x89PNG\r\n\x00", "image/png")}
    made = brand.hand.http.post(path, data=fields, files=files, headers=headers).json()["data"]
    assert (made["anchor_title"], made["status"]) == ("Café", "CREATED")
    assert made["thumbnail_url"].startswith("https://sandbox.invalid/_sim/media/shoes.svg")
