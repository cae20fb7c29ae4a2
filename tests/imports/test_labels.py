"""A column of labels: missing ones are made, each is put on its creator, and undone they are as they were."""

import pytest

from greenroom.core.models import Event
from greenroom.creators import labels
from greenroom.creators.models import Account, Creator, Label
from greenroom.imports import actions as imports
from greenroom.imports import deciding, running
from greenroom.imports.models import Import

LIST = 'handle,name,labels\nana,Ana,"VIP; beauty"\nbob,Bob,vip\ncyd,Cyd,-\n'


def worn() -> dict[str, list[str]]:
    """The labels of each creator, by handle."""
    return {
        one.handle: sorted(one.creator.labels.values_list("name", flat=True))
        for one in Account.objects.select_related("creator")
    }


def test_labels_are_made_once_and_put_on(desk):
    done = desk.bring("creators", LIST)
    assert done.mapping["labels"] == "labels"
    assert worn() == {"ana": ["VIP", "beauty"], "bob": ["VIP"], "cyd": []}
    assert Event.objects.filter(name="label.made").count() == 2
    assert Event.objects.filter(name="creator.labelled").count() == 0  # the import's own event tells of them


def test_a_label_that_is_there_is_used_however_it_is_written(desk, acme, at):
    labels.make(acme.workspace, name="vip", by=acme.mia.by, at=at)
    desk.bring("creators", LIST)
    assert set(Label.objects.values_list("name", flat=True)) == {"vip", "beauty"}


def test_labels_of_somebody_known_are_added_to_and_counted_as_new_values(desk):
    desk.bring("creators", LIST)
    later = desk.bring("creators", "handle,labels\nana,Berlin\nbob,VIP\n")
    assert later.counted() == {"new": 0, "updated": 1, "known": 1, "repeated": 0, "errors": 0}
    assert worn()["ana"] == ["Berlin", "VIP", "beauty"]


def test_commas_semicolons_and_capitals_part_and_join_labels(desk):
    desk.bring("creators", 'handle,tags\nana," a ;b,, A;n/a"\n')
    assert worn() == {"ana": ["a", "b"]}


def test_a_label_too_long_and_too_many_are_told_of(desk):
    many = ";".join(f"l{n}" for n in range(21))
    done = desk.bring("creators", f"handle,labels\nana,{'x' * 41}\nbob,{many}\n")
    words = [str(one) for one in done.row_errors.order_by("row")]
    assert words == ["line 2: 41 characters; 40 at most", "line 3: 21 labels; 20 at most"]
    assert not Label.objects.exists()


def test_a_column_of_anything_does_not_become_labels_without_end(desk, monkeypatch):
    monkeypatch.setattr(deciding, "MOST_LABELS", 3)
    done = desk.bring("creators", "handle,labels\n" + "".join(f"c{n},l{n}\n" for n in range(5)))
    assert Label.objects.count() == 3
    assert done.warnings == {deciding.TOO_MANY: [2, 5]}


def test_two_accounts_of_one_creator_carry_a_label_once(desk, acme, at):
    desk.bring("creators", "handle,name\nana,Ana\nanatwo,Ana\n")
    Account.objects.filter(handle="anatwo").update(creator=Account.objects.get(handle="ana").creator)
    desk.bring("creators", "handle,labels\nana,VIP\nanatwo,vip\n")
    assert worn() == {"ana": ["VIP"], "anatwo": ["VIP"]}


def test_undone_they_are_off_and_those_it_made_are_gone(desk, acme, at):
    desk.bring("creators", "handle,name\nana,Ana\n")
    kept = labels.make(acme.workspace, name="Kept", by=acme.mia.by, at=at)
    labels.put(kept, Creator.objects.all(), by=acme.mia.by, at=at)
    done = desk.bring("creators", "handle,labels\nana,Kept;New\nbob,Kept\n")
    assert worn() == {"ana": ["Kept", "New"], "bob": ["Kept"]}
    desk.undo(done)
    assert worn() == {"ana": ["Kept"]}
    assert list(Label.objects.values_list("name", flat=True)) == ["Kept"]
    assert done.kept == {}


def test_a_label_that_somebody_else_carries_stays_and_is_told_of(desk, acme, at):
    desk.bring("creators", "handle,name\neve,Eve\n")
    done = desk.bring("creators", LIST)
    labels.put(Label.objects.get(name="VIP"), Creator.objects.filter(name="Eve"), by=acme.mia.by, at=at)
    desk.undo(done)
    assert worn() == {"eve": ["VIP"]}
    assert done.kept == {"label": 1}


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_a_dry_run_counts_labels_as_taking_in_does(desk, monkeypatch, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)
    text = "handle,labels,followers,date\nana,a,1,2026-01-01\nana,b,,2026-01-02\nana,b,,2026-01-03\n"
    made = desk.upload("creators", text)
    tried = imports.dry_run(made, at=desk.at)
    assert not Label.objects.exists()
    done = desk.run(made)
    assert done.counted() == {name: tried.counts.get(name, 0) for name in Import.OUTCOMES}
    assert done.counted()["updated"] == 1


def test_the_preview_shows_them(desk):
    made = desk.upload("creators", LIST)
    assert imports.preview(made, at=desk.at)[0].values["labels"] == "VIP, beauty"


def test_a_column_that_an_earlier_file_did_not_have_is_known_by_its_name(desk):
    desk.bring("creators", "handle,note\nana,x\n", columns_of={"handle": "handle", "name": "note"})
    made = desk.upload("creators", "handle,note,labels\nana,x,VIP\n")
    assert made.mapping == {"handle": "handle", "name": "note", "labels": "labels"}
