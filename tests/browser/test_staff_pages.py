"""The staff's pages over a workspace that lives: every look without barriers, and what script adds to them."""

import re

import pytest
from playwright.sync_api import expect

from greenroom import sandbox
from tests.consenting import People, mount
from tests.living import Living

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]


@pytest.fixture
def living(acme, monkeypatch, settings):
    world = sandbox.World(accounts=12, posts=12, throttle=False)
    return Living(acme.workspace, People(world, mount(monkeypatch, settings, world)), by=acme.olga.by, days=3)


def screens(living) -> dict[str, str]:
    """Name of each screen and its address."""
    ids = {handle: living.account(handle) for handle in ("ana", "ben", "cyd", "dov")}
    root = "/w/acme"
    profiles = {f"profile-{handle}": f"{root}/creators/{one.creator_id}/" for handle, one in ids.items()}
    return {
        "home": f"{root}/",
        "creators": f"{root}/creators/",
        "creators-filtered": f"{root}/creators/?authentication=yes&purpose=creator&sort=-followers",
        "creators-none": f"{root}/creators/?q=nobody",
        **profiles,
        "profile-posts": f"{profiles['profile-ana']}posts/",
        "profile-trend": f"{profiles['profile-ana']}?trend=daily_followers",
        "invite": f"{root}/creators/accounts/{ids['dov'].pk}/invite/",
        "connections": f"{root}/connections/",
        "withdraw": f"{root}/connections/{ids['ana'].connections.get().pk}/withdraw/",
        "jobs": f"{root}/jobs/",
        "runs": f"{root}/jobs/runs/{ids['ana'].syncs.first().pk}/",
        "passport": f"{root}/provenance/engagement_rate/account/ana/",
        "passport-of-nothing": f"{root}/provenance/completion_rate/account/dov/",
        "sources": f"{root}/sources/",
    }


@pytest.mark.slow
def test_every_page_of_a_living_workspace_reads_well(living, open_browser):
    visit = open_browser()
    visit.sign_in("olga@acme.example")
    for name, url in screens(living).items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(url)
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()


def test_a_bulb_opens_its_passport_beside_the_figure(living, visit):
    visit.sign_in("olga@acme.example")
    visit.open("/w/acme/creators/")
    visit.page.get_by_role("link", name="Followers: available").first.click()
    passport = visit.page.get_by_role("dialog", name="Where this figure comes from")
    passport.get_by_text("Sandbox, a pretend TikTok").wait_for()
    visit.no_barriers()
    expect(visit.page).to_have_url(re.compile(re.escape("/w/acme/creators/") + "$"))
    visit.page.keyboard.press("Escape")
    passport.wait_for(state="hidden")
    visit.page.get_by_role("link", name="@ana").click()
    visit.page.get_by_role("heading", name="Ana", level=1).wait_for()
    visit.no_faults()


def test_searching_and_sorting_change_the_list_and_its_address(living, visit):
    visit.sign_in("olga@acme.example")
    visit.open("/w/acme/creators/")
    rows = visit.page.locator("table.creators tbody tr")
    expect(rows).to_have_count(5)
    visit.page.get_by_label("Search creators").press_sequentially("cy")
    visit.page.wait_for_url("**/creators/?q=cy")
    visit.settle()
    expect(rows).to_have_count(1)
    visit.page.get_by_label("Search creators").fill("")
    visit.page.wait_for_url("**/creators/?q=")
    visit.page.get_by_role("link", name="Followers", exact=True).click()
    visit.page.wait_for_url("**sort=-followers")
    visit.settle()
    expect(rows.first.locator("b")).to_have_text("@cyd")
    visit.page.get_by_role("button", name="Filter").click()
    visit.no_barriers()
    visit.page.locator("#more-filters summary").get_by_text("Purpose", exact=True).click()
    visit.page.get_by_role("link", name="Purpose: Brand-owned").click()
    visit.page.wait_for_url("**purpose=brand**")
    visit.settle()
    expect(rows).to_have_count(1)
    visit.page.get_by_role("link", name="Remove purpose filter").click()
    visit.page.wait_for_url(lambda url: "purpose" not in url)
    visit.no_faults()


def test_the_trend_changes_in_place_and_withdrawing_asks_in_a_dialog(living, visit):
    visit.sign_in("olga@acme.example")
    ana = living.account("ana")
    visit.open(f"/w/acme/creators/{ana.creator_id}/")
    visit.page.get_by_role("link", name="Followers", exact=True).click()
    visit.page.get_by_role("heading", name="Followers", exact=True).wait_for()
    visit.settle()
    assert visit.page.locator("#trend svg path").count() > 0
    visit.open("/w/acme/connections/")
    visit.page.get_by_role("link", name="Withdraw @ana").click()
    dialog = visit.page.locator("#dialog")
    dialog.get_by_text("Nothing more is read of @ana").wait_for()
    visit.no_barriers()
    dialog.get_by_role("link", name="Keep the connection").click()
    dialog.wait_for(state="hidden")
    visit.no_faults()
