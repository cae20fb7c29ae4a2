"""Taking in, stopping, being killed, going on, correcting, bringing again, undoing."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove
from greenroom.creators import actions as creators
from greenroom.creators import deletion
from greenroom.creators.models import Account, Creator, Label, Post
from greenroom.imports import actions as imports
from greenroom.imports import places, running
from greenroom.imports.models import Import
from greenroom.observations import lake, view

LIST = "handle,name,country,followers,date\nana,Ana,DE,10,2026-01-01\nbob,Bob,US,20,2026-01-01\n"
POSTS = "video id,author,post date,views\n" + "".join(f"p{n},ana,2026-01-0{n + 1},{n}00\n" for n in range(5))


def everything(workspace) -> dict[str, list]:
    """All rows of all tables but events, imports themselves and what counts up; and all readings."""
    beside = {"core_event", "imports_import", "sqlite_sequence", "observations_roll", "observations_batch"}
    newest = "select kind, subject, account, observed_at, surface, keys, fields, older from observations_latest"
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in beside:
                # The newest values of a subject are made anew; the row's own number says nothing.
                cursor.execute(newest if table == "observations_latest" else f'select * from "{table}"')
                found[table] = sorted(map(repr, cursor.fetchall()))
    seen = view.open_view(workspace.pk)
    for name in ("account_readings", "account_day_readings", "post_readings"):
        found[name] = sorted(map(repr, seen.rows(f"select * from {name}")))
    return found


def names() -> list[str]:
    return list(Event.objects.filter(name__startswith="import.").order_by("pk").values_list("name", flat=True))


def test_what_comes_in_is_an_account_nobody_reads_with_figures_of_a_file(desk, acme, at):
    done = desk.bring("creators", LIST)
    ana = Account.objects.get(handle="ana")
    assert (ana.origin, ana.supported, ana.import_id, ana.creator.country) == ("import", False, done.pk, "DE")
    (read,) = view.open_view(acme.workspace.pk).rows(
        "select followers, source_class, surface, import_id, observed_at from account_readings"
        f" where account = {ana.pk}"
    )
    assert (read["followers"], read["source_class"], read["surface"]) == (10, "user_entered", "file")
    assert (read["import_id"], f"{read['observed_at']:%Y-%m-%d}") == (done.pk, "2026-01-01")
    assert names() == ["import.uploaded", "import.started", "import.finished"]
    assert Event.objects.get(name="import.finished").data["counts"]["new"] == 2


def test_known_handles_are_matched_however_they_are_written(desk):
    desk.bring("creators", LIST)
    done = desk.bring("creators", "handle,name\n@ANA,Ana Maria\nhttps://www.tiktok.com/@Bob,Bob\n")
    assert done.counted() == {"new": 0, "updated": 1, "known": 1, "repeated": 0, "errors": 0}
    assert Account.objects.count() == 2
    assert Creator.objects.get(accounts__handle="ana").name == "Ana Maria"


def test_the_same_rows_again_are_already_there(desk, acme):
    desk.bring("posts", POSTS)
    before = everything(acme.workspace)
    again = desk.bring("posts", POSTS)
    assert again.counted() == {"new": 0, "updated": 0, "known": 5, "repeated": 0, "errors": 0}
    assert imports.same_file(again) is not None
    after = everything(acme.workspace)
    assert {table for table in after if after[table] != before[table]} == set()


def test_a_row_twice_in_a_file_counts_once_and_other_values_are_told_of(desk, acme):
    done = desk.bring("creators", LIST + "ana,Ana,DE,10,2026-01-01\nbob,Bob,US,99,2026-01-01\n")
    assert done.counted() == {"new": 2, "updated": 0, "known": 0, "repeated": 2, "errors": 0}
    assert list(done.warnings.values()) == [[1, 5]]
    rows = view.open_view(acme.workspace.pk).rows("select followers from account_readings order by 1")
    assert [one["followers"] for one in rows] == [10, 20]


def test_a_correction_in_a_later_file_is_the_newer_reading(desk, acme):
    desk.bring("creators", LIST)
    desk.bring("creators", LIST.replace(",10,", ",11,"))
    seen = view.open_view(acme.workspace.pk)
    (row,) = seen.rows(
        "select arg_max(followers, observed_at) as n, count(*) as c from account_readings where followers < 15"
    )
    assert (row["n"], row["c"]) == (11, 2)


def test_missing_stays_missing(desk, acme):
    desk.bring("creators", "handle,followers,likes,date\nana,,0,2026-01-01\nbob,-,n/a,2026-01-01\n")
    rows = view.open_view(acme.workspace.pk).rows("select followers, likes from account_readings")
    assert rows == [{"followers": None, "likes": 0}]  # bob said nothing, so there is no reading of him


def test_a_file_does_not_change_what_tiktok_told_of_a_post(desk, acme, at):
    ana = creators.record_legacy(acme.workspace, handle="ana", by="test", at=at)
    told = {"workspace": acme.workspace, "account": ana, "first_seen_at": at, "last_seen_at": at}
    post = Post.objects.create(
        **told, item_id="p0", posted_at=at - timedelta(days=9), caption="TikTok's", duration_s=None
    )
    desk.bring("posts", "video id,author,post date,caption,duration,views\np0,ana,2025-01-01,file's,12,5\n")
    post.refresh_from_db()
    assert (post.caption, post.duration_s, post.posted_at) == ("TikTok's", 12, at - timedelta(days=9))


def test_errors_are_a_file_that_comes_back_corrected(desk, acme):
    text = "Handle,Country,Followers,Team\nana,Atlantis,10,north\nbob,US,-5,=south\ncyd,DE,7,x\n"
    first = desk.bring("creators", text)
    assert first.counted() | {"new": 1, "errors": 2} == first.counted()
    rows = list(csv.reader(StringIO("".join(imports.errors_file(first)).lstrip("\ufeff"))))
    assert rows[0] == ["Handle", "Country", "Followers", "Team", "What is wrong"]
    assert rows[1][:4] == ["ana", "Atlantis", "10", "north"]
    assert rows[1][4].startswith("line 2, Country: “Atlantis” is no country")
    assert rows[2][3] == "'=south"
    fixed = "".join(imports.errors_file(first)).replace("Atlantis", "Greece").replace("-5", "5")
    second = desk.bring("creators", fixed)
    assert second.mapping == first.mapping
    assert second.counted() | {"new": 2, "errors": 0} == second.counted()


def test_a_dry_run_counts_what_taking_in_counts_and_writes_nothing(desk, acme, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    text = LIST + "ana,Ana,DE,10,2026-01-01\ncyd,Cyd,Atlantis,1,2026-01-01\nANA,Ana,FR,12,2026-01-02\n"
    made = desk.upload("creators", text)
    before = everything(acme.workspace)
    tried = imports.dry_run(made, at=desk.at)
    assert everything(acme.workspace) == before
    done = desk.run(made)
    assert done.counted() == {name: tried.counts.get(name, 0) for name in Import.OUTCOMES}
    assert done.warnings == tried.warnings


def test_stopped_it_stays_where_it_is_and_goes_on_when_asked(desk, acme, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    made = desk.upload("posts", POSTS)
    imports.start(made, by=desk.by, at=desk.at)
    going = imports.carry_out(made, at=desk.at)
    next(going)
    imports.cancel(Import.objects.get(), by=desk.by, at=desk.at)
    assert [one.state for one in going][-1] == "cancelled"
    assert (Import.objects.get().cursor, Post.objects.count()) == (2, 2)
    assert work.run_due(Import, at=desk.at) == 0
    made.refresh_from_db()
    assert desk.run(made).counted()["new"] == 5
    assert Post.objects.count() == 5
    assert names() == ["import.uploaded", "import.started", "import.cancelled", "import.started", "import.finished"]


def test_counts_are_the_same_however_often_somebody_else_goes_on(desk, acme, monkeypatch):
    """Rows that were there before, and repeats of them further down, with the same values and with others."""
    desk.bring("posts", POSTS)
    repeats = POSTS + "".join(f"p{n},ana,2026-01-0{n + 1},{n}0{n % 2}\n" for n in range(5))
    monkeypatch.setattr(running, "CHUNK", 3)
    made = desk.upload("posts", repeats)
    tried = imports.dry_run(made, at=desk.at)
    imports.start(made, by=desk.by, at=desk.at)
    before = everything(acme.workspace)
    while Import.objects.get(pk=made.pk).state == "started":
        for _ in running.advance(Import.objects.get(pk=made.pk), at=desk.at):
            break  # killed after each chunk: nothing is remembered but what is stored
    made.refresh_from_db()
    assert made.counted() == {"new": 0, "updated": 0, "known": 5, "repeated": 5, "errors": 0}
    assert (made.counts, made.warnings) == (tried.counts, tried.warnings)
    assert list(made.warnings.values()) == [[2, 8]]
    assert everything(acme.workspace) == before


def test_a_worker_takes_in_what_was_started(desk, at):
    made = desk.upload("posts", POSTS)
    imports.start(made, by=desk.by, at=at)
    assert work.run_due(Import, at=at) == 1
    assert (Import.objects.get().state, Import.objects.get().due_at) == ("finished", None)


def test_a_chunk_is_stored_by_one_of_two(desk, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    made = desk.upload("posts", POSTS)
    imports.start(made, by=desk.by, at=desk.at)
    late = Import.objects.get()
    steps = running.advance(made, at=desk.at)
    next(steps)
    assert list(running.advance(late, at=desk.at)) == []  # it stands at row 0, where somebody was already
    assert list(steps) is not None
    assert Post.objects.count() == 5
    assert Import.objects.get().counted()["new"] == 5


@pytest.mark.parametrize("rolled", [False, True])
def test_undo_leaves_no_trace_but_its_events(desk, acme, rolled):
    desk.bring("creators", "handle,name,followers,date\nana,Ana,5,2025-12-01\n")
    before = everything(acme.workspace)
    files = set(places.rows(Import.objects.get()).parent.iterdir())
    second = desk.bring("creators", LIST.replace("Ana", "Ana Maria"))
    third = desk.bring("posts", POSTS)
    days = desk.bring("account_days", "date,views\n2026-01-03,5\n", account="dov")
    if rolled:
        for kind in ("account", "account_day", "post"):
            lake.roll(kind, at=desk.at)
    assert everything(acme.workspace) != before
    for one in (days, second, third):
        desk.undo(one)
        assert one.state == "undone"
    assert everything(acme.workspace) == before
    assert set(places.rows(Import.objects.first()).parent.iterdir()) == files
    assert names().count("import.undone") == 3


def test_undo_keeps_what_somebody_uses_since_and_says_so(desk, acme, at):
    done = desk.bring("creators", LIST)
    label = Label.objects.create(workspace=acme.workspace, name="VIP", created_at=at)
    label.creators.add(Creator.objects.get(accounts__handle="ana"))
    desk.bring("account_days", "date,views\n2026-01-03,5\n", account="bob")
    desk.undo(done)
    assert set(Account.objects.values_list("handle", flat=True)) == {"bob"}
    assert done.kept == {"account": 1, "creator": 2}
    assert set(Creator.objects.values_list("name", "import_id")) == {("Ana", None), ("Bob", None)}


def test_undo_restores_only_what_nobody_changed_again(desk, acme):
    desk.bring("creators", LIST)
    second = desk.bring("creators", "handle,name,country\nana,Ana Maria,FR\n")
    Creator.objects.filter(name="Ana Maria").update(country="IT")
    desk.undo(second)
    assert Creator.objects.filter(name="Ana", country="IT").exists()


@pytest.mark.django_db(transaction=True)
def test_deleting_a_creator_removes_the_files_that_told_of_them(desk, acme):
    told, other = desk.bring("creators", LIST), desk.bring("creators", "handle,name\ncyd,Cyd\n")
    changed = desk.bring("creators", "handle,name\nana,Ana Maria\n")
    deletion.delete(Creator.objects.get(accounts__handle="ana"), by=acme.olga.by, at=desk.at)
    assert (imports.has_rows(told), imports.has_rows(other)) == (False, True)
    assert not places.source(told).exists()
    assert changed.changes.count() == 0
    desk.undo(told)
    assert set(Account.objects.values_list("handle", flat=True)) == {"cyd"}


@pytest.mark.django_db(transaction=True)
def test_deleting_a_creator_removes_files_that_only_changed_what_is_kept_of_them(desk, acme, at):
    person = Creator.objects.create(workspace=acme.workspace, name="ana", created_at=at)
    Account.objects.create(workspace=acme.workspace, creator=person, handle="ana", origin="crm", created_at=at)
    made = desk.bring("creators", "handle,name,email\nana,Ana Oat,ana@oat.example\n")
    deletion.delete(Creator.objects.get(), by=acme.olga.by, at=at)
    made.refresh_from_db()
    assert not imports.has_rows(made)
    assert "Ana Oat" not in str(made.profile)


def test_what_is_being_undone_does_not_go_on(desk, at):
    made = desk.upload("creators", LIST)
    imports.start(made, by=desk.by, at=at)
    imports.cancel(made, by=desk.by, at=at)
    looked_at_before = Import.objects.get(pk=made.pk)
    imports.undo(made, by=desk.by, at=at)
    with pytest.raises(IllegalMove, match="being undone"):
        imports.start(looked_at_before, by=desk.by, at=at)
    assert Import.objects.get(pk=made.pk).state == "cancelled"


def test_what_went_on_meanwhile_is_not_undone(desk, at):
    made = desk.upload("creators", LIST)
    imports.start(made, by=desk.by, at=at)
    imports.cancel(made, by=desk.by, at=at)
    looked_at_before = Import.objects.get(pk=made.pk)
    imports.start(made, by=desk.by, at=at)
    with pytest.raises(IllegalMove, match="by now"):
        imports.undo(looked_at_before, by=desk.by, at=at)


def test_undone_rows_come_in_again(desk):
    desk.undo(desk.bring("posts", POSTS))
    assert desk.bring("posts", POSTS).counted()["new"] == 5


def test_what_runs_or_was_undone_can_not_be_undone(desk):
    made = desk.upload("posts", POSTS)
    with pytest.raises(IllegalMove):
        imports.undo(made, by=desk.by, at=desk.at)
    done = desk.undo(desk.run(made))
    with pytest.raises(IllegalMove):
        imports.undo(done, by=desk.by, at=desk.at)


def test_whose_rows_these_are_must_be_said(desk, at):
    made = desk.upload("account_days", "date,views\n2026-01-03,5\n")
    assert "Whose days are these?" in imports.questions(made)[0]
    with pytest.raises(imports.NotMapped, match="Whose"):
        imports.start(made, by=desk.by, at=at)


def test_another_workspace_knows_nothing_of_it(desk, acme, at):
    desk.bring("creators", LIST)
    elsewhere = type(desk)(acme.rival, acme.eve.by, at)
    assert elsewhere.bring("creators", LIST).counted()["new"] == 2
    assert view.open_view(acme.rival.pk).rows("select count(*) as n from account_readings")[0]["n"] == 2
