"""From upload to publication: review, late ids, rejection and another try, codes, removal, and what brands are told."""

import json
from datetime import timedelta

import pytest

from greenroom.sandbox import orders, uploads, webhooks
from greenroom.sandbox.http import ApiError

from .market_hand import BrandHand, control
from .test_webhooks import APP, Ear, ear

__all__ = ["ear"]


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


@pytest.fixture
def link(brand, world):
    """The link of ANA's order of three, which she joined."""
    made = brand.order("ana", video_number=3)["invite_link"]
    orders.join(world, handle="ana", link=made)
    return made


def handed_in(world, link, **more):
    """A post of ANA's, uploaded and posted."""
    return uploads.post(world, video_id=uploads.upload(world, handle="ana", link=link, **more).video_id)


def order_of(brand, link):
    (found,) = brand.orders_behind(link)
    return found


def campaign_videos(brand):
    (found,) = brand.data("tto/tcm/campaign/")["campaigns"]
    return found["video_ids"]


def subscribe(brand, ear):
    detail = {"access_token": brand.token, "tto_tcm_account_id": brand.account}
    body = {**APP, "subscribe_entity": "TCM_VIDEOS", "callback_url": ear.url, "subscription_detail": detail}
    assert brand.hand.post("subscription/subscribe/", body)["code"] == 0


def told(ear):
    return [json.loads(body)["entry"][0] for _, body in ear.heard]


def test_uploaded_posted_reviewed_published(brand, world, link):
    made = uploads.upload(world, handle="ana", link=link, caption="Trail #ad")
    order = order_of(brand, link)
    (row,) = brand.reviews(order["order_id"])
    assert (row["video_id"], row["video_status"], row["review_status"]) == (made.video_id, "UPLOAD", "NO_REVIEW")
    assert order["video_ids"] == [made.video_id], "the older generation lists what was uploaded"
    assert campaign_videos(brand) == [], "the newer one what passed review"
    assert made.video_id not in world.truth("ana")["posts"]
    uploads.post(world, video_id=made.video_id)
    assert world.truth("ana")["posts"][made.video_id]["caption"] == "Trail #ad"
    steps = []
    for _ in range(3):
        (row,) = brand.reviews(order["order_id"])
        steps.append((row["review_status"], row["content_judge_status"], row["ad_judge_status"], "embed_url" in row))
        world.clock.advance(timedelta(minutes=5))
    assert steps == [
        ("CONTENT_REVIEWING", "REVIEWING", "INIT", False),
        ("AD_REVIEWING", "SUCCEED", "REVIEWING", False),
        ("SUCCEED", "SUCCEED", "SUCCEED", True),
    ]
    assert row["video_status"] == "RELEASE"
    assert campaign_videos(brand) == [made.video_id]


def test_the_link_switches_the_branded_content_toggle_on(brand, world, link):
    made = handed_in(world, link)
    assert world.market.branded[made.video_id] == "link"
    assert world.truth("ana")["marketplace"]["posts"][made.video_id]["collaboration_status"] == "PAID_PARTNERSHIP"
    plain, own = world.publish("ana"), world.publish("ana", branded=True)
    shown = world.truth("ana")["marketplace"]["posts"]
    assert shown[plain.item_id]["collaboration_status"] == "NONE"
    assert shown[own.item_id]["collaboration_status"] == "PAID_PARTNERSHIP"
    assert world.market.branded[own.item_id] == "creator"


@pytest.mark.parametrize(
    ("by", "status", "visible"),
    [
        ("content", "CONTENT_REVIEW_FAIL", False),
        ("ad", "AD_REVIEW_FAIL", True),
        ("advertiser", "CONTENT_REVIEWING", True),
    ],
)
def test_a_rejected_post_opens_its_deliverable_and_another_takes_the_place(brand, world, link, by, status, visible):
    made = handed_in(world, link, deliverable="Deliverable 2")
    uploads.reject(world, video_id=made.video_id, reason="No mention of the brand", by=by)
    order = order_of(brand, link)
    (row,) = brand.reviews(order["order_id"])
    assert (row["review_status"], row["bind_status"]) == (status, "UNBIND")
    assert row["reject_reason"] == "No mention of the brand"
    assert row["is_advertiser_reject"] is (by == "advertiser")
    assert (order["video_ids"], order["quota"]["current_video_count"]) == ([], 0)
    assert (made.video_id in world.truth("ana")["posts"]) is visible
    again = handed_in(world, link, deliverable="Deliverable 2")
    uploads.approve(world, video_id=again.video_id)
    assert [one["review_status"] for one in brand.reviews(order["order_id"])] == [status, "SUCCEED"]
    with pytest.raises(ApiError):
        uploads.approve(world, video_id=made.video_id)


