"""Labels and lists: what staff sort creators by."""

import pytest

from greenroom.core.models import Event
from greenroom.creators import labels, lists
from greenroom.creators.models import Creator, Label, List
from greenroom.creators.naming import Unfit

BY = "member:1"


@pytest.fixture
def three(workspace, at):
    return [Creator.objects.create(workspace=workspace, name=name, created_at=at) for name in ("Ana", "Ben", "Cyd")]


def told(name: str) -> list[dict]:
    return [event.data for event in Event.objects.filter(name=name).order_by("pk")]


def test_a_label_is_put_once_and_taken_off_once(workspace, three, at):
    food = labels.make(workspace, name="  food  and drink ", hue=3, by=BY, at=at)
    assert (food.name, food.hue) == ("food and drink", 3)
    assert labels.put(food, three[:2], by=BY, at=at) == three[:2]
    assert labels.put(food, three, by=BY, at=at) == three[2:]
    assert labels.take(food, three[:1], by=BY, at=at) == three[:1]
    assert labels.take(food, three[:1], by=BY, at=at) == []
    assert set(food.creators.all()) == set(three[1:])
    assert [event.subject for event in Event.objects.filter(name="creator.labelled").order_by("pk")] == [
        f"creator:{one.pk}" for one in three
    ]
    assert told("creator.unlabelled") == [{"label": food.pk, "label_name": "food and drink"}]


@pytest.mark.parametrize("name", ["", "  ", "FOOD", "x" * 41])
def test_a_name_is_refused_when_it_is_empty_taken_or_too_long(workspace, at, name):
    labels.make(workspace, name="food", by=BY, at=at)
    with pytest.raises(Unfit):
        labels.make(workspace, name=name, by=BY, at=at)


def test_the_same_name_is_free_in_another_workspace(acme, at):
    labels.make(acme.workspace, name="food", by=BY, at=at)
    labels.make(acme.rival, name="food", by=BY, at=at)
    assert Label.objects.count() == 2


def test_changing_a_label_says_what_it_was(workspace, at):
    food = labels.make(workspace, name="food", by=BY, at=at)
    labels.change(food, name="Food", hue=2, by=BY, at=at)
    labels.change(food, name="Food", hue=2, by=BY, at=at)
    assert told("label.changed") == [{"before": {"name": "food", "hue": 1}, "after": {"name": "Food", "hue": 2}}]


def test_removing_a_label_keeps_whom_it_was_on(workspace, three, at):
    food = labels.make(workspace, name="food", by=BY, at=at)
    labels.put(food, three, by=BY, at=at)
    labels.remove(food, by=BY, at=at)
    assert told("label.removed")[0]["before"]["creators"] == [one.pk for one in three]
    assert Creator.objects.count() == 3
    assert not Label.objects.exists()


def test_a_list_keeps_the_order_in_which_creators_came(workspace, three, at):
    spring = lists.make(workspace, name="Shortlist spring", by=BY, at=at)
    lists.add(spring, [three[2]], by=BY, at=at)
    assert lists.add(spring, three, by=BY, at=at) == three[:2]
    assert [entry.creator for entry in spring.entries.all()] == [three[2], three[0], three[1]]
    assert [data["list_name"] for data in told("creator.listed")] == ["Shortlist spring"] * 3


def test_the_order_of_a_list_can_be_changed(workspace, three, at):
    spring = lists.make(workspace, name="Spring", by=BY, at=at)
    lists.add(spring, three, by=BY, at=at)
    lists.move(spring, three[2], steps=-2, by=BY, at=at)
    assert [entry.creator for entry in spring.entries.all()] == [three[2], three[0], three[1]]
    lists.move(spring, three[2], steps=9, by=BY, at=at)
    lists.move(spring, three[2], steps=1, by=BY, at=at)
    assert [entry.creator for entry in spring.entries.all()] == [three[0], three[1], three[2]]
    assert [(data["before"], data["after"]) for data in told("list.reordered")] == [
        ({"place": 3}, {"place": 1}),
        ({"place": 1}, {"place": 3}),
    ]


def test_who_leaves_a_list_or_loses_it_stays_a_creator(workspace, three, at):
    spring = lists.make(workspace, name="Spring", by=BY, at=at)
    lists.add(spring, three, by=BY, at=at)
    assert lists.drop(spring, [three[0]], by=BY, at=at) == [three[0]]
    lists.rename(spring, name="Summer", by=BY, at=at)
    lists.remove(spring, by=BY, at=at)
    assert told("list.removed") == [{"before": {"name": "Summer", "creators": [three[1].pk, three[2].pk]}}]
    assert not List.objects.exists()
    assert Creator.objects.count() == 3
