"""A manager invites, TikTok refuses and says why, then takes it; the creator joins on a phone; the label turns."""

import httpx2
import pytest
from playwright.sync_api import expect

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators.models import MarketplaceInvite
from greenroom.sandbox import serve
from greenroom.syncs import actions as syncs
from tests.browser.visit import Visit
from tests.consenting import People

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]


@pytest.fixture
def tiktok(settings):
    with serve.Running(posts=4) as sandbox:
        settings.TIKTOK_URL = sandbox.url
        settings.TIKTOK_APP = ("sandbox-app", "sandbox-secret")
        settings.TIKTOK_LEVEL = "off"
        yield sandbox


@pytest.fixture
def ben(acme, tiktok):
    """BEN, kept but not tracked, in a workspace with the marketplace connected over real HTTP."""
    People(None, httpx2.HTTPTransport()).connect_marketplace(acme.workspace, at=clock.now())
    return creators.record_legacy(acme.workspace, handle="ben", by=acme.olga.by, at=clock.now())


def look(visit: Visit, name: str) -> None:
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.dress("light", 1440)


def invite_from_the_profile(visit: Visit, ben) -> None:
    visit.open(f"/w/acme/creators/{ben.creator_id}/")
    visit.page.get_by_role("link", name="Send Invite", exact=True).click()
    visit.page.get_by_role("button", name="Send Invite", exact=True).click()


def join(phone, tiktok) -> None:
    """What the creator does in the TikTok app."""
    phone.goto(f"{tiktok.url}/_sim/inbox?handle=ben")
    phone.get_by_role("link", name="System Notifications").click()
    phone.get_by_text("invited you to join TikTok Creator Marketplace").wait_for()
    phone.get_by_role("link", name="View More", exact=True).click()
    phone.get_by_role("button", name="Join", exact=True).click()
    phone.wait_for_url("**/_sim/joined**")


@pytest.mark.slow
def test_refused_then_sent_then_joined_and_the_label_turns_by_itself(visit, open_browser, ben, tiktok, acme):
    person = f"{tiktok.url}/_sim/person"
    httpx2.post(person, json={"handle": "ben", "adult": False})
    visit.sign_in("mia@acme.example")
    invite_from_the_profile(visit, ben)
    page = visit.page
    page.get_by_text("TikTok refused the invite").wait_for()
    expect(page.get_by_text("This rule fails: Age.")).to_be_visible()
    look(visit, "invite-refused")
    httpx2.post(person, json={"handle": "ben", "adult": True})

    form = page.locator("form", has=page.get_by_role("button", name="Attest the age"))
    form.get_by_label("Yes").check()
    form.get_by_role("button", name="Attest the age").click()
    page.get_by_role("row", name="Age").get_by_text("Of age").wait_for()
    page.get_by_role("button", name="Send Invite", exact=True).click()
    page.get_by_text("@ben is invited").wait_for()
    look(visit, "invite-sent")

    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    join(phone.page, tiktok)
    phone.look("invite-joined")

    list(syncs.sync_now(acme.workspace, at=clock.now(), threads=1))
    visit.open(f"/w/acme/creators/{ben.creator_id}/")
    expect(page.locator("h1").get_by_text("Marketplace", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Send Invite")).to_have_count(0)
    assert MarketplaceInvite.objects.filter(state="accepted").count() == 1
    page.get_by_role("link", name="accepted").click()
    page.get_by_text("@ben joined").wait_for()
    look(visit, "invite-accepted")
    visit.open("/w/acme/")
    expect(page.get_by_text("joined the marketplace")).to_be_visible()
    assert visit.foreign == []
    assert [fault for fault in visit.faults if "422" not in fault] == []  # the refusal, as the browser notes it


@pytest.mark.slow
def test_without_script_on_a_phone(open_browser, ben, tiktok):
    visit = open_browser(java_script_enabled=False, viewport={"width": 390, "height": 844})
    visit.sign_in("mia@acme.example")
    invite_from_the_profile(visit, ben)
    visit.page.get_by_text("@ben is invited").wait_for()
    visit.page.get_by_role("button", name="The creator said no").click()
    visit.page.get_by_text("You can invite @ben again.").wait_for()
    assert MarketplaceInvite.objects.get().state == "declined"
