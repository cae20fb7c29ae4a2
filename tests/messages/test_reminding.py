"""Reminders: off until switched on, each sent once."""

from datetime import timedelta

import pytest
from django.core import mail

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants
from greenroom.campaigns.models import Campaign, Order
from greenroom.campaigns.refusals import BadInput
from greenroom.core import work
from greenroom.creators.models import Connection, Post
from greenroom.messages import optouts, reminding, templates
from greenroom.messages.models import Message, Reminders
from tests.campaigns.conftest import run
from tests.messages.conftest import BY, ordered, post, template

DAYS = {"not_joined": 3, "not_uploaded": 5, "not_linked": 1, "expiring": 14}


def pass_days(start, days: int):
    """Let worker and clock go on, hour by hour would be the same: twice a day."""
    for half in range(days * 2 + 1):
        now = start + timedelta(hours=12 * half)
        work.run_due(Reminders, at=now)
        post(now)


def rules() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("rule", flat=True))


def test_nothing_is_sent_while_nobody_switched_it_on(campaign, ana, at):
    ordered(campaign, ana, at=at)
    pass_days(at, 20)
    assert mail.outbox == []
    assert set(reminding.rules_of(campaign).values()) == {None}


def test_who_has_not_joined_is_reminded_once(campaign, ana, ben, at, phone):
    ordered(campaign, ana, ben, at=at)
    joined = Order.objects.get(account=ben.account)
    joined.move("joined", by=BY, at=at)
    reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    pass_days(at, 2)
    assert mail.outbox == []
    pass_days(at + timedelta(days=2), 18)
    assert [sent.to for sent in mail.outbox] == [["ana@creators.example"]]
    assert Order.objects.get(account=ana.account).invite_link in mail.outbox[0].body


def test_two_orders_make_one_reminder_and_a_later_one_another(campaign, ana, at):
    participants.require(ana, 12, by=BY, at=at)
    ana.refresh_from_db()
    ordered(campaign, ana, at=at)
    reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    pass_days(at, 10)
    assert len(mail.outbox) == 1
    participants.require(ana, 13, by=BY, at=at)
    ana.refresh_from_db()
    later = at + timedelta(days=11)
    ordered(campaign, ana, at=later)
    pass_days(later, 6)
    assert len(mail.outbox) == 2


def test_who_has_not_uploaded_is_reminded_before_the_due_date_and_not_after(campaign, ana, at):
    ordered(campaign, ana, at=at)
    reminding.set_rules(campaign, {"not_uploaded": 5}, by=BY, at=at)
    pass_days(at, 11)
    assert mail.outbox == []
    pass_days(at + timedelta(days=12), 10)
    assert rules() == ["not_uploaded"]
    assert "29 March 2026" in mail.outbox[0].body


def test_who_delivered_is_not_reminded(campaign, ana, at, phone, world):
    ordered(campaign, ana, at=at)
    phone.publish(ana.orders.get())
    run(at)
    Campaign.objects.filter(pk=campaign.pk).update(due_at=at)
    run(at)
    assert ana.orders.get().state == "fulfilled"
    reminding.set_rules(campaign, {"not_uploaded": 30, "not_joined": 1, "not_linked": 1}, by=BY, at=at)
    pass_days(at, 20)
    assert mail.outbox == []


def test_who_posted_without_the_link_is_sent_the_code_once(campaign, ana, ben, at):
    ordered(campaign, ana, ben, at=at)
    told = {"workspace": campaign.workspace, "first_seen_at": at, "last_seen_at": at}
    before, after = at - timedelta(days=4), at + timedelta(days=1)
    Post.objects.create(account=ben.account, item_id="1", posted_at=before, **told)
    Post.objects.create(account=ana.account, item_id="2", posted_at=after, **told)
    reminding.set_rules(campaign, {"not_linked": 1}, by=BY, at=at)
    pass_days(at, 10)
    assert [sent.to for sent in mail.outbox] == [["ana@creators.example"]]
    assert Order.objects.get(account=ana.account).code in mail.outbox[0].body


def test_an_authorisation_that_ends_is_told_once_and_a_new_one_again(campaign, ana, at):
    grant = Connection.objects.create(
        workspace=campaign.workspace, account=ana.account, dialect="accounts", state="active",
        refresh_expires_at=at + timedelta(days=20),
    )  # fmt: skip
    reminding.set_rules(campaign, {"expiring": 14}, by=BY, at=at)
    pass_days(at, 5)
    assert mail.outbox == []
    pass_days(at + timedelta(days=6), 10)
    assert rules() == ["expiring"]
    assert "/me/" in mail.outbox[0].body
    Connection.objects.filter(pk=grant.pk).update(refresh_expires_at=at + timedelta(days=60))
    pass_days(at + timedelta(days=17), 40)
    assert rules() == ["expiring", "expiring"]


def test_all_four_together_are_each_sent_once(campaign, ana, at):
    ordered(campaign, ana, at=at)
    Connection.objects.create(
        workspace=campaign.workspace, account=ana.account, dialect="accounts", state="active",
        refresh_expires_at=at + timedelta(days=20),
    )  # fmt: skip
    Post.objects.create(
        workspace=campaign.workspace, account=ana.account, item_id="2", posted_at=at, first_seen_at=at, last_seen_at=at
    )
    Order.objects.update(created_at=at)
    reminding.set_rules(campaign, DAYS, by=BY, at=at)
    pass_days(at, 25)
    assert sorted(rules()) == sorted(DAYS)
    assert len(mail.outbox) == 4


def test_a_blocked_reminder_is_logged_once_and_goes_when_it_can(campaign, ana, at):
    ordered(campaign, ana, at=at)
    creator = ana.account.creator
    type(creator).objects.filter(pk=creator.pk).update(email="")
    reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    pass_days(at, 6)
    assert list(Message.objects.values_list("state", "reason")) == [("skipped", "no_address")]
    type(creator).objects.filter(pk=creator.pk).update(email="ana@creators.example")
    pass_days(at + timedelta(days=7), 6)
    assert len(mail.outbox) == 1


def test_who_opted_out_is_not_reminded(campaign, ana, at):
    ordered(campaign, ana, at=at)
    optouts.give(ana.account.creator, own=True, by="creator:1", at=at)
    reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    pass_days(at, 6)
    assert mail.outbox == []
    assert list(Message.objects.values_list("reason", flat=True)) == ["opted_out"]


def test_a_paused_campaign_and_a_removed_template_remind_nobody(campaign, ana, at):
    ordered(campaign, ana, at=at)
    reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    campaigns.move_campaign(campaign, "paused", by=BY, at=at)
    pass_days(at, 6)
    campaigns.move_campaign(campaign, "active", by=BY, at=at)
    templates.remove(template(campaign.workspace, "invite_link"), by=BY, at=at)
    pass_days(at + timedelta(days=7), 3)
    assert mail.outbox == []


def test_switched_off_means_not_due_any_more(campaign, at):
    row = reminding.set_rules(campaign, {"not_joined": 3}, by=BY, at=at)
    assert reminding.remind(row, at=at) == at + reminding.EVERY
    row = reminding.set_rules(campaign, {"not_joined": None}, by=BY, at=at)
    assert reminding.remind(row, at=at) is None


@pytest.mark.parametrize("told", [{"not_joined": 0}, {"not_joined": 91}, {"weekly": 3}])
def test_rules_that_make_no_sense_are_refused(campaign, at, told):
    with pytest.raises(BadInput):
        reminding.set_rules(campaign, told, by=BY, at=at)
    assert not Reminders.objects.exists()
