"""What floats, draws and remembers: with script, and without."""

import re

import pytest
from playwright.sync_api import expect

from greenroom.core.models import Member
from tests.browser.test_pages import LOOKS

GALLERY = "/w/acme/gallery/"


@pytest.fixture(autouse=True)
def _with_gallery(settings):
    settings.ROOT_URLCONF = "tests.browser.gallery"


@pytest.fixture
def olga(visit, acme):
    visit.sign_in()
    return visit


def test_every_component_reads_well(olga):
    for theme, width in LOOKS:
        olga.dress(theme, width)
        olga.open(GALLERY)
        olga.look(f"components-{theme}-{width}")
        olga.no_barriers()
    olga.page.set_viewport_size({"width": 360, "height": 800})
    olga.no_sideways_scroll()
    olga.no_faults()


def test_a_chart_is_drawn_under_the_policy_and_again_when_the_theme_changes(olga):
    olga.page.emulate_media(color_scheme="light")
    olga.open(GALLERY)
    plot = olga.page.locator("[data-chart]")
    assert plot.locator("svg path").count() > 3
    expect(plot).to_have_attribute("data-drawn", "#FFFFFF")
    olga.page.get_by_role("button", name="Theme: system").click()  # to light
    olga.page.get_by_role("button", name="Theme: light").click()  # to dark
    olga.page.wait_for_function("document.querySelector('[data-chart]').dataset.drawn !== '#FFFFFF'")
    expect(olga.page.locator("html")).to_have_attribute("data-theme", "dark")
    olga.settle()
    olga.page.reload()
    expect(olga.page.locator("html")).to_have_attribute("data-theme", "dark")
    olga.no_faults()


def test_a_chart_tells_a_point_on_hover(olga):
    olga.open(GALLERY)
    olga.page.locator("[data-chart] .mark-symbol path").first.hover()
    olga.page.locator(".vg-tooltip.visible").wait_for()
    assert "1200" in olga.page.locator(".vg-tooltip").inner_text().replace(",", "")
    olga.no_faults()


def test_a_bulb_opens_the_passport_beside_the_figure(olga):
    olga.open(GALLERY)
    olga.page.get_by_role("link", name="Followers: available").click()
    popover = olga.page.locator("#prov")
    popover.get_by_text("TikTok").wait_for()
    assert popover.evaluate("p => p.matches(':popover-open')")
    bulb = olga.page.get_by_role("link", name="Followers: available").bounding_box()
    box = popover.bounding_box()
    assert abs(box["x"] - bulb["x"]) < 400, "it opens at its own bulb"
    assert 0 < box["y"] - bulb["y"] < 60, "and under it"
    olga.look("provenance-popover")
    olga.no_barriers()
    olga.page.keyboard.press("Escape")
    assert not popover.evaluate("p => p.matches(':popover-open')")
    olga.no_faults()


def test_a_dialog_opens_over_the_page_and_closes(olga):
    olga.open(GALLERY)
    olga.page.get_by_role("link", name="Add creator", exact=True).click()
    dialog = olga.page.get_by_role("dialog", name="Add creator")
    dialog.wait_for()
    assert olga.page.evaluate("document.activeElement.closest('dialog')?.id") == "example"
    olga.no_barriers()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    olga.no_faults()


def test_a_toast_stays_until_it_is_closed(olga):
    olga.open(GALLERY + "?toast=1")
    toast = olga.page.locator(".toast", has_text="Order created")
    olga.look("toasts")
    olga.no_barriers()
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_hidden()
    expect(olga.page.locator(".toast[role=alert]")).to_be_visible()
    olga.no_faults()


def test_the_rail_is_a_drawer_on_a_phone(olga):
    olga.page.set_viewport_size({"width": 390, "height": 800})
    olga.open(GALLERY)
    rail = olga.page.get_by_role("complementary", name="Workspace")
    expect(rail).to_be_hidden()
    olga.page.get_by_role("button", name="Open menu").click()
    expect(rail).to_be_visible()
    olga.look("drawer-390")
    olga.no_barriers()
    olga.page.get_by_role("button", name="Olga").click()
    expect(olga.page.get_by_role("link", name="Sign-in security")).to_be_visible()
    olga.look("account-menu-390")
    olga.no_faults()


def test_the_account_menu_signs_out(olga):
    olga.open(GALLERY)
    olga.page.get_by_role("button", name="Olga").click()
    olga.look("account-menu")
    olga.no_barriers()
    olga.page.get_by_role("button", name="Sign out").click()
    olga.page.wait_for_url("**/accounts/login/**")
    olga.no_faults()


def test_a_person_in_two_workspaces_switches_between_them(olga, acme):
    Member.objects.create(workspace=acme.rival, user=acme.olga.user, role="analyst")
    olga.open(GALLERY)
    olga.page.get_by_role("button", name="switch workspace").click()
    olga.look("switcher")
    olga.no_barriers()
    olga.page.get_by_role("link", name="Rival").click()
    olga.page.wait_for_url("**/w/rival/")
    olga.no_faults()


def test_without_script_everything_is_still_there(open_browser, acme):
    still = open_browser(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    still.sign_in()
    page = still.page
    page.goto(GALLERY)
    page.get_by_text("View as table").click()
    expect(page.get_by_role("cell", name="4900")).to_be_visible()
    expect(page.get_by_role("button", name="Copy campaign code")).to_be_hidden()
    page.get_by_role("button", name="Theme: system").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page).to_have_url(re.compile(re.escape(GALLERY) + "$"))
    still.look("no-script")
    page.get_by_role("link", name="Followers: available").click()
    expect(page.get_by_role("heading", name="Passport")).to_be_visible()
    still.no_faults()


ERRORS = [("not-found", "/nowhere/"), ("refused", "/gallery/refused/"), ("broken", "/gallery/broken/")]


@pytest.mark.parametrize(("name", "url"), ERRORS, ids=[name for name, _ in ERRORS])
def test_an_error_page_reads_well(name, url, visit, acme):
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.open(url)
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
        visit.no_sideways_scroll()
    expect(visit.page.get_by_role("link", name="Go to your workspace")).to_be_visible()
    assert visit.foreign == []
    # The browser notes the status of the page itself; nothing else may be wrong.
    assert {fault for fault in visit.faults if "Failed to load resource" not in fault} == set()
