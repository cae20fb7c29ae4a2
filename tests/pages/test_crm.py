"""What staff keep about creators: edited, noted, merged, deleted, set up; and what was done, in words."""

import re

import pytest

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators import deletion, fields, labels, lists, merging, notes
from greenroom.creators.models import Account, Creator, Field, Label, List, Note, Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words

CREATORS = "/w/acme/creators/"
SETTINGS = "/w/acme/settings/fields/"


@pytest.fixture
def ana(acme, at):
    creator = Creator.objects.create(workspace=acme.workspace, name="Ana Oat", email="ana@x.example", created_at=at)
    Account.objects.create(
        workspace=acme.workspace, creator=creator, handle="ana", origin="crm", in_marketplace=True, created_at=at
    )
    return creator


@pytest.fixture
def twin(acme, at):
    creator = Creator.objects.create(workspace=acme.workspace, name="Ana O.", country="DE", created_at=at)
    Account.objects.create(workspace=acme.workspace, creator=creator, handle="ana.two", origin="crm", created_at=at)
    return creator


def test_a_creator_is_edited_with_fields_labels_and_lists(ana, acme, olga, at):
    told = {"workspace": acme.workspace, "by": "member:1", "at": at}
    food, spring = labels.make(name="food", **told), lists.make(name="Spring", **told)
    rate = fields.make(name="Rate", kind="number", **told)
    form = {"name": "Ana", "email": "", "country": "us", "about": "Breakfast", f"field_{rate.pk}": "1,200.50",
            "labels": [food.pk], "lists": [spring.pk]}  # fmt: skip
    assert olga.post(f"{CREATORS}{ana.pk}/edit/", form).status_code == 302
    said = words(olga.get(f"{CREATORS}{ana.pk}/"))
    for word in ("Ana", "Breakfast", "US", "food", "Spring", "Rate 1200.5"):
        assert word in said, word
    again = olga.get(f"{CREATORS}{ana.pk}/edit/").content.decode()
    assert 'value="1200.5"' in again
    assert len(re.findall(r'name="(?:labels|lists)"[^>]* checked', again)) == 2
    assert [event.name for event in Event.objects.filter(subject=f"creator:{ana.pk}").order_by("pk")] == [
        "creator.changed",
        "creator.labelled",
        "creator.listed",
    ]
    olga.post(f"{CREATORS}{ana.pk}/edit/", form)
    assert Event.objects.filter(subject=f"creator:{ana.pk}").count() == 3


def test_what_does_not_fit_is_told_beside_its_field(ana, acme, olga, at):
    rate = fields.make(acme.workspace, name="Rate", kind="number", by="member:1", at=at)
    answer = olga.post(f"{CREATORS}{ana.pk}/edit/", {"name": "Ana", "country": "X1", f"field_{rate.pk}": "cheap"})
    assert answer.status_code == 422
    assert "A country is two letters" in words(answer)
    assert "cheap is not a number" in words(answer)
    assert not Event.objects.filter(name="creator.changed").exists()


def test_a_note_is_written_read_and_changed_by_its_author_alone(ana, acme, olga, client):
    page = f"{CREATORS}{ana.pk}/notes/"
    olga.post(f"{page}add/", {"text": "Answers fast.\n\n<b>Always.</b>"})
    note = Note.objects.get()
    told = olga.get(page)
    assert "Answers fast." in words(told)
    assert "&lt;b&gt;Always." in told.content.decode()
    olga.post(f"{page}{note.pk}/", {"text": "Slow."})
    assert "Slow." in words(olga.get(page))
    client.force_login(acme.mia.user)
    assert client.post(f"{page}{note.pk}/", {"text": "Mine"}).status_code == 404
    assert client.post(f"{page}{note.pk}/remove/").status_code == 404
    client.force_login(acme.vic.user)
    seen = words(client.get(page))
    assert "Slow." in seen
    assert "Add note" not in seen


def test_activity_tells_in_words_who_did_what(ana, acme, olga, at):
    told = {"workspace": acme.workspace, "by": acme.mia.by, "at": at}
    labels.put(labels.make(name="food", **told), [ana], by=acme.mia.by, at=at)
    olga.post(f"{CREATORS}{ana.pk}/edit/", {"name": "Ana", "email": "ana@x.example"})
    notes.add(ana, text="Private words", author=acme.mia, at=at)
    said = words(olga.get(f"{CREATORS}{ana.pk}/activity/"))
    assert "Mia put the label food on" in said
    assert "Olga Owner changed Name from Ana Oat to Ana" in said
    assert "Mia wrote a note" in said
    assert "Private words" not in said


def test_two_records_are_compared_merged_and_taken_apart(ana, twin, olga):
    page = f"{CREATORS}{ana.pk}/merge/"
    assert "@ana.two" in words(olga.get(page))
    compared = olga.get(f"{page}?with={twin.pk}").content.decode()
    assert re.search(r'name="name" value="mine" checked', compared)
    assert re.search(r'name="country" value="theirs" checked', compared)
    olga.post(f"{page}?with={twin.pk}", {"name": "theirs", "country": "theirs"})
    ana.refresh_from_db()
    assert (ana.name, ana.email, ana.country) == ("Ana O.", "ana@x.example", "DE")
    assert {one.handle for one in ana.accounts.all()} == {"ana", "ana.two"}
    assert olga.get(f"{CREATORS}{twin.pk}/")["Location"] == f"{CREATORS}{ana.pk}/"
    assert "Take them apart again" in words(olga.get(f"{CREATORS}{ana.pk}/"))
    olga.post(f"{CREATORS}{ana.pk}/unmerge/{twin.pk}/")
    ana.refresh_from_db()
    assert (ana.name, {one.handle for one in ana.accounts.all()}) == ("Ana Oat", {"ana"})
    assert olga.get(f"{CREATORS}{twin.pk}/").status_code == 200


