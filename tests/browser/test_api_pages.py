"""API keys and the page where the API is tried, in a browser."""

from greenroom.keys.models import Key

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]
PAGE = "/w/acme/settings/keys/"


def make(visit, name: str) -> str:
    """Make a key on the page; returns what it shows."""
    visit.open(PAGE)
    visit.page.get_by_label("Name").fill(name)
    visit.page.get_by_role("button", name="Make key").click()
    visit.page.get_by_role("heading", name=f"{name} is made").wait_for()
    return visit.page.locator(".code span").first.inner_text()


def test_keys_are_made_shown_and_revoked(acme, visit):
    visit.sign_in("olga@acme.example")
    text = make(visit, "Nightly report")
    assert text.startswith("gr_")
    make(visit, "Warehouse")
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.look(f"settings-keys-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.dress("light", 1440)
    visit.open(PAGE)
    visit.page.get_by_role("link", name="Revoke Nightly report").click()
    dialog = visit.page.locator("#dialog")
    dialog.get_by_role("button", name="Revoke the key").wait_for()
    visit.no_barriers()
    dialog.get_by_role("button", name="Revoke the key").click()
    visit.page.get_by_text("Revoked", exact=True).wait_for()
    assert sorted(Key.objects.values_list("name", "state")) == [("Nightly report", "revoked"), ("Warehouse", "live")]
    visit.no_faults()


def test_the_api_is_described_and_tried_without_a_network(acme, visit):
    visit.sign_in("olga@acme.example")
    visit.open("/api/v1/docs")
    visit.page.get_by_role("heading", name="Greenroom Business API").wait_for()
    visit.look("api-docs-light-1440")
    block = visit.page.locator("#operations-workspaces-list_workspaces")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    block.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert '"acme"' in block.locator(".live-responses-table").inner_text()
    visit.no_faults()
