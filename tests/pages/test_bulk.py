"""Many creators at once, the list as a file, and saved views: all by plain forms."""

import csv
import io

import pytest
from openpyxl import load_workbook

from greenroom.core.models import Event
from greenroom.creators import details, fields, labels, lists, saved
from greenroom.creators.models import Account, Creator, Label, View
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words
from tests.pages.test_creators import handles

PAGE = "/w/acme/creators/"
ACT = f"{PAGE}actions/"


@pytest.fixture
def many(acme, at):
    """60 accounts of 60 creators; every third can't be tracked."""
    people = Creator.objects.bulk_create(
        Creator(workspace=acme.workspace, name=f"Person {n:02}", created_at=at) for n in range(60)
    )
    return Account.objects.bulk_create(
        Account(workspace=acme.workspace, creator=one, handle=f"p{n:02}", origin="crm", in_marketplace=n % 3 > 0,
                created_at=at)
        for n, one in enumerate(people)
    )  # fmt: skip


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_ticked_rows_get_a_new_label_and_can_be_found_by_it(many, olga):
    answer = olga.post(f"{ACT}?sort=handle", {"row": [one.pk for one in many[:3]], "do": "label:new", "name": "food"})
    assert answer["Location"] == f"{PAGE}?sort=handle"
    food = Label.objects.get()
    assert "3 creators labelled: food." in words(olga.get(PAGE))
    assert handles(olga.get(f"{PAGE}?label={food.pk}&sort=handle")) == ["p00", "p01", "p02"]
    assert "food" in words(olga.get(f"{PAGE}?label={food.pk}"))


def test_doing_it_again_says_who_had_it_already(many, olga, acme, at):
    food = labels.make(acme.workspace, name="food", by="member:1", at=at)
    olga.post(ACT, {"row": [many[0].pk], "do": f"label:{food.pk}"})
    olga.post(ACT, {"row": [one.pk for one in many[:3]], "do": f"label:{food.pk}"})
    assert "2 creators labelled: food. 1 had it already." in words(olga.get(PAGE))
    olga.post(ACT, {"row": [one.pk for one in many[:3]], "do": f"unlabel:{food.pk}"})
    assert not food.creators.exists()


def test_all_that_fit_means_the_filters_and_not_the_page(many, olga, acme, at):
    spring = lists.make(acme.workspace, name="Spring", by="member:1", at=at)
    olga.post(f"{ACT}?support=cannot", {"all": "1", "row": [many[1].pk], "do": f"list:{spring.pk}"})
    assert {entry.creator.name for entry in spring.entries.all()} == {f"Person {n:02}" for n in range(0, 60, 3)}
    assert Event.objects.filter(name="creator.listed").count() == 20


def test_nothing_ticked_nothing_done(many, olga):
    olga.post(ACT, {"do": "label:new", "name": "food"})
    assert "Tick at least one creator first." in words(olga.get(PAGE))
    assert not Label.objects.exists()


@pytest.mark.parametrize("do", ["label:999", "list:x", "unlabel:"])
def test_an_unknown_label_or_list_is_not_found(many, olga, do):
    assert olga.post(ACT, {"row": [many[0].pk], "do": do}).status_code == 404


def test_rows_of_another_workspace_are_not_there(many, acme, olga, at):
    creator = Creator.objects.create(workspace=acme.rival, name="Theirs", created_at=at)
    theirs = Account.objects.create(workspace=acme.rival, creator=creator, handle="theirs", origin="crm", created_at=at)
    olga.post(ACT, {"row": [theirs.pk], "do": "label:new", "name": "food"})
    assert not Label.objects.exists()


def test_asking_tells_what_became_of_each(many, olga, mailoutbox):
    first, second, third = many[:3]
    Creator.objects.filter(pk=first.creator_id).update(email="first@x.example")
    Account.objects.filter(pk=second.pk).update(authenticated=True)
    said = words(olga.post(ACT, {"row": [one.pk for one in (first, second, third)], "do": "ask"}))
    assert "2 of 3 asked to authenticate." in said
    assert "Mailed to first@x.example." in said
    assert "Authenticated already." in said
    assert "/join/i/" in said
    assert len(mailoutbox) == 1
    assert Event.objects.filter(name="account.authentication_requested").count() == 2


def test_two_are_merged_from_the_list_and_three_are_not(many, olga):
    answer = olga.post(ACT, {"row": [many[4].pk, many[5].pk], "do": "merge"})
    assert answer["Location"] == f"{PAGE}{many[4].creator_id}/merge/?with={many[5].creator_id}"
    olga.post(ACT, {"row": [one.pk for one in many[:3]], "do": "merge"})
    assert "exactly two" in words(olga.get(PAGE))


def test_deleting_many_asks_for_their_number(many, olga):
    rows = [one.pk for one in many[:2]]
    asked = olga.post(ACT, {"row": rows, "do": "delete"})
    assert "Type delete 2 to confirm" in words(asked)
    assert Creator.objects.count() == 60
    assert olga.post(ACT, {"row": rows, "do": "delete", "confirmed": "delete 3"}).status_code == 422
    olga.post(ACT, {"row": rows, "do": "delete", "confirmed": "Delete 2"})
    assert Creator.objects.count() == 58
    assert Event.objects.filter(name="creator.deleted").count() == 2


def test_who_may_only_look_sees_no_boxes_and_may_do_nothing(many, acme, client):
    client.force_login(acme.ana_lyst.user)
    assert 'name="row"' not in client.get(PAGE).content.decode()
    assert client.post(ACT, {"row": [many[0].pk], "do": "csv"}).status_code == 403


