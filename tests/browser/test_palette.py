"""The command palette and the keys, at a real keyboard."""

import re

import pytest
from playwright.sync_api import expect

from greenroom.core import clock
from greenroom.creators.models import Account, Creator
from tests.browser.test_pages import LOOKS


@pytest.fixture
def olga(visit, acme):
    for handle, name in (("oatorbit", "Ola Orbit"), ("nightoat", "Nia Night")):
        creator = Creator.objects.create(workspace=acme.workspace, name=name, created_at=clock.now())
        Account.objects.create(
            workspace=acme.workspace, creator=creator, handle=handle, origin="crm", created_at=clock.now()
        )
    visit.sign_in()
    visit.open("/w/acme/")
    return visit


@pytest.fixture
def palette(olga):
    return olga.page.get_by_role("dialog", name="Search or jump to")


def chosen(olga) -> str:
    """What the field says is chosen, as a screen reader follows it."""
    return olga.page.evaluate(
        "document.getElementById(document.getElementById('palette-q').getAttribute('aria-activedescendant'))"
        ".querySelector('span').textContent"
    )


def test_ctrl_k_finds_a_creator_and_enter_goes_there(olga, palette):
    olga.page.keyboard.press("Control+k")
    palette.get_by_role("option", name="Home").wait_for()
    olga.page.keyboard.type("oat")
    palette.get_by_role("option", name="@oatorbit").wait_for()
    assert chosen(olga) == "@oatorbit"
    olga.page.keyboard.press("ArrowDown")
    assert chosen(olga) == "@nightoat"
    olga.page.keyboard.press("ArrowUp")
    olga.page.keyboard.press("ArrowUp")
    assert chosen(olga) == palette.get_by_role("option").last.locator("span").first.inner_text()
    olga.page.keyboard.press("ArrowDown")
    olga.page.keyboard.press("Enter")
    olga.page.get_by_role("heading", name="Ola Orbit", level=1).wait_for()
    olga.no_faults()


def test_the_palette_reads_well_in_every_look(olga, palette):
    for theme, width in LOOKS:
        olga.dress(theme, width)
        olga.page.keyboard.press("Control+k")
        palette.get_by_role("option", name="Home").wait_for()
        olga.look(f"palette-{theme}-{width}")
        olga.no_barriers()
        olga.page.keyboard.type("zzzz")
        palette.get_by_text("Nothing found").wait_for()
        olga.no_barriers()
        expect(olga.page.locator("#palette-q")).to_have_attribute("aria-expanded", "false")
        expect(olga.page.locator("#palette-said")).to_have_text("0 results")
        olga.page.keyboard.press("Escape")
        expect(palette).to_be_hidden()
        olga.no_sideways_scroll()
    olga.no_faults()


def test_the_line_in_the_rail_opens_it_and_escape_gives_the_focus_back(olga, palette):
    line = olga.page.get_by_role("link", name="Search or jump to").first
    line.click()
    palette.get_by_role("option", name="Home").wait_for()
    expect(olga.page).to_have_url(re.compile(re.escape("/w/acme/") + "$"))
    olga.page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    assert line.evaluate("line => line === document.activeElement")


def test_a_theme_chosen_there_is_in_force_at_once(olga, palette):
    olga.page.keyboard.press("Control+k")
    olga.page.keyboard.type("dark theme")
    palette.get_by_role("option", name="Dark theme").wait_for()
    olga.page.keyboard.press("Enter")
    olga.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    expect(palette).to_be_hidden()
    olga.no_faults()


def test_ctrl_enter_opens_a_new_tab(olga, palette):
    olga.page.keyboard.press("Control+k")
    olga.page.keyboard.type("jobs")
    palette.get_by_role("option", name="Jobs").wait_for()
    with olga.context.expect_page() as opened:
        olga.page.keyboard.press("Control+Enter")
    opened.value.wait_for_url("**/w/acme/jobs/")
    expect(olga.page).to_have_url(re.compile(re.escape("/w/acme/") + "$"))


def test_keys_lead_to_pages(olga):
    for key, path in (("c", "/creators/"), ("j", "/jobs/"), ("n", "/connections/"), ("h", "/w/acme/")):
        olga.page.keyboard.press("g")
        olga.page.keyboard.press(key)
        olga.page.wait_for_url(re.compile(f"{path}$"))
    olga.no_faults()


