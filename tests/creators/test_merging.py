"""Two records of one person: made one, and taken apart again."""

from decimal import Decimal

import pytest

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import details, fields, labels, lists, merging, notes, visits
from greenroom.creators.models import Account, Creator
from greenroom.creators.naming import Unfit

BY = "member:1"


@pytest.fixture
def pair(acme, at):
    """Ana and a second record of hers, each with everything a creator can have; some of it the same."""
    workspace, made = acme.workspace, []
    food, vegan = (labels.make(workspace, name=name, by=BY, at=at) for name in ("food", "vegan"))
    spring, summer = (lists.make(workspace, name=name, by=BY, at=at) for name in ("Spring", "Summer"))
    rate, tier = (
        fields.make(workspace, name="Rate", kind="number", by=BY, at=at),
        fields.make(workspace, name="Tier", kind="text", by=BY, at=at),
    )
    for name, handle in (("Ana", "ana"), ("Ana B", "ana.second")):
        one = Creator.objects.create(workspace=workspace, name=name, email=f"{handle}@x.example", created_at=at)
        Account.objects.create(workspace=workspace, creator=one, handle=handle, origin="crm", created_at=at)
        notes.add(one, text=f"About {name}", author=acme.mia, at=at)
        made.append(one)
    labels.put(food, made, by=BY, at=at)
    labels.put(vegan, made[1:], by=BY, at=at)
    lists.add(spring, made, by=BY, at=at)
    lists.add(summer, made[1:], by=BY, at=at)
    details.change(made[0], {}, values={rate: Decimal(100)}, by=BY, at=at)
    details.change(made[1], {"country": "DE"}, values={rate: Decimal(200), tier: "Gold"}, by=BY, at=at)
    return made


def everything(creator: Creator) -> dict:
    creator.refresh_from_db()
    return {
        **{key: getattr(creator, key) for key in details.OWN},
        "accounts": {one.handle for one in creator.accounts.all()},
        "notes": {one.text for one in creator.notes.all()},
        "labels": {one.name for one in creator.labels.all()},
        "lists": {one.list.name for one in creator.listed.all()},
        "values": {
            field.name: fields.words(fields.values_of(creator).get(field.pk)) for field in fields.Field.objects.all()
        },
    }


def test_the_kept_record_has_everything_of_both(pair, at):
    keep, other = pair
    merging.merge(keep, other, by=BY, at=at)
    assert everything(keep) == {
        "name": "Ana", "email": "ana@x.example", "country": "", "about": "",
        "accounts": {"ana", "ana.second"}, "notes": {"About Ana", "About Ana B"},
        "labels": {"food", "vegan"}, "lists": {"Spring", "Summer"}, "values": {"Rate": "100", "Tier": "Gold"},
    }  # fmt: skip
    assert list(Creator.objects.all()) == [keep]


def test_what_was_chosen_wins(pair, at):
    keep, other = pair
    rate = fields.Field.objects.get(name="Rate")
    merging.merge(keep, other, take=["name", "country", f"field_{rate.pk}"], by=BY, at=at)
    told = everything(keep)
    assert (told["name"], told["email"], told["country"]) == ("Ana B", "ana@x.example", "DE")
    assert told["values"] == {"Rate": "200", "Tier": "Gold"}


def test_a_merge_is_undone_without_a_trace_on_either(pair, at):
    keep, other = pair
    before = everything(keep), everything(other)
    rate = fields.Field.objects.get(name="Rate")
    event = merging.merge(keep, other, take=["name", f"field_{rate.pk}"], by=BY, at=at)
    assert merging.undo(event, by=BY, at=at) == other
    assert (everything(keep), everything(other)) == before
    assert Creator.objects.count() == 2
    with pytest.raises(Unfit):
        merging.undo(event, by=BY, at=at)


