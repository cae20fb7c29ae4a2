"""A manager asks, a creator answers on a phone: link, Join Campaign, upload, posted, published; seen by both sides."""

import re

import httpx2
import pytest
from playwright.sync_api import expect

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import documents, ordering, participants
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import clock
from greenroom.creators import links
from greenroom.creators.models import Post
from greenroom.sandbox import serve
from tests.browser import tiktok_app as app
from tests.campaigns.conftest import SETTINGS, run, take_part
from tests.consenting import People

LOOKS = [("light", 390), ("dark", 390), ("light", 1440), ("dark", 1440)]
BRIEF = {
    "text": "One real breakfast a video, in your kitchen, at your pace.",
    "checklist": "Show the carton for two seconds or more.\nSay that it is paid, in your own words.",
}
AGREEMENT = {
    "terms": "Posts stay up for six months. No other oat brands for as long.",
    "fee": "600 dollars a video, paid at the end of the month.",
    "deliverables": "Three videos of up to a minute.",
    "dates": "As in the campaign.",
    "data_access": "The figures you share in Greenroom, for as long as you share them.",
    "renewal": "Ends by itself.",
}


@pytest.fixture
def tiktok(settings):
    with serve.Running(posts=4) as sandbox:
        settings.TIKTOK_URL = sandbox.url
        settings.TIKTOK_APP = ("sandbox-app", "sandbox-secret")
        settings.TIKTOK_LEVEL = "off"
        yield sandbox


@pytest.fixture
def people(acme, tiktok):
    """The marketplace connected over real HTTP."""
    found = People(None, httpx2.HTTPTransport())
    found.connect_marketplace(acme.workspace, at=clock.now())
    return found


@pytest.fixture
def ana(acme, people):
    return people.consent(acme.workspace, "ana", at=clock.now()).account


@pytest.fixture
def campaign(acme, ana) -> Campaign:
    """What the manager has set up: active, ANA takes part with three videos."""
    at, by = clock.now(), acme.mia.by
    made = campaigns.create_campaign(
        acme.workspace,
        name="Oat Season",
        by=by,
        at=at,
        mode="manual",
        required=3,
        deliverables=["Overnight jar, five ways", "Morning shelf tour", "Your pick"],
        spark_days=30,
        ends_on=at.date(),
        requirements="Up to a minute each. No health claims, no other oat brands.",
        **SETTINGS,
    )
    campaigns.move_campaign(made, "active", by=by, at=at)
    take_part(made, "ana", at=at)
    return made


@pytest.fixture
def phone(open_browser):
    return open_browser(viewport={"width": 390, "height": 844}, has_touch=True)


def order_everything(campaign) -> None:
    """The manager creates orders for everybody; the worker brings them to TikTok."""
    rows = campaign.participants.select_related("account", "campaign")
    ordering.create_orders(campaign, rows, by=campaign.by, at=clock.now())
    run(clock.now())


def come_in(phone, creator) -> None:
    """By the link from the mail, to the campaign."""
    phone.open("/me/" + links.portal_token(creator, at=clock.now()) + "/")
    phone.page.get_by_role("button", name="Open my page").click()
    phone.page.get_by_role("link", name="Open Oat Season").click()
    phone.page.wait_for_url("**/me/campaigns/**")


def look(visit, name: str) -> None:
    """Every look of the page: no barrier, no sideways scroll, one picture each."""
    for theme, width in LOOKS:
        visit.dress(theme, width, 844)
        visit.settle()
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.dress("light", 390, 844)


def read_and_accept(phone) -> None:
    """The brief line by line, then the agreement."""
    page = phone.page
    for line in BRIEF["checklist"].splitlines():
        page.get_by_role("checkbox", name=line).check()
    page.get_by_role("button", name="I have read the brief").click()
    page.get_by_text("You read this on").wait_for()
    page.get_by_role("button", name="Accept the agreement").click()
    page.get_by_text("With it goes your consent of").wait_for()


def statuses(page) -> list[str]:
    return page.locator("ol.pvideos .status").all_inner_texts()


