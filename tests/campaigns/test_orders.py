"""Orders against the sandbox: decided, created at TikTok, delivered; what is refused says so."""

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import following, ordering, participants, splitting
from greenroom.campaigns.models import Bulk, Campaign, Deliverable, Order
from greenroom.campaigns.ordering import Asked
from greenroom.campaigns.refusals import BadInput, NothingToOrder, NotReady
from greenroom.core import work
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove
from greenroom.creators.models import Account, Post
from greenroom.sandbox import uploads
from tests.campaigns.conftest import BY, SETTINGS, later, run, take_part


def order_of(handle: str, number: int = 1) -> Order:
    rows = Order.objects.select_related("account", "campaign", "participant")
    return rows.get(account__handle=handle, number=number)


def states(order: Order) -> list[str]:
    return list(Deliverable.objects.filter(order=order).order_by("place").values_list("state", flat=True))


class TestBeforeOrders:
    @pytest.mark.parametrize(
        ("missing", "code"),
        [({"tiktok": False}, "tiktok_off"), ({"brand_name": ""}, "not_named"), ({"description": ""}, "not_named")],
    )
    def test_what_is_missing_is_said(self, workspace, at, missing, code):
        made = campaigns.create_campaign(workspace, name="Oat", by=BY, at=at, mode="manual", **{**SETTINGS, **missing})
        campaigns.move_campaign(made, "active", by=BY, at=at)
        with pytest.raises(NotReady) as refused:
            ordering.create_orders(made, take_part(made, "ana", at=at), by=BY, at=at)
        assert refused.value.code == code
        assert Order.objects.count() == 0

    @pytest.mark.parametrize("state", ["draft", "paused", "closed", "archived"])
    def test_orders_only_while_it_is_active(self, campaign, at, state):
        rows = take_part(campaign, "ana", at=at)
        Campaign.objects.filter(pk=campaign.pk).update(state=state)
        campaign.refresh_from_db()
        with pytest.raises(NotReady, match="while a campaign is active"):
            ordering.create_orders(campaign, rows, by=BY, at=at)

    @pytest.mark.parametrize("videos", [0, 11, -1])
    def test_an_order_has_1_to_10_videos(self, campaign, at, videos):
        with pytest.raises(BadInput, match="1 to 10"):
            ordering.create_orders(campaign, take_part(campaign, "ana", at=at), Asked(videos=videos), by=BY, at=at)

    @pytest.mark.parametrize(
        ("posts", "orders"), [(1, [1]), (10, [10]), (11, [10, 1]), (20, [10, 10]), (21, [10, 10, 1])]
    )
    def test_n_posts_take_n_tenths_of_orders(self, posts, orders):
        assert splitting.split(posts) == orders


