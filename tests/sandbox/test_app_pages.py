"""The TikTok app in a real browser: from an invitation to membership, from an invite link to a published post."""

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from greenroom.sandbox import serve

from .conftest import Hand
from .market_hand import BrandHand, path_of
from .test_pages import open_page


@pytest.fixture
def brand(hand: Hand) -> BrandHand:
    return BrandHand(hand)


def text(hand: Hand, path: str) -> str:
    return hand.http.get(path).text


def test_screens_say_what_the_app_says(brand, hand):
    brand.done("tcm/creator/invite/", handle_names=["ben"])
    made = brand.order(
        "ana", deliverables=[{"deliverable_name": "Teaser & <b>more</b>", "spark_ads_requested_authorization_days": 30}]
    )
    assert "System Notifications" in text(hand, "/_sim/inbox?handle=ben")
    assert "View More" in text(hand, "/_sim/notifications?handle=ben")
    assert ">Join<" in text(hand, "/_sim/invitation?handle=ben")
    share = hand.http.get(path_of(made["invite_link"]), follow_redirects=True).text
    assert "Open in the TikTok app" in share
    assert 'aria-label="QR code of this link"' in share
    shown = text(hand, f"/_sim/campaign?handle=ana&key={made['invite_link']}")
    for words in ("Required deliverables", "Teaser &amp; &lt;b&gt;more", "Spark Ads, 30 days", "Join Campaign"):
        assert words in shown
    assert "<b>more" not in shown


def test_what_is_not_there_or_not_theirs_is_said_plainly(brand, hand):
    link = brand.order("ana")["invite_link"]
    for path, words in (
        (f"/_sim/campaign?handle=cyd&key={link}", "This link is for somebody else."),
        ("/_sim/campaign?handle=ana&key=none", "This link leads nowhere."),
        ("/_sim/invitation?handle=ana", "This invitation is no longer open."),
        ("/_sim/joined?handle=ben", "You are not in TikTok Creator Marketplace."),
        ("/_sim/request?handle=ana&key=1", "This request is no longer open."),
        ("/_sim/spark?handle=ana&key=1", "This request is no longer open."),
        ("/creatorlink/share-link?link=none", "This link leads nowhere."),
    ):
        answer = hand.http.get(path)
        assert (answer.status_code, words in answer.text) == (404, True), path
    for deed in ("order", "upload", "post", "moderate", "code", "request", "spark", "invitation"):
        assert hand.http.post(f"/_sim/creator/{deed}", data={"handle": "nobody"}).status_code == 404
        assert hand.http.post(f"/_sim/creator/{deed}", data={"handle": "ana"}).status_code == 409, deed


def test_link_requests_and_spark_are_answered_in_the_app(brand, hand, world):
    campaign, post = brand.campaign("ana"), world.publish("ana")
    brand.done("tto/tcm/campaign/link/", campaign_id=campaign["campaign_id"], video_id=post.item_id, action="LINK")
    (request,) = world.market.requests
    assert post.item_id in text(hand, f"/_sim/request?handle=ana&key={request}")
    form = {"handle": "ana", "key": request, "action": "approve"}
    assert hand.http.post("/_sim/creator/request", data=form).status_code == 303
    brand.done("tcm/tt_video/apply/", video_id=post.item_id, authorization_days=60)
    assert '<option value="60" selected>' in text(hand, f"/_sim/spark?handle=ana&key={post.item_id}")
    form = {"handle": "ana", "video_id": post.item_id, "action": "approve", "days": "7"}
    assert hand.http.post("/_sim/creator/spark", data=form).status_code == 303
    assert brand.data("tcm/tt_video/status/", video_id=post.item_id)["auth_code_end_time"] == "2026-03-19 14:05:00"


@pytest.fixture(scope="module")
def sandbox():
    with serve.Running(accounts=8, throttle=False) as running:
        yield running


@pytest.fixture
def browser(chromium):
    return chromium


def token_of(sandbox, place=0):
    """(long-lived token, marketplace account) of a brand, by the portal."""
    app = {"app_id": "sandbox-app", "secret": "sandbox-secret"}
    with httpx2.Client(base_url=sandbox.url) as http:
        query = {"app_id": "sandbox-app", "redirect_uri": sandbox.url + "/_sim/", "state": "s"}
        back = http.post("/portal/auth", params=query, data={"brand": str(place), "decision": "approve"})
        code = httpx2.URL(back.headers["location"]).params["auth_code"]
        token = http.post("/open_api/v1.3/oauth2/access_token/", json={**app, "auth_code": code}).json()["data"]
        headers = {"Access-Token": token["access_token"]}
        told = http.get("/open_api/v1.3/tto/oauth2/tcm/", params=app, headers=headers).json()["data"]
    return token["access_token"], told["tto_tcm_account_ids"][0]


