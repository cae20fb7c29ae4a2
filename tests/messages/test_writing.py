"""Writing to creators: what each reads, who gets nothing and why, and that it is sent once."""

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants
from greenroom.campaigns.refusals import BadInput
from greenroom.core.models import Event
from greenroom.creators import deletion
from greenroom.messages import optouts, templates, writing
from greenroom.messages.models import Message, Template
from tests.campaigns.conftest import take_part
from tests.messages.conftest import BY, draft, from_template, known, ordered, post, template, write


def test_a_new_workspace_has_five_templates(acme):
    for workspace in (acme.workspace, acme.rival):
        names = list(Template.objects.within(workspace).values_list("name", flat=True))
        assert names == [
            "Campaign instructions",
            "Invite link",
            "You forgot the link, here is the code",
            "Request authentication",
            "Request Spark Ads",
        ]


def test_each_creator_gets_their_own_link(campaign, ana, ben, at):
    ordered(campaign, ana, ben, at=at)
    write(campaign, from_template(campaign.workspace, "invite_link"), at=at)
    assert post(at) == 2
    bodies = {sent.to[0]: sent.body for sent in mail.outbox}
    links = {row.account.handle: row.orders.get().invite_link for row in (ana, ben)}
    assert links["ana"] in bodies["ana@creators.example"]
    assert links["ben"] in bodies["ben@creators.example"]
    assert links["ben"] not in bodies["ana@creators.example"]


def test_several_links_come_in_order_with_their_ranges(campaign, ana, at):
    participants.require(ana, 12, by=BY, at=at)
    ana.refresh_from_db()
    ordered(campaign, ana, at=at)
    first, second = ana.orders.order_by("number")
    (letter,) = writing.letters(writing.rows(campaign), draft())
    assert f"Your link: 1-10: {first.invite_link}\n11-12: {second.invite_link}\n" in letter.body


def test_what_was_shown_is_what_is_sent_byte_for_byte(campaign, ana, at):
    ordered(campaign, ana, at=at)
    for place, text in enumerate(Template.objects.within(campaign.workspace).exclude(key="spark_ads")):
        told = draft(text.subject, text.body, template=text)
        (shown,) = writing.letters(writing.rows(campaign), told)
        assert shown.blocked == ()
        write(campaign, told, at=at, once=f"hand:{place}")
        post(at)
        kept, sent = Message.objects.first(), mail.outbox[-1]
        assert (sent.subject, sent.body) == (kept.subject, kept.body) == (shown.subject, shown.body)
        assert "Video" in sent.body
        assert "2 to 29 March 2026" in sent.body or "29 March 2026" in sent.body


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    description=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=60),
    subject=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    name=st.sampled_from(["Ana", "{{handle}}", "A{", "{", "Zoë\r\nBcc: eve@rival.example"]),
)
def test_whatever_is_typed_the_mail_is_the_preview(campaign, ana, at, description, subject, name):
    campaign.description = description
    campaign.save()
    known(ana, name, "ana@creators.example")
    told = draft(
        "{{first_name}} {{campaign_name}}" + subject.replace("{", "").replace("}", ""),
        "{{description}} {{{first_name}}}",
    )
    (shown,) = writing.letters(writing.rows(campaign), told)
    mail.outbox.clear()
    (kept,) = write(campaign, told, at=at, once=f"hand:{Message.objects.count()}")
    post(at)
    if shown.blocked:
        assert (kept.state, mail.outbox) == ("skipped", [])
        return
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == (shown.subject, shown.body)
    assert "{{" not in sent.subject + sent.body
    assert sent.recipients() == ["ana@creators.example"]
    assert sent.message()["Subject"]  # it can be written as a header


def test_who_lacks_a_value_gets_nothing_and_is_listed_with_the_reason(campaign, ana, ben, at):
    ordered(campaign, ana, at=at)
    write(campaign, draft(), at=at)
    post(at)
    assert [sent.to for sent in mail.outbox] == [["ana@creators.example"]]
    skipped = Message.objects.get(account=ben.account)
    assert (skipped.state, skipped.reason, skipped.body) == ("skipped", "no_value", "")
    assert skipped.words == "The creator has no order with an invite link."
    assert Event.objects.filter(name="message.skipped", data__handle="ben").count() == 1


def test_promo_code_and_tracking_link_block_until_there_are_any(campaign, ana, at):
    (letter,) = writing.letters(writing.rows(campaign), draft(body="{{promo_code}} {{tracking_link}}"))
    assert [why.words for why in letter.blocked] == [
        "Greenroom has no promo codes yet.",
        "Greenroom has no tracking links yet.",
    ]