def test_slash_goes_to_the_search_of_a_list_and_else_opens_the_palette(olga, palette):
    olga.page.keyboard.press("/")
    palette.get_by_role("option", name="Home").wait_for()
    olga.open("/w/acme/creators/")
    olga.page.keyboard.press("/")
    assert olga.page.get_by_label("Search creators").evaluate("field => field === document.activeElement")
    expect(olga.page.get_by_label("Search creators")).to_have_value("")


def test_j_and_k_walk_through_the_rows(olga):
    olga.open("/w/acme/creators/")
    where = "document.activeElement.closest('tr')?.querySelector('b').textContent"
    olga.page.keyboard.press("j")
    assert olga.page.evaluate(where) == "@nightoat"
    olga.page.keyboard.press("j")
    assert olga.page.evaluate(where) == "@oatorbit"
    olga.page.keyboard.press("j")
    assert olga.page.evaluate(where) == "@oatorbit", "it stays on the last row"
    olga.page.keyboard.press("k")
    assert olga.page.evaluate(where) == "@nightoat"
    olga.page.keyboard.press("Enter")
    olga.page.get_by_role("heading", name="Nia Night", level=1).wait_for()


def test_letters_typed_into_a_field_are_letters(olga):
    olga.open("/w/acme/creators/add/")
    olga.page.get_by_label("TikTok handle").press_sequentially("gj/?k")
    expect(olga.page.get_by_label("TikTok handle")).to_have_value("gj/?k")
    expect(olga.page).to_have_url(re.compile(re.escape("/creators/add/") + "$"))
    expect(olga.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_a_question_mark_shows_the_keys_and_they_can_be_switched_off(olga, palette):
    """WCAG 2.1.4: single-key shortcuts can be turned off; Ctrl K goes on."""
    olga.page.keyboard.press("?")
    keys = olga.page.get_by_role("dialog", name="Keyboard shortcuts")
    keys.wait_for()
    olga.look("keys")
    olga.no_barriers()
    keys.get_by_label("Single keys").uncheck()
    olga.page.keyboard.press("Escape")
    olga.page.reload()
    for key in ("?", "g", "j", "/"):
        olga.page.keyboard.press(key)
    olga.settle()
    expect(olga.page).to_have_url(re.compile(re.escape("/w/acme/") + "$"))
    expect(keys).to_be_hidden()
    olga.page.keyboard.press("Control+k")
    palette.get_by_role("option", name="Home").wait_for()
    olga.no_faults()


def test_keys_a_role_does_not_open_are_not_told(open_browser, acme):
    visit = open_browser()
    visit.sign_in("vic@acme.example")
    visit.open("/w/acme/")
    visit.page.keyboard.press("?")
    keys = visit.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_role("link", name="Creators")).to_be_visible()
    expect(keys.get_by_role("link", name="Jobs")).to_have_count(0)
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("g")
    visit.page.keyboard.press("j")
    visit.settle()
    expect(visit.page).to_have_url(re.compile(re.escape("/w/acme/") + "$"))


def test_the_account_menu_has_keys_and_languages_and_the_rail_has_help(olga):
    olga.open("/w/acme/connections/")
    olga.page.get_by_role("button", name="Olga").click()
    menu = olga.page.get_by_role("navigation", name="Your account")
    olga.look("account-menu")
    olga.no_barriers()
    menu.get_by_role("button", name="Keyboard shortcuts").click()
    olga.page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    olga.page.keyboard.press("Escape")
    rail = olga.page.get_by_role("navigation", name="Workspace pages")
    rail.get_by_role("link", name="Help").click()
    olga.page.get_by_role("heading", name="About the page you came from").wait_for()
    olga.no_faults()


def test_without_script_the_line_leads_to_a_page_that_searches(open_browser, acme):
    still = open_browser(java_script_enabled=False)
    still.sign_in()
    still.page.goto("/w/acme/")
    still.page.get_by_role("link", name="Search or jump to").first.click()
    still.page.get_by_role("searchbox", name="Search").fill("jobs")
    still.page.get_by_role("main").get_by_role("button", name="Search").click()
    still.page.get_by_role("main").get_by_role("link", name="Jobs").click()
    expect(still.page).to_have_url(re.compile(re.escape("/w/acme/jobs/") + "$"))
