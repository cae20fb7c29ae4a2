"""Orders of the older workflow: made, found, joined, declined, full, over."""

import pytest

from greenroom.sandbox import Clock, World, orders, uploads
from greenroom.sandbox.http import ApiError

from .conftest import NOON, hold
from .market_hand import BrandHand, control


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


def test_an_order_has_a_code_a_link_and_a_quota(brand):
    made = brand.order("ana", video_number=3)
    (order,) = made["orders"]
    assert set(made) == {"campaign_code", "invite_link", "remaining_orders", "orders"}
    assert made["remaining_orders"] == 200
    assert order == {
        "order_id": order["order_id"], "handle_name": "ana", "campaign_code": made["campaign_code"],
        "invite_link": made["invite_link"], "video_ids": [],
        "quota": {"current_video_count": 0, "per_creator_video_limit": 3, "total_video_limit": 600},
    }  # fmt: skip
    assert len(order["order_id"]) == 19
    assert brand.orders_behind(made["invite_link"]) == [order]


def test_every_creator_gets_an_order_member_or_not(brand):
    made = brand.order("ana", "ben", "dov", "@cyd")
    assert [one["handle_name"] for one in made["orders"]] == ["ana", "ben", "dov", "cyd"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"brand_name": ""}, {"brand_name": "x" * 61}, {"description": "x" * 61}, {"description": ""},
        {"handle_names": []}, {"handle_names": ["ana"] * 101}, {"video_number": 0}, {"video_number": 11},
        {"order_source": "ME"}, {"default_spark_ads_requested_authorization_days": 8},
        {"deliverables": [{"deliverable_name": "x"}] * 11}, {"deliverables": [{"deliverable_name": "x" * 61}]},
        {"deliverables": [{"deliverable_name": ""}]}, {"deliverables": ["Teaser"]},
        {"deliverables": [{"deliverable_name": "x", "spark_ads_requested_authorization_days": 14}]},
    ],
)  # fmt: skip
def test_limits_of_an_order(brand, wrong):
    base = {"brand_name": "Northgate", "description": "Trail shoes", "handle_names": ["ana"]}
    assert brand.post("tcm/order/create/v2/", **{**base, **wrong})["code"] == 40002
    assert brand.data("tto/tcm/campaign/")["campaigns"] == []


def test_an_unknown_or_foreign_creator_refuses_the_whole_order(brand, hand):
    base = {"brand_name": "Northgate", "description": "Trail shoes"}
    answer = brand.post("tcm/order/create/v2/", **base, handle_names=["ana", "nobody"])
    assert (answer["code"], answer["message"]) == (40007, "The creator nobody does not exist.")
    german = BrandHand(hand, 2)
    assert german.post("tcm/order/create/v2/", **base, handle_names=["ana"])["code"] == 40122
    assert german.post("tcm/order/create/v2/", **base, handle_names=["dov"])["code"] == 0
    assert brand.data("tto/tcm/campaign/")["campaigns"] == []


def test_named_deliverables_win_over_a_number_and_take_the_default_days(brand, hand):
    asked = [
        {"deliverable_name": "Teaser"},
        {"deliverable_name": "Review", "spark_ads_requested_authorization_days": 0},
        {"deliverable_name": "Recap", "spark_ads_requested_authorization_days": 365},
    ]
    brand.order("ana", video_number=9, deliverables=asked, default_spark_ads_requested_authorization_days=30)
    (campaign,) = control(hand, "market")["campaigns"]
    assert [(one["name"], one["spark_days"]) for one in campaign["deliverables"]] == [
        ("Teaser", 30), ("Review", 0), ("Recap", 365),
    ]  # fmt: skip
    brand.order("ben", video_number=2)
    names = [one["name"] for one in control(hand, "market?handle=ben")["campaigns"][0]["deliverables"]]
    assert names == ["Deliverable 1", "Deliverable 2"]


def test_a_code_takes_more_creators_of_the_same_brand_and_the_first_count_wins(brand, hand):
    first = brand.order("ana", video_number=4)
    again = brand.order("cyd", video_number=9, campaign_code=first["campaign_code"])
    assert again["invite_link"] == first["invite_link"]
    assert again["orders"][0]["quota"]["per_creator_video_limit"] == 4
    base = {"description": "x", "handle_names": ["ben"], "campaign_code": first["campaign_code"]}
    assert brand.post("tcm/order/create/v2/", brand_name="Other", **base)["code"] == 40002
    other = BrandHand(hand, 1)
    assert other.post("tcm/order/create/v2/", brand_name="Northgate", **base)["code"] == 40007
    unknown = {**base, "campaign_code": "NONE"}
    assert brand.post("tcm/order/create/v2/", brand_name="Northgate", **unknown)["code"] == 40007


def test_creating_is_not_idempotent_but_a_creator_has_one_order_under_a_code(brand):
    first, second = brand.order("ana"), brand.order("ana")
    assert first["campaign_code"] != second["campaign_code"]
    assert first["invite_link"] != second["invite_link"]
    again = brand.order("ana", campaign_code=first["campaign_code"])
    assert again["orders"][0]["order_id"] == first["orders"][0]["order_id"]
    assert len(brand.orders_behind(first["invite_link"])) == 1


