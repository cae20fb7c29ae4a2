"""A manager brings a list, corrects what it could not take in, and takes it back; in a real browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from greenroom.core import clock, work
from greenroom.creators.models import Account
from greenroom.imports import reading, running
from greenroom.imports.models import Import

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]
LIST = """handle;name;e-mail;country;stand;followers;views_avg;engagement rate;team
@ana;Ana Berg;ana@mail.example;Germany;05.01.2026;12,3K;9.800,5;7,9 %;north
@bruno;Bruno Lima;bruno@mail.example;Brasil;05.01.2026;1.204.000;88.000;11,2 %;south
@cyd;Cyd;cyd@mail.example;Atlantis;05.01.2026;-;;;north
@dov;Dov;not an address;US;05.01.2026;900;40;3 %;north
"""


@pytest.fixture
def files(tmp_path) -> Path:
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "dates.csv").write_text("handle,followers,date\nana,5,3/4/2025\n")
    return tmp_path


def look(visit, name: str) -> None:
    for theme, width in LOOKS:
        visit.dress(theme, width)
        visit.look(f"{name}-{theme}-{width}")
        visit.no_barriers()
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.no_sideways_scroll()
    visit.dress("light", 1440)


def bring(visit, path: Path, kind: str = "Creators") -> None:
    visit.open("/w/acme/imports/new/")
    visit.page.get_by_role("radio", name=kind).check()
    visit.page.get_by_label("File", exact=True).set_input_files(path)
    visit.page.get_by_role("button", name="Read the file").click()


@pytest.mark.slow
def test_a_list_comes_in_is_corrected_and_taken_back(acme, visit, files):
    visit.sign_in("mia@acme.example", then="/w/acme/imports/")
    visit.page.get_by_role("link", name="Imports", exact=True).first.click()
    look(visit, "imports-empty")
    visit.open("/w/acme/imports/new/")
    look(visit, "import-new")
    bring(visit, files / "list.csv")
    visit.page.get_by_label("stand is").select_option("observed_at")
    visit.page.get_by_role("button", name="Update the preview").click()
    visit.page.get_by_text("2026-01-05").first.wait_for()
    look(visit, "import-map")
    visit.page.get_by_role("button", name="Dry run").click()
    visit.page.get_by_text("Every row was read; nothing was written").wait_for()
    look(visit, "import-dry-run")
    visit.page.get_by_role("button", name="Take in 4 rows").click()
    visit.page.get_by_text("Coming in").wait_for()
    look(visit, "import-running")
    work.run_due(Import, at=clock.now())
    visit.page.get_by_text("Rows to correct").wait_for()  # by itself
    look(visit, "import-done")
    with visit.page.expect_download() as downloading:
        visit.page.get_by_role("link", name="Download as CSV").click()
    corrected = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    corrected = corrected.replace("Atlantis", "Greece").replace("not an address", "dov@mail.example")
    (files / "errors.csv").write_text(corrected, encoding="utf-8-sig")
    bring(visit, files / "errors.csv")
    visit.page.get_by_role("button", name="Take in 2 rows").click()
    work.run_due(Import, at=clock.now())
    visit.page.get_by_text("Finished").wait_for()
    handles = {one.handle for one in Account.objects.within(acme.workspace)}
    assert handles == {"ana", "bruno", "cyd", "dov"}
    visit.page.get_by_role("button", name="Undo the import").click()
    visit.page.get_by_text("Being undone").wait_for()
    work.run_due(Import, at=clock.now())
    visit.page.get_by_text("This import was undone.").wait_for()
    look(visit, "import-undone")
    visit.open("/w/acme/imports/")
    look(visit, "imports")
    assert {one.handle for one in Account.objects.within(acme.workspace)} == {"ana", "bruno"}
    visit.no_faults()


def test_a_large_file_is_waited_for_and_so_is_its_dry_run(acme, visit, files, monkeypatch):
    monkeypatch.setattr(reading, "PLAIN_AT_ONCE", 1)
    monkeypatch.setattr(running, "TRIED_HERE", 1)
    visit.sign_in("mia@acme.example", then="/w/acme/imports/")
    bring(visit, files / "list.csv")
    visit.page.get_by_text("The file is being read").wait_for()
    Import.objects.update(told={"rows": 41_800, "share": 0.4})
    visit.page.get_by_text("41,800 rows so far, 40 % of the file").wait_for()  # by itself
    look(visit, "import-reading")
    work.run_due(Import, at=clock.now())
    visit.page.get_by_role("button", name="Dry run").click()  # by itself the columns are there
    visit.page.get_by_text("0 of 4 rows; nothing is written").wait_for()
    look(visit, "import-trying")
    work.run_due(Import, at=clock.now())
    visit.page.get_by_text("Every row was read; nothing was written").wait_for()  # by itself
    (files / "list.pdf").write_bytes(b"%PDF-1.7 nothing")
    bring(visit, files / "list.pdf")
    visit.page.get_by_text("The file is being read").wait_for()
    work.run_due(Import, at=clock.now())
    visit.page.get_by_text("This is a PDF.").wait_for()
    look(visit, "import-refused")
    visit.open("/w/acme/imports/")
    look(visit, "imports-unread")
    visit.no_faults()


def test_a_doubt_about_dates_is_settled_on_the_page(acme, visit, files):
    visit.sign_in("mia@acme.example", then="/w/acme/imports/")
    bring(visit, files / "dates.csv")
    visit.page.get_by_text("Say which.").wait_for()
    expect(visit.page.get_by_role("button", name="Take in 1 row")).to_be_disabled()
    look(visit, "import-doubt")
    visit.page.get_by_label("Order of the dates in date").select_option("dmy")
    visit.page.get_by_role("button", name="Update the preview").click()
    visit.page.get_by_text("2025-04-03").first.wait_for()
    visit.page.get_by_role("button", name="Take in 1 row").click()
    visit.page.get_by_text("Coming in").wait_for()
    work.run_due(Import, at=clock.now())
    assert Import.objects.get().started_at > datetime(2026, 1, 1, tzinfo=UTC)
    visit.no_faults()
