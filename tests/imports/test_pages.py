"""The pages: bring a file, change how it is read, take it in, correct, undo. No script is needed for any of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from greenroom.core import clock, work
from greenroom.creators.models import Account
from greenroom.imports.models import Import

LIST = "handle,name,country,followers,snapshot\nana,Ana,Germany,12.3K,2026-01-05\nbruno,Bruno,Nowhere,5,2026-01-05\n"


@pytest.fixture
def mia(client, acme):
    client.force_login(acme.mia.user)
    return client


def send(client, text=LIST, *, kind="creators", name="list.csv"):
    return client.post("/w/acme/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, text.encode())})


def test_a_file_is_read_shown_and_taken_in(mia, acme):
    sent = send(mia)
    page = mia.get(sent["Location"]).content.decode()
    assert "Take in 2 rows" in page
    assert "12,300" in page
    assert "“Nowhere” is no country" in page
    mia.post(f"{sent['Location']}moves/", {"to": "started"})
    work.run_due(Import, at=clock.now())
    page = mia.get(sent["Location"]).content.decode()
    assert "Rows to correct" in page
    assert [one.handle for one in Account.objects.within(acme.workspace)] == ["ana"]
    wrong = b"".join(mia.get(f"{sent['Location']}errors.csv").streaming_content).decode()
    assert wrong.splitlines()[1].startswith("bruno,Bruno,Nowhere,5,2026-01-05,")


def test_the_columns_can_be_changed(mia):
    where = send(mia)["Location"]
    changed = mia.post(where, {"column-0": "handle", "column-1": "about", "column-2": "", "column-3": "following"})
    assert changed.status_code == 200
    made = Import.objects.get()
    assert made.mapping == {"handle": "handle", "about": "name", "following": "followers"}
    twice = mia.post(where, {"column-0": "handle", "column-1": "handle"})
    assert twice.status_code == 422
    assert "can’t both be Handle" in twice.content.decode().replace("&#x27;", "’")


def test_a_dry_run_shows_counts_and_writes_nothing(mia):
    where = send(mia)["Location"]
    page = mia.post(f"{where}moves/", {"to": "tried"}).content.decode()
    assert "Every row was read; nothing was written" in page
    assert Account.objects.count() == 0
    assert Import.objects.get().state == "new"


def test_doubtful_dates_are_asked_for(mia):
    where = send(mia, "handle,followers,date\nana,5,3/4/2025\n")["Location"]
    assert "day/month/year or month/day/year?" in mia.get(where).content.decode()
    refused = mia.post(f"{where}moves/", {"to": "started"}, follow=True).content.decode()
    assert "Say which" in refused
    fields = {"column-0": "handle", "column-1": "followers", "column-2": "observed_at", "order-2": "mdy"}
    assert "2025-03-04" in mia.post(where, fields).content.decode()


def test_what_is_no_table_is_refused_in_words(mia):
    answer = send(mia, "%PDF-1.7 nothing", name="list.pdf")
    assert answer.status_code == 422
    assert "This is a PDF. Bring the table as CSV or XLSX." in answer.content.decode()
    assert Import.objects.count() == 0


def test_discarding_forgets_the_file(mia):
    where = send(mia)["Location"]
    mia.post(f"{where}moves/", {"to": "discarded"})
    assert Import.objects.count() == 0


def test_an_import_is_undone_from_its_page(mia):
    where = send(mia)["Location"]
    mia.post(f"{where}moves/", {"to": "started"})
    work.run_due(Import, at=clock.now())
    mia.post(f"{where}moves/", {"to": "undone"})
    assert "Being undone" in mia.get(where).content.decode()
    work.run_due(Import, at=clock.now())
    assert "This import was undone." in mia.get(where).content.decode()
    assert Account.objects.count() == 0


def test_an_analyst_may_not_import(client, acme):
    client.force_login(acme.ana_lyst.user)
    assert client.get("/w/acme/imports/").status_code == 403
    assert b"/imports/" not in client.get("/w/acme/").content