def test_orders_are_asked_for_with_the_parameter_of_the_query_type(brand, hand):
    path, made = "tcm/order/get/v2/", brand.order("ana")
    for wrong in (
        {}, {"query_type": "HANDLE"}, {"query_type": "ORDER_ID", "campaign_code": "CODE"},
        {"query_type": "CAMPAIGN_CODE", "order_ids": ["1"]}, {"query_type": "INVITE_LINK", "campaign_code": "CODE"},
        {"query_type": "ORDER_ID", "order_ids": []}, {"query_type": "ORDER_ID", "order_ids": ["1"] * 201},
        {"query_type": "ORDER_ID", "order_ids": ["1"], "fields": ["price"]},
        {"query_type": "ORDER_ID", "order_ids": ["1"], "page_size": "21"},
    ):  # fmt: skip
        assert brand.get(path, **wrong)["code"] == 40002, wrong
    (order,) = made["orders"]
    other = brand.order("cyd")["orders"][0]

    def ids(hand_of, **asked):
        return [one["order_id"] for one in hand_of.data(path, **asked)["orders"]]

    asked = {"query_type": "ORDER_ID", "order_ids": [order["order_id"], "99", other["order_id"]]}
    assert ids(brand, **asked) == [order["order_id"], other["order_id"]]
    assert ids(BrandHand(hand, 1), **asked) == []
    assert ids(brand, query_type="CAMPAIGN_CODE", campaign_code=made["campaign_code"]) == [order["order_id"]]
    assert ids(brand, query_type="INVITE_LINK", invite_link=made["invite_link"]) == [order["order_id"]]
    assert ids(brand, query_type="CAMPAIGN_CODE", campaign_code="NONE") == []
    few = brand.data(path, **asked, fields=["order_id", "total_video_limit"])["orders"]
    assert few[0] == {"order_id": order["order_id"], "quota": {"total_video_limit": 2000}}


def test_joining_uses_one_of_two_hundred_orders_up():
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, posts=3, accounts=205))
    brand = BrandHand(hand)
    handles = [hand.world.account_at(n).handle for n in range(202)]
    made = brand.order(*handles[:100])
    for first in (100, 200):
        brand.order(*handles[first : first + 100], campaign_code=made["campaign_code"])
    for handle in handles[:200]:
        orders.join(hand.world, handle=handle, link=made["invite_link"])
        orders.join(hand.world, handle=handle, link=made["invite_link"])
    again = brand.order(handles[201], campaign_code=made["campaign_code"])
    assert again["remaining_orders"] == 0
    with pytest.raises(ApiError) as refused:
        orders.join(hand.world, handle=handles[200], link=made["invite_link"])
    assert (refused.value.code, refused.value.message) == (40002, "The campaign has no orders left.")


def test_who_was_not_invited_cannot_join(brand, world):
    link = brand.order("ana")["invite_link"]
    with pytest.raises(ApiError) as refused:
        orders.join(world, handle="cyd", link=link)
    assert refused.value.code == 40001
    with pytest.raises(ApiError) as refused:
        orders.join(world, handle="ana", link="https://sandbox.invalid/t/none/")
    assert refused.value.code == 40007


def test_declining_is_for_good_until_the_brand_asks_again(brand, world):
    made = brand.order("ana")
    orders.decline(world, handle="ana", link=made["invite_link"])
    with pytest.raises(ApiError):
        orders.join(world, handle="ana", link=made["invite_link"])
    again = brand.order("ana", campaign_code=made["campaign_code"])
    assert again["orders"][0]["order_id"] == made["orders"][0]["order_id"]
    assert orders.join(world, handle="ana", link=made["invite_link"]).state == "joined"
    with pytest.raises(ApiError):
        orders.decline(world, handle="ana", link=made["invite_link"])


def test_an_order_lapses_after_ninety_days_unless_somebody_joined(brand, world, hand):
    made = brand.order("ana", "cyd")
    orders.join(world, handle="ana", link=made["invite_link"])
    world.clock.advance(days=89, hours=23)
    assert [one["state"] for one in control(hand, "market")["campaigns"][0]["orders"]] == ["joined", "created"]
    world.clock.advance(hours=1)
    assert [one["state"] for one in control(hand, "market")["campaigns"][0]["orders"]] == ["joined", "expired"]


def test_the_eleventh_video_is_refused_and_so_is_one_before_joining(brand, world):
    made = brand.order("ana")
    link = made["invite_link"]
    with pytest.raises(ApiError) as refused:
        uploads.upload(world, handle="ana", link=link)
    assert refused.value.message == "The creator has not joined the campaign."
    orders.join(world, handle="ana", link=link)
    ids = [uploads.upload(world, handle="ana", link=link).video_id for _ in range(10)]
    assert len(set(ids)) == 10
    with pytest.raises(ApiError) as refused:
        uploads.upload(world, handle="ana", link=link)
    assert (refused.value.code, refused.value.message) == (40002, "Every video of this order has been uploaded.")
    (order,) = brand.orders_behind(link)
    assert (order["quota"]["current_video_count"], len(order["video_ids"])) == (10, 10)


def test_another_world_has_other_ids_links_and_codes():
    def made(**options):
        return BrandHand(hold(World(clock=Clock(NOON, rate=0), throttle=False, posts=3, **options))).order("ana")

    one, same = made(), made()
    assert one == same
    later = made(began=NOON.replace(hour=15))
    assert {one["campaign_code"], one["invite_link"]}.isdisjoint({later["campaign_code"], later["invite_link"]})
    assert one["orders"][0]["order_id"] != later["orders"][0]["order_id"]
