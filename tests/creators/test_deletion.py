"""A creator is deleted: what is personal goes, what money and consent must name stays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import deletion, details, due, fields, labels, lists, merging, notes, visits
from greenroom.creators.models import (
    Account,
    Connection,
    Consent,
    Creator,
    FieldValue,
    Listed,
    Note,
    PortalVisit,
    Post,
)
from greenroom.creators.naming import Unfit
from greenroom.observations import erasure, log
from greenroom.observations.models import Erasure
from greenroom.syncs.models import Sync

BY = "member:1"


@pytest.fixture
def ana(people, acme, at):
    """ANA, connected, with everything a creator can have."""
    account = people.consent(acme.workspace, "ana", at=at).account
    creator = account.creator
    labels.put(labels.make(acme.workspace, name="food", by=BY, at=at), [creator], by=BY, at=at)
    lists.add(lists.make(acme.workspace, name="Spring", by=BY, at=at), [creator], by=BY, at=at)
    rate = fields.make(acme.workspace, name="Rate", kind="number", by=BY, at=at)
    told = {"name": "Ana Oat", "country": "DE", "about": "Breakfast"}
    details.change(creator, told, values={rate: Decimal(4)}, by=BY, at=at)
    notes.add(creator, text="A note on Ana Oat", author=acme.mia, at=at)
    for n, basis in enumerate(("manual", "order")):
        Post.objects.create(
            workspace=acme.workspace, account=account, item_id=f"700{n}", caption="By Ana Oat", basis=basis,
            share_url="https://tiktok.example/@ana/1", posted_at=at, first_seen_at=at, last_seen_at=at,
        )  # fmt: skip
    row = {"account": account.pk, "subject": account.pk, "observed_at": at, "source_class": "sandbox",
           "surface": "accounts_api", "followers": 7}  # fmt: skip
    log.append(acme.workspace, "account", [row], key="one", at=at)
    return account


def test_grants_end_here_and_at_tiktok(ana, people, at):
    deletion.delete(ana.creator, by=BY, at=at)
    grant = Connection.objects.get(account=ana)
    assert (grant.state, grant.access_token, grant.refresh_token, grant.open_id) == ("revoked", "", "", "")
    assert [event.subject for event in Event.objects.filter(name="connection.revoked")] == [f"connection:{grant.pk}"]
    assert Consent.objects.get(connection=grant).revoked_at == at


def test_the_readings_are_erased(ana, acme, at):
    assert erasure.count(acme.workspace.pk, ana.pk)["account"] == 1
    deletion.delete(ana.creator, by=BY, at=at)
    for promise in Erasure.objects.all():
        erasure.carry_out(promise, at=at)
    assert sum(erasure.count(acme.workspace.pk, ana.pk).values()) == 0


def test_nothing_personal_is_left_in_any_row(ana, acme, at):
    workspace, pk = acme.workspace, ana.creator_id
    deletion.delete(ana.creator, by=BY, at=at)
    person, account = Creator.everyone.get(pk=pk), Account.everyone.get(pk=ana.pk)
    assert (person.name, person.email, person.country, person.about) == (f"Deleted creator {pk}", "", "", "")
    assert (account.handle, account.display_name, account.open_id) == (f"deleted-{account.pk}", "", "")
    assert [model.objects.count() for model in (Note, Listed, FieldValue)] == [0, 0, 0]
    assert person.labels.count() == 0
    assert {consent.who for consent in Consent.objects.within(workspace)} == {f"Deleted creator {pk}"}
    assert [(post.item_id, post.caption, post.share_url) for post in Post.objects.all()] == [("7001", "", "")]
    said = str([(event.name, event.data) for event in Event.objects.within(workspace)])
    for word in ("Ana Oat", "ana@creators.example", "Breakfast", "'ana'", "@ana"):
        assert word not in said, word


def test_what_money_must_name_stays_under_its_number(ana, at):
    deletion.delete(ana.creator, by=BY, at=at)
    account = Account.everyone.get(pk=ana.pk)
    assert account.creator_id == ana.creator_id
    assert Consent.objects.filter(connection__account=account).count() == 1
    assert Post.objects.get(basis="order").account == account
    event = Event.objects.get(name="creator.deleted")
    assert event.data["accounts"] == [ana.pk]
    assert event.data["kept"] == {"accounts": 1, "consents": 1, "posts": 1}
    assert event.data["removed"] | {"events": 0} == {
        "notes": 1, "labels": 1, "lists": 1, "values": 1, "posts": 1, "events": 0
    }  # fmt: skip


def test_the_audit_log_still_says_what_happened_when_and_by_whom(ana, at):
    before = list(Event.objects.order_by("pk").values_list("pk", "name", "subject", "by", "at"))
    deletion.delete(ana.creator, by=BY, at=at + timedelta(hours=1))
    assert list(Event.objects.order_by("pk").values_list("pk", "name", "subject", "by", "at"))[: len(before)] == before
    changed = Event.objects.get(name="creator.changed")
    assert changed.data["after"]["name"] == deletion.ERASED
    assert changed.data["before"]["about"] == ""


def test_whoever_lists_counts_or_looks_up_finds_nobody(ana, acme, at):
    deletion.delete(ana.creator, by=BY, at=at)
    assert not Creator.objects.within(acme.workspace).exists()
    assert not Account.objects.within(acme.workspace).exists()
    assert creators.find(acme.workspace, "ana") is None
    assert creators.find(acme.workspace, f"deleted-{ana.pk}") is None
    assert creators.send_portal_links("ana@creators.example", at=at) == 0


def test_nothing_is_read_any_more_not_even_by_the_marketplace(ana, people, acme, at):
    people.connect_marketplace(acme.workspace, at=at)
    creators.note_membership(ana, True, at=at)
    assert Sync.objects.filter(account=ana).exclude(due_at=None).exists()
    deletion.delete(ana.creator, by=BY, at=at)
    assert not Sync.objects.filter(account=ana).exclude(due_at=None).exists()
    people.connect_marketplace(acme.workspace, at=at + timedelta(hours=1))
    assert not Sync.objects.filter(account=ana).exclude(due_at=None).exists()


def test_the_same_person_may_come_back_as_somebody_new(ana, people, acme, at):
    deletion.delete(ana.creator, by=BY, at=at)
    back = people.consent(acme.workspace, "ana", at=people.later(at, hours=1)).account
    assert back.pk != ana.pk
    assert back.creator_id != ana.creator_id
    assert back.authenticated


def test_records_that_were_merged_into_it_go_with_it(ana, acme, at):
    second = Creator.objects.create(workspace=acme.workspace, name="Ana Zwei", email="zwei@x.example", created_at=at)
    merging.merge(ana.creator, second, by=BY, at=at)
    deletion.delete(ana.creator, by=BY, at=at)
    second.refresh_from_db()
    assert (second.name, second.email) == (f"Deleted creator {second.pk}", "")
    assert "zwei@x.example" not in str([event.data for event in Event.objects.all()])


def test_the_plan_counts_what_goes_and_what_stays(ana, at):
    plan = deletion.Plan.of(ana.creator)
    assert (plan.handles, plan.grants, plan.readings, plan.posts, plan.notes, plan.consents) == (
        ("ana",),
        1,
        1,
        2,
        1,
        1,
    )


def test_nobody_is_deleted_twice(ana, at):
    deletion.delete(ana.creator, by=BY, at=at)
    with pytest.raises(Unfit):
        deletion.delete(Creator.everyone.get(pk=ana.creator_id), by=BY, at=at)


def test_when_tiktok_is_away_the_token_is_only_kept_to_give_it_back(ana, people, at):
    people.world.faults.set(bad_gateway=1.0)
    deletion.delete(ana.creator, by=BY, at=at)
    grant = Connection.objects.get(account=ana)
    assert (grant.state, bool(grant.access_token)) == ("revoked", True)
    people.world.faults.clear()
    due.tend(grant, at=at + timedelta(hours=1))
    grant.refresh_from_db()
    assert (grant.access_token, grant.open_id) == ("", "")


def test_where_their_page_was_open_is_forgotten(ana, at):
    visits.open_page(ana.creator, how="link", address="203.0.113.9", at=at)
    deletion.delete(ana.creator, by=BY, at=at)
    assert not PortalVisit.objects.exists()


def test_a_merge_that_was_taken_apart_tells_nothing_of_them(ana, acme, at):
    keep = Creator.objects.create(workspace=acme.workspace, name="Bea Else", created_at=at)
    merging.undo(merging.merge(keep, ana.creator, by=BY, at=at), by=BY, at=at)
    deletion.delete(Creator.objects.get(pk=ana.creator_id), by=BY, at=at)
    said = str(Event.objects.get(name="creator.merged").data)
    assert "Ana Oat" not in said
    assert "Breakfast" not in said
