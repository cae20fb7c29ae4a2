"""What an order is for: posts come in through it alone, each link is its creator's, each post is in one order."""

import re
from pathlib import Path

import pytest

from greenroom import campaigns as module
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import following, ordering, settling
from greenroom.campaigns.interfaces import Standing
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core.models import Event
from greenroom.creators.models import Account, Post
from greenroom.observations import availability
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from greenroom.sandbox.http import ApiError
from tests.campaigns.conftest import BY, SETTINGS, later, run, take_part


def ordered(campaign: Campaign, *handles: str, at) -> list[Order]:
    """An order at TikTok for each of them."""
    ordering.create_orders(campaign, take_part(campaign, *handles, at=at), by=BY, at=at)
    run(at)
    rows = {order.account.handle: order for order in campaign.orders.select_related("account")}
    return [rows[handle] for handle in handles]


def another(campaign: Campaign, *, at) -> Campaign:
    made = campaigns.create_campaign(campaign.workspace, name="Winter", by=BY, at=at, mode="manual", **SETTINGS)
    campaigns.move_campaign(made, "active", by=BY, at=at)
    return made


def test_a_post_without_link_or_code_is_in_no_campaign_whatever_it_says(campaign, world, at):
    """ORD-01, C-06: brand, campaign and the order's marker in the caption tie nothing."""
    [order] = ordered(campaign, "ana", at=at)
    words = f"{campaign.brand_name} {campaign.name} {order.marker} {order.code} #ad"
    world.publish("ana", caption=words, branded=True)
    at = later(world, at, hours=1)
    Campaign.objects.update(due_at=at)
    run(at)
    assert set(Deliverable.objects.values_list("state", flat=True)) == {"open"}
    assert not Post.objects.filter(basis="order").exists()


def test_nothing_of_campaigns_reads_what_a_post_says():
    """C-06: tying by text can't come back unseen."""
    folder = Path(module.__file__).parent
    named = [path.name for path in folder.glob("*.py") if re.search(r"caption|hashtag|keyword", path.read_text())]
    assert named == []


def test_each_campaign_gives_a_creator_a_link_of_its_own(campaign, at):
    """ORD-09."""
    [first] = ordered(campaign, "ana", at=at)
    [second] = ordered(another(campaign, at=at), "ana", at=at)
    assert first.invite_link != second.invite_link
    assert first.code != second.code


def test_links_are_for_everybody_and_each_is_its_creators_alone(campaign, world, at):
    """ORD-10, ORD-23: BEN is no member and has a link; with ANA's TikTok refuses him."""
    ana, ben = ordered(campaign, "ana", "ben", at=at)
    assert ben.invite_link
    with pytest.raises(ApiError, match="invited"):
        taking.join(world, handle="ben", link=ana.invite_link)
    assert taking.join(world, handle="ben", link=ben.invite_link).state == "joined"


def test_a_post_is_in_one_order_at_most(campaign, world, phone, at):
    """ORD-20: what a second order claims stays with the first, and is said."""
    [first] = ordered(campaign, "ana", at=at)
    [second] = ordered(another(campaign, at=at), "ana", at=at)
    made = phone.publish(first)
    at = later(world, at, minutes=30)
    Campaign.objects.update(due_at=at)
    run(at)
    claim = Standing((settling.Seen(made.video_id, "published", at, at),))
    for _ in range(2):
        following.note_standing(second, claim, read_at=at)
    held = Deliverable.objects.get(video_id=made.video_id)
    assert (held.order, held.state) == (first, "published")
    assert list(Deliverable.objects.filter(order=second).values_list("state", flat=True)) == ["open"]
    assert Event.objects.filter(subject=f"order:{second.pk}", name="order.post_taken").exists()


def test_a_code_afterwards_opens_the_orders_figures_for_the_same_post(campaign, world, at):
    """ORD-14: one record before and after; the toggle is on and the column is that of orders."""
    [order] = ordered(campaign, "ana", at=at)
    item = world.posts_of(world.account("ana").index)[0].item_id
    times = {"posted_at": at, "first_seen_at": at, "last_seen_at": at}
    post = Post.objects.create(workspace=campaign.workspace, account=order.account, item_id=item, **times)
    assert availability.post_column(post.basis, False, False) != "order"
    uploads.enter_code(world, handle="ana", code=order.code, video_id=item)
    at = later(world, at, minutes=30)
    Campaign.objects.update(due_at=at)
    run(at)
    assert Post.objects.get(item_id=item) == post
    post.refresh_from_db()
    tied = Deliverable.objects.get(post=post)
    assert (post.basis, tied.branded) == ("order", True)
    assert availability.post_column(post.basis, False, False) == "order"


def test_who_can_be_tracked_in_any_case_has_no_warning(campaign, at):
    """ACC-15: authenticated or a member; DOV is neither and gets an order with a warning."""
    rows = take_part(campaign, "ana", "ben", "cyd", "dov", at=at)
    Account.objects.filter(handle__in=("ana", "ben")).update(authenticated=True)
    Account.objects.filter(handle__in=("ana", "cyd")).update(in_marketplace=True)
    rows = campaign.participants.select_related("account", "campaign")
    warned = {row.account.handle for row in rows if ordering.warning(row)}
    assert warned == {"dov"}
    bulk = ordering.create_orders(campaign, rows, by=BY, at=at)
    assert bulk.errors == []
