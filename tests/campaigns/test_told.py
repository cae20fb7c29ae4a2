"""TikTok tells over real HTTP: signed, twice, late, out of order, without a name; states come right all the same."""

from datetime import timedelta

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import listening, ordering
from greenroom.campaigns.models import Campaign, Deliverable, Order, Subscription
from greenroom.campaigns.ordering import Asked
from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators.models import Connection
from greenroom.sandbox import create_app, uploads, webhooks
from tests.api.serving import serving
from tests.campaigns.conftest import BY, SETTINGS, run, take_part

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _now(at):
    """This process's clock says what the sandbox's does, and goes on."""
    clock.shift(at - clock.now())
    yield
    clock.unshift()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """TikTok tries again only once, and soon: what comes twice is refused the second time, however often it tries."""
    monkeypatch.setattr(webhooks, "RETRY_SECONDS", (0.05,))


@pytest.fixture
def url(live_server, settings):
    settings.GREENROOM_URL = live_server.url
    return f"{live_server.url}/hooks/tiktok/"


@pytest.fixture
def subscription(url, campaign, world, monkeypatch, settings):
    """TikTok tells; from here on it is asked over the network too."""
    with serving(create_app(world)) as tiktok:
        monkeypatch.setattr(clients, "TRANSPORT", None)
        settings.TIKTOK_URL = tiktok
        work.run_due(Subscription, at=clock.now())
        yield Subscription.objects.get()


@pytest.fixture
def order(subscription, campaign):
    """Two posts are asked of Ana, and everybody has looked just now."""
    at = clock.now()
    ordering.create_orders(campaign, take_part(campaign, "ana", at=at), Asked(videos=2), by=BY, at=at)
    run(at)
    assert waits(campaign)
    return Order.objects.select_related("account").get()


def waits(campaign) -> bool:
    """Has nobody told the campaign to look at once?"""
    return Campaign.objects.get(pk=campaign.pk).due_at > clock.now() + timedelta(minutes=5)


def states() -> list[str]:
    return list(Deliverable.objects.order_by("place").values_list("state", flat=True))


def look(world) -> None:
    """What workers do: campaigns that are due look."""
    world.settle()
    run(clock.now())


class TestSubscribing:
    def test_a_connection_is_subscribed_once_however_often_it_is_looked(self, subscription, world, url):
        at = clock.now()
        assert [one["callback_url"] for one in world.webhooks.living("sandbox-app")] == [url]
        assert (subscription.url, subscription.last_error) == (url, "")
        for day in (1, 2):
            work.run_due(Subscription, at=at + timedelta(days=day, minutes=1))
        assert list(world.webhooks.subscriptions) == [subscription.tiktok_id]
        assert Event.objects.filter(name="subscription.made").count() == 1

    def test_one_that_ended_without_a_word_is_made_again_within_a_day(self, subscription, world):
        world.webhooks.subscriptions.clear()
        work.run_due(Subscription, at=clock.now() + timedelta(days=1, minutes=1))
        (one,) = world.webhooks.living("sandbox-app")
        assert one["subscription_id"] == Subscription.objects.get().tiktok_id != subscription.tiktok_id

    def test_a_lost_answer_makes_no_second_one(self, url, campaign, world):
        world.faults.set(lost_answer=2)
        for minutes in (0, 10, 20):
            work.run_due(Subscription, at=clock.now() + timedelta(minutes=minutes))
        assert len(world.webhooks.subscriptions) == 1
        assert Subscription.objects.get().tiktok_id in world.webhooks.subscriptions

    def test_withdrawing_the_connection_ends_it(self, subscription, world):
        creators.withdraw(Connection.objects.get(account=None), by=BY, at=clock.now())
        work.run_due(Subscription, at=clock.now())
        assert world.webhooks.subscriptions == {}
        row = Subscription.objects.get()
        assert (row.tiktok_id, row.due_at) == ("", None)
        assert listening.words(row.workspace) == ""

    def test_an_install_moved_elsewhere_leaves_nothing_behind(self, subscription, world, settings):
        settings.GREENROOM_URL = "http://127.0.0.1:9"
        work.run_due(Subscription, at=clock.now() + timedelta(days=1, minutes=1))
        assert [one["callback_url"] for one in world.webhooks.living("sandbox-app")] == [
            "http://127.0.0.1:9/hooks/tiktok/"
        ]

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://greenroom.example", "https://10.0.0.8"])
    def test_the_real_tiktok_is_not_told_of_an_address_it_cant_reach(self, campaign, world, settings, address):
        grant = Connection.objects.get(account=None)
        settings.GREENROOM_URL = address
        assert listening.why_not(grant) == ""  # the pretend one reaches it
        clients.TRANSPORT, kept = None, clients.TRANSPORT
        try:
            assert address in listening.why_not(grant)
            assert work.run_due(Subscription, at=clock.now()) == 1
            assert "every 15 minutes" in listening.words(campaign.workspace)
        finally:
            clients.TRANSPORT = kept
        assert world.webhooks.subscriptions == {}
        assert Subscription.objects.get().due_at > clock.now() + timedelta(hours=23)


