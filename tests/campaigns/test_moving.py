"""A post belongs to one order; a person may move it, and it stays there whatever TikTok goes on saying (ORD-20)."""

from datetime import timedelta

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import following, moving, ordering
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order
from greenroom.campaigns.refusals import NotMoved
from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.sandbox import uploads
from tests.campaigns.conftest import BY, SETTINGS, later, run, take_part


@pytest.fixture
def other(campaign, at):
    """A second campaign of the workspace."""
    made = campaigns.create_campaign(campaign.workspace, name="Barley", by=BY, at=at, mode="manual", **SETTINGS)
    campaigns.move_campaign(made, "active", by=BY, at=at)
    return made


def ordered(campaign, handle, at, videos=2):
    asked = ordering.Asked(videos=videos)
    bulk = ordering.create_orders(campaign, take_part(campaign, handle, at=at), asked, by=BY, at=at)
    run(at)
    return bulk.orders.select_related("account", "workspace").get()


@pytest.fixture
def published(campaign, other, world, phone, at):
    """Ana's post, tied in the first of her two orders."""
    first, second = ordered(campaign, "ana", at), ordered(other, "ana", at)
    made = phone.publish(first)
    at = later(world, at, minutes=30)
    look(at)
    return first, second, made.video_id, at


def look(at):
    Campaign.objects.update(due_at=at)
    run(at)


def tie_elsewhere(world, order, video):
    """An advertiser's review lets go of a post, and the creator types another order's code on it."""
    uploads.reject(world, video_id=video, reason="Not this campaign", by="advertiser")
    uploads.enter_code(world, handle="ana", code=order.code, video_id=video)


def entry():
    return CampaignPost.objects.select_related("post", "deliverable").get()


def place(order, number=1):
    return Deliverable.objects.select_related("order").get(order=order, place=number)


def states(*orders):
    return [Order.objects.get(pk=one.pk).state for one in orders]


def assert_moved(first, second, video):
    there = place(second, 2)
    assert (there.state, there.video_id, there.moved_from, there.told_by) == ("published", video, first, first)
    assert [(one.state, one.video_id) for one in first.deliverables.all()] == [("open", "")] * 2
    row = entry()
    assert (row.deliverable, row.campaign_id, row.participant_id) == (there, second.campaign_id, second.participant_id)
    assert Post.objects.get(item_id=video).basis == "order"
    assert states(first, second) == ["joined", "partially_fulfilled"]


def test_a_moved_post_stays_through_the_next_readings_of_both_orders(published, world):
    first, second, video, at = published
    moving.move_to_order(entry(), place(second, 2), by=BY, at=at)
    assert_moved(first, second, video)
    for minutes in (20, 40, 60):
        world.settle()
        look(at + timedelta(minutes=minutes))
        assert_moved(first, second, video)
    assert not Event.objects.filter(name__in=["order.post_taken", "order.order_full"]).exists()
    assert Event.objects.filter(name="campaignpost.tied").count() == 1


def test_a_move_is_audited_with_was_and_now(published):
    first, second, video, at = published
    moving.move_to_order(entry(), place(second, 2), by=BY, at=at)
    told = Event.objects.get(name="campaignpost.moved")
    assert (told.by, told.at) == (BY, at)
    assert told.data == {
        "video": video, "order": second.pk, "place": 2, "campaign": second.campaign_id,
        "was_order": first.pk, "was_place": 1, "was_campaign": first.campaign_id,
    }  # fmt: skip
    names = set(Event.objects.filter(at=at, by=BY).values_list("name", flat=True))
    assert {"deliverable.open", "deliverable.published", "campaignpost.moved"} <= names


def test_nobody_asks_for_reviews_again_only_because_a_post_was_moved(published, world):
    _, second, _, at = published
    moving.move_to_order(entry(), place(second), by=BY, at=at)

    def asked():
        return sum(count for (_, path, _), count in world.ledger.items() if "audit_status" in path)

    before = asked()
    assert before
    look(at + timedelta(minutes=20))
    assert asked() == before


