"""The pages of messages: what staff see and press, and the page behind the link in each mail."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from greenroom.messages import optouts, reminding, templates
from greenroom.messages.models import Message, Template
from tests.campaigns.conftest import take_part
from tests.messages.conftest import BY, draft, ordered, post, template, write


@pytest.fixture
def mia(acme, client):
    """A manager's browser."""
    client.force_login(acme.mia.user)
    return client


def page(name: str, *args) -> str:
    return reverse(name, args=["acme", *args])


def hidden(answer, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def test_three_chosen_creators_get_what_was_shown_and_the_log_says_so(mia, campaign, ana, ben, at):
    cyd, _left_out = take_part(campaign, "cyd", "dov", at=at)
    ordered(campaign, ana, ben, at=at)
    ids = [ana.pk, ben.pk, cyd.pk]
    told = template(campaign.workspace, "invite_link")
    first = mia.get(page("message_write", campaign.pk), {"participant": ids, "template": told.pk})
    assert "{{invite_link}}" in first.content.decode()
    form = {"participant": ids, "template": told.pk, "channel": "email", "subject": told.subject, "body": told.body,
            "once": hidden(first, "once")}  # fmt: skip
    shown = mia.post(page("message_write", campaign.pk), {**form, "action": "preview"})
    text = shown.content.decode()
    for row in (ana, ben):
        assert row.orders.get().invite_link in text
    assert "The creator has no order with an invite link." in text
    assert "2 of 3 can be sent" in text
    assert not Message.objects.exists()
    sending = {**form, "action": "send", "seen": hidden(shown, "seen")}
    log = mia.post(page("message_write", campaign.pk), sending, follow=True).content.decode()
    assert "2 messages on their way." in log
    mia.post(page("message_write", campaign.pk), sending)  # the button pressed twice
    assert Message.objects.count() == 3
    post(Message.objects.exclude(due_at=None).latest("due_at").due_at)
    assert sorted(sent.to[0] for sent in mail.outbox) == ["ana@creators.example", "ben@creators.example"]
    for row in (ana, ben):
        assert Message.objects.get(account=row.account).template == told
    log = mia.get(page("campaign_messages", campaign.pk)).content.decode()
    assert log.count("Sent") >= 2
    assert "Not sent" in log


def test_what_changed_since_it_was_shown_is_shown_again_and_not_sent(mia, campaign, ana, at):
    form = {"participant": ana.pk, "channel": "email", "subject": "Hi", "body": "{{brand_name}}, {{first_name}}"}
    shown = mia.post(page("message_write", campaign.pk), {**form, "action": "preview"})
    ana.account.creator.name = "Anastasia"
    ana.account.creator.save()
    sending = {**form, "action": "send", "seen": hidden(shown, "seen"), "once": hidden(shown, "once")}
    answer = mia.post(page("message_write", campaign.pk), sending)
    assert "Nothing was sent." in answer.content.decode()
    assert not Message.objects.exists()
    again = {**sending, "seen": hidden(answer, "seen")}
    assert mia.post(page("message_write", campaign.pk), again).status_code == 302
    assert "Anastasia" in Message.objects.get().body


def test_an_unknown_placeholder_is_refused_in_the_form(mia, campaign, ana, at):
    form = {"participant": ana.pk, "channel": "email", "subject": "Hi", "body": "{{nonsense}}", "action": "send"}
    answer = mia.post(page("message_write", campaign.pk), form)
    assert answer.status_code == 422
    assert "There is no placeholder {{nonsense}}." in answer.content.decode()


def test_a_text_to_copy_lands_in_the_log_with_a_button(mia, campaign, ana, at):
    form = {"participant": "all", "channel": "copy", "subject": "Hi", "body": "Hi {{handle}}"}
    shown = mia.post(page("message_write", campaign.pk), {**form, "action": "preview"})
    log = mia.post(
        page("message_write", campaign.pk), {**form, "action": "send", "seen": hidden(shown, "seen")}, follow=True
    )
    assert '<p class="letter">Hi @ana</p><button type="button" class="btn scripted"' in log.content.decode()
    assert mail.outbox == []


def test_without_recipients_the_page_leads_to_where_they_are_chosen(mia, campaign, at):
    answer = mia.get(page("message_write", campaign.pk)).content.decode()
    assert "Nobody is chosen" in answer
    assert page("campaign_influencers", campaign.pk) in answer


def test_a_failed_message_can_be_sent_again(mia, campaign, ana, at):
    (message,) = write(campaign, draft(body="Hi"), at=at)
    Message.objects.filter(pk=message.pk).update(begun_at=at)
    post(at)
    assert "Send again" in mia.get(page("campaign_messages", campaign.pk)).content.decode()
    mia.post(page("message_again", campaign.pk, message.pk))
    message.refresh_from_db()
    assert (message.state, message.begun_at) == ("queued", None)


def test_reminders_are_switched_on_and_off(mia, campaign, at):
    days = {rule.name: 4 for rule in reminding.RULES}
    mia.post(page("campaign_reminders", campaign.pk), {"not_joined_on": "on", **days})
    assert reminding.rules_of(campaign) == {
        "not_joined": 4,
        "not_uploaded": None,
        "not_linked": None,
        "expiring": None,
        "spark_ending": None,
    }
    mia.post(page("campaign_reminders", campaign.pk), days)
    assert set(reminding.rules_of(campaign).values()) == {None}
    bad = mia.post(page("campaign_reminders", campaign.pk), {"not_joined_on": "on", **days, "not_joined": 400})
    assert bad.status_code == 422


def test_templates_are_listed_made_changed_and_removed(mia, acme):
    listed = mia.get(page("settings_templates")).content.decode()
    assert "You forgot the link, here is the code" in listed
    assert "{{tracking_link}}" in listed
    made = {"name": "Note", "subject": "Hi", "body": "Hello {{first_name}}"}
    assert mia.post(page("template_add"), {**made, "body": "{{nope}}"}).status_code == 422
    mia.post(page("template_add"), made)
    row = Template.objects.get(name="Note")
    mia.post(page("template", row.pk), {**made, "body": "Hello again, {{first_name}}"})
    row.refresh_from_db()
    assert (row.version, row.body) == (2, "Hello again, {{first_name}}")
    assert "Remove Note?" in mia.get(page("template_remove", row.pk)).content.decode()
    mia.post(page("template_remove", row.pk))
    assert not Template.objects.filter(pk=row.pk).exists()


def test_templates_of_another_workspace_are_not_there(mia, acme, at):
    row = templates.make(acme.rival, name="Theirs", subject="Hi", body="Hello", by=BY, at=at)
    assert mia.get(page("template", row.pk)).status_code == 404
    assert mia.post(page("template_remove", row.pk)).status_code == 404


def test_a_creator_stops_the_messages_by_the_link_and_only_by_the_button(client, campaign, ana, at):
    where = optouts.link(ana.account.creator).removeprefix("http://127.0.0.1:8000")
    where = where[where.index("/messages/") :]
    assert "No more messages?" in client.get(where).content.decode()
    assert optouts.of(ana.account.creator) is None
    assert "You get no messages" in client.post(where, {"to": "out"}, follow=True).content.decode()
    assert optouts.of(ana.account.creator).own
    client.post(where, {"to": "in"})
    assert optouts.of(ana.account.creator) is None
    assert client.get(where[:-4] + "abc/").status_code == 404


def test_staff_note_what_they_heard_and_see_the_log_of_a_creator(mia, campaign, ana, at):
    write(campaign, draft(body="Hi"), at=at)
    creator = ana.account.creator
    mia.post(page("creator_opt_out", creator.pk), {"to": "out"})
    text = mia.get(page("creator_messages", creator.pk)).content.decode()
    assert "Noted by your team" in text
    assert "Oat Season" in text
    mia.post(page("creator_opt_out", creator.pk), {"to": "in"})
    optouts.give(creator, own=True, by="creator:1", at=at)
    answer = mia.post(page("creator_opt_out", creator.pk), {"to": "in"}, follow=True).content.decode()
    assert "Only they can take it back" in answer
    assert optouts.of(creator) is not None


def test_who_only_reads_sees_the_log_without_addresses_and_can_send_nothing(acme, client, campaign, ana, at):
    write(campaign, draft(body="Hi"), at=at)
    client.force_login(acme.vic.user)
    text = client.get(page("campaign_messages", campaign.pk)).content.decode()
    assert "@ana" in text
    assert "ana@creators.example" not in text
    assert client.post(page("message_write", campaign.pk)).status_code == 403


def test_a_longer_log_costs_no_more_queries(mia, campaign, ana, ben, at, django_assert_max_num_queries):
    for place in range(20):
        write(campaign, draft(body="Hi"), at=at, once=f"hand:{place}")
    mia.get(page("campaign_messages", campaign.pk))
    with django_assert_max_num_queries(16):
        assert mia.get(page("campaign_messages", campaign.pk)).status_code == 200
