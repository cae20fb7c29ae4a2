"""Files that mean harm, or were made by accident: refused in words, or harmless; never a stack trace."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest

from greenroom.creators.models import Creator
from greenroom.imports import actions as imports
from greenroom.imports import packed, places
from greenroom.imports.models import Import, RowError
from tests.imports.test_files import workbook

WORKBOOK = workbook([["handle", "name"], ["ana", "Ana"]])


def repacked(changes: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A good workbook with some of its parts replaced or added."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet(inside: bytes, before: bytes = b"") -> bytes:
    """A workbook whose sheet has these rows."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = b'<c t="inlineStr"><is><t>handle</t></is></c><c t="inlineStr"><is><t>name</t></is></c>'
    xml = b'<?xml version="1.0"?>' + before + b'<worksheet xmlns="' + space + b'"><sheetData><row r="1">' + head
    return repacked({"xl/worksheets/sheet1.xml": xml + b"</row>" + inside + b"</sheetData></worksheet>"})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ROW = b'<row r="2"><c t="inlineStr"><is><t>&a;</t></is></c></row>'

REFUSED = {
    "nothing": (b"", "empty"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old workbook"),
    "gzip": (b"\x1f\x8b\x08\0\0", "gzip"),
    "noise": (bytes(range(256)) * 40, "text file"),
    "a header alone": (b"handle,name\n", "no rows"),
    "blank lines": (b"\n\n\n", "no header"),
    "an open quotation mark": (b'handle,name\nana,"Ana\nbob,Bob\ncyd,Cyd\n', "line 2 is never closed"),
    "half an archive": (WORKBOOK[: len(WORKBOOK) // 2], "damaged"),
    "an archive with a wrong sum": (WORKBOOK[:60] + b"X" + WORKBOOK[61:], "damaged"),
    "a million laughs": (sheet(ROW, LAUGHS), "no workbook needs"),
    "a file of ours": (sheet(ROW, OUTSIDE), "no workbook needs"),
    "XML in UTF-16": (repacked({"xl/worksheets/sheet1.xml": "<worksheet/>".encode("utf-16")}), "unusual way"),
    "a bomb": (repacked({"xl/media/a.bin": b"\0" * (60 * 2**20)}), "unpacks"),
    "too many parts": (repacked({f"xl/{n}": b"" for n in range(packed.MOST_ENTRIES)}), "parts"),
    "no sheet in it": (repacked({"xl/worksheets/sheet1.xml": b"<worksheet"}), "can't be read"),
    "a string that is not there": (sheet(b'<row r="2"><c t="s"><v>99</v></c></row>'), "can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_table_is_refused_and_leaves_nothing(desk, acme, settings, name):
    content, words = REFUSED[name]
    with pytest.raises(imports.BadFile, match=words):
        desk.upload("creators", content, name="file.xlsx")
    assert Import.objects.count() == 0
    assert [path for path in settings.GREENROOM_IMPORTS.rglob("*") if path.is_file()] == []


def test_an_archive_that_lies_about_its_size_is_refused(desk):
    bomb = bytearray(repacked({"xl/media/a.bin": b"\0" * (8 * 2**20)}))
    with zipfile.ZipFile(BytesIO(bytes(bomb))) as archive:
        size = archive.getinfo("xl/media/a.bin").file_size
    said = size.to_bytes(4, "little")
    at = bomb.rfind(said)  # in the directory, which is what everybody believes
    bomb[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(imports.BadFile, match=r"damaged|unpacks"):
        desk.upload("creators", bytes(bomb), name="file.xlsx")


def test_a_password_is_told_of(desk):
    locked = bytearray(WORKBOOK)
    at = locked.find(b"PK\x01\x02")
    while at >= 0:
        locked[at + 8] |= 1
        at = locked.find(b"PK\x01\x02", at + 4)
    with pytest.raises(imports.BadFile, match="password"):
        desk.upload("creators", bytes(locked), name="file.xlsx")


CELLS = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "=HYPERLINK(\"http://x\",\"y\")",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "{% debug %}", "${7*7}", "' or 1=1 --",
    "\u202egnp.exe", "a\u200bb", "\ufeffname", "a\x07b\x1bc", "line\r\nbreak", "\u2028", "🙂‍↔️", "Z͑ͫa̴l̢g͟o̷", "١٢٣",
    "% n", "%s%n",
    "../../etc/passwd", "C:\\con", "null", "NaN", "1e400", "-0", "0x1F", "\\x00", "&lt;b&gt;", "javascript:alert(1)",
]  # fmt: skip


def as_csv(rows) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_hostile_cells_are_text_and_stay_harmless(desk, client, acme, form):
    rows = [["handle", "name", "about"], *([f"h{n}", cell, cell] for n, cell in enumerate(CELLS))]
    if form == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        for line in rows:
            book.active.append([one.replace("\x07", "").replace("\x1b", "") for one in line])
            for cell in book.active[book.active.max_row]:
                cell.data_type = "s"
        out = BytesIO()
        book.save(out)
        content = out.getvalue()
    else:
        content = as_csv(rows).encode()
    done = desk.bring("creators", content, name=f"file.{form}")
    assert done.counted()["new"] + done.counted()["errors"] == len(CELLS)
    kept = "".join(Creator.objects.values_list("name", flat=True))
    assert not set(kept) & set("\u202e\u200b\ufeff\x07\x1b\x00")
    client.force_login(acme.mia.user)
    page = client.get("/w/acme/creators/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("cell", CELLS)
def test_hostile_cells_among_numbers_are_errors_or_numbers_and_never_run(desk, cell):
    done = desk.bring("creators", as_csv([["handle", "followers"], ["ana", cell]]))
    assert sum(done.counted().values()) == 1
    lines = list(csv.reader(StringIO("".join(imports.errors_file(done)).lstrip("\ufeff"))))
    assert all(one[:1] not in "=+-@\t" for line in lines[1:] for one in line if one)


def test_a_cell_of_ten_megabytes_is_the_error_of_its_row(desk):
    done = desk.bring("creators", f"handle,about\nana,{'x' * 10_000_000}\nbob,short\n")
    assert done.counted() == {"new": 1, "updated": 0, "known": 0, "repeated": 0, "errors": 1}
    assert "10,000,000 characters" in done.row_errors.get().words
    assert sum(map(len, imports.errors_file(done))) < 2_000


def test_broken_characters_are_the_error_of_their_row(desk):
    lines = b"handle,name\nana,M\xc3\xbcller\nbob,J\xc3\xbcrgen\ncyd,\xff\xfebroken\ndov,Bj\xc3\xb6rn\n"
    done = desk.bring("creators", lines)
    assert done.counted()["new"] == 3
    assert "broken" in RowError.objects.get().words


def test_too_many_cells_and_columns_are_errors(desk):
    done = desk.bring("creators", f"handle,name\nana,Ana,more\nbob,Bob,,\ncyd{',x' * 300}\n")
    assert done.counted()["new"] == 1
    assert [one.words[:12] for one in done.row_errors.order_by("row")] == ["has 1 cell m", "has 301 cell"]


def test_a_workbook_with_a_cell_at_its_far_end_is_no_trouble(desk):
    far = b'<row r="2"><c r="A2" t="inlineStr"><is><t>ana</t></is></c></row>'
    far += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    done = desk.bring("creators", sheet(far), name="file.xlsx")
    assert done.counted() | {"new": 1, "errors": 1} == done.counted()
    assert done.row_errors.get().line == 1048576


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\list.csv", "list.csv"),
        ("=cmd|calc.csv", "cmdcalc.csv"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("<script>.csv", "script.csv"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("Übersicht März.csv", "Übersicht März.csv"),
    ],
)
def test_the_name_of_a_file_is_shown_without_harm(name, shown):
    assert places.shown(name) == shown