def test_the_brand_rejects_by_api_and_cannot_approve(brand, world, link):
    made, path = handed_in(world, link), "tcm/video/audit_status/update/"
    body = {"v2_order_id": order_of(brand, link)["order_id"], "video_id": made.video_id}
    assert brand.post(path, **body, operation_type="APPROVE")["code"] == 40002
    assert brand.post(path, **{**body, "video_id": "1"}, operation_type="REJECT")["code"] == 40007
    assert brand.post(path, **body, operation_type="REJECT", reject_reason="Wrong shoe")["code"] == 0
    (row,) = brand.reviews(body["v2_order_id"])
    assert (row["advertiser_operate"], row["reject_reason"]) == ("REJECT", "Wrong shoe")
    assert brand.post(path, **body, operation_type="REJECT")["code"] == 40007


def test_an_id_comes_up_to_48_hours_late_and_is_never_nought(brand, world, link, ear):
    subscribe(brand, ear)
    made = handed_in(world, link, late_hours=48)
    uploads.approve(world, video_id=made.video_id)
    order = order_of(brand, link)
    assert (order["video_ids"], order["quota"]["current_video_count"]) == ([], 1)
    (row,) = brand.reviews(order["order_id"])
    assert "video_id" not in row
    assert row["review_status"] == "SUCCEED"
    assert campaign_videos(brand) == []
    assert world.webhooks.wait()
    assert [(one["tto_campaign_event_type"], "video_id" in one) for one in told(ear)] == [("tto_video_uploaded", False)]
    world.clock.advance(hours=47)
    assert order_of(brand, link)["video_ids"] == []
    world.clock.advance(hours=1)
    assert order_of(brand, link)["video_ids"] == campaign_videos(brand) == [made.video_id]
    assert world.webhooks.wait()
    assert told(ear)[-1]["tto_campaign_event_type"] == "tto_video_published"
    assert told(ear)[-1]["video_id"] == made.video_id
    assert len(told(ear)) == 2
    with pytest.raises(ApiError):
        uploads.upload(world, handle="ana", link=link, late_hours=49)


def test_late_ids_can_be_a_fault(brand, world, link):
    world.faults.set(late_ids=1)
    late, soon = (uploads.upload(world, handle="ana", link=link) for _ in range(2))
    assert timedelta(hours=1) <= late.known_at - late.uploaded_at <= timedelta(hours=48)
    assert soon.known_at == soon.uploaded_at
    assert order_of(brand, link)["video_ids"] == [soon.video_id]


def test_events_tell_uploaded_then_published_to_the_own_account_only(brand, world, link, ear, hand):
    subscribe(brand, ear)
    other = Ear()
    subscribe(BrandHand(hand, 1), other)
    made = handed_in(world, link)
    uploads.approve(world, video_id=made.video_id)
    assert world.webhooks.wait()
    first, second = told(ear)
    assert first | {"tto_campaign_event_type": "", "log_id": ""} == {
        "event_type": "tto_campaign_webhook", "tto_campaign_event_type": "",
        "event_time": "2026-03-12T14:05:00.000000Z",
        "video_id": made.video_id, "handle_name": "ana", "campaign_id": made.order.campaign.campaign_id,
        "tto_tcm_account_id": brand.account, "log_id": "",
    }  # fmt: skip
    kinds = [one["tto_campaign_event_type"] for one in (first, second)]
    assert kinds == ["tto_video_uploaded", "tto_video_published"]
    assert json.loads(ear.heard[0][1])["object"] == 10
    assert other.heard == []
    other.server.shutdown()
    other.server.server_close()


def test_events_can_be_kept_back_and_let_go_in_any_order_and_number(brand, world, link, ear, hand):
    subscribe(brand, ear)
    assert control(hand, "webhooks", hold=True) == {"released": 0}
    made = handed_in(world, link)
    uploads.approve(world, video_id=made.video_id)
    assert len(control(hand, "webhooks")["held"]) == 2
    assert control(hand, "webhooks", release=[1, 0, 0]) == {"released": 3}
    kinds = [one["tto_campaign_event_type"] for one in told(ear)]
    assert kinds == ["tto_video_published", "tto_video_uploaded", "tto_video_uploaded"]
    assert ear.heard[1][1] == ear.heard[2][1]
    assert control(hand, "webhooks")["held"] == []


def test_events_can_be_delayed(brand, world, link, ear, monkeypatch):
    monkeypatch.setattr(webhooks, "DELAY", 0.3)
    subscribe(brand, ear)
    world.faults.set(delayed_webhooks=1)
    made = handed_in(world, link)
    uploads.approve(world, video_id=made.video_id)
    assert world.webhooks.wait()
    kinds = [one["tto_campaign_event_type"] for one in told(ear)]
    assert kinds == ["tto_video_published", "tto_video_uploaded"], "the first came after the second"


