"""Three hundred hostile cells, in a CSV, an XLSX or typed: refused in words, or harmless on pages and in files."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from itertools import product
from xml.sax.saxutils import escape

import openpyxl
import pytest

from greenroom.creators.models import Account, Creator
from greenroom.imports import actions as imports
from tests.stories.hostile import CELLS, INVISIBLE

START = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?[\d,.]+([eE][+-]?\d+)?%?")


def test_they_are_three_hundred_and_all_different():
    assert len(set(CELLS)) == len(CELLS) >= 300


def as_csv() -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["handle", "name", "notes"])
    rows.writerows((f"h{place}", cell, cell) for place, cell in enumerate(CELLS))
    return text.getvalue().encode("utf-8")


def as_xlsx() -> bytes:
    """Written by hand: the library would refuse half of them. What XML can't hold is written as `_xHHHH_`."""

    def inline(text: str) -> str:
        held = "".join(f"_x{ord(c):04X}_" if ord(c) < 32 or ord(c) in (0xFFFE, 0xFFFF) else c for c in text)
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(held)}</t></is></c>'

    lines = [["handle", "name", "notes"], *([f"h{place}", cell, cell] for place, cell in enumerate(CELLS))]
    rows = "".join(f"<row>{''.join(map(inline, line))}</row>" for line in lines)
    sheet = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    packed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return packed.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(params=["csv", "xlsx"])
def brought(request, acme, at):
    """The workspace after somebody brought the file."""
    content = as_csv() if request.param == "csv" else as_xlsx()
    told = {"kind": "creators", "file": io.BytesIO(content), "name": f"hostile.{request.param}"}
    made = imports.upload(acme.workspace, **told, by=acme.mia.by, at=at)
    imports.start(made, by=acme.mia.by, at=at)
    for _ in imports.carry_out(made, at=at):
        pass
    made.refresh_from_db()
    return made


class Reader(HTMLParser):
    """What a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        if tag == "script" and not told.get("src", "").startswith("/static/"):
            self.found.append(f"script {told}")
        if tag in {"iframe", "base", "object", "embed", "style"}:
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in told if name.startswith("on")]
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            address = told.get(name, "").strip().lower()
            if address.startswith(("javascript:", "data:", "//")) or "evil.example" in address:
                self.found.append(f"{tag} {name}={address}")


def assert_harmless_page(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    assert reader.found == []
    assert {c for c in html if c in INVISIBLE} == set()


def assert_harmless_rows(rows: list[list]) -> None:
    for row in rows:
        for cell in row:
            text = cell if isinstance(cell, str) else ""
            assert not START.match(text) or text.startswith("'") or NUMBER.fullmatch(text), repr(text[:80])
            assert {c for c in text if c in INVISIBLE} == set(), repr(text[:80])


def test_each_row_is_taken_in_or_refused_in_words(brought):
    counted = brought.counted()
    assert counted["new"] + counted["errors"] == len(CELLS), (counted, brought.last_error)
    assert counted["new"] > 200
    assert all(len(error.words) > 10 for error in brought.row_errors.all())


def test_what_was_taken_in_is_harmless_on_every_page_and_in_every_file(brought, acme, client, olga_client):
    total = Account.objects.within(acme.workspace).count()
    for page in range(1, total // 50 + 2):
        assert_harmless_page(olga_client.get(f"/w/acme/creators/?sort=handle&page={page}").content.decode())
    for creator in Creator.objects.within(acme.workspace)[::7]:
        for part in ("", "notes/", "edit/"):
            answer = olga_client.get(f"/w/acme/creators/{creator.pk}/{part}")
            assert answer.status_code == 200
            assert_harmless_page(answer.content.decode())
    assert_harmless_page(olga_client.get(f"/w/acme/imports/{brought.pk}/").content.decode())
    assert_harmless_files(olga_client)
    errors = "".join(imports.errors_file(brought)).removeprefix("\ufeff")
    assert_harmless_rows(list(csv.reader(io.StringIO(errors))))


def test_what_is_typed_is_harmless_too(acme, at, olga_client):
    """The same cells through the form of a creator: names, words about them, notes."""
    for place, cell in enumerate(CELLS):
        creator = Creator.objects.create(workspace=acme.workspace, name=f"c{place}", created_at=at)
        Account.objects.create(
            workspace=acme.workspace, creator=creator, handle=f"t{place}", origin="import", created_at=at
        )
        told = {"name": cell, "about": cell, "email": "", "country": ""}
        answer = olga_client.post(f"/w/acme/creators/{creator.pk}/edit/", told)
        assert answer.status_code in (200, 302, 422), (cell[:40], answer.status_code)
        assert_harmless_page(answer.content.decode())
        olga_client.post(f"/w/acme/creators/{creator.pk}/notes/add/", {"text": cell})
    for page in range(1, len(CELLS) // 50 + 2):
        assert_harmless_page(olga_client.get(f"/w/acme/creators/?sort=handle&page={page}").content.decode())
    for creator in Creator.objects.within(acme.workspace)[::7]:
        for part in ("", "notes/", "activity/"):
            assert_harmless_page(olga_client.get(f"/w/acme/creators/{creator.pk}/{part}").content.decode())
    assert_harmless_files(olga_client)


def assert_harmless_files(client) -> None:
    """The list and the audit log as CSV and XLSX."""
    creators = ("/w/acme/creators/actions/", "do", {"all": "1"}, 200)
    audit = ("/w/acme/settings/audit/export/", "format", {}, 3)
    for (address, key, more, fewest), form in product((creators, audit), ("csv", "xlsx")):
        told = {key: form, **more}
        answer = client.post(address, told)
        assert answer.status_code == 200, (address, told)
        content = b"".join(answer) if answer.streaming else answer.content
        if form == "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                assert not any(b"<f>" in packed.read(name) or b"<f " in packed.read(name) for name in packed.namelist())
            sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert len(rows) > fewest
        assert_harmless_rows(rows)


@pytest.fixture
def olga_client(acme, client):
    client.force_login(acme.olga.user)
    return client
