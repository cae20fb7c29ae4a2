"""Help in a browser: search as one types, a vote without leaving the page, the creator's side, the other language."""

import pytest
from playwright.sync_api import expect

from greenroom.core import clock
from greenroom.core.models import User
from greenroom.creators import links
from greenroom.creators.models import Creator
from greenroom.help.models import Vote
from tests.browser.test_pages import LOOKS


@pytest.fixture
def olga(visit, acme):
    visit.sign_in()
    return visit


def test_the_hits_come_as_one_types_and_the_address_follows(olga):
    olga.open("/w/acme/help/")
    olga.page.get_by_role("searchbox", name="Search help").press_sequentially("spark")
    olga.page.get_by_role("heading", name="found").wait_for()
    olga.page.wait_for_url("**/help/?q=spark")
    assert olga.page.locator("mark").first.inner_text().lower() == "spark"
    olga.no_barriers()
    olga.page.get_by_role("link", name="Spark Ads", exact=True).click()
    olga.page.get_by_role("heading", name="Spark Ads", level=1).wait_for()
    olga.no_faults()


def test_a_vote_changes_the_count_in_place(olga):
    olga.open("/w/acme/help/orders/")
    olga.page.get_by_role("button", name="Yes").click()
    olga.page.get_by_text("1 of 1 found this helpful").wait_for()
    olga.page.get_by_role("button", name="No").click()
    olga.page.get_by_text("0 of 1 found this helpful").wait_for()
    expect(olga.page.get_by_role("button", name="No")).to_have_attribute("aria-pressed", "true")
    olga.no_barriers()
    assert Vote.objects.get().helpful is False
    olga.no_faults()


def test_every_article_reads_well_on_a_phone(olga):
    from greenroom.help import articles

    olga.dress("dark", 390)
    for slug in articles.of("staff"):
        olga.open(f"/w/acme/help/{slug}/")
        olga.no_barriers()
        olga.no_sideways_scroll()
    olga.no_faults()


def test_a_creators_help_reads_well(open_browser, acme):
    phone = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    ana = Creator.objects.create(workspace=acme.workspace, name="Ana", created_at=clock.now())
    phone.open(f"/me/{links.portal_token(ana, at=clock.now())}/")
    if phone.page.get_by_role("button").filter(has_text="Open").count():
        phone.page.get_by_role("button").filter(has_text="Open").first.click()
    phone.page.wait_for_url("**/me/")
    phone.page.get_by_role("link", name="Help").click()
    for theme, width in LOOKS:
        phone.dress(theme, width)
        phone.look(f"portal-help-{theme}-{width}")
        phone.no_barriers()
    phone.page.get_by_role("link", name="Stop sharing").click()
    phone.page.get_by_role("heading", name="Stop sharing", level=1).wait_for()
    phone.look("portal-article")
    phone.no_barriers()
    phone.page.get_by_role("button", name="Yes").click()
    phone.page.get_by_text("1 of 1 found this helpful").wait_for()
    phone.no_faults()


def test_the_product_in_german(open_browser, acme):
    stranger = open_browser(locale="de-DE", viewport={"width": 1440, "height": 900})
    stranger.open("/accounts/login/")
    expect(stranger.page.get_by_role("heading", name="Anmelden")).to_be_visible()
    stranger.look("de-sign-in")
    stranger.no_barriers()
    User.objects.filter(pk=acme.olga.user.pk).update(language="de")
    visit = open_browser()
    visit.sign_in()
    for name, path in (
        ("home", ""),
        ("help", "help/"),
        ("article", "help/four-foundations/"),
        ("settings", "settings/"),
    ):
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(f"/w/acme/{path}")
            visit.look(f"de-{name}-{theme}-{width}")
            visit.no_barriers()
            visit.no_sideways_scroll()
    visit.page.keyboard.press("Control+k")
    visit.page.get_by_role("option", name="Einstellungen").wait_for()
    visit.look("de-palette")
    visit.no_barriers()
    visit.no_faults()


def test_the_language_changes_in_the_account_menu(olga):
    olga.open("/w/acme/")
    olga.page.get_by_role("button", name="Olga").click()
    olga.page.get_by_role("button", name="Deutsch").click()
    olga.page.get_by_role("link", name="Verbindungen").wait_for()
    olga.settle()
    olga.page.get_by_role("button", name="Olga").click()
    olga.look("de-menu")
    olga.page.get_by_role("button", name="English").click()
    olga.page.get_by_role("link", name="Connections").wait_for()
    olga.no_faults()
