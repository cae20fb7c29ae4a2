"""Orders, and answers that got lost, by the client against the sandbox."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenroom.sandbox import orders as sandbox_orders
from greenroom.sandbox import uploads
from greenroom.tiktok import campaigns, errors, invitations, joining, orders

NOON = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def flat(pages):
    return [one for page in pages for one in page]


class TestOrders:
    def test_an_order_is_made_with_names_and_found_by_id_code_and_link(self, ours, order, world):
        made = order(
            "@ana", deliverables=[{"deliverable_name": "Teaser"}, {"deliverable_name": "Recap"}], spark_days=30
        )
        [one] = made["orders"]
        assert one["quota"]["per_creator_video_limit"] == 2
        asked = world.market.orders[one["order_id"]].campaign.deliverables
        assert [(each.name, each.spark_days) for each in asked] == [("Teaser", 30), ("Recap", 30)]
        for pages in (
            ours(orders.by_id_pages, order_ids=[one["order_id"], "1"]),
            ours(orders.by_code_pages, code=made["campaign_code"]),
            ours(orders.by_link_pages, link=made["invite_link"]),
        ):
            assert flat(pages) == [one]

    def test_more_orders_than_a_page_holds_come_once_each(self, ours, world):
        made = [
            ours(orders.create, brand_name="N", description=f"No {n}", handles=["ana"])["orders"][0]["order_id"]
            for n in range(230)
        ]
        pages = list(ours(orders.by_id_pages, order_ids=made))
        assert [one["order_id"] for page in pages for one in page] == made
        assert len(pages) == 10 + 2

    def test_refusals_say_what_is_wrong(self, ours, order):
        with pytest.raises(errors.NotFound):
            order("nobody")
        with pytest.raises(errors.Rejected) as caught:
            order(videos=11)
        assert caught.value.code == 40002
        with pytest.raises(errors.NotFound):
            ours(orders.reviews, order_id="1")

    def test_uploaded_is_not_published_and_an_id_can_be_late(self, ours, order, world):
        made = order(videos=2)
        [one] = made["orders"]
        sandbox_orders.join(world, handle="ana", link=made["invite_link"])
        early = uploads.upload(world, handle="ana", link=made["invite_link"])
        late = uploads.upload(world, handle="ana", link=made["invite_link"], late_hours=48)
        uploads.post(world, video_id=late.video_id)
        uploads.approve(world, video_id=late.video_id)
        [now] = flat(ours(orders.by_link_pages, link=made["invite_link"]))
        assert (now["video_ids"], now["quota"]["current_video_count"]) == ([early.video_id], 2)
        told = ours(orders.reviews, order_id=one["order_id"])
        assert [(row.get("video_id"), row["review_status"]) for row in told] == [
            (early.video_id, "NO_REVIEW"), (None, "SUCCEED"),
        ]  # fmt: skip

    def test_ids_that_come_as_numbers_keep_every_digit(self, ours, order, publish, world):
        made = order()
        video_id = publish(made["invite_link"])
        world.faults.set(numeric_ids=True)
        [one] = flat(ours(orders.by_link_pages, link=made["invite_link"]))
        [campaign] = flat(ours(campaigns.campaign_pages))
        assert one["video_ids"] == campaign["video_ids"] == [video_id]

    def test_a_post_is_rejected_by_the_brand(self, ours, order, publish):
        made = order()
        video_id, order_id = publish(made["invite_link"]), made["orders"][0]["order_id"]
        ours(orders.reject, order_id=order_id, video_id=video_id, reason="Wrong shoe")
        [row] = ours(orders.reviews, order_id=order_id)
        assert (row["is_advertiser_reject"], row["reject_reason"]) == (True, "Wrong shoe")

    def test_the_report_by_orders(self, ours, order, publish, world):
        made = order()
        video_id, order_id = publish(made["invite_link"]), made["orders"][0]["order_id"]
        assert flat(ours(orders.report_pages, order_ids=[order_id])) == []
        world.clock.advance(days=3)
        days = (date(2026, 3, 12), date(2026, 3, 14))
        [row] = flat(ours(orders.report_pages, order_ids=[order_id, "9"], daily=days))
        assert (row["dimensions"]["order_id"], row["dimensions"]["video_id"]) == (order_id, video_id)
        assert row["metrics"]["video_views"] == sum(day["views"] for day in row["metrics"]["daily_stats"])
        [few] = flat(ours(orders.report_pages, order_ids=[order_id], metrics=["likes", "ad_cost"]))
        assert set(few["metrics"]) == {"likes"}

    def test_spark_is_asked_for_and_both_spellings_are_read(self, ours, order, publish, world):
        video_id = publish(order()["invite_link"])
        ours(orders.apply_for_spark, video_id=video_id, days=60)
        world.faults.set(uneven_shapes=1)
        for _ in range(2):
            told = ours(orders.spark_status, video_id=video_id)
            assert (told["auth_status"], told["requested_authorization_days"]) == ("WAITING", 60)
            assert told["auth_status_updated_time"] == "2026-03-12 14:05:00"


class TestLostAnswers:
    """Creating is not repeated; what a lost answer made can be found."""

    @pytest.mark.parametrize("fault", ["lost_answer", "bad_gateway"])
    def test_an_order_is_never_made_twice_by_itself(self, ours, order, world, fault):
        world.faults.set(**{fault: 1})
        with pytest.raises(errors.Unavailable) as caught:
            order(description="Trail GR-7F3K")
        assert caught.value.sent
        found = ours(campaigns.made_with, description="Trail GR-7F3K", handles=["@ana"], since=NOON)
        assert len(found) == len(world.market.campaigns) == (1 if fault == "lost_answer" else 0)

    def test_what_was_made_is_found_with_its_order_code_and_link(self, ours, order, world):
        order(description="Another")
        order("cyd", description="Trail GR-7F3K")
        world.clock.advance(hours=2)
        world.faults.set(lost_answer=1)
        with pytest.raises(errors.Unavailable):
            order(description="Trail GR-7F3K")
        [found] = ours(
            campaigns.made_with, description="Trail GR-7F3K", handles=["ana"], since=NOON + timedelta(hours=2)
        )
        assert ours(campaigns.made_with, description="Trail GR-7F3K", since=NOON + timedelta(hours=3)) == []
        [one] = flat(ours(orders.by_link_pages, link=found["invite_link"]))
        assert one["handle_name"] == "ana"
        assert world.market.orders[one["order_id"]].campaign.code == one["campaign_code"]

    def test_a_repeat_that_tiktok_refuses_says_that_it_was_done(self, order, ours, world):
        world.faults.set(lost_answer=1, refused_duplicates=True)
        with pytest.raises(errors.Unavailable):
            order(description="Trail GR-7F3K")
        with pytest.raises(errors.Duplicate):
            order(description="Trail GR-7F3K")
        assert len(ours(campaigns.made_with, description="Trail GR-7F3K")) == 1

    def test_too_frequent_is_repeated_since_nothing_was_done(self, order, world):
        world.faults.set(throttled=2)
        order()
        assert len(world.market.campaigns) == 1

    def test_what_is_safe_to_repeat_is_repeated(self, tiktok, ours, order, world, joiner):
        ana = joiner("ana")
        link = order()["invite_link"]
        world.faults.set(lost_answer=1)
        joining.join(tiktok, ana.access_token, creator_id=ana.open_id, link=link)
        assert sandbox_orders.of(world, "ana")[0].state == "joined"
        world.faults.set(lost_answer=1)
        assert ours(invitations.invite, handles=["ben"])["invited"] == ["ben"]
        made = ours(campaigns.create, name="Spring", brand_name="N", handles=["ana"])
        world.faults.set(lost_answer=1)
        told = ours(campaigns.update, campaign_id=made["campaign_id"], handles=["cyd"])
        assert told["handle_names"] == ["ana", "cyd"]
