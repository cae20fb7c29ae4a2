"""A workspace with a marketplace connection, a campaign that takes orders, and creators at their phones."""

from datetime import timedelta

import pytest

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants
from greenroom.campaigns.models import Campaign, Order
from greenroom.core import work
from greenroom.creators import actions as creators
from greenroom.creators.models import Account
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from tests.consenting import People, mount

BY = "member:1"
SETTINGS = {
    "tiktok": True,
    "brand_name": "Pebblewick",
    "description": "Show one real breakfast with oat drink. Your kitchen, your pace.",
}


@pytest.fixture
def world(at):
    return sandbox.World(accounts=40, posts=4, throttle=False, clock=sandbox.Clock(at, rate=0))


@pytest.fixture
def people(world, monkeypatch, settings):
    return People(world, mount(monkeypatch, settings, world))


@pytest.fixture
def workspace(acme, people, at):
    """Acme, connected to the marketplace."""
    people.connect_marketplace(acme.workspace, at=at)
    return acme.workspace


@pytest.fixture
def campaign(workspace, at) -> Campaign:
    """Active, with everything an order needs, made by hand: nobody gets an order by itself."""
    made = campaigns.create_campaign(workspace, name="Oat Season", by=BY, at=at, mode="manual", **SETTINGS)
    campaigns.move_campaign(made, "active", by=BY, at=at)
    return made


@pytest.fixture
def phone(world):
    return Phone(world)


class Phone:
    """What creators do in the TikTok app."""

    def __init__(self, world):
        self.world = world

    def join(self, order: Order):
        return taking.join(self.world, handle=order.account.handle, link=order.invite_link)

    def upload(self, order: Order, **told):
        self.join(order)
        return uploads.upload(self.world, handle=order.account.handle, link=order.invite_link, **told)

    def publish(self, order: Order, **told):
        """Hand in, post, and let TikTok's review pass it."""
        made = self.upload(order, **told)
        uploads.post(self.world, video_id=made.video_id)
        return uploads.approve(self.world, video_id=made.video_id)


def account(workspace, handle: str, *, at) -> Account:
    return Account.objects.filter(workspace=workspace, handle=handle).first() or creators.record_legacy(
        workspace, handle=handle, by=BY, at=at
    )


def take_part(campaign: Campaign, *handles: str, at, **more):
    """These handles in the campaign; gives their participants."""
    accounts = [account(campaign.workspace, handle, at=at) for handle in handles]
    participants.add(campaign, accounts, by=BY, at=at, **more)
    rows = campaign.participants.select_related("account", "campaign")
    found = {row.account.handle: row for row in rows}
    return [found[handle] for handle in handles]


def run(at) -> None:
    """What workers do now: orders are created, then campaigns look how they stand."""
    while work.run_due(Order, at=at):
        pass
    work.run_due(Campaign, at=at)


def later(world, at, **span):
    """Let time go on here and at TikTok."""
    world.clock.set(at + timedelta(**span))
    return at + timedelta(**span)
