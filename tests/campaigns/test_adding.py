"""Posts that people put into campaigns: one campaign at most, what an order tied stays the order's."""

from datetime import timedelta

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import adding, ordering, tying
from greenroom.campaigns.models import Campaign, CampaignPost
from greenroom.campaigns.refusals import BadInput, PostTaken, PostTied
from greenroom.core.models import Event
from greenroom.creators.models import Post
from tests.campaigns.conftest import BY, SETTINGS, account, later, run, take_part


@pytest.fixture
def post(campaign, at):
    """A post of ANA, who takes part and has no order."""
    [ana] = take_part(campaign, "ana", at=at)
    return published(ana.account, "7001", at=at)


def published(owner, item_id, *, at, **more):
    told = {"posted_at": at, "first_seen_at": at, "last_seen_at": at}
    return Post.objects.create(workspace=owner.workspace, account=owner, item_id=item_id, **(told | more))


def another(campaign, *, at, name="LAUNCH") -> Campaign:
    return campaigns.create_campaign(campaign.workspace, name=name, by=BY, at=at, mode="manual", **SETTINGS)


def tied(campaign, world, phone, *, at) -> CampaignPost:
    """The entry of a post that came through ANA's order."""
    [ana] = take_part(campaign, "ana", at=at)
    ordering.create_orders(campaign, [ana], by=BY, at=at)
    run(at)
    phone.publish(campaign.orders.select_related("account").get())
    at = later(world, at, minutes=30)
    Campaign.objects.update(due_at=at)
    run(at)
    return campaign.posts.select_related("campaign", "post").get()


def names() -> list[str]:
    return list(Event.objects.filter(name__startswith="campaignpost.").order_by("pk").values_list("name", flat=True))


def test_a_post_is_added_by_hand_and_counts_as_manual(campaign, post, at):
    """PUB-02, MIG-09."""
    entry = adding.add_post(campaign, post, branded=True, by=BY, at=at)
    assert (entry.how, entry.mode, entry.branded, entry.posted_at) == ("hand", "Manual", True, post.posted_at)
    assert entry.participant.account_id == post.account_id
    post.refresh_from_db()
    assert post.basis == Post.Basis.MANUAL
    event = Event.objects.get(name="campaignpost.added")
    assert (event.by, event.data) == (BY, {"campaign": campaign.pk, "video": "7001", "branded": True})


def test_its_author_need_not_take_part(campaign, workspace, at):
    post = published(account(workspace, "ben", at=at), "7002", at=at)
    assert adding.add_post(campaign, post, branded=False, by=BY, at=at).participant is None


def test_a_post_is_in_one_campaign_at_most_and_the_refusal_names_it(campaign, post, at):
    launch = another(campaign, at=at)
    adding.add_post(launch, post, branded=True, by=BY, at=at)
    with pytest.raises(PostTaken, match="It is in LAUNCH already"):
        adding.add_post(campaign, post, branded=True, by=BY, at=at)
    with pytest.raises(PostTaken, match="in this campaign already"):
        adding.add_post(launch, post, branded=True, by=BY, at=at)
    assert names() == ["campaignpost.added"]


def test_a_post_of_another_workspace_is_refused(campaign, acme, at):
    post = published(account(acme.rival, "eli", at=at), "7003", at=at)
    with pytest.raises(BadInput, match="this workspace"):
        adding.add_post(campaign, post, branded=True, by=BY, at=at)
    assert not CampaignPost.objects.exists()


def test_a_hidden_post_is_never_added(campaign, post, at):
    Post.everything.update(hidden_at=at)
    with pytest.raises(BadInput, match="hidden"):
        adding.add_post(campaign, Post.everything.get(), branded=True, by=BY, at=at)
    assert not CampaignPost.objects.exists()


def test_it_is_taken_out_again_and_the_post_stays(campaign, post, at):
    entry = adding.add_post(campaign, post, branded=True, by=BY, at=at)
    adding.remove_post(entry, by=BY, at=at)
    assert not campaign.posts.exists()
    assert Post.objects.filter(pk=post.pk).exists()
    adding.remove_post(entry, by=BY, at=at)  # somebody else was faster
    assert names() == ["campaignpost.added", "campaignpost.removed"]


def test_it_moves_to_another_campaign_with_its_participant_there(campaign, post, at):
    entry = adding.add_post(campaign, post, branded=True, by=BY, at=at)
    launch = another(campaign, at=at)
    adding.move_post(entry, launch, by=BY, at=at + timedelta(minutes=1))
    entry.refresh_from_db()
    assert (entry.campaign, entry.participant, entry.branded) == (launch, None, True)
    event = Event.objects.get(name="campaignpost.moved")
    assert (event.data["campaign"], event.data["was_campaign"]) == (launch.pk, campaign.pk)
    with pytest.raises(BadInput, match="LAUNCH already"):
        adding.move_post(entry, launch, by=BY, at=at)


def test_it_does_not_move_to_another_workspace(campaign, post, acme, at):
    entry = adding.add_post(campaign, post, branded=True, by=BY, at=at)
    theirs = campaigns.create_campaign(acme.rival, name="Theirs", by=BY, at=at)
    with pytest.raises(BadInput, match="this workspace"):
        adding.move_post(entry, theirs, by=BY, at=at)


def test_what_an_order_tied_is_neither_taken_out_nor_moved_nor_added(campaign, world, phone, at):
    """ORD-20."""
    entry = tied(campaign, world, phone, at=at)
    launch = another(campaign, at=at)
    with pytest.raises(PostTied):
        adding.remove_post(entry, by=BY, at=at)
    with pytest.raises(PostTied):
        adding.move_post(entry, launch, by=BY, at=at)
    with pytest.raises(PostTaken, match="Oat Season"):
        adding.add_post(launch, entry.post, branded=True, by=BY, at=at)
    entry.refresh_from_db()
    assert (entry.campaign, entry.deliverable.order.account.handle) == (campaign, "ana")


def test_a_hand_added_post_that_gets_the_code_becomes_the_orders(campaign, world, post, at):
    """MIG-08: the code links a video that is out already; the row stays the same one."""
    entry = adding.add_post(campaign, post, branded=True, by=BY, at=at)
    ordering.create_orders(campaign, [entry.participant], by=BY, at=at)
    run(at)
    order = campaign.orders.get()
    one = order.deliverables.first()
    one.set_by = "code"
    tying.tie(order, one, post, by=BY, at=at)
    entry.refresh_from_db()
    assert (entry.how, entry.mode, entry.deliverable) == ("code", "Code", one)
    post.refresh_from_db()
    assert post.basis == Post.Basis.ORDER
