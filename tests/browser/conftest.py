"""A real Chromium over a real server."""

import pytest
from django.core.cache import cache

from tests.browser.visit import Visit

# A colour half way through its transition is neither the old contrast nor the new one.
STILL = {"reduced_motion": "reduce"}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


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
