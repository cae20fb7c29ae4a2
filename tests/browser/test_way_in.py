"""The way in, as a person walks it: first owner, a wrong password, a second factor."""

from django.core.cache import cache
from playwright.sync_api import expect

from greenroom.core.models import User
from tests.core.test_signin import totp


def seen(visit, name):
    """Look at the page in both themes and both widths, and find nothing wrong."""
    for theme, width in [("light", 1440), ("dark", 390)]:
        visit.dress(theme, width)
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
        visit.no_sideways_scroll()


def test_the_first_page_of_an_install_asks_for_its_owner(visit, transactional_db):
    visit.open("/")
    expect(visit.page.get_by_role("heading", name="Open your greenroom")).to_be_visible()
    seen(visit, "setup")
    visit.page.get_by_label("Email").fill("olga@acme.example")
    visit.page.get_by_role("button", name="Create workspace").click()
    expect(visit.page.get_by_text("This field is required.").first).to_be_visible()
    seen(visit, "setup-errors")
    visit.no_faults()


def test_a_wrong_password_is_told_and_can_be_shown(visit, acme):
    visit.open("/accounts/login/")
    visit.page.get_by_label("Email", exact=True).fill("olga@acme.example")
    visit.page.get_by_label("Password", exact=True).fill("notthisone")
    visit.page.get_by_role("button", name="Show password").click()
    expect(visit.page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    seen(visit, "sign-in-wrong")
    visit.no_faults()


def test_somebody_without_a_workspace_is_told_what_to_do(visit, transactional_db):
    User.objects.create_user("una@nowhere.example", "greenroom-pass", name="Una")
    visit.sign_in("una@nowhere.example", then="/")
    expect(visit.page.get_by_role("heading", name="No workspace yet")).to_be_visible()
    seen(visit, "no-workspace")
    visit.no_faults()


def test_a_second_factor_is_turned_on_used_and_turned_off(visit, acme):
    page = visit.page
    visit.sign_in()
    page.get_by_role("link", name="Turn on").click()
    page.get_by_label("Password", exact=True).fill("greenroom-pass")
    page.get_by_role("button", name="Continue").click()
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.naturalWidth > 0"), "the policy lets the picture through"
    seen(visit, "authenticator")
    secret = page.locator(".code > span").inner_text()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    seen(visit, "recovery-codes")
    for name, address in [("security-on", ""), ("new-codes", "recovery-codes/generate/"), ("off", "totp/deactivate/")]:
        visit.open("/accounts/2fa/" + address)
        seen(visit, name)
    visit.open("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    cache.clear()  # a code counts once; the next one would only come in 30 seconds
    visit.sign_in()
    seen(visit, "enter-code")
    page.get_by_label("Code").fill(totp(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Sign-in security").wait_for()
    visit.no_faults()