def call(sandbox, path, **body):
    token, account = token_of(sandbox)
    key = "tto_tcm_account_id" if path.startswith("tto/") else "tcm_account_id"
    url = f"{sandbox.url}/open_api/v1.3/{path}"
    answer = httpx2.post(url, json={key: account, **body}, headers={"Access-Token": token}).json()
    assert answer["code"] == 0, answer
    return answer["data"]


def clean(page, width):
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.parametrize(("handle", "scheme", "width"), [("ben", "light", 390), ("dov", "dark", 1440)])
def test_a_creator_finds_the_invitation_and_joins_the_marketplace(sandbox, browser, handle, scheme, width):
    assert call(sandbox, "tcm/creator/invite/", handle_names=[handle])["invited"] == [handle]
    page = open_page(browser, scheme, width)
    page.goto(f"{sandbox.url}/_sim/?handle={handle}")
    clean(page, width)
    page.get_by_role("link", name="Inbox").click()
    expect(page.get_by_text("Brandco invited you to join TikTok Creator Marketplace.")).to_be_visible()
    clean(page, width)
    page.get_by_role("link", name="System Notifications").click()
    clean(page, width)
    page.get_by_role("link", name="View More").click()
    clean(page, width)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("heading", name="You joined TikTok Creator Marketplace")).to_be_visible()
    clean(page, width)
    assert sandbox.ask(f"/_sim/notices?handle={handle}")["invitations"][0]["state"] == "accepted"
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_creator_follows_the_link_joins_uploads_posts_and_is_reviewed(sandbox, browser, scheme, width):
    made = call(
        sandbox, "tcm/order/create/v2/", brand_name="Northgate", description="Trail shoes", handle_names=["ana"],
        deliverables=[{"deliverable_name": "Teaser"}, {"deliverable_name": "Review"}],
        default_spark_ads_requested_authorization_days=30,
    )  # fmt: skip
    page = open_page(browser, scheme, width)
    page.goto(f"{sandbox.url}/_sim/?handle=ana")
    page.goto(made["invite_link"])
    clean(page, width)
    page.get_by_role("link", name="Open in the TikTok app").click()
    expect(page.get_by_text("Teaser")).to_be_visible()
    expect(page.get_by_text("for 30 days")).to_be_visible()
    clean(page, width)
    page.get_by_role("button", name="Join Campaign").click()
    expect(page.get_by_role("heading", name="Upload your deliverables")).to_be_visible()
    page.get_by_label("Deliverable").select_option("Review")
    page.get_by_label("Caption").fill("Worn in")
    clean(page, width)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Uploaded, not posted yet")).to_be_visible()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("In review")).to_be_visible()
    page.get_by_text("Play the moderators").click()
    clean(page, width)
    page.get_by_label("Reason").fill("No brand mention")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("No brand mention")).to_be_visible()
    page.get_by_label("Deliverable").select_option("Review")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("Play the moderators").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Published", exact=False).first).to_be_visible()
    (campaign,) = [
        one for one in sandbox.ask("/_sim/market?handle=ana")["campaigns"] if one["link"] == made["invite_link"]
    ]
    states = [(one["deliverable"], one["state"]) for one in campaign["orders"][0]["uploads"]]
    assert states == [("Review", "rejected"), ("Review", "published")]
    page.context.close()


@pytest.mark.browser
def test_a_creator_who_forgot_the_link_types_the_code(sandbox, browser):
    made = call(
        sandbox,
        "tcm/order/create/v2/",
        brand_name="Northgate",
        description="Code",
        handle_names=["cyd"],
        video_number=1,
    )
    page = open_page(browser, "light", 390)
    page.goto(f"{sandbox.url}/_sim/?handle=cyd")
    page.get_by_label("Caption").fill("Forgot the link")
    page.get_by_role("button", name="Publish").click()
    page.get_by_label("Post", exact=True).select_option("Forgot the link")
    page.get_by_label("Campaign Code").fill(made["campaign_code"])
    page.get_by_role("button", name="Add code").click()
    expect(page.get_by_text("In review")).to_be_visible()
    (campaign,) = [
        one for one in sandbox.ask("/_sim/market?handle=cyd")["campaigns"] if one["code"] == made["campaign_code"]
    ]
    assert [one["way"] for one in campaign["orders"][0]["uploads"]] == ["code"]
    page.context.close()
