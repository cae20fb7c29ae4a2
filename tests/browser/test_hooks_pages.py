"""Webhooks with a receiver that takes some and refuses others: every look without barriers, and what script adds."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from greenroom.core import clock, events, work
from greenroom.hooks import actions as hooks
from greenroom.hooks.models import Delivery
from tests.browser.test_pages import LOOKS
from tests.hooks.receiver import listening


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def endpoint(acme, receiver, settings):
    """Told of five events: some taken, one refused, one given up, one still waiting."""
    settings.GREENROOM_ALLOW_PRIVATE_HOOKS = ["127.0.0.1"]
    made = hooks.add_endpoint(
        acme.workspace,
        url=f"{receiver.url}/a-rather-long-path/of-a-receiver/that-somebody-has",
        names=["account.*", "connection.*", "endpoint.*", "sync.finished", "workspace.created"],
        description="CRM of the northern team",
        by=acme.olga.by,
        at=clock.now(),
    )
    html = b"<html><body><h1>Bad gateway</h1></body></html>" * 8
    receiver.answers = [(200, {}, b'{"ok":true}'), (200, {}, b""), (502, {"Content-Type": "text/html"}, html)]
    for name in ("account.added", "account.renamed", "sync.finished"):
        events.note(acme.workspace, name, subject="account:1", by="member:1", at=clock.now(), handle="ana")
    work.run_due(Delivery, at=clock.now())
    Delivery.objects.filter(name="account.added").update(state="parked", due_at=None)
    events.note(acme.workspace, "account.joined_marketplace", by="member:1", at=clock.now())
    return made


def test_every_page_of_webhooks_reads_well(acme, endpoint, open_browser):
    gone = hooks.add_endpoint(acme.workspace, url="https://8.8.8.8/x", names=["*"], by=acme.olga.by, at=clock.now())
    type(gone).objects.filter(pk=gone.pk).update(state="disabled", disabled_because="It answered 410 Gone.")
    failed = Delivery.objects.get(endpoint=endpoint, state="failed")
    waiting = Delivery.objects.filter(endpoint=endpoint, state="waiting").first()
    screens = {
        "webhooks": reverse("settings_hooks", args=["acme"]),
        "webhook": reverse("hook", args=["acme", endpoint.pk]),
        "webhook-filtered": reverse("hook", args=["acme", endpoint.pk]) + "?state=parked&name=account.added",
        "webhook-gone": reverse("hook", args=["acme", gone.pk]),
        "webhook-edit": reverse("hook_edit", args=["acme", endpoint.pk]),
        "webhook-secret": reverse("hook_secret", args=["acme", endpoint.pk]),
        "webhook-remove": reverse("hook_remove", args=["acme", endpoint.pk]),
        "webhook-delivery": reverse("hook_delivery", args=["acme", endpoint.pk, failed.pk]),
        "webhook-delivery-waiting": reverse("hook_delivery", args=["acme", endpoint.pk, waiting.pk]),
        "home-with-webhook": reverse("home", args=["acme"]),
    }
    visit = open_browser()
    visit.sign_in("olga@acme.example")
    for name, url in screens.items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.page.goto(url)
            visit.page.wait_for_load_state("load")
            if name == "webhook":
                visit.page.get_by_text("Signing secret").click()
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()


def test_a_test_shows_its_outcome_by_itself(acme, endpoint, receiver, visit):
    visit.sign_in("olga@acme.example")
    visit.open(reverse("hook", args=["acme", endpoint.pk]))
    visit.page.get_by_role("button", name="Send a test").click()
    visit.page.get_by_text("The first attempt is made with the next free worker").wait_for()
    receiver.always = (200, {}, b"welcome aboard")
    work.run_due(Delivery, at=clock.now())
    visit.page.get_by_label("What came back").wait_for()
    expect(visit.page.get_by_label("What came back")).to_have_value("welcome aboard")
    visit.no_faults()


def test_an_endpoint_from_the_form_to_its_end(acme, visit):
    page = visit.page
    visit.sign_in("olga@acme.example")
    visit.open(reverse("settings_hooks", args=["acme"]))
    page.get_by_role("link", name="Add endpoint").click()
    page.get_by_role("textbox", name="Address").fill("http://127.0.0.1:9/")
    page.locator("summary", has_text="TikTok accounts").click()
    page.get_by_role("checkbox", name="account.added").check()
    page.get_by_role("button", name="Add endpoint").click()
    page.get_by_text("not on the public internet").wait_for()
    expect(page.get_by_role("checkbox", name="account.added")).to_be_checked()
    visit.faults = [one for one in visit.faults if "422" not in one]
    page.get_by_role("textbox", name="Address").fill("https://8.8.8.8/hooks")
    page.get_by_role("button", name="Add endpoint").click()
    page.get_by_text("Give its secret to the receiver").wait_for()
    page.get_by_text("Signing secret").click()
    page.get_by_role("link", name="New secret").click()
    dialog = page.locator("#dialog")
    dialog.get_by_role("button", name="Make a new secret").click()
    page.get_by_text("There is a new secret.").wait_for()
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("button", name="Switch on").wait_for()
    page.get_by_role("link", name="Delete endpoint").click()
    dialog.get_by_text("It is told nothing any more").wait_for()
    visit.no_barriers()
    dialog.get_by_role("button", name="Delete the endpoint").click()
    page.get_by_text("Nobody is told yet").wait_for()
    visit.no_faults()
