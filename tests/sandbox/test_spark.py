"""Spark authorisations: given with the order, or asked for afterwards, at most thirty times."""

import pytest

from greenroom.sandbox import orders, spark, uploads
from greenroom.sandbox.http import ApiError

from .market_hand import BrandHand, control

APPLY, STATUS = "tcm/tt_video/apply/", "tcm/tt_video/status/"


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


def published(brand, handle="ana", **asked):
    """The id of a published post of an order."""
    link = brand.order(handle, **asked)["invite_link"]
    orders.join(brand.world, handle=handle, link=link)
    made = uploads.upload(brand.world, handle=handle, link=link)
    uploads.post(brand.world, video_id=made.video_id)
    uploads.approve(brand.world, video_id=made.video_id)
    return made.video_id


def test_who_joins_an_order_with_spark_days_has_authorised_its_posts(brand, world):
    video_id = published(brand, default_spark_ads_requested_authorization_days=30)
    told = brand.data(STATUS, video_id=video_id)
    assert told == {
        "video_id": video_id, "auth_status": "ACCEPTED", "auth_status_updated_time": "2026-03-12 14:05:00",
        "num_remaining_request": 30, "requested_authorization_days": 30, "auth_code": told["auth_code"],
        "auth_code_start_time": "2026-03-12 14:05:00", "auth_code_end_time": "2026-04-11 14:05:00",
        "auth_code_status": "NOT_USED",
    }  # fmt: skip
    world.clock.advance(days=31)
    assert brand.data(STATUS, video_id=video_id)["auth_code_status"] == "EXPIRED"
    assert brand.post(APPLY, video_id=video_id)["code"] == 40002
    assert brand.done(APPLY, video_id=video_id, action="EXTEND", authorization_days=7) == {}
    spark.answer(world, video_id=video_id, grant=True)
    assert brand.data(STATUS, video_id=video_id)["auth_code_end_time"] == "2026-04-19 14:05:00"


def test_a_brand_asks_and_the_creator_grants_other_days(brand, world, hand):
    video_id = published(brand)
    assert brand.data(STATUS, video_id=video_id) == {"video_id": video_id, "num_remaining_request": 30}
    brand.done(APPLY, video_id=video_id)
    waiting = brand.data(STATUS, video_id=video_id)
    assert (waiting["auth_status"], waiting["num_remaining_request"], "auth_code" in waiting) == ("WAITING", 29, False)
    assert control(hand, "notices?handle=ana")["notices"][0]["kind"] == "spark"
    assert control(hand, "spark", video_id=video_id, grant=True, days=7)["status"] == "ACCEPTED"
    told = brand.data(STATUS, video_id=video_id)
    assert (told["requested_authorization_days"], told["auth_code_end_time"]) == (30, "2026-03-19 14:05:00")
    world.faults.set(uneven_shapes=1)
    assert "auth_status_update_time" in brand.data(STATUS, video_id=video_id)


def test_thirty_requests_until_there_is_an_answer(brand, world):
    video_id = published(brand)
    for _ in range(30):
        brand.done(APPLY, video_id=video_id, authorization_days=60)
    assert brand.post(APPLY, video_id=video_id)["code"] == 40002
    assert spark.answer(world, video_id=video_id, grant=False).status == "REJECTED"
    with pytest.raises(ApiError):
        spark.answer(world, video_id=video_id, grant=True)
    brand.done(APPLY, video_id=video_id)
    assert brand.data(STATUS, video_id=video_id)["num_remaining_request"] == 29


def test_only_linked_posts_of_the_own_brand(brand, world, hand):
    video_id = published(brand)
    assert BrandHand(hand, 1).get(STATUS, video_id=video_id)["code"] == 40007
    assert brand.get(STATUS, video_id=world.publish("ana").item_id)["code"] == 40007
    assert brand.post(APPLY, video_id=video_id, authorization_days=14)["code"] == 40002
    link = brand.order("cyd")["invite_link"]
    orders.join(world, handle="cyd", link=link)
    uploaded = uploads.upload(world, handle="cyd", link=link)
    assert brand.post(APPLY, video_id=uploaded.video_id)["code"] == 40002


def test_a_rejected_post_loses_its_code(brand, world):
    video_id = published(brand, default_spark_ads_requested_authorization_days=30)
    uploads.reject(world, video_id=video_id, reason="", by="ad")
    assert world.market.sparks[video_id].code_status(world.clock.now()) == "DELETED"
