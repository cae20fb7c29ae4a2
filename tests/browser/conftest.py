"""A real Chromium over a real server. Where it is missing these tests are skipped, loudly; with CI=true they fail."""

import os
import shutil

import pytest
from django.core.cache import cache

from tests.browser.visit import Visit

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A colour half way through its transition is neither the old contrast nor the new one.
STILL = {"reduced_motion": "reduce"}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if not (os.path.exists(CHROMIUM) or shutil.which(CHROMIUM)):
        words = f"no Chromium at {CHROMIUM}: install it (apt-get install chromium) or set CHROMIUM"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django refuses its ORM where a loop runs.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_browser(chromium, live_server):
    """Call it for a Visit: a fresh browser profile on the live server. Options go to Playwright's `new_context`."""
    cache.clear()  # sign-in attempts are counted per address; every test has its own count
    visits = []

    def start(**options) -> Visit:
        visits.append(Visit(chromium.new_context(base_url=live_server.url, **{**STILL, **options}), live_server.url))
        return visits[-1]

    yield start
    for visit in visits:
        visit.context.close()


@pytest.fixture
def visit(open_browser) -> Visit:
    return open_browser(viewport={"width": 1440, "height": 900})