def test_what_came_since_stays_with_the_kept_record(pair, acme, at):
    keep, other = pair
    event = merging.merge(keep, other, take=["name"], by=BY, at=at)
    details.change(keep, {"name": "Ana Both"}, by=BY, at=at)
    notes.add(keep, text="Since", author=acme.mia, at=at)
    merging.undo(event, by=BY, at=at)
    assert everything(keep)["name"] == "Ana Both"
    assert everything(keep)["notes"] == {"About Ana", "Since"}


def test_the_event_has_what_both_were(pair, at):
    keep, other = pair
    event = merging.merge(keep, other, by=BY, at=at)
    assert event.name == "creator.merged"
    assert event.data["before"]["other"]["email"] == "ana.second@x.example"
    assert event.data["before"]["kept"]["accounts"] == [Account.objects.get(handle="ana").pk]
    assert event.data["other"] == other.pk
    assert Event.objects.filter(name="creator.merged").count() == 1


def test_a_merged_record_leads_to_the_one_it_is_part_of(pair, acme, at):
    keep, other = pair
    third = Creator.objects.create(workspace=acme.workspace, name="Third", created_at=at)
    merging.merge(keep, other, by=BY, at=at)
    merging.merge(third, keep, by=BY, at=at)
    assert merging.kept_of(acme.workspace.pk, other.pk) == third
    assert merging.kept_of(acme.rival.pk, other.pk) is None


def test_nobody_is_merged_with_themselves_a_stranger_or_somebody_gone(pair, acme, at):
    keep, other = pair
    theirs = Creator.objects.create(workspace=acme.rival, name="Theirs", created_at=at)
    for wrong in (keep, theirs):
        with pytest.raises(Unfit):
            merging.merge(keep, wrong, by=BY, at=at)
    merging.merge(keep, other, by=BY, at=at)
    with pytest.raises(Unfit):
        merging.merge(keep, other, by=BY, at=at)


def test_every_kind_of_row_that_points_at_a_creator_is_moved(pair, at):
    keep, other = pair
    merging.merge(keep, other, by=BY, at=at)
    left = {
        relation.related_model.__name__: relation.related_model._base_manager.filter(
            **{relation.field.name: other}
        ).count()
        for relation in Creator._meta.related_objects
        if relation.one_to_many and relation.related_model is not Creator
    }
    assert {name for name, count in left.items() if count} <= {"Listed", "FieldValue"}
    assert left["Account"] == left["Note"] == 0


def test_what_staff_kept_comes_along_when_a_creator_claims_the_account(people, workspace, acme, at):
    people.connect_marketplace(workspace, at=at)
    cyd = creators.add_account(workspace, handle="cyd", by=BY, at=at)
    notes.add(cyd.creator, text="Seen at the fair", author=acme.mia, at=at)
    labels.put(labels.make(workspace, name="food", by=BY, at=at), [cyd.creator], by=BY, at=at)
    claimed = Creator.objects.create(workspace=workspace, name="Cyd Brine", email="cyd@x.example", created_at=at)
    people.consent(workspace, "cyd", at=at, creator=claimed)
    assert list(Creator.objects.within(workspace)) == [claimed]
    assert [one.handle for one in claimed.accounts.all()] == ["cyd"]
    assert [one.text for one in claimed.notes.all()] == ["Seen at the fair"]
    assert [one.name for one in claimed.labels.all()] == ["food"]


def test_a_browser_with_the_others_page_open_does_not_find_the_kept_ones_there(pair, at):
    keep, other = pair
    visit = visits.open_page(other, how="link", at=at)
    event = merging.merge(keep, other, by=BY, at=at)
    assert visits.creator_of(visit.pk, at=at) is None
    merging.undo(event, by=BY, at=at)
    assert visits.creator_of(visit.pk, at=at) is None


def test_two_merges_at_once_do_not_make_each_part_of_the_other(pair, at):
    keep, other = pair
    kept, others = (Creator.objects.get(pk=one.pk) for one in pair)
    merging.merge(keep, other, by=BY, at=at)
    with pytest.raises(Unfit, match="Choose two"):
        merging.merge(others, kept, by=BY, at=at)
    assert merging.kept_of(keep.workspace_id, other.pk) == keep
