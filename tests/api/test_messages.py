"""Messages through the API: templates, previews, sending, the log, reminders, opting out."""

import pytest

from greenroom.campaigns.models import Participant
from greenroom.core import clock, work
from greenroom.creators.models import Creator
from greenroom.messages import optouts
from greenroom.messages.models import Message
from tests.api.test_campaigns import BODY, NAMED, take_part
from tests.api.test_doors import problem

DRAFT = {"subject": "Hi {{first_name}}", "body": "About {{brand_name}}"}


@pytest.fixture
def mine(living, people, program):
    people.connect_marketplace(living.workspace, at=clock.now())
    return program()


@pytest.fixture
def campaign(mine):
    return mine.post("/campaigns", {**BODY, **NAMED}).json()["id"]


@pytest.fixture
def two(mine, living, campaign):
    """ANA with an address, BEN without."""
    ids = take_part(mine, living, campaign, "ana", "ben")
    for pk, email in zip(ids, ("ana@creators.example", ""), strict=True):
        Creator.objects.filter(accounts__participations=pk).update(email=email)
    return ids


def test_what_the_preview_shows_is_what_is_sent(mine, campaign, two, mailoutbox):
    draft = {**DRAFT, "participants": two}
    shown = mine.post(f"/campaigns/{campaign}/messages/preview", draft).json()
    ana, ben = shown["letters"]
    assert (ana["blocked"], ben["blocked"][0]["reason"]) == ([], "no_address")
    lacking = {**draft, "body": "{{promo_code}}"}
    assert mine.post(f"/campaigns/{campaign}/messages/preview", lacking).json()["letters"][0]["body"] is None
    assert not Message.objects.exists()
    made = mine.post(f"/campaigns/{campaign}/messages", {**draft, "seen": shown["seen"]}).json()["messages"]
    assert [one["state"] for one in made] == ["queued", "skipped"]
    work.run_due(Message, at=clock.now())
    assert [(sent.subject, sent.body) for sent in mailoutbox] == [(ana["subject"], ana["body"])]
    log = mine.get(f"/messages?campaign={campaign}&state=sent").json()["items"]
    assert [(one["id"], one["body"]) for one in log] == [(made[0]["id"], ana["body"])]


def test_what_changed_since_the_preview_is_not_sent(mine, campaign, two):
    draft = {**DRAFT, "participants": two}
    seen = mine.post(f"/campaigns/{campaign}/messages/preview", draft).json()["seen"]
    Creator.objects.filter(accounts__participations=two[0]).update(name="Somebody Else")
    problem(mine.post(f"/campaigns/{campaign}/messages", {**draft, "seen": seen}), 409, "conflict")
    assert not Message.objects.exists()


def test_templates_are_made_changed_used_and_removed(mine, campaign, two):
    assert len(mine.get("/templates").json()["items"]) == 5
    problem(mine.post("/templates", {"name": "Note", "subject": "Hi", "body": "{{nope}}"}), 422, "invalid")
    made = mine.post("/templates", {"name": "Note", **DRAFT}).json()
    at = f"{mine.root}/templates/{made['id']}"
    changed = mine.client.patch(at, {"body": "Again, {{brand_name}}"}, content_type="application/json").json()
    assert (changed["version"], changed["subject"]) == (2, DRAFT["subject"])
    sent = mine.post(f"/campaigns/{campaign}/messages", {"participants": two[:1], "template": made["id"]}).json()
    assert (sent["messages"][0]["template"], sent["messages"][0]["template_version"]) == ("Note", 2)
    assert mine.client.delete(at).status_code == 204
    assert mine.get(f"/messages?account={sent['messages'][0]['account']}").json()["items"][0]["template"] == "Note"


def test_a_failed_message_is_queued_again_and_no_other(mine, campaign, two):
    body = {**DRAFT, "participants": two}
    made, skipped = mine.post(f"/campaigns/{campaign}/messages", body).json()["messages"]
    Message.objects.filter(pk=made["id"]).update(begun_at=clock.now())
    work.run_due(Message, at=clock.now())
    assert mine.post(f"/messages/{made['id']}/moves", {"to": "queued"}).json()["state"] == "queued"
    problem(mine.post(f"/messages/{skipped['id']}/moves", {"to": "queued"}), 409, "illegal_move")


def test_reminders_are_switched_on_one_by_one(mine, campaign):
    assert mine.post(f"/campaigns/{campaign}/reminders", {"not_joined": 3}).json()["not_joined"] == 3
    told = mine.post(f"/campaigns/{campaign}/reminders", {"expiring": 7}).json()
    assert (told["not_joined"], told["expiring"], told["not_uploaded"]) == (3, 7, None)
    assert mine.post(f"/campaigns/{campaign}/reminders", {"not_joined": None}).json()["not_joined"] is None


def test_a_program_notes_an_opt_out_and_can_not_undo_the_creators_own(mine, campaign, two):
    creator = Participant.objects.get(pk=two[0]).account.creator
    at = f"/creators/{creator.pk}/opt-out"
    assert mine.post(at, {"wants_messages": False}).json()["own"] is False
    body = {**DRAFT, "participants": two[:1]}
    assert mine.post(f"/campaigns/{campaign}/messages", body).json()["messages"][0]["reason"] == "opted_out"
    assert mine.post(at, {"wants_messages": True}).json()["wants_messages"] is True
    optouts.give(creator, own=True, by="creator:1", at=clock.now())
    problem(mine.post(at, {"wants_messages": True}), 409, "refused")