class TestCreating:
    def test_the_order_has_a_link_a_code_and_the_names(self, campaign, world, at):
        rows = take_part(campaign, "ana", at=at)
        ordering.create_orders(campaign, rows, Asked(videos=2, names=("Breakfast",), spark_days=30), by=BY, at=at)
        run(at)
        order = order_of("ana")
        assert (order.state, order.state_label) == ("created", "Order Created")
        assert order.invite_link
        assert order.code
        theirs = world.market.orders[order.tiktok_id]
        assert [one.name for one in theirs.campaign.deliverables] == ["Breakfast", "Video 2"]
        assert theirs.campaign.spark_days == 30
        assert theirs.campaign.description.endswith(order.marker)
        assert len(theirs.campaign.description) <= 60

    def test_more_than_ten_take_two_links(self, campaign, at):
        [ana] = take_part(campaign, "ana", at=at)
        participants.require(ana, 12, by=BY, at=at)
        ana.refresh_from_db()
        ordering.create_orders(campaign, [ana], by=BY, at=at)
        run(at)
        first, second = order_of("ana", 1), order_of("ana", 2)
        assert (first.videos, second.videos) == (10, 2)
        assert first.invite_link != second.invite_link
        assert list(second.deliverables.values_list("number", flat=True)) == [11, 12]

    def test_auto_mode_orders_by_itself(self, workspace, at):
        made = campaigns.create_campaign(workspace, name="Auto", by=BY, at=at, required=11, **SETTINGS)
        campaigns.move_campaign(made, "active", by=BY, at=at)
        take_part(made, "ana", "ben", at=at)
        run(at)
        assert Order.objects.filter(state="created").count() == 4
        assert len(set(Order.objects.values_list("invite_link", flat=True))) == 4
        run(at)
        assert Order.objects.count() == 4

    def test_what_tiktok_refuses_is_kept_and_only_that_is_tried_again(self, campaign, at):
        rows = take_part(campaign, "ana", "nobody_at_all", at=at)
        bulk = ordering.create_orders(campaign, rows, by=BY, at=at)
        run(at)
        refused = order_of("nobody_at_all")
        assert refused.state == "refused"
        assert "does not exist" in refused.refusal
        Account.objects.filter(handle="nobody_at_all").update(handle="ben")
        assert ordering.retry_bulk(bulk, by=BY, at=at) == 1
        run(at)
        assert set(Order.objects.values_list("state", flat=True)) == {"created"}

    def test_strict_campaigns_refuse_who_cant_be_tracked_one_by_one(self, campaign, at):
        campaigns.change_campaign(campaign, strict=True, by=BY, at=at)
        rows = take_part(campaign, "ana", "dov", at=at)
        Account.objects.filter(handle="ana").update(in_marketplace=True)
        rows = list(campaign.participants.select_related("account", "campaign"))
        bulk = ordering.create_orders(campaign, rows, by=BY, at=at)
        assert [row["handle"] for row in bulk.errors] == ["dov"]
        assert [row["code"] for row in bulk.errors] == ["not_trackable"]
        assert list(Bulk.objects.get().orders.values_list("account__handle", flat=True)) == ["ana"]

    def test_all_ordered_already_is_an_error_of_the_row(self, campaign, at):
        rows = take_part(campaign, "ana", at=at)
        ordering.create_orders(campaign, rows, by=BY, at=at)
        assert ordering.create_orders(campaign, rows, by=BY, at=at).errors[0]["code"] == NothingToOrder.code

    def test_a_lost_answer_makes_one_order(self, campaign, world, at):
        ordering.create_orders(campaign, take_part(campaign, "ana", at=at), by=BY, at=at)
        world.faults.set(lost_answer=1)
        work.run_due(Order, at=at)
        order = order_of("ana")
        assert (order.state, order.asked_at is not None) == ("not_created", True)
        at = later(world, at, minutes=1)
        run(at)
        assert order_of("ana").state == "created"
        assert len(world.market.orders) == 1

    def test_at_once_leaves_alone_what_a_worker_has_in_hand(self, campaign, world, at):
        ordering.create_orders(campaign, take_part(campaign, "ana", at=at), by=BY, at=at)
        [held] = work.claim(Order, by="worker", at=at, limit=1)
        ordering.create_now([held], at=at)
        assert (held.state, held.leased_by, len(world.market.orders)) == ("not_created", "worker", 0)
        Order.objects.update(leased_until=None, leased_by="")
        ordering.create_now([held], at=at)
        assert (held.state, held.leased_by, len(world.market.orders)) == ("created", "", 1)

    def test_the_newer_interface_makes_them_too(self, campaign, world, phone, at):
        grant = campaign.workspace_id
        from greenroom.creators.models import Connection

        row = Connection.objects.get(workspace=grant, account=None)
        Connection.objects.filter(pk=row.pk).update(marketplace_ids={"tto": row.marketplace_ids["tto"]})
        ordering.create_orders(campaign, take_part(campaign, "ana", at=at), by=BY, at=at)
        run(at)
        order = order_of("ana")
        assert (order.state, order.code, order.generation) == ("created", "", "tto")
        phone.publish(order)
        run(later(world, at, minutes=20))
        assert order_of("ana").state == "fulfilled"


