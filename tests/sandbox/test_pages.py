"""The sandbox's own pages in a real browser: without a script, for everyone, at every width."""

import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from greenroom.sandbox import serve

pytestmark = pytest.mark.browser
SCOPES = "user.info.basic,user.info.stats,user.insights,video.list,video.insights"


@pytest.fixture(scope="module")
def sandbox():
    with serve.Running(accounts=8) as running:
        yield running


@pytest.fixture
def browser(chromium):
    return chromium


def consent_page(sandbox: serve.Running, **parameters: str) -> str:
    base = {
        "client_key": "sandbox-app",
        "response_type": "code",
        "scope": SCOPES,
        "state": "s1",
        "disable_auto_auth": "1",
    }
    return f"{sandbox.url}/v2/auth/authorize/?" + urlencode(
        base | {"redirect_uri": sandbox.url + "/_sim/"} | parameters
    )


def portal_page(sandbox: serve.Running) -> str:
    return f"{sandbox.url}/portal/auth?" + urlencode({"app_id": "sandbox-app", "redirect_uri": sandbox.url + "/_sim/"})


def open_page(browser: Browser, scheme: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    return context.new_page()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(sandbox, browser, scheme, width):
    page = open_page(browser, scheme, width)
    for address in (consent_page(sandbox), portal_page(sandbox), sandbox.url + "/_sim/?handle=ana"):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_pages_speak_to_no_other_host(sandbox, browser):
    page = open_page(browser, "light", 1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(consent_page(sandbox))
    page.goto(sandbox.url + "/_sim/")
    assert asked
    assert all(url.startswith(sandbox.url) for url in asked)
    page.context.close()


def test_a_tester_signs_in_as_ben_grants_a_part_and_takes_it_back(sandbox, browser):
    page = open_page(browser, "light", 390)
    page.goto(consent_page(sandbox))
    page.get_by_label("Ben").check()
    page.get_by_label("how each post is watched and by whom").uncheck()
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(re.escape("code=")))
    assert "video.insights" not in page.url
    code = page.evaluate("new URLSearchParams(location.search).get('code')")
    body = {
        "client_id": "sandbox-app", "client_secret": "sandbox-secret", "grant_type": "authorization_code",
        "auth_code": code, "redirect_uri": sandbox.url + "/_sim/",
    }  # fmt: skip
    token = sandbox.ask("/open_api/v1.3/tt_user/oauth2/token/", body)["data"]
    assert token["scope"] == "user.info.basic,user.info.stats,user.insights,video.list"
    page.goto(sandbox.url + "/_sim/")
    expect(page.get_by_role("heading", name="You are Ben")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("No app may see this account.")).to_be_visible()
    page.context.close()


def test_a_tester_publishes_and_joins_the_marketplace(sandbox, browser):
    page = open_page(browser, "dark", 390)
    page.goto(sandbox.url + "/_sim/?handle=dov")
    page.get_by_label("Caption").fill("Fresh from the page")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("rowheader", name="Fresh from the page")).to_be_visible()
    page.get_by_role("button", name="Join the marketplace").click()
    expect(page.get_by_text("Dov is in the Creator Marketplace.")).to_be_visible()
    page.context.close()


def test_somebody_else_can_be_typed_in(sandbox, browser):
    page = open_page(browser, "light", 1000)
    page.goto(consent_page(sandbox))
    page.get_by_label("Somebody else").fill("nobody")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_have_text("Nobody here has that handle.")
    page.get_by_label("Somebody else").fill("mira.bakes")
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(re.escape("code=")))
    page.context.close()
