"""A creator's first hour on a phone: apply, consent at TikTok over real HTTP, look at what is shared, stop sharing."""

import re

import pytest
from playwright.sync_api import expect

from greenroom.creators.models import Connection
from greenroom.sandbox import serve

LOOKS = [("light", 390), ("dark", 390), ("light", 1440), ("dark", 1440)]


@pytest.fixture
def tiktok(settings):
    with serve.Running(posts=4) as sandbox:
        settings.TIKTOK_URL = sandbox.url
        settings.TIKTOK_APP = ("sandbox-app", "sandbox-secret")
        settings.TIKTOK_LOGIN_KIT = ("sandbox-key", "sandbox-key-secret")
        yield sandbox


@pytest.fixture
def phone(open_browser):
    return open_browser(viewport={"width": 390, "height": 844}, has_touch=True)


def look(visit, name):
    """Every look of the page: no barrier, no sideways scroll, one picture each."""
    for theme, width in LOOKS:
        visit.page.set_viewport_size({"width": width, "height": 844})
        visit.page.emulate_media(color_scheme=theme)
        visit.settle()
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.emulate_media(color_scheme="light")


@pytest.mark.slow
def test_from_the_form_to_consent_to_the_portal_and_out_again(phone, tiktok, acme):
    page = phone.page
    phone.open("/join/acme/")
    look(phone, "join")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Email").fill("ana@creators.example")
    page.get_by_role("switch", name="Audience").uncheck()
    page.get_by_role("button", name="Continue in TikTok").click()

    page.wait_for_url(f"{tiktok.url}/**")
    page.get_by_text("@ana", exact=True).click()
    page.get_by_role("button", name="Approve").click()

    page.wait_for_url("**/join/connected/")
    look(phone, "join-connected")
    expect(page.get_by_role("heading", name="You're connected")).to_be_visible()
    expect(page.get_by_text("Not shared: account analytics")).to_be_visible()
    page.get_by_role("link", name="Open your page").click()

    page.wait_for_url("**/me/")
    page.get_by_role("link", name="Followers:").click()
    page.get_by_text("sees the same figure").wait_for()
    phone.look("portal-passport-light-390")
    phone.no_barriers()
    page.keyboard.press("Escape")
    page.get_by_text("What you share").click()
    expect(page.get_by_text("How long and how completely each video is watched").first).to_be_visible()
    look(phone, "portal")
    page.get_by_role("link", name="Change what I share").click()
    page.get_by_role("heading", name="Sign in as @ana").wait_for()
    expect(page.get_by_role("switch", name="Audience")).not_to_be_checked()
    look(phone, "portal-connect")
    page.get_by_role("link", name="Back to your page").click()
    page.get_by_role("link", name="Stop sharing").click()
    page.wait_for_url(re.compile("/me/withdraw/"))
    look(phone, "portal-withdraw")
    page.get_by_role("button", name="Stop sharing @ana").click()

    page.wait_for_url("**/me/")
    expect(page.get_by_text("You share nothing with Acme at the moment.")).to_be_visible()
    look(phone, "portal-after")
    assert Connection.objects.get().state == "revoked"
    phone.foreign = [url for url in phone.foreign if not url.startswith(tiktok.url)]
    phone.no_faults()


@pytest.mark.slow
def test_a_business_account_reads_what_to_do(phone, tiktok, acme):
    page = phone.page
    phone.open("/join/acme/")
    page.get_by_label("Your name").fill("Bea")
    page.get_by_label("Email").fill("bea@brandco.example")
    page.get_by_role("button", name="Continue in TikTok").click()
    page.wait_for_url(f"{tiktok.url}/**")
    page.get_by_text("@brandco", exact=True).click()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url("**/join/callback/**")
    look(phone, "join-refused")
    page.get_by_role("link", name="Start again").click()
    page.wait_for_url("**/join/acme/")


def test_the_link_page_reads_well(phone, db):
    phone.open("/me/link/")
    look(phone, "portal-link")
    phone.page.get_by_label("Email").fill("ana@creators.example")
    phone.page.get_by_role("button", name="Send me the link").click()
    phone.page.get_by_text("If we know this address").wait_for()
    phone.no_faults()


@pytest.mark.slow
def test_the_pages_beside_the_way_read_well(phone, acme):
    from greenroom.core import clock
    from greenroom.creators import actions as creators
    from greenroom.creators import links

    at = clock.now()
    dov = creators.record_legacy(acme.workspace, handle="dov", by="member:1", at=at)
    beside = {
        "join-invited": "/join/i/" + links.join_token(dov.creator, dov, at=at) + "/",
        "join-over": "/join/i/nonsense/",
        "join-elsewhere": "/join/callback/",
        "portal-nobody": "/me/" + links.portal_token(dov.creator, at=at) + "/",
        "portal-figure": f"/me/provenance/followers/{dov.pk}/",
    }
    for name, url in beside.items():
        phone.open(url)
        if name == "portal-nobody":
            look(phone, "portal-enter")
            phone.page.get_by_role("button", name="Open my page").click()
        look(phone, name)