def test_a_creator_of_another_workspace_is_nobody_to_merge_with(ana, acme, olga, at):
    theirs = Creator.objects.create(workspace=acme.rival, name="Theirs", created_at=at)
    assert olga.get(f"{CREATORS}{ana.pk}/merge/?with={theirs.pk}").status_code == 404
    assert "Theirs" not in words(olga.get(f"{CREATORS}{ana.pk}/merge/?q=Theirs"))


def test_deleting_says_what_goes_and_stays_and_takes_the_name(ana, olga):
    page = f"{CREATORS}{ana.pk}/delete/"
    said = words(olga.get(page))
    for word in ("What goes, for good", "@ana", "What stays", "Type Ana Oat to confirm"):
        assert word in said, word
    wrong = olga.post(page, {"confirmed": "Ana"})
    assert wrong.status_code == 422
    assert Creator.objects.filter(pk=ana.pk).exists()
    assert olga.post(page, {"confirmed": " ana oat "})["Location"] == CREATORS
    assert olga.get(f"{CREATORS}{ana.pk}/").status_code == 404
    assert "Ana Oat" not in words(olga.get(f"{CREATORS}?q=ana"))


@pytest.mark.parametrize("path", ["", "home", "connections/", "jobs/", "creators/", "creators/?support=cannot"])
def test_a_deleted_creator_is_shown_nowhere(ana, twin, olga, at, path):
    deletion.delete(ana, by="member:1", at=at)
    said = words(olga.get(f"/w/acme/{path.removeprefix('home')}"))
    assert "Deleted creator" not in said
    assert "deleted-" not in said


def test_labels_lists_and_fields_are_set_up(ana, acme, olga):
    olga.post(f"{SETTINGS}labels/add/", {"name": "food", "hue": "3"})
    olga.post(f"{SETTINGS}lists/add/", {"name": "Spring"})
    olga.post(f"{SETTINGS}fields/add/", {"name": "Tier", "kind": "choice", "choices": "Gold\nSilver\n"})
    said = words(olga.get(SETTINGS))
    for word in ("food", "Spring", "Tier", "Gold, Silver"):
        assert word in said, word
    taken = olga.post(f"{SETTINGS}labels/add/", {"name": "FOOD", "hue": "1"})
    assert taken.status_code == 422
    assert "There is a label FOOD already." in words(taken)
    tier = Field.objects.get()
    olga.post(f"{SETTINGS}fields/{tier.pk}/", {"name": "Level", "choices": "Gold\nSilver\nBronze"})
    tier.refresh_from_db()
    assert (tier.name, tier.kind, tier.choices) == ("Level", "choice", ["Gold", "Silver", "Bronze"])
    assert "for good" in words(olga.get(f"{SETTINGS}fields/{tier.pk}/remove/"))
    olga.post(f"{SETTINGS}fields/{tier.pk}/remove/")
    assert not Field.objects.exists()


def test_the_order_of_a_list_is_changed_by_buttons(ana, twin, acme, olga, at):
    spring = lists.make(acme.workspace, name="Spring", by="member:1", at=at)
    lists.add(spring, [ana, twin], by="member:1", at=at)
    page = f"{SETTINGS}lists/{spring.pk}/"
    assert words(olga.get(page)).index("Ana Oat") < words(olga.get(page)).index("Ana O.")
    olga.post(f"{page}order/", {"creator": twin.pk, "to": "up"})
    assert [entry.creator for entry in spring.entries.all()] == [twin, ana]
    olga.post(f"{page}order/", {"creator": twin.pk, "to": "off"})
    assert [entry.creator for entry in spring.entries.all()] == [ana]


@pytest.mark.parametrize("model", [Label, List, Field])
def test_what_belongs_to_another_workspace_is_not_found(acme, olga, at, model):
    noun = f"{model.__name__.lower()}s"
    theirs = model.objects.create(workspace=acme.rival, name="Theirs", created_at=at)
    for path in (f"{noun}/{theirs.pk}/", f"{noun}/{theirs.pk}/remove/"):
        assert olga.get(f"{SETTINGS}{path}").status_code == 404
        assert olga.post(f"{SETTINGS}{path}", {"name": "Mine"}).status_code == 404
    assert "Theirs" not in words(olga.get(SETTINGS))


def test_counts_leave_out_who_is_gone(ana, twin, acme, olga, at):
    food = labels.make(acme.workspace, name="food", by="member:1", at=at)
    labels.put(food, [ana, twin], by="member:1", at=at)
    merging.merge(ana, twin, by="member:1", at=clock.now())
    assert "1 with the label food" in olga.get(SETTINGS).content.decode()


def test_all_posts_of_every_account_stand_on_their_own_tab(living, olga):
    ana = living.account("ana")
    merging.merge(ana.creator, living.account("ben").creator, by="member:1", at=clock.now())
    told = olga.get(f"{CREATORS}{ana.creator_id}/posts/")
    said = words(told)
    assert "Posts 8" in said
    assert "@ana," in said
    assert "@ben," in said
    views = metrics.measure(Query(("views",), by=("post",), where=(("account", "ben"),)), living.workspace).rows
    known = [row["views"].value for row in views if row["views"].value is not None]
    assert known
    assert [value for value in known if f"{value:,}" not in said] == []
    times = [post.posted_at for post in Post.objects.filter(account__creator=ana.creator_id).order_by("-posted_at")]
    assert len(times) == 8
