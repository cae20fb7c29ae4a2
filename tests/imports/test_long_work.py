"""Large files are read, and many rows are tried, by a worker: with progress, until stopped, again when killed."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators.models import Account
from greenroom.imports import actions as imports
from greenroom.imports import due, places, reading, running
from greenroom.imports.models import Import

ROOT = Path(__file__).parents[2]
ROWS = 1_000
LIST = "handle,name,followers,snapshot\n" + "".join(f"c{n},C {n},{n},2026-01-05\n" for n in range(ROWS))


def workbook() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in LIST.splitlines():
        sheet.append(line.split(","))
    book.save(out := BytesIO())
    return out.getvalue()


@pytest.fixture
def large(monkeypatch):
    """Everything counts as large, and every few rows are noted."""
    monkeypatch.setattr(reading, "PLAIN_AT_ONCE", 10)
    monkeypatch.setattr(reading, "PACKED_AT_ONCE", 10)
    monkeypatch.setattr(reading, "NOTED", 0.0)
    monkeypatch.setattr(running, "TRIED_HERE", 10)
    monkeypatch.setattr(running, "CHUNK", 100)


class Seen(list):
    """The import as it stood at each note that reading left; `then` is called at the first."""

    then = staticmethod(lambda: None)


@pytest.fixture
def seen(monkeypatch):
    notes = Seen()

    def looking(watch):
        def told(*args):
            watch(*args)
            notes.append(Import.objects.get())
            if len(notes) == 1:
                notes.then()

        return told

    monkeypatch.setattr(reading, "_seldom", looking)
    return notes


@pytest.fixture
def mia(client, acme):
    client.force_login(acme.mia.user)
    return client


def kept() -> set[str]:
    one = Import.objects.first()
    return {path.name for path in places.rows(one).parent.iterdir()} if one else set()


def send(client, content=LIST, name="list.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/w/acme/imports/new/", {"kind": "creators", "file": SimpleUploadedFile(name, data)})["Location"]


@pytest.mark.parametrize("content", [LIST.encode(), workbook()], ids=["csv", "xlsx"])
def test_a_large_file_is_read_by_a_worker_and_tells_how_far_it_is(desk, large, seen, content, at):
    made = desk.upload("creators", content)
    assert (made.state, made.total, made.is_busy) == ("reading", 0, True)
    assert work.run_due(Import, at=at) == 1
    shares = [one.told["share"] for one in seen]
    assert [one.told["rows"] for one in seen] == [200, 400, 600, 800, 1000]
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1
    made.refresh_from_db()
    assert (made.state, made.total, made.due_at, made.mapping["name"]) == ("new", ROWS, None, "name")
    assert kept() == {made.sha256, f"{made.pk}.rows"}
    told = list(Event.objects.filter(name__startswith="import.").order_by("pk").values_list("name", "data__rows"))
    assert told == [("import.uploaded", None), ("import.new", ROWS)]
    assert desk.run(made).counted()["new"] == ROWS


def test_what_is_read_later_is_what_is_read_at_once(desk, large, monkeypatch, at):
    later = desk.upload("creators", LIST)
    work.run_due(Import, at=at)
    later.refresh_from_db()
    monkeypatch.setattr(reading, "PLAIN_AT_ONCE", len(LIST))
    now = desk.upload("creators", LIST)
    assert now.state == "new"
    for name in reading._READ:
        assert getattr(now, name) == getattr(later, name), name
    assert places.rows(now).read_bytes() == places.rows(later).read_bytes()


def test_a_large_file_that_is_none_says_why_and_is_forgotten(mia, large):
    where = send(mia, b"%PDF-1.7 nothing at all", "list.pdf")
    assert "The file is being read" in mia.get(where).content.decode()
    work.run_due(Import, at=clock.now())
    page = mia.get(where).content.decode()
    assert "This is a PDF. Bring the table as CSV or XLSX." in page
    assert "Can’t be read" in mia.get("/w/acme/imports/").content.decode()
    made = Import.objects.get()
    assert (made.state, made.due_at, made.last_error) == ("refused", None, "")
    assert not places.source(made).exists()
    assert Event.objects.get(name="import.refused").data["reason"].startswith("This is a PDF")
    mia.post(f"{where}moves/", {"to": "discarded"})
    assert not Import.objects.exists()


def test_discarded_while_it_is_read_it_leaves_nothing(desk, large, seen, at):
    made = desk.upload("creators", LIST)
    folder = places.rows(made).parent
    seen.then = lambda: imports.discard(Import.objects.get(), by=desk.by, at=at)
    reading.go_on(Import.objects.get(), at=at)
    assert len(seen) == 1
    assert list(folder.iterdir()) == []
    assert not Import.objects.exists()


def test_reading_that_is_discarded_stops_quietly(desk, large, monkeypatch, at):
    desk.upload("creators", LIST)
    row = work.claim(Import, by="w", at=at, limit=1)[0]
    imports.discard(Import.objects.get(), by=desk.by, at=at)
    assert not work.run(row, by="w", now=lambda: at)
    assert due.run(row, at=at) is None
    assert not Import.objects.exists()


def test_what_is_being_read_can_neither_start_nor_be_mapped_nor_tried(desk, large, at):
    made = desk.upload("creators", LIST)
    for step in (
        lambda: imports.start(made, by=desk.by, at=at),
        lambda: imports.map_columns(made, account="ana", at=at),
        lambda: imports.ask_dry_run(made, at=at),
    ):
        with pytest.raises(imports.NotMapped, match="still being read"):
            step()


def test_the_page_shows_how_far_reading_is_and_then_the_columns(mia, large, seen):
    where = send(mia)
    pages = []
    seen.then = lambda: pages.append(mia.get(where, headers={"HX-Request": "true", "HX-Target": "state"}))
    page = mia.get(where).content.decode()
    assert "It is large, so a worker reads it" in page
    assert 'hx-trigger="every 2s"' in page
    assert ">Refresh</a>" in page
    work.run_due(Import, at=clock.now())
    assert "200 rows so far" in pages[0].content.decode()
    assert mia.get(where, headers={"HX-Request": "true", "HX-Target": "state"})["HX-Refresh"] == "true"
    assert f"Take in {ROWS:,} rows" in mia.get(where).content.decode()


def test_a_dry_run_of_many_rows_is_made_by_a_worker(mia, large, seen):
    where = send(mia)
    work.run_due(Import, at=clock.now())
    mia.post(f"{where}moves/", {"to": "tried"})
    page = mia.get(where).content.decode()
    assert "0 of 1,000 rows; nothing is written" in page
    seen.clear()
    work.run_due(Import, at=clock.now())
    part = mia.get(where, headers={"HX-Request": "true", "HX-Target": "tried"}).content.decode()
    assert "Every row was read; nothing was written" in part
    assert "<html" not in part
    made = Import.objects.get()
    assert (made.state, made.due_at, made.is_trying) == ("new", None, False)
    assert made.dry_run["counts"]["new"] == ROWS
    assert not Account.objects.exists()


def test_a_dry_run_is_stopped_and_other_columns_stop_it_too(desk, large, monkeypatch, at):
    made = desk.upload("creators", LIST)
    work.run_due(Import, at=at)
    steps = (
        lambda: imports.stop_dry_run(Import.objects.get()),
        lambda: imports.map_columns(Import.objects.get(), columns_of={"handle": "handle"}, at=at),
        lambda: imports.start(Import.objects.get(), by=desk.by, at=at),
    )
    for place, step in enumerate(steps):
        made.refresh_from_db()
        imports.ask_dry_run(made, at=at + timedelta(seconds=place))
        done: list[int] = []
        real = running.decide

        def decide(*args, real=real, done=done, step=step, **told):
            done.append(len(args[1]))
            if len(done) == 2:
                step()
            return real(*args, **told)

        monkeypatch.setattr(running, "decide", decide)
        running._try(made, at=at)
        monkeypatch.setattr(running, "decide", real)
        assert sum(done) == 200, place
        assert (Import.objects.get().dry_run, Import.objects.get().is_trying) == ({}, False)
    assert Import.objects.get().state == "started"
    assert work.run_due(Import, at=at) == 1
    assert Import.objects.get().state == "finished"


def test_a_dry_run_that_was_killed_begins_again(desk, large, at):
    made = desk.upload("creators", LIST)
    work.run_due(Import, at=at)
    made.refresh_from_db()
    imports.ask_dry_run(made, at=at)
    work.claim(Import, by="killed", at=at, limit=1)
    assert work.run_due(Import, at=at) == 0
    later = at + work.LEASE + timedelta(seconds=1)
    assert work.run_due(Import, at=later) == 1
    assert Import.objects.get().dry_run["counts"]["new"] == ROWS


def test_a_column_that_must_be_said_stops_a_dry_run_with_words(desk, large, acme, at):
    made = desk.upload("account_days", "date,views\n" + "".join(f"2025-01-{n:02},{n}\n" for n in range(1, 29)))
    work.run_due(Import, at=at)
    made.refresh_from_db()
    imports.map_columns(made, account="ana", at=at)
    imports.ask_dry_run(made, at=at)
    Import.objects.update(account="")
    work.run_due(Import, at=at)
    made.refresh_from_db()
    assert "Whose days are these?" in made.last_error
    assert (made.is_trying, made.due_at) == (False, None)


def test_read_here_it_is_read_however_large_and_told(desk, acme, large, at):
    told: list[tuple[int, float]] = []
    made = imports.upload(
        acme.workspace, kind="creators", file=BytesIO(LIST.encode()), name="a.csv", by=desk.by, at=at,
        here=True, watch=lambda rows, share: told.append((rows, share)),
    )  # fmt: skip
    assert (made.state, made.total, made.due_at, made.leased_by) == ("new", ROWS, None, "")
    assert [rows for rows, _ in told] == [200, 400, 600, 800, 1000]