@pytest.mark.parametrize("end", ["removed", "rejected"])
def test_what_tiktok_takes_down_leaves_the_place_it_was_moved_to(published, world, end):
    first, second, video, at = published
    moving.move_to_order(entry(), place(second), by=BY, at=at)
    at = later(world, at, minutes=20)
    if end == "removed":
        uploads.remove(world, video_id=video, by="moderators")
    else:
        uploads.reject(world, video_id=video, reason="Too loud", by="advertiser")
    world.settle()
    look(at)
    there = place(second)
    assert (there.state, there.video_id, there.lost, there.moved_from) == ("open", "", end, None)
    assert entry().deliverable is None
    assert states(first, second) == ["joined", "joined"]
    assert Post.objects.get(item_id=video).basis == "manual"
    look(at + timedelta(minutes=30))
    assert place(first).state == place(second).state == "open"


def test_moved_back_nothing_is_left_of_it(published, world):
    first, second, video, at = published
    moving.move_to_order(entry(), place(second), by=BY, at=at)
    moving.move_to_order(entry(), place(first, 2), by=BY, at=at)
    look(at + timedelta(minutes=20))
    assert [(one.video_id, one.moved_from) for one in first.deliverables.all()] == [("", None), (video, None)]
    assert states(first, second) == ["partially_fulfilled", "joined"]


def test_moved_on_it_is_still_told_of_by_the_order_tiktok_has_it_in(published, campaign, world):
    first, second, video, at = published
    third = ordered(campaign, "ana", at, videos=1)
    moving.move_to_order(entry(), place(second), by=BY, at=at)
    moving.move_to_order(entry(), place(third), by=BY, at=at)
    look(at + timedelta(minutes=20))
    assert (place(third).video_id, place(third).told_by) == (video, first)
    assert states(third) == ["fulfilled"]


def test_clear_refusals(published, campaign, world):
    first, second, _, at = published
    strange = ordered(campaign, "dov", at)
    away = ordered(campaign, "ana", at, videos=1)
    ordering.cancel(away, by=BY, at=at)
    Deliverable.objects.filter(order=second, place=2).update(state="uploaded")

    def refused(target):
        with pytest.raises(NotMoved) as told:
            moving.move_to_order(entry(), target, by=BY, at=at)
        assert moving.why_not(entry(), target) == told.value.words != ""
        return told.value.code

    assert refused(place(first)) == "same_place"
    assert refused(place(first, 2)) == "same_order"
    assert refused(place(second, 2)) == "place_taken"
    assert refused(place(strange)) == "other_account"
    assert refused(place(away)) == "not_live"
    assert moving.places(entry()) == [place(second)]
    CampaignPost.objects.update(how="hand", deliverable=None)
    assert refused(place(second)) == "not_tied"
    assert not Event.objects.filter(name="campaignpost.moved").exists()
    assert place(first).state == "published"


def test_a_second_order_that_claims_a_post_waits_and_says_so_once(published, world):
    """TikTok ties the post elsewhere, and the first order is not read again yet."""
    first, second, video, at = published
    tie_elsewhere(world, second, video)
    world.settle()
    for _ in range(2):
        at = later(world, at, minutes=20)
        Order.objects.filter(pk=first.pk).update(read_at=at + timedelta(days=1))  # a reading from before comes too late
        look(at)
        assert place(first).video_id == video
        assert place(second).video_id == ""
    assert Event.objects.filter(name="order.post_taken", subject=f"order:{second.pk}").count() == 1
    Order.objects.update(read_at=at)
    for _ in range(2):
        at = later(world, at, minutes=20)
        look(at)
    assert [place(one).video_id for one in (first, second)] == ["", video]
    assert CampaignPost.objects.get().campaign_id == second.campaign_id


def test_tiktok_agrees_later_and_the_pin_is_over(published, world):
    first, second, video, at = published
    moving.move_to_order(entry(), place(second), by=BY, at=at)
    tie_elsewhere(world, second, video)
    for _ in range(3):
        at = later(world, at, minutes=20)
        world.settle()
        look(at)
    assert (place(second).video_id, place(second).moved_from) == (video, None)
    assert place(first).state == "open"
    assert following.followed(first.campaign)
