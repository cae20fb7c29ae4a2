"""A manager pastes the addresses of posts that are missing, one after the other, and reads one cause each."""

from urllib.parse import urlsplit

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import missing
from greenroom.core import clock
from tests.campaigns import absent
from tests.campaigns.conftest import BY, SETTINGS

# Twelve of all the causes there are; each is injected into a campaign of its own.
PASTED = (
    absent.short,
    absent.in_another,
    absent.only_the_former_source,
    absent.handed_in,
    absent.refused,
    absent.stranger,
    absent.untracked,
    absent.second_account,
    absent.without_order,
    absent.too_early,
    absent.new,
    absent.link_forgotten,
)
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]


@pytest.fixture
def cases(acme, monkeypatch):
    """What is pasted, for which campaign, and the cause it is missing by."""
    monkeypatch.setattr(missing, "ON_MISSING", [])
    at, made = clock.now(), []
    for number, inject in enumerate(PASTED):
        campaign = campaigns.create_campaign(
            acme.workspace, name=f"Oat {number}", by=BY, at=at, mode="manual", **SETTINGS
        )
        campaigns.move_campaign(campaign, "active", by=BY, at=at)
        pasted = inject(absent.Desk(campaign, at, f"ana{number}"))
        made.append((pasted, campaign, absent.INJECTED[inject]))
    return made


@pytest.mark.slow
def test_twelve_pasted_addresses_have_twelve_right_causes(visit, acme, cases):
    visit.sign_in(acme.mia.user.email)
    page, seen = visit.page, []
    for pasted, campaign, _ in cases:
        page.goto(f"/w/acme/posts/missing/?campaign={campaign.pk}")
        page.get_by_role("textbox", name="Address of the post").fill(pasted)
        page.get_by_role("button", name="Why is it missing?").click()
        page.get_by_role("heading", name="Why it is missing").wait_for()
        seen.append(page.locator("[data-cause]").get_attribute("data-cause"))
        assert page.locator("[data-cause] a.btn").count() <= 1, "one thing to do"
        assert page.get_by_role("textbox", name="Address of the post").input_value() == pasted
    assert seen == [cause for *_, cause in cases]
    assert len(set(seen)) == len(seen) == 12
    page.get_by_role("link", name="Send the code").click()
    page.get_by_text("@ana11").first.wait_for()
    assert "participant" in urlsplit(page.url).query
    assert "code" in page.get_by_role("textbox", name="Text").input_value(), "the ready-made message"
    visit.no_faults()


@pytest.mark.slow
def test_the_page_reads_well(visit, acme, cases):
    visit.sign_in(acme.mia.user.email)
    pasted, campaign, _ = cases[-1]
    address = f"/w/acme/posts/missing/?campaign={campaign.pk}&url={pasted.replace('?', '%3F').replace('=', '%3D')}"
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.open(address)
        visit.look(f"post-missing-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.no_faults()


@pytest.mark.slow
def test_it_works_without_script(open_browser, acme, cases):
    visit = open_browser(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    visit.sign_in(acme.mia.user.email)
    pasted, _, _ = cases[-1]
    visit.page.goto("/w/acme/posts/missing/")
    visit.page.get_by_role("textbox", name="Address of the post").fill(pasted)
    visit.page.get_by_role("button", name="Why is it missing?").click()
    visit.page.get_by_text("GR-ANA11-1").wait_for()
