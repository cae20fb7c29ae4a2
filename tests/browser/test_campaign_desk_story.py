"""The whole way with both at their pages: a manager at a desk, a creator with a phone; then 200 creators at once."""

import re

import httpx2
import pytest
from playwright.sync_api import expect

from greenroom import sandbox
from greenroom.campaigns.models import Bulk, Campaign, Order
from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.creators.models import Account, Post
from greenroom.sandbox import serve
from greenroom.syncs import actions as syncs
from tests.browser import tiktok_app as app
from tests.consenting import People

CREATORS, WORLD = 200, 240


@pytest.fixture
def tiktok(settings):
    with serve.Running(posts=4, accounts=WORLD, throttle=False) as running:
        settings.TIKTOK_URL = running.url
        settings.TIKTOK_APP = ("sandbox-app", "sandbox-secret")
        settings.TIKTOK_LEVEL = "off"
        yield running


@pytest.fixture
def people(acme, tiktok):
    found = People(None, httpx2.HTTPTransport())
    found.connect_marketplace(acme.workspace, at=clock.now())
    return found


def make_campaign(page) -> None:
    """From nothing to a campaign that takes orders, on its pages."""
    page.goto("/w/acme/campaigns/add/")
    page.get_by_label("Campaign name").fill("Oat Season")
    page.get_by_label("Required posts").fill("3")
    page.get_by_role("button", name="Add campaign").click()
    page.wait_for_url("**/settings/")
    page.get_by_label("Names of the posts").fill("Overnight jar\nMorning shelf tour\nYour pick")
    page.get_by_role("textbox", name="Requirements").fill("Up to a minute each.")
    page.get_by_label("Orders are created one by one or in bulk").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    page.goto(page.url + "marketplace/")
    page.get_by_label("Brand name").fill("Pebblewick")
    page.get_by_label("Campaign description").fill("One real breakfast a video.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("button", name="Activate").click()
    page.locator("h1").get_by_text("Active").wait_for()


def address(rest: str = "") -> str:
    return f"/w/acme/campaigns/{Campaign.objects.get().pk}/{rest}"


def publish_brief(page) -> None:
    page.goto(address("settings/documents/brief/"))
    page.get_by_label("Directions").fill("Your kitchen, your pace.")
    page.get_by_label("Checklist").fill("Show the carton.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Version 1 is out.").wait_for()


@pytest.mark.slow
def test_asked_at_the_desk_delivered_on_the_phone_seen_by_both(visit, open_browser, people, tiktok, acme):
    ana = people.consent(acme.workspace, "ana", at=clock.now()).account
    visit.sign_in("mia@acme.example")
    desk = visit.page
    make_campaign(desk)
    publish_brief(desk)
    desk.goto(address("influencers/add/"))
    desk.get_by_role("checkbox", name="@ana").check()
    desk.get_by_role("button", name="Add the ticked").click()
    desk.goto(address("settings/marketplace/"))
    desk.get_by_role("link", name="Create Order for @ana").click()
    desk.locator("#dialog").get_by_role("button", name="Create Order", exact=True).click()
    desk.get_by_text("Order Created for @ana.").wait_for()
    expect(desk.get_by_text(Order.objects.get().invite_link)).to_be_visible()
    visit.look("campaign-desk-order-created")

    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page = phone.page
    phone.open("/me/" + links.portal_token(ana.creator, at=clock.now()) + "/")
    page.get_by_role("button", name="Open my page").click()
    phone.look("campaign-portal-home-390")
    phone.no_barriers()
    page.get_by_role("link", name="Open Oat Season").click()
    page.get_by_role("checkbox", name="Show the carton.").check()
    page.get_by_role("button", name="I have read the brief").click()
    page.get_by_text("You read this on").wait_for()
    here = page.url
    app.open_in_app(page, tiktok)
    app.join(page)
    app.upload(page, "Overnight jar")
    app.follow()
    desk.goto(address())
    row = desk.get_by_role("row", name=re.compile("@ana"))
    expect(row.get_by_text("Joined")).to_be_visible()
    expect(row.get_by_text("0 of 3", exact=True)).to_be_visible()  # uploaded is not published
    app.post(page)
    app.let_pass(page)
    app.follow()
    phone.open(here)
    assert page.locator("ol.pvideos .status").all_inner_texts() == ["Live", "To do", "To do"]
    desk.reload()
    expect(row.get_by_text("Partially fulfilled")).to_be_visible()
    expect(row.get_by_text("1 of 3", exact=True)).to_be_visible()
    row.get_by_role("link", name=re.compile("Order 1 of @ana")).click()
    video = desk.get_by_role("row", name=re.compile("Overnight jar"))
    expect(video.get_by_text("Published").first).to_be_visible()
    expect(video.get_by_text("On, by invite link")).to_be_visible()
    expect(desk.get_by_role("columnheader", name="Branded Content Toggle")).to_be_visible()
    visit.look("campaign-desk-order")
    desk.goto(address("settings/documents/brief/"))
    expect(desk.get_by_role("row", name=re.compile("@ana")).get_by_text("Ana", exact=True).last).to_be_visible()
    visit.no_faults()


@pytest.mark.slow
def test_what_a_creator_declines_the_manager_sees(visit, open_browser, people, tiktok, acme):
    ana = people.consent(acme.workspace, "ana", at=clock.now()).account
    visit.sign_in("mia@acme.example")
    desk = visit.page
    make_campaign(desk)
    desk.goto(address("influencers/add/"))
    desk.get_by_role("button", name=re.compile("Add all")).click()
    desk.goto(address("settings/marketplace/"))
    desk.get_by_role("link", name="Create Order for @ana").click()
    desk.locator("#dialog").get_by_role("button", name="Create Order", exact=True).click()
    desk.get_by_text("Order Created for @ana.").wait_for()
    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.open("/me/" + links.portal_token(ana.creator, at=clock.now()) + "/")
    phone.page.get_by_role("button", name="Open my page").click()
    phone.page.get_by_role("link", name="Open Oat Season").click()
    phone.page.get_by_role("button", name="I can't take part").click()
    phone.page.get_by_text("You said no").wait_for()
    desk.goto(address())
    desk.get_by_role("link", name=re.compile("Order 1 of @ana")).click()
    expect(desk.get_by_text("Declined").first).to_be_visible()
    expect(desk.get_by_text("noted that the creator declined")).to_be_visible()
    visit.no_faults()


@pytest.mark.slow
def test_two_hundred_at_once_with_three_errors_and_only_those_again(visit, people, tiktok, acme):
    """Unknown handles are refused by TikTok; once two are put right, retrying makes two more and touches no other."""
    world = sandbox.World(accounts=WORLD, posts=1)
    known = [one.handle for one in map(world.account_at, range(WORLD)) if not one.business]
    wrong = ["typo.one", "typo.two", "typo.three"]
    for handle in (*known[: CREATORS - 3], *wrong):
        creators.record_legacy(acme.workspace, handle=handle, by=acme.olga.by, at=clock.now())
    visit.sign_in("mia@acme.example")
    desk = visit.page
    make_campaign(desk)
    desk.goto(address("influencers/add/"))
    desk.get_by_role("button", name=f"Add all {CREATORS} that fit").click()
    desk.goto(address("settings/marketplace/"))
    desk.get_by_role("button", name=f"For all {CREATORS}").click()
    desk.get_by_role("button", name="Create orders", exact=True).click()
    desk.get_by_text(f"0 of {CREATORS} created. You may leave this page.").wait_for()
    visit.look("campaign-desk-bulk-begun")
    bring_to_tiktok()
    desk.reload()
    desk.get_by_text(f"{CREATORS - 3} of {CREATORS} created.").wait_for()
    expect(desk.get_by_text("3 without success.")).to_be_visible()
    visit.look("campaign-desk-bulk-errors")
    assert set(refused()) == set(wrong)
    for handle in wrong:  # what failed comes first
        expect(desk.get_by_text(f"@{handle}")).to_be_visible()
    made = dict(Order.objects.filter(state="created").values_list("pk", "tiktok_id"))
    for mistaken, right in zip(wrong[:2], known[CREATORS - 3 :], strict=False):
        Account.objects.filter(handle=mistaken).update(handle=right)
    desk.get_by_role("button", name="Retry the failed (3)").click()
    desk.get_by_text("3 tried again. What was created stays as it is.").wait_for()
    bring_to_tiktok()
    desk.reload()
    desk.get_by_text(f"{CREATORS - 1} of {CREATORS} created.").wait_for()
    expect(desk.get_by_text("1 without success.")).to_be_visible()
    assert refused() == wrong[2:]
    assert made.items() <= dict(Order.objects.values_list("pk", "tiktok_id")).items()
    assert Event.objects.filter(name="order.not_created").count() == 3
    assert Bulk.objects.get().orders.count() == Order.objects.count() == CREATORS
    there = [one for campaign in tiktok.ask("/_sim/market")["campaigns"] for one in campaign["orders"]]
    assert len(there) == CREATORS - 1  # nobody was asked twice
    visit.no_faults()


def bring_to_tiktok() -> None:
    """The worker creates what is due."""
    while work.run_due(Order, at=clock.now()):
        pass


def refused() -> list[str]:
    return list(Order.objects.filter(state="refused").order_by("pk").values_list("account__handle", flat=True))


@pytest.mark.slow
def test_every_screen_from_the_invitation_to_a_tracked_post(visit, open_browser, people, tiktok, acme):
    """FUL-07: invite, join, order, link, Join Campaign, upload, publish, tracked; nobody has to play TikTok by hand."""
    ben = creators.record_legacy(acme.workspace, handle="ben", by=acme.olga.by, at=clock.now())
    visit.sign_in("mia@acme.example")
    desk = visit.page
    visit.open(f"/w/acme/creators/{ben.creator_id}/")
    desk.get_by_role("link", name="Send Invite", exact=True).click()
    desk.get_by_role("button", name="Send Invite", exact=True).click()
    desk.get_by_text("@ben is invited").wait_for()
    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page = phone.page
    page.goto(f"{tiktok.url}/_sim/inbox?handle=ben")
    page.get_by_role("link", name="System Notifications").click()
    page.get_by_role("link", name="View More", exact=True).first.click()
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_url("**/_sim/joined**")
    list(syncs.sync_now(acme.workspace, at=clock.now(), threads=1))
    ben.refresh_from_db()
    assert ben.in_marketplace

    make_campaign(desk)
    desk.goto(address("influencers/add/"))
    desk.get_by_role("checkbox", name="@ben").check()
    desk.get_by_role("button", name="Add the ticked").click()
    desk.goto(address("settings/marketplace/"))
    desk.get_by_role("link", name="Create Order for @ben").click()
    desk.locator("#dialog").get_by_role("button", name="Create Order", exact=True).click()
    desk.get_by_text("Order Created for @ben.").wait_for()
    phone.open("/me/" + links.portal_token(ben.creator, at=clock.now()) + "/")
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("link", name="Open Oat Season").click()
    here = page.url
    app.open_in_app(page, tiktok, handle="ben")
    app.join(page)
    app.upload(page, "Overnight jar")
    app.post(page)
    app.let_pass(page)
    app.follow()
    post = Post.objects.get(account=ben, basis="order")
    tiktok.ask("/_sim/clock", {"advance_seconds": 3 * 86_400})  # TikTok takes a while to count
    list(syncs.sync_now(acme.workspace, at=clock.now(), threads=1))
    phone.open(here)
    [shown] = re.findall(r"\d[\d,]*", page.locator("ol.pvideos > li > .n").inner_text())
    phone.look("campaign-tracked-390")
    desk.goto(f"/w/acme/provenance/views/post/{post.pk}/")
    expect(desk.get_by_text(shown, exact=True).first).to_be_visible()  # FUL-09: one number for both