def test_a_creator_who_cannot_be_matched_has_no_handle(brand, world, link, ear):
    subscribe(brand, ear)
    world.faults.set(nameless_webhooks=1)
    handed_in(world, link)
    assert world.webhooks.wait()
    assert "handle_name" not in told(ear)[0]


def test_a_subscription_is_for_the_tokens_own_account(brand, hand):
    detail = {"access_token": brand.token, "tto_tcm_account_id": BrandHand(hand, 1).account}
    body = {
        **APP,
        "subscribe_entity": "TCM_VIDEOS",
        "callback_url": "https://x.example/",
        "subscription_detail": detail,
    }
    assert hand.post("subscription/subscribe/", body)["code"] == 40001


def test_a_campaign_code_ties_a_post_that_is_out(brand, world, hand):
    made = brand.order("ana", video_number=1)
    post = world.publish("ana")
    tied = uploads.enter_code(world, handle="ana", code=made["campaign_code"].lower(), video_id=post.item_id)
    assert (tied.order.state, tied.state, tied.way) == ("joined", "reviewing", "code")
    assert world.market.branded[post.item_id] == "code"
    uploads.approve(world, video_id=post.item_id)
    assert order_of(brand, made["invite_link"])["video_ids"] == [post.item_id]
    assert campaign_videos(brand) == [post.item_id]
    foreign = world.publish("cyd")
    for handle, code, video in (
        ("ana", made["campaign_code"], foreign.item_id), ("ana", "NONE", post.item_id),
        ("cyd", made["campaign_code"], foreign.item_id), ("ana", made["campaign_code"], world.publish("ana").item_id),
    ):  # fmt: skip
        with pytest.raises(ApiError):
            uploads.enter_code(world, handle=handle, code=code, video_id=video)


def test_a_post_belongs_to_one_order_only(brand, world, link):
    made = handed_in(world, link)
    second = brand.order("ana")
    with pytest.raises(ApiError) as refused:
        uploads.enter_code(world, handle="ana", code=second["campaign_code"], video_id=made.video_id)
    assert refused.value.message == f"The video {made.video_id} is already linked to a campaign."
    assert [one.state for one in orders.of(world, "ana")] == ["created", "joined"], (
        "nothing happened to the second order"
    )


def test_moderators_remove_a_tied_post_and_an_untied_one(brand, world, link, hand):
    made, loose = handed_in(world, link), world.publish("ana", branded=True)
    uploads.approve(world, video_id=made.video_id)
    control(hand, "remove", item_id=made.video_id, by="moderators")
    control(hand, "remove", item_id=loose.item_id, by="moderators")
    order = order_of(brand, link)
    (row,) = brand.reviews(order["order_id"])
    assert (row["video_status"], row["bind_status"]) == ("DELETE", "UNBIND")
    assert row["delete_time"] == "2026-03-12 14:05:00"
    assert order["video_ids"] == campaign_videos(brand) == []
    assert not {made.video_id, loose.item_id} & set(world.truth("ana")["posts"])
    assert control(hand, "market")["removed"] == {made.video_id: "moderators", loose.item_id: "moderators"}
    assert hand.http.post("/_sim/remove", json={"item_id": "1", "by": "aliens"}).status_code == 400


def test_publishing_through_the_accounts_api_with_an_invite_link_ties_the_post(brand, world, link, hand):
    pair = hand.connect("ana")
    info = {"caption": "By API", "is_brand_organic": False, "is_branded_content": True, "tto_invite_link": link}

    def publish(**more):
        body = {"business_id": pair["open_id"], "video_url": "https://x.example/a.mp4", "post_info": {**info, **more}}
        return hand.post("business/video/publish/", body, pair["access_token"])

    assert publish(is_branded_content=False)["code"] == 40002
    assert publish(upload_to_draft=True)["code"] == 40002
    assert publish(tto_invite_link="https://x.example/t/none/")["code"] == 40007
    share_id = publish()["data"]["share_id"]
    (video_id,) = order_of(brand, link)["video_ids"]
    assert video_id not in world.truth("ana")["posts"]
    world.clock.advance(seconds=20)
    told = hand.data("business/publish/status/", pair["access_token"], business_id=pair["open_id"], publish_id=share_id)
    assert told == {"status": "PUBLISH_COMPLETE", "post_ids": [video_id]}
    assert world.truth("ana")["posts"][video_id]["caption"] == "By API"
    assert brand.reviews(order_of(brand, link)["order_id"])[0]["review_status"] == "CONTENT_REVIEWING"
    ben = hand.connect("ben")
    body = {"business_id": ben["open_id"], "video_url": "https://x.example/a.mp4", "post_info": info}
    assert hand.post("business/video/publish/", body, ben["access_token"])["code"] == 40121
