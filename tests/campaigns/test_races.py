"""Two at once, answers that get lost, questions that are broken off: nothing trips and nothing is forgotten."""

from datetime import timedelta

from greenroom.campaigns import due, ordering, participants, settling
from greenroom.campaigns.following import note_standing
from greenroom.campaigns.interfaces import Older, Standing
from greenroom.campaigns.models import Campaign, Deliverable, Order, Participant
from greenroom.core import work
from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.tiktok import errors
from tests.campaigns.conftest import BY, later, run, take_part


def ordered(campaign, *handles, at, **asked):
    bulk = ordering.create_orders(campaign, take_part(campaign, *handles, at=at), ordering.Asked(**asked), by=BY, at=at)
    return bulk, list(bulk.orders.select_related("account", "workspace"))


def lose_answer(campaign, world, at):
    """An order TikTok made, whose answer got lost."""
    bulk, [order] = ordered(campaign, "ana", at=at)
    world.faults.set(lost_answer=1)
    work.run_due(Order, at=at)
    return bulk, Order.objects.select_related("account", "workspace", "participant").get(pk=order.pk)


def test_an_order_given_up_while_its_answer_is_missing_is_known_all_the_same(campaign, world, phone, at):
    _, order = lose_answer(campaign, world, at)
    ordering.cancel(order, by=BY, at=at)
    at = later(world, at, minutes=2)
    run(at)
    order.refresh_from_db()
    assert (order.state, order.tiktok_id in world.market.orders, len(world.market.orders)) == ("cancelled", True, 1)
    phone.publish(order)
    run(later(world, at, hours=2))
    order.refresh_from_db()
    assert order.state == "fulfilled"


def test_who_is_taken_out_while_the_answer_is_missing_stays_for_what_they_deliver(campaign, world, at):
    _, order = lose_answer(campaign, world, at)
    participants.remove(order.participant, by=BY, at=at)
    assert Participant.objects.filter(pk=order.participant_id).exists()


def test_nothing_is_made_again_before_the_first_attempt_is_surely_over(campaign, world, at):
    [order] = ordered(campaign, "ana", at=at)[1]
    Order.objects.filter(pk=order.pk).update(asked_at=at, generation="tcm", told_description="Oat · GR-1")
    run(at + timedelta(seconds=40))
    assert world.market.orders == {}
    run(later(world, at, minutes=1))
    assert len(world.market.orders) == 1


def test_one_list_answers_for_all_lost_orders(campaign, world, at):
    ordered(campaign, "ana", "dov", "ben", at=at)
    world.faults.set(lost_answer=3)
    work.run_due(Order, at=at)
    at = later(world, at, minutes=2)
    run(at)
    assert set(Order.objects.values_list("state", flat=True)) == {"created"}
    assert len(world.market.orders) == 3
    listed = [count for (_, path, _), count in world.ledger.items() if path.endswith("tto/tcm/campaign/")]
    assert sum(listed) == 1


def test_giving_up_a_bulk_passes_over_what_was_made_meanwhile(campaign, at, monkeypatch):
    bulk, orders = ordered(campaign, "ana", "dov", at=at)
    cancel = ordering.cancel

    def slow(order, **told):  # a worker makes the first one between our reading and our writing
        if order.pk == orders[0].pk:
            Order.objects.filter(pk=order.pk).update(state="created")
        cancel(order, **told)

    monkeypatch.setattr(ordering, "cancel", slow)
    assert ordering.cancel_bulk(bulk, by=BY, at=at) == 1
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == ["created", "cancelled"]


def test_a_post_that_takes_a_lost_ones_place_is_another_one(campaign, world, phone, at):
    [order] = ordered(campaign, "ana", videos=1, at=at)[1]
    run(at)
    order.refresh_from_db()
    made = phone.publish(order)
    at = later(world, at, minutes=30)
    run(at)
    new = settling.Seen("77", "published", at + timedelta(minutes=1), at + timedelta(minutes=5))
    lost = settling.Lost(made.video_id, "rejected", "Too loud")
    note_standing(order, Standing((new,), (lost,)), read_at=at + timedelta(minutes=9))
    one = Deliverable.objects.get(order=order)
    assert (one.state, one.video_id, one.tied_at, one.set_by, one.lost) == ("published", "77", new.tied_at, "link", "")
    assert Post.objects.get(item_id=made.video_id).basis == "manual"
    told = Event.objects.get(name="deliverable.open")
    assert (told.data["video"], told.data["why"], told.data["reason"]) == (made.video_id, "rejected", "Too loud")


def test_what_was_read_before_tiktok_broke_off_is_kept_and_the_rest_follows(campaign, world, phone, at, monkeypatch):
    ordered(campaign, "ana", "dov", at=at)
    run(at)
    for order in Order.objects.select_related("account"):
        phone.publish(order)
    at = later(world, at, minutes=30)
    world.settle()
    read = Older.standings

    def broken(self, *told):
        for count, one in enumerate(read(self, *told)):
            if count:
                raise errors.Throttled("Too often", code="40100", endpoint="tcm/", retry_after=5)
            yield one

    monkeypatch.setattr(Older, "standings", broken)
    for more in range(2):
        assert Order.objects.filter(state="fulfilled").count() == more
        Campaign.objects.update(due_at=at)
        at = later(world, at, seconds=30)
        run(at)
    assert Order.objects.filter(state="fulfilled").count() == 2


def test_a_campaign_whose_first_order_is_under_way_keeps_looking(campaign, at):
    ordered(campaign, "ana", at=at)
    assert due.look(campaign, at=at) is not None