class TestDelivering:
    @pytest.fixture
    def order(self, campaign, at):
        ordering.create_orders(campaign, take_part(campaign, "ana", at=at), Asked(videos=2), by=BY, at=at)
        run(at)
        return order_of("ana")

    def look(self, world, at, **span):
        at = later(world, at, **span)
        world.settle()
        Campaign.objects.update(due_at=at)
        run(at)
        return at

    def test_from_upload_to_fulfilled(self, order, world, phone, at):
        made = phone.upload(order)
        at = self.look(world, at, minutes=1)
        assert (order_of("ana").state, states(order)) == ("joined", ["uploaded", "open"])
        assert not Post.objects.filter(item_id=made.video_id).exists()
        uploads.post(world, video_id=made.video_id)
        at = self.look(world, at, minutes=30)
        assert (order_of("ana").state, states(order)) == ("partially_fulfilled", ["published", "open"])
        post = Post.objects.get(item_id=made.video_id)
        assert post.basis == "order"
        at = later(world, at, minutes=5)
        made = phone.upload(order)
        at = later(world, at, minutes=5)
        uploads.post(world, video_id=made.video_id)
        self.look(world, at, minutes=30)
        assert (order_of("ana").state, states(order)) == ("fulfilled", ["published", "published"])
        assert set(Deliverable.objects.values_list("set_by", flat=True)) == {"link"}

    def test_an_id_that_comes_late_keeps_its_place(self, order, world, phone, at):
        made = phone.publish(order, late_hours=40)
        at = self.look(world, at, minutes=30)
        assert states(order) == ["published_pending_id", "open"]
        at = self.look(world, at, hours=41)
        assert states(order) == ["published", "open"]
        assert Deliverable.objects.get(order=order, place=1).video_id == made.video_id

    def test_a_removed_post_opens_its_place_again(self, order, world, phone, at):
        made = phone.publish(order)
        at = self.look(world, at, minutes=30)
        uploads.remove(world, video_id=made.video_id, by="moderators")
        at = self.look(world, at, minutes=30)
        first = Deliverable.objects.get(order=order, place=1)
        assert (first.state, first.lost, first.video_id) == ("open", "removed", "")
        assert order_of("ana").state == "joined"
        assert Post.objects.get(item_id=made.video_id).basis == "manual"

    def test_a_code_on_a_post_that_is_out(self, order, world, at):
        post = world.posts_of(world.account("ana").index)[0]
        uploads.enter_code(world, handle="ana", code=order.code, video_id=post.item_id)
        self.look(world, at, minutes=30)
        first = Deliverable.objects.get(order=order, place=1)
        assert (first.state, first.set_by) == ("published", "code")

    def test_an_older_reading_changes_nothing(self, order, world, phone, at):
        from greenroom.campaigns.interfaces import Standing

        phone.publish(order)
        later_at = self.look(world, at, minutes=30)
        assert not following.note_standing(order, Standing(()), read_at=at)
        assert order_of("ana").state == "partially_fulfilled"
        assert later_at > at

    def test_a_cancelled_order_that_is_delivered_counts_again(self, order, world, phone, at):
        ordering.cancel(order, by=BY, at=at)
        phone.publish(order)
        self.look(world, at, minutes=30)
        assert order_of("ana").state == "partially_fulfilled"
        names = [event.name for event in Event.objects.filter(subject=f"order:{order.pk}").order_by("pk")]
        assert names == ["order.asked", "order.created", "order.cancelled", "order.joined", "order.partially_fulfilled"]

    def test_nobody_says_by_hand_what_tiktok_tells(self, order, at):
        with pytest.raises(IllegalMove):
            ordering.move_order(order, "fulfilled", by=BY, at=at)