def test_a_creator_without_an_address_is_skipped_by_mail_and_can_be_written_to_by_hand(campaign, at):
    take_part(campaign, "cyd", at=at)
    (by_mail,) = write(campaign, draft(body="Hi"), at=at)
    (copied,) = write(campaign, draft(body="Hi {{handle}}", channel="copy"), at=at, once="hand:2")
    assert (by_mail.state, by_mail.reason) == ("skipped", "no_address")
    assert (copied.state, copied.body, copied.due_at) == ("copied", "Hi @cyd", None)
    assert post(at) == 0


def test_the_same_action_twice_sends_once(campaign, ana, at):
    first = write(campaign, draft(body="Hi"), at=at)
    assert write(campaign, draft(body="Hi"), at=at) == first
    post(at)
    post(at)
    assert len(mail.outbox) == 1


def test_a_mail_says_who_answers_go_to_and_how_to_get_no_more(campaign, ana, at):
    write(campaign, draft(body="Hi"), at=at)
    post(at)
    headers = mail.outbox[0].message()
    assert headers["Reply-To"] == "mia@acme.example"
    assert optouts.link(ana.account.creator) in mail.outbox[0].body
    assert optouts.link(ana.account.creator) in headers["List-Unsubscribe"]


def test_who_opted_out_is_skipped_also_between_writing_and_sending(campaign, ana, ben, at):
    optouts.give(ana.account.creator, own=True, by="creator:1", at=at)
    write(campaign, draft(body="Hi"), at=at)
    optouts.give(ben.account.creator, own=False, by=BY, at=at)
    post(at)
    assert mail.outbox == []
    told = dict(Message.objects.values_list("account__handle", "reason"))
    assert told == {"ana": "opted_out", "ben": "opted_out"}


def test_staff_can_not_take_back_what_a_creator_said(campaign, ana, ben, at):
    optouts.give(ben.account.creator, own=False, by=BY, at=at)
    optouts.end(ben.account.creator, own=False, by=BY, at=at)
    assert optouts.of(ben.account.creator) is None
    optouts.give(ana.account.creator, own=False, by=BY, at=at)
    optouts.give(ana.account.creator, own=True, by="creator:1", at=at)
    with pytest.raises(BadInput):
        optouts.end(ana.account.creator, own=False, by=BY, at=at)
    optouts.end(ana.account.creator, own=True, by="creator:1", at=at)
    assert optouts.of(ana.account.creator) is None


def test_a_deleted_creator_leaves_no_address_and_no_text(campaign, ana, at):
    write(campaign, draft(body="Hi {{first_name}}"), at=at)
    post(at)
    write(campaign, draft(body="Again, {{first_name}}"), at=at, once="hand:2")
    deletion.delete(ana.account.creator, by=BY, at=at)
    assert post(at) == 0
    assert len(mail.outbox) == 1
    assert set(Message.objects.values_list("to", "subject", "body")) == {("", "", "")}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent", "skipped"}
    assert not Event.objects.filter(name__startswith="message.", data__handle="ana").exists()


def test_a_changed_template_is_another_version_and_old_messages_stay(campaign, ana, at):
    row = templates.make(campaign.workspace, name="Note", subject="Hi", body="One", by=BY, at=at)
    (first,) = write(campaign, draft("Hi", "One", template=row), at=at)
    templates.change(row, body="Two", by=BY, at=at)
    assert row.version == 2
    templates.change(row, name="Note 2", by=BY, at=at)
    assert row.version == 2
    templates.remove(row, by=BY, at=at)
    first.refresh_from_db()
    assert (first.template, first.template_name, first.template_version) == (None, "Note", 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "invite LINK"), ("subject", ""), ("body", "{{nonsense}}"), ("body", "")],
)
def test_a_template_that_could_not_be_sent_is_refused(acme, at, field, value):
    told = {"name": "Note", "subject": "Hi", "body": "Hello", field: value}
    with pytest.raises(BadInput) as refused:
        templates.make(acme.workspace, **told, by=BY, at=at)
    assert refused.value.field == field


def test_names_are_free_in_another_workspace(acme, at):
    told = {"name": "Note", "subject": "Hi", "body": "Hello", "by": BY, "at": at}
    assert templates.make(acme.workspace, **told) != templates.make(acme.rival, **told)


def test_more_recipients_cost_no_more_queries_to_show(campaign, ana, at, django_assert_num_queries):
    ordered(campaign, ana, *take_part(campaign, "dov", "eli", "fay", at=at), at=at)
    told = draft(body="Hi {{deliverables}}")
    with django_assert_num_queries(4):
        assert len(writing.letters(writing.rows(campaign), told)) == 4


def test_a_campaign_that_lacks_dates_blocks_texts_that_need_them(campaign, ana, at):
    campaigns.change_campaign(campaign, starts_on=None, ends_on=None, by=BY, at=at)
    (letter,) = writing.letters(writing.rows(campaign), from_template(campaign.workspace, "instructions"))
    assert [why.words for why in letter.blocked] == ["The campaign has neither a first nor a last day."]
    assert template(campaign.workspace, "instructions").version == 1