@pytest.mark.slow
def test_order_of_three_from_the_link_to_published(phone, campaign, ana, tiktok, acme):
    at, by = clock.now(), acme.mia.by
    documents.publish(campaign, "brief", BRIEF, by=by, at=at)
    documents.publish(campaign, "agreement", AGREEMENT, by=by, at=at)
    order_everything(campaign)
    order = Order.objects.get()
    assert order.state_label == "Order Created"

    come_in(phone, ana.creator)
    page, here = phone.page, phone.page.url
    look(phone, "campaign-new")
    read_and_accept(phone)
    expect(page.get_by_text("Your turn: join")).to_be_visible()
    screen = app.open_in_app(page, tiktok)
    for name in campaign.deliverables:  # FUL-02, FUL-05
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    expect(page.get_by_text("Spark Ads, 30 days").first).to_be_visible()
    phone.look("campaign-tiktok-asks")
    app.join(page)
    phone.open(here)
    page.get_by_role("button", name="I joined").click()
    page.get_by_text("Noted that you joined.").wait_for()
    order.refresh_from_db()
    assert order.state == "joined"

    page.goto(screen)
    app.upload(page, "Overnight jar, five ways")
    app.follow()
    phone.open(here)
    assert statuses(page) == ["Uploaded", "To do", "To do"]  # uploaded is not published (FUL-04)
    assert not Post.objects.filter(deliverables__isnull=False).exists()
    page.goto(screen)
    app.post(page)
    app.follow()
    phone.open(here)
    assert statuses(page) == ["Posted, in TikTok's review", "To do", "To do"]
    look(phone, "campaign-in-review")
    page.goto(screen)
    app.let_pass(page)
    phone.look("campaign-tiktok-published")
    app.follow()
    phone.open(here)
    assert statuses(page) == ["Live", "To do", "To do"]
    expect(page.get_by_text("The Branded Content Toggle is on.")).to_have_count(1)
    expect(page.locator(".pfacts").get_by_text("1 of 3")).to_be_visible()
    look(phone, "campaign-one-of-three")

    for name in campaign.deliverables[1:]:
        page.goto(screen)
        app.upload(page, name)
        app.post(page)
        app.let_pass(page)
    app.follow()
    phone.open(here)
    assert statuses(page) == ["Live", "Live", "Live"]
    expect(page.get_by_text("All videos are in")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Open in TikTok"))).to_have_count(0)
    look(phone, "campaign-done")
    order.refresh_from_db()
    assert order.state == "fulfilled"
    assert set(Deliverable.objects.values_list("state", flat=True)) == {"published"}
    assert Post.objects.filter(deliverables__order=order, basis="order").count() == 3
    no_faults(phone, tiktok)


@pytest.mark.slow
def test_order_of_twelve_has_two_links(phone, campaign, ana, tiktok, acme):
    [row] = take_part(campaign, "ana", at=clock.now())
    participants.require(row, 12, by=acme.mia.by, at=clock.now())
    order_everything(campaign)
    come_in(phone, ana.creator)
    page = phone.page
    expect(page.get_by_role("heading", name="Videos 1 to 10")).to_be_visible()
    expect(page.get_by_role("heading", name="Videos 11 to 12")).to_be_visible()
    shown = page.get_by_role("link", name=re.compile("Open in TikTok"))
    assert [one.get_attribute("href") for one in shown.all()] == [one.invite_link for one in Order.objects.all()]
    look(phone, "campaign-two-links")
    app.open_in_app(page, tiktok, link=1)
    expect(page.get_by_text("Video 12", exact=True).first).to_be_visible()
    expect(page.get_by_text("Video 10", exact=True)).to_have_count(0)
    no_faults(phone, tiktok)


@pytest.mark.slow
def test_on_a_computer_the_link_is_a_picture_to_scan(visit, campaign, ana, tiktok):
    order_everything(campaign)
    come_in(visit, ana.creator)
    page = visit.page
    picture = page.get_by_role("img", name=re.compile("QR code of your invite link"))
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0")
    expect(page.get_by_text("Open it in the TikTok app")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Open in TikTok"))).to_have_count(0)
    visit.no_faults()


@pytest.mark.slow
def test_saying_no_on_the_phone(phone, campaign, ana, tiktok):
    order_everything(campaign)
    come_in(phone, ana.creator)
    phone.page.get_by_role("button", name="I can't take part").click()
    phone.page.get_by_text("Noted that you can't take part.").wait_for()
    expect(phone.page.get_by_text("You said no")).to_be_visible()
    expect(phone.page.get_by_role("link", name=re.compile("Open in TikTok"))).to_have_count(0)
    assert Order.objects.get().state == "declined"
    look(phone, "campaign-declined")
    no_faults(phone, tiktok)


@pytest.mark.slow
def test_a_post_without_the_link_is_tied_by_its_code(phone, campaign, ana, tiktok):
    """ORD-13..15, ORD-22: the code is the second way, and takes more steps than the link."""
    order_everything(campaign)
    come_in(phone, ana.creator)
    page, here = phone.page, phone.page.url
    code = page.get_by_text(Order.objects.get().code, exact=True)
    expect(code).to_be_hidden()
    page.get_by_text("Link not used?").click()
    expect(code).to_be_visible()
    expect(page.get_by_text("Campaign Code", exact=True)).to_be_visible()
    phone.look("campaign-code")
    page.goto(f"{tiktok.url}/_sim/?handle=ana")
    form = page.locator("form[action='/_sim/creator/code']")
    form.locator("input[name=code]").fill(Order.objects.get().code)
    form.get_by_role("button").click()
    key = Order.objects.get().invite_link.rstrip("/").rpartition("/")[2]
    page.goto(f"{tiktok.url}/_sim/campaign?key={key}&handle=ana")
    app.let_pass(page)
    app.follow()
    phone.open(here)
    assert statuses(page)[0] == "Live"
    assert Deliverable.objects.get(place=1).set_by == "code"
    no_faults(phone, tiktok)


@pytest.mark.slow
def test_an_id_that_comes_late_and_a_video_that_is_rejected(phone, campaign, ana, tiktok):
    """FUL-06: no figure and no zero while TikTok has not told the id."""
    order_everything(campaign)
    come_in(phone, ana.creator)
    page, here = phone.page, phone.page.url
    screen = app.open_in_app(page, tiktok)
    app.join(page)
    app.upload(page, "Overnight jar, five ways", late=40)
    app.post(page)
    app.let_pass(page)
    app.follow()
    phone.open(here)
    assert statuses(page)[0] == "Posted"
    expect(page.get_by_text("TikTok has not passed on the video's number yet")).to_be_visible()
    page.goto(screen)
    app.upload(page, "Morning shelf tour")
    app.post(page)
    app.follow()
    page.get_by_text("Play the moderators").first.click()
    page.get_by_label("Reason").first.fill("A health claim")
    page.get_by_role("button", name="Reject").first.click()
    page.get_by_text("A health claim").first.wait_for()
    app.follow()
    phone.open(here)
    assert "Did not pass TikTok's review" in statuses(page)
    expect(page.get_by_text("TikTok says: A health claim.")).to_be_visible()
    look(phone, "campaign-late-and-rejected")
    no_faults(phone, tiktok)


def no_faults(visit, tiktok) -> None:
    """TikTok's own pages are meant to be foreign."""
    visit.foreign = [url for url in visit.foreign if not url.startswith(tiktok.url)]
    visit.no_faults()
