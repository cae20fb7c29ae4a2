"""What a manager sees of a post: its link forgotten and repaired by code; posts added by hand lack figures."""

import httpx2
import pytest
from playwright.sync_api import expect

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import ordering
from greenroom.campaigns.models import Campaign, CampaignPost, Order
from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators.models import Post
from greenroom.observations import availability
from greenroom.sandbox import serve
from greenroom.syncs import actions as syncs
from tests.browser import tiktok_app as app
from tests.campaigns.conftest import SETTINGS, run, take_part
from tests.consenting import People

ROWS = availability.shipped("post").rows
NOT_REPORTED = "TikTok does not report this for this kind of account or post."


@pytest.fixture
def tiktok(settings):
    with serve.Running(posts=4, accounts=12, throttle=False) as running:
        settings.TIKTOK_URL = running.url
        settings.TIKTOK_APP = ("sandbox-app", "sandbox-secret")
        settings.TIKTOK_LEVEL = "off"
        yield running


@pytest.fixture
def campaign(acme, tiktok) -> Campaign:
    """Active. ANA is authenticated, CYD only in the marketplace; the posts of both were read."""
    at, by = clock.now(), acme.mia.by
    people = People(None, httpx2.HTTPTransport())
    people.connect_marketplace(acme.workspace, at=at)
    people.consent(acme.workspace, "ana", at=at)
    creators.add_account(acme.workspace, handle="cyd", by=by, at=at)
    made = campaigns.create_campaign(acme.workspace, name="Oat Season", by=by, at=at, mode="manual", **SETTINGS)
    campaigns.move_campaign(made, "active", by=by, at=at)
    list(syncs.sync_now(acme.workspace, at=clock.now(), threads=1))
    return made


def a_post(handle: str) -> Post:
    return Post.objects.filter(account__handle=handle).order_by("posted_at")[0]


def states(page) -> dict[str, tuple[str, str, str]]:
    """The sixteen rows as the page shows them: label -> (value, state, why)."""
    found = {}
    for row in page.locator("[aria-label='Figures table'] tbody tr").all():
        label, _, why = row.locator("th").inner_text().partition("\n")
        value, state = row.locator("td").all_inner_texts()
        found[label] = (value.strip(), state.strip(), why.strip())
    return found


def lacking(column: str) -> set[str]:
    return {row.label for row in ROWS if row.cells[column] == "none"}


def missing(told) -> set[str]:
    return {label for label, (value, _, why) in told.items() if value == "–" and why}


@pytest.mark.slow
def test_a_forgotten_link_is_repaired_by_code_and_the_figures_become_an_orders(
    visit, open_browser, campaign, tiktok, acme
):
    """ORD-13, PVA-04, ORD-21: CYD published without the link and types the code afterwards, in TikTok's app."""
    [part] = take_part(campaign, "cyd", at=clock.now())
    ordering.create_orders(campaign, [part], by=acme.mia.by, at=clock.now())
    run(clock.now())
    order, post = Order.objects.get(), a_post("cyd")
    visit.sign_in("mia@acme.example")
    desk = visit.page
    visit.open(f"/w/acme/posts/{post.pk}/")
    expect(desk.get_by_text("Not in a campaign")).to_be_visible()
    before = states(desk)
    assert list(before) == [row.label for row in ROWS]
    assert missing(before) == lacking("manual_unauth_ttcm")
    assert {before[label][2] for label in missing(before)} == {NOT_REPORTED}
    visit.look("post-story-before-the-code")

    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True).page
    phone.goto(f"{tiktok.url}/_sim/?handle=cyd")
    form = phone.locator("form[action='/_sim/creator/code']")
    form.locator("input[name=code]").fill(order.code)
    form.locator("[name=video_id]").evaluate("(one, id) => { one.value = id }", post.item_id)
    form.get_by_role("button").click()
    key = order.invite_link.rstrip("/").rpartition("/")[2]
    phone.goto(f"{tiktok.url}/_sim/campaign?key={key}&handle=cyd")
    app.let_pass(phone)
    app.follow()
    list(syncs.sync_now(acme.workspace, at=clock.now(), threads=1))

    visit.open(f"/w/acme/posts/{post.pk}/?campaign={campaign.pk}")
    expect(desk.get_by_text("Code", exact=True)).to_be_visible()
    expect(desk.get_by_text("Compliant: code added afterwards")).to_be_visible()
    expect(desk.get_by_text("Branded Content Toggle on, by campaign code")).to_be_visible()
    expect(desk.get_by_text("Deliverable 1 of 1")).to_be_visible()
    after = states(desk)
    assert list(after) == [row.label for row in ROWS]
    assert missing(after) <= {"Video view retention", "Audience geography"}  # `~`: TikTok sends them or not
    assert {after[label][1] for label in set(after) - missing(after)} == {"Available", "Limited"}
    assert after["Retention rate vs. Second"][1] == "Limited"
    visit.look("post-story-after-the-code")
    desk.get_by_role("link", name="Reach: available", exact=False).first.click()
    passport = desk.get_by_role("dialog", name="Where this figure comes from")
    expect(passport.get_by_text("Marketplace order report")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.get_by_role("link", name="Audience", exact=True).click()
    expect(desk.get_by_text("Female")).to_be_visible()
    desk.get_by_role("link", name="History", exact=True).click()
    expect(desk.get_by_text("Greenroom saw TikTok tie the post to Oat Season, by campaign code")).to_be_visible()
    assert Post.objects.filter(item_id=post.item_id).count() == 1
    visit.no_faults()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("handle", "column", "count"), [("ana", "manual_auth", 10), ("cyd", "manual_unauth_ttcm", 12)], ids=["ana", "cyd"]
)
def test_a_post_added_by_hand_shows_what_was_said_to_be_missing(visit, campaign, handle, column, count):
    """PUB-02, PVA-05: said before it is confirmed, and so it is afterwards."""
    post = a_post(handle)
    visit.sign_in("mia@acme.example")
    desk = visit.page
    visit.open(f"/w/acme/posts/{post.pk}/")
    desk.get_by_role("link", name="Add to a campaign").click()
    desk.get_by_role("combobox", name="Campaign", exact=True).select_option("Oat Season")
    desk.get_by_role("button", name="Go on").click()
    expect(desk.get_by_role("heading", name=f"{count} figures will be missing")).to_be_visible()
    said = {one.strip() for one in desk.locator(".lacking li").all_inner_texts()}
    assert said == lacking(column)
    desk.get_by_label("Yes, it is advertising for the brand").check()
    desk.get_by_role("button", name="Add to Oat Season").click()
    desk.get_by_text("is in Oat Season").first.wait_for()
    entry = CampaignPost.objects.get(post=post)
    assert (entry.how, entry.branded) == ("hand", True)
    visit.open(f"/w/acme/posts/{post.pk}/?campaign={campaign.pk}")
    expect(desk.get_by_text("Manual", exact=True).first).to_be_visible()
    expect(desk.get_by_text("At risk: no link or code")).to_be_visible()
    told = states(desk)
    assert missing(told) == said
    assert {told[label][2] for label in said} == {NOT_REPORTED}
    visit.look(f"post-story-by-hand-{handle}")
    desk.get_by_role("link", name="History", exact=True).click()
    expect(desk.get_by_text("Mia added the post to Oat Season by hand")).to_be_visible()
    visit.no_faults()