def test_the_file_has_the_figures_of_the_page_and_says_why_one_is_missing(living, olga):
    answer = olga.post(f"{ACT}?sort=handle", {"all": "1", "do": "csv"})
    rows = {row["handle"]: row for row in csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig")))}
    assert set(rows) == {"ana", "ben", "brandco", "cyd", "dov"}
    query = Query(("followers", "completion_rate"), by=("account",))
    told = {row["account_name"]: row for row in metrics.measure(query, living.workspace).rows}
    assert int(rows["ana"]["followers"]) == told["ana"]["followers"].value
    assert told["cyd"]["completion_rate"].value is None
    assert (rows["cyd"]["completion_rate"], rows["cyd"]["completion_rate_state"]) == ("", "none")
    assert rows["cyd"]["completion_rate_why_missing"].startswith("TikTok does not report this")
    assert rows["dov"]["followers"] == ""
    assert rows["dov"]["followers_why_missing"] == "Non-authenticated, non-TTCM accounts can't be tracked."
    assert rows["dov"]["followers_source"] == "" != rows["cyd"]["followers_source"]  # GOV-09
    event = Event.objects.get(name="creators.exported")
    assert (event.data["format"], event.data["accounts"]) == ("csv", 5)


def test_nothing_typed_runs_in_a_spreadsheet(many, acme, olga, at):
    evil = fields.make(acme.workspace, name="=1+1", kind="text", by="member:1", at=at)
    told = {"name": '=HYPERLINK("http://x")', "about": "@SUM(A1)"}
    details.change(many[0].creator, told, values={evil: "+cmd|' /C calc'!A0"}, by="member:1", at=at)
    sheet = body(olga.post(ACT, {"row": [many[0].pk], "do": "csv"})).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(sheet)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    book = load_workbook(io.BytesIO(body(olga.post(ACT, {"row": [many[0].pk], "do": "xlsx"}))))
    values = [cell for row in book.active.iter_rows() for cell in row]
    assert [cell.value for cell in values if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in values)


def test_a_view_is_saved_looked_at_renewed_and_deleted(many, olga, acme):
    adding = "/w/acme/views/creators/add/?support=cannot&sort=handle"
    answer = olga.post(adding, {"name": "Stuck", "shared": "on"})
    view = View.objects.get()
    assert answer["Location"] == f"{PAGE}?sort=handle&support=cannot&view={view.pk}"
    page = olga.get(answer["Location"])
    assert len(handles(page)) == 20
    assert (
        f'<a href="?sort=handle&amp;support=cannot&amp;view={view.pk}" aria-current="page">Stuck'
        in page.content.decode()
    )
    assert "Save changes" not in words(page)
    assert "Save changes" in words(olga.get(f"{PAGE}?support=can&view={view.pk}"))
    olga.post(f"/w/acme/views/{view.pk}/renew/?support=can&view={view.pk}")
    view.refresh_from_db()
    assert view.query == "support=can"
    olga.post(f"/w/acme/views/{view.pk}/remove/")
    assert not View.objects.exists()


def test_the_list_greets_with_the_default_view_and_all_is_one_click_away(many, olga, acme):
    olga.post("/w/acme/views/creators/add/?support=cannot", {"name": "Stuck", "default": "on"})
    view = View.objects.get()
    assert olga.get(PAGE)["Location"] == f"{PAGE}?support=cannot&view={view.pk}"
    everybody = olga.get(f"{PAGE}?view=all")
    assert "of 60" in words(everybody)
    assert 'href="?view=all"' in olga.get(f"{PAGE}?support=cannot&view={view.pk}").content.decode()
    olga.post(f"/w/acme/views/{view.pk}/", {"name": "Stuck"})
    assert olga.get(PAGE).status_code == 200


def test_a_shared_view_is_used_by_others_and_changed_by_its_owner_alone(many, olga, acme, client, at):
    shared = saved.save(acme.mia, page="creators", name="Ours", query="support=can", shared=True, at=at)
    private = saved.save(acme.mia, page="creators", name="Mine", query="support=can", shared=False, at=at)
    said = words(olga.get(PAGE))
    assert "Ours" in said
    assert "Mine" not in said
    assert olga.get(f"/w/acme/views/{private.pk}/").status_code == 404
    assert olga.post(f"/w/acme/views/{shared.pk}/remove/").status_code == 404
    assert olga.post(f"/w/acme/views/{shared.pk}/renew/?support=cannot").status_code == 404
    olga.post(f"/w/acme/views/{shared.pk}/", {"name": "Stolen", "default": "on"})
    shared.refresh_from_db()
    assert shared.name == "Ours"
    assert saved.default_of(acme.olga, "creators") == shared
    client.force_login(acme.ana_lyst.user)
    assert client.post("/w/acme/views/creators/add/", {"name": "Analysis"}).status_code == 302


def test_each_filter_of_the_menu_leads_somewhere(many, acme, olga, at):
    labels.put(labels.make(acme.workspace, name="food", by="member:1", at=at), [many[0].creator], by="member:1", at=at)
    fields.make(acme.workspace, name="Rate", kind="number", by="member:1", at=at)
    html = olga.get(PAGE).content.decode()
    menu = html[html.index('id="more-filters"') : html.index("</nav>", html.index('id="more-filters"'))]
    for word in ("Authentication", "Marketplace", "Tracking", "Not available because", "Label", "Last reading", "Rate"):
        assert f"{word}</summary>" in menu, word
    assert 'name="field_' in menu
