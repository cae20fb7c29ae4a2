"""The pages of messages with something on them: no barrier, no fault, no sideways scroll, light and dark."""

from datetime import date

import pytest
from django.urls import reverse

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants
from greenroom.core import clock, work
from greenroom.creators import actions as creators
from greenroom.messages import optouts, writing
from greenroom.messages.models import Message, Template
from tests.browser.test_pages import LOOKS

BY = "member:1"


@pytest.fixture
def campaign(acme):
    """Three creators; one has no address, one opted out; two messages in the log, one of them failed."""
    at = clock.now()
    told = {"name": "Oat Season", "brand_name": "Pebblewick", "description": "One real breakfast.", "mode": "manual"}
    days = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 29)}
    made = campaigns.create_campaign(acme.workspace, tiktok=True, by=BY, at=at, **told, **days)
    handles = ("oatorbit", "duskwaffle", "kilnandkettle")
    accounts = [creators.record_legacy(acme.workspace, handle=handle, by=BY, at=at) for handle in handles]
    participants.add(made, accounts, by=BY, at=at)
    for account in accounts[:2]:
        account.creator.email = f"{account.handle}@creators.example"
        account.creator.save()
    template = Template.objects.get(workspace=acme.workspace, key="instructions")
    draft = writing.Draft(template.subject, template.body, template, sender="Mia")
    letters = writing.letters(writing.rows(made), draft)
    writing.send(made, letters, draft, once="hand:1", by=BY, at=at)
    row = Message.objects.get(account=accounts[1])
    Message.objects.filter(pk=row.pk).update(begun_at=at)
    work.run_due(Message, at=at)
    optouts.give(accounts[1].creator, own=True, by=BY, at=at)
    return made


def test_the_pages_of_messages_read_well(open_browser, acme, campaign):
    visit = open_browser()
    visit.sign_in()
    template = Template.objects.get(workspace=acme.workspace, key="forgot_link")
    creator = campaign.participants.first().account.creator
    pages = {
        "messages-log": reverse("campaign_messages", args=["acme", campaign.pk]),
        "messages-nobody": reverse("message_write", args=["acme", campaign.pk]),
        "messages-creator": reverse("creator_messages", args=["acme", creator.pk]),
        "messages-templates": reverse("settings_templates", args=["acme"]),
        "messages-template": reverse("template", args=["acme", template.pk]),
        "messages-stop": "/messages/" + optouts.link(creator).partition("/messages/")[2],
    }
    for name, url in pages.items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(url)
            for fold in visit.page.locator("details.fold > summary").all()[:2]:
                fold.click()
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()


def test_a_manager_writes_looks_and_sends(open_browser, acme, campaign):
    visit = open_browser()
    visit.sign_in()
    page = visit.page
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.open(reverse("message_write", args=["acme", campaign.pk]) + "?participant=all")
        page.get_by_label("Template").select_option("Campaign instructions")
        page.get_by_role("button", name="Use it").click()
        page.get_by_role("button", name="Show what each would read").click()
        page.get_by_role("heading", name="What each would read").wait_for()
        visit.look(f"message-write-{theme}-{width}")
        visit.no_barriers()
    page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    page.get_by_role("button", name="Send 1 message").click()
    page.get_by_text("1 message on its way.").wait_for()
    assert Message.objects.filter(state="queued", account__handle="oatorbit").exists()
    visit.no_faults()
