"""A campaign with dates, whose creators have addresses."""

from datetime import date

import pytest

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import ordering
from greenroom.core import work
from greenroom.messages import writing
from greenroom.messages.models import Message
from tests.campaigns.conftest import BY, campaign, people, phone, run, take_part, workspace, world

__all__ = ["campaign", "people", "phone", "workspace", "world"]


@pytest.fixture(autouse=True)
def _dates(request, at):
    if "campaign" in request.fixturenames:
        row = request.getfixturevalue("campaign")
        campaigns.change_campaign(
            row, by=BY, at=at, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 29), content="video"
        )


def known(row, name: str, email: str):
    """The participant's creator with this name and address."""
    creator = row.account.creator
    creator.name, creator.email = name, email
    creator.save()
    return row


@pytest.fixture
def ana(campaign, at):
    return known(*take_part(campaign, "ana", at=at), "Ana Bell", "ana@creators.example")


@pytest.fixture
def ben(campaign, at):
    return known(*take_part(campaign, "ben", at=at), "Ben", "ben@creators.example")


def ordered(campaign, *participants, at) -> None:
    ordering.create_orders(campaign, participants, by=BY, at=at)
    run(at)


def template(workspace, key: str):
    from greenroom.messages.models import Template

    return Template.objects.get(workspace=workspace, key=key)


def draft(subject="Hello {{first_name}}", body="Your link: {{invite_link}}", **more) -> writing.Draft:
    return writing.Draft(subject, body, sender="Mia", reply_to="mia@acme.example", **more)


def from_template(workspace, key: str, **more) -> writing.Draft:
    told = template(workspace, key)
    return draft(told.subject, told.body, template=told, **more)


def write(campaign, told: writing.Draft, *participants, at, once="hand:1"):
    """Send to these participants, or to all."""
    rows = writing.rows(campaign, [one.pk for one in participants] or None)
    return writing.send(campaign, writing.letters(rows, told), told, once=once, by=BY, at=at)


def post(at) -> int:
    """What the worker does with messages that are due now."""
    return work.run_due(Message, at=at)
