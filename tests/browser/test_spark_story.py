"""Spark Ads in a browser: with the order, later, other days, more time, expired, taken back, the five steps."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import following, ordering
from greenroom.campaigns.models import Deliverable, Order
from greenroom.core import clock, work
from greenroom.creators import links
from greenroom.creators.models import Post
from greenroom.sandbox import spark as at_tiktok
from greenroom.spark.models import SparkAuthorization
from tests.campaigns.conftest import BY, SETTINGS, Phone, run, take_part
from tests.consenting import People, mount

LABELS = [
    *("Asset", "Creative", "Spark Ads posts", "Apply for Authorization", "Search", "Confirm", "Ad Settings", "Ad Name"),
    *("Use TikTok account to deliver Spark Ads", "Use other authorized account or post", "Submit"),
]
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def now():
    return clock.now().replace(microsecond=0)


@pytest.fixture
def world(now):
    return sandbox.World(accounts=12, posts=3, throttle=False, clock=sandbox.Clock(now, rate=0))


@pytest.fixture
def campaign(acme, world, now, monkeypatch, settings):
    """Active; the clock stands until a test moves it."""
    monkeypatch.setattr(clock, "now", lambda: now)
    People(world, mount(monkeypatch, settings, world)).connect_marketplace(acme.workspace, at=now)
    made = campaigns.create_campaign(acme.workspace, name="Oat Season", by=BY, at=now, mode="manual", **SETTINGS)
    campaigns.move_campaign(made, "active", by=BY, at=now)
    return made


def published(world, campaign, handle, *, at, **asked) -> Post:
    people = take_part(campaign, handle, at=at)
    ordering.create_orders(campaign, people, ordering.Asked(**{"videos": 1, **asked}), by=BY, at=at)
    run(at)
    order = Order.objects.select_related("account").get(participant=people[0])
    Phone(world).publish(order)
    following.follow(campaign, at=at)
    return Deliverable.objects.get(order=order).post


def later(world, monkeypatch, at, **span):
    """Time goes on here and at TikTok, and the workers work."""
    then = at + timedelta(**span)
    world.clock.set(then)
    monkeypatch.setattr(clock, "now", lambda: then)
    work.run_due(SparkAuthorization, at=then)
    return then


def state(page, words: str) -> None:
    region = page.get_by_role("region", name="Authorization", exact=True)
    expect(region.locator(".head").get_by_text(words, exact=True)).to_be_visible()


def look(visit, name: str) -> None:
    """Every look of the page: no barrier, no sideways scroll, one picture each."""
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.settle()
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.dress("light", 1440)


@pytest.mark.slow
def test_requested_later_granted_for_other_days_lengthened_and_taken_back(visit, world, campaign, now, monkeypatch):
    post, page = published(world, campaign, "ana", at=now), visit.page
    visit.sign_in()
    visit.open(f"/w/acme/posts/{post.pk}/?tab=spark")
    state(page, "Not asked for")
    expect(page.get_by_text("In TikTok Ads Manager")).to_have_count(0)
    page.get_by_label("For how long").select_option("60")
    page.get_by_role("button", name="Request Spark Ads").click()
    page.get_by_text("29 requests are left").first.wait_for()
    state(page, "Requested")
    page.get_by_role("button", name="Remind the creator").click()
    page.get_by_text("28 requests are left").first.wait_for()

    at_tiktok.answer(world, video_id=post.item_id, grant=True, days=7)
    page.get_by_role("button", name="Ask TikTok now").click()
    state(page, "Authorized")
    code = world.market.sparks[post.item_id].code
    expect(page.get_by_text(code, exact=True)).to_be_visible()
    expect(page.get_by_text("the creator decides, so the end above is the one that counts")).to_be_visible()
    look(visit, "spark-authorized")
    visit.open("/w/acme/")
    expect(page.get_by_role("link", name="Ask for more time")).to_be_visible()
    page.get_by_role("link", name="Ask for more time").click()

    page.get_by_label("For how long").select_option("365")
    page.get_by_role("button", name="Ask for more time").click()
    page.get_by_text("More time was asked for.").first.wait_for()
    state(page, "Authorized")
    at_tiktok.answer(world, video_id=post.item_id, grant=True)
    later(world, monkeypatch, now, days=1)
    page.reload()
    expect(page.get_by_text(re.compile("36[45] of 36[56] days left"))).to_be_visible()
    expect(page.get_by_text(code, exact=True)).to_be_visible()

    at_tiktok.switch(world, world.account("ana"), video_id=post.item_id, on=False)
    page.get_by_role("button", name="Ask TikTok now").click()
    state(page, "Revoked")
    expect(page.get_by_text(code)).to_have_count(0)
    expect(page.get_by_role("button", name="Request Spark Ads")).to_be_visible()
    visit.no_faults()


@pytest.mark.slow
def test_requested_with_the_order_five_steps_and_the_end(visit, open_browser, world, campaign, now, monkeypatch):
    post, page = published(world, campaign, "ana", at=now, spark_days=30), visit.page
    work.run_due(SparkAuthorization, at=now)  # what a worker does: nobody had to ask
    visit.sign_in()
    visit.open(f"/w/acme/posts/{post.pk}/?tab=spark")
    state(page, "Authorized")
    steps = page.get_by_role("region", name="In TikTok Ads Manager")
    for words in LABELS:
        expect(steps.get_by_text(words, exact=True)).to_be_visible()
    for number in range(1, 6):
        steps.get_by_role("button", name=f"Step {number} is done").click()
        expect(steps.get_by_text(f"{number} of 5 steps done")).to_be_visible()
    steps.get_by_role("button", name="Step 5 is done").click()
    expect(steps.get_by_text("4 of 5 steps done")).to_be_visible()
    page.reload()
    expect(steps.get_by_text("4 of 5 steps done")).to_be_visible()
    expect(steps.get_by_text("Done by Olga Owner").first).to_be_visible()
    look(visit, "spark-steps")

    at_tiktok.use(world, code=world.market.sparks[post.item_id].code, advertiser="7")
    later(world, monkeypatch, now, days=1)
    page.reload()
    expect(page.get_by_text("An advertiser runs the post with it")).to_be_visible()
    expect(page.get_by_text("Running")).to_be_visible()

    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.open("/me/" + links.portal_token(post.account.creator, at=clock.now()) + "/")
    phone.page.get_by_role("button", name="Open my page").click()
    phone.page.get_by_role("link", name="Open Oat Season").click()
    expect(phone.page.get_by_text("may advertise it until")).to_be_visible()
    phone.page.get_by_text("Take it back", exact=True).click()
    expect(phone.page.get_by_text("Ad authorization", exact=True)).to_be_visible()
    phone.look("spark-on-the-phone")
    phone.no_barriers()

    later(world, monkeypatch, now, days=31)
    visit.open(f"/w/acme/posts/{post.pk}/?tab=spark")
    state(page, "Expired")
    greyed = page.locator("s", has_text=world.market.sparks[post.item_id].code)
    expect(greyed).to_be_visible()
    expect(page.get_by_role("button", name="Copy the video authorization code")).to_have_count(0)
    expect(page.get_by_role("button", name="Request Spark Ads")).to_be_visible()
    visit.no_faults()


@pytest.mark.slow
def test_many_posts_are_requested_from_the_campaign(visit, world, campaign, now, monkeypatch):
    page = visit.page
    ana, cyd = (published(world, campaign, handle, at=now) for handle in ("ana", "cyd"))
    visit.sign_in()
    visit.open(f"/w/acme/campaigns/{campaign.pk}/")
    page.get_by_role("link", name="Spark Ads").click()
    page.get_by_role("checkbox", name="Tick every post on this page").check()
    page.get_by_role("button", name="Request Spark Ads for the ticked").click()
    expect(page.get_by_role("heading", name="2 of 2 requested")).to_be_visible()
    work.run_due(SparkAuthorization, at=now)
    at_tiktok.answer(world, video_id=cyd.item_id, grant=True, days=7)
    at_tiktok.answer(world, video_id=ana.item_id, grant=False)
    later(world, monkeypatch, now, hours=1)
    visit.open(f"/w/acme/campaigns/{campaign.pk}/spark/")
    rows = page.get_by_role("region", name="Spark Ads table").locator("tbody tr")
    expect(rows.nth(0)).to_contain_text("@cyd")
    expect(rows.nth(0)).to_contain_text("Authorized")
    expect(rows.nth(0)).to_contain_text("asked: 30")
    expect(rows.nth(1)).to_contain_text("Declined")
    look(visit, "spark-campaign")
    visit.no_faults()
