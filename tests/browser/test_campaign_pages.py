"""Campaign pages with something in them, light and dark, wide and narrow; and an order made in the dialog."""

import pytest

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import documents, ordering, participants
from greenroom.campaigns.models import Bulk, Campaign, Order
from greenroom.core import clock, work
from greenroom.creators import actions as creators
from greenroom.creators.models import Account
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from tests.consenting import People, mount

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def world():
    return sandbox.World(accounts=12, posts=4, throttle=False)


@pytest.fixture
def campaign(acme, world, monkeypatch, settings) -> Campaign:
    """Active, with an order in every state that a first day brings, one creator without, one who is warned of."""
    told = {"by": acme.olga.by, "at": clock.now()}
    People(world, mount(monkeypatch, settings, world)).connect_marketplace(acme.workspace, at=told["at"])
    made = campaigns.create_campaign(
        acme.workspace, name="Oat Season", tiktok=True, mode="manual", required=2, brand_name="Pebblewick",
        description="Show one real breakfast with Pebblewick oat drink. Your kitchen, your pace.", content="video",
        starts_on="2026-03-02", ends_on="2026-03-29", deliverables=["Breakfast", "Bike"], spark_days=30,
        requirements="Say it is paid. No health claims.", **told,
    )  # fmt: skip
    campaigns.move_campaign(made, "active", **told)
    handles = ("ana", "ben", "cyd", "dov", "nobody_at_all")
    people = [creators.record_legacy(acme.workspace, handle=one, **told) for one in handles]
    Account.objects.filter(handle__in=["ana", "cyd"]).update(in_marketplace=True)
    Account.objects.filter(handle="ben").update(authenticated=True)
    participants.add(made, people, **told)
    creators.record_legacy(acme.workspace, handle="eli", **told)
    rows = list(made.participants.select_related("account", "campaign"))
    participants.require(rows[0], 12, **told)
    rows = list(made.participants.select_related("account", "campaign"))
    ordering.create_orders(made, [one for one in rows if one.account.handle != "dov"], **told)
    while work.run_due(Order, at=told["at"]):
        pass
    ana = Order.objects.get(account__handle="ana", number=1)
    taking.join(world, handle="ana", link=ana.invite_link)
    uploads.upload(world, handle="ana", link=ana.invite_link)
    work.run_due(Campaign, at=told["at"])
    brief = documents.publish(made, "brief", {"text": "Your kitchen.", "checklist": ["Say it is paid"]}, **told)
    documents.accept(brief, rows[0], who="Ana", by="account:1", at=told["at"])
    return made


@pytest.fixture
def manager(open_browser, acme, campaign):
    visit = open_browser(viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"])
    visit.sign_in(acme.mia.user.email)
    return visit


PAGES = [
    ("campaigns", ""),
    ("campaign", "{pk}/"),
    ("campaign-influencers", "{pk}/influencers/"),
    ("campaign-add-creators", "{pk}/influencers/add/"),
    ("campaign-settings", "{pk}/settings/"),
    ("campaign-marketplace", "{pk}/settings/marketplace/"),
    ("campaign-brief", "{pk}/settings/documents/brief/"),
    ("campaign-agreement", "{pk}/settings/documents/agreement/"),
    ("orders-create-all", "{pk}/orders/create/?all=1"),
    ("orders-bulk", "bulks/{bulk}/"),
    ("order", "orders/{order}/"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), PAGES, ids=[one[0] for one in PAGES])
def test_a_campaign_page_reads_well(manager, campaign, name, path):
    told = {"pk": campaign.pk, "bulk": Bulk.objects.first().pk, "order": Order.objects.earliest("pk").pk}
    for theme, width in LOOKS:
        manager.dress(theme, width)
        manager.open(f"/w/acme/campaigns/{path.format(**told)}")
        manager.look(f"{name}-{theme}-{width}")
        manager.no_barriers()
    manager.page.set_viewport_size({"width": 360, "height": 800})
    manager.no_sideways_scroll()
    manager.no_faults()


@pytest.mark.slow
def test_an_order_is_made_in_the_dialog_and_its_link_copied(manager, campaign):
    page = manager.page
    manager.open(f"/w/acme/campaigns/{campaign.pk}/settings/marketplace/")
    page.get_by_role("link", name="Create Order for @dov").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Add deliverables").fill("3")
    dialog.get_by_label("Video 3", exact=True).wait_for()
    dialog.get_by_label("Video 1", exact=True).fill("Bike")
    for theme, width in LOOKS:
        manager.dress(theme, width)
        manager.look(f"order-dialog-{theme}-{width}")
        manager.no_barriers()
    manager.dress("light", 1440)
    dialog.get_by_role("button", name="Create Order").click()
    dialog.get_by_text("Two videos have the name Bike").wait_for()
    dialog.get_by_label("Video 2", exact=True).fill("Shelf")
    dialog.get_by_role("button", name="Create Order").click()
    page.get_by_text("Order Created for @dov").wait_for()
    order = Order.objects.get(account__handle="dov")
    assert [one.name for one in order.deliverables.all()] == ["Bike", "Shelf", "Video 3"]
    page.get_by_role("button", name="Copy invite link for @dov").click()
    assert page.evaluate("navigator.clipboard.readText()") == order.invite_link
    assert manager.foreign == []
