"""Every page, light and dark, on a desk and on a phone: no barrier, no fault, nothing foreign, no sideways scroll."""

import pytest

from tests.browser.pages import SCREENS

LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_page_reads_well(screen, open_browser, acme):
    visit = open_browser()
    if screen.who:
        visit.sign_in(getattr(acme, screen.who).user.email)
    url = screen.url(acme)
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.open(url)
        visit.look(f"{screen.name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.no_faults()


def test_every_screen_has_its_own_name():
    assert len({screen.name for screen in SCREENS}) == len(SCREENS)