class TestHearing:
    def test_an_upload_is_known_as_soon_as_tiktok_tells(self, order, campaign, phone, world):
        made = phone.upload(order)
        assert world.webhooks.wait()
        assert [one.status for one in world.webhooks.delivered] == [200]
        assert not waits(campaign)
        look(world)
        assert states() == ["uploaded", "open"]
        uploads.post(world, video_id=made.video_id)
        uploads.approve(world, video_id=made.video_id)
        assert world.webhooks.wait()
        look(world)
        assert states() == ["published", "open"]

    @pytest.mark.parametrize("fault", ["duplicate_webhooks", "delayed_webhooks", "nameless_webhooks"])
    def test_twice_late_or_nameless_makes_no_difference(self, order, campaign, phone, world, fault):
        world.faults.set(**{fault: 2})
        phone.publish(order)
        assert world.webhooks.wait(20)
        twice = [409, 409] if fault == "duplicate_webhooks" else []
        assert sorted(one.status for one in world.webhooks.delivered) == [200, 200, *twice]
        look(world)
        assert states() == ["published", "open"]
        assert Event.objects.filter(name="deliverable.published").count() == 1

    @pytest.mark.parametrize("sequence", [[1, 0], [1, 1, 0, 0], [1], [0, 1, 0]])
    def test_in_any_order_and_with_losses(self, order, campaign, phone, world, sequence):
        world.webhooks.hold()
        phone.publish(order)
        assert len(world.webhooks.held()) == 2
        for _ in range(world.webhooks.release(sequence)):
            look(world)
        assert states() == ["published", "open"]
        assert Event.objects.filter(name="deliverable.published").count() == 1

    def test_only_the_creators_campaigns_look(self, order, campaign, phone, world):
        at = clock.now()
        other = campaigns.create_campaign(campaign.workspace, name="Barley", by=BY, at=at, mode="manual", **SETTINGS)
        campaigns.move_campaign(other, "active", by=BY, at=at)
        ordering.create_orders(other, take_part(other, "ben", at=at), by=BY, at=at)
        run(clock.now())
        phone.upload(order)
        assert world.webhooks.wait()
        assert (waits(campaign), waits(other)) == (False, True)
        run(clock.now())
        world.faults.set(nameless_webhooks=1)
        phone.upload(order)
        assert world.webhooks.wait()
        assert (waits(campaign), waits(other)) == (False, False)

    def test_a_workspace_without_this_marketplace_account_hears_nothing(self, order, campaign, phone, world):
        Connection.objects.filter(account=None).update(marketplace_ids={"tto": ["another"], "tcm": ["another"]})
        phone.upload(order)
        assert world.webhooks.wait()
        assert world.webhooks.delivered[-1].status == 200
        assert waits(campaign)
