"""What a cell means: numbers, dates, ids, handles, countries; missing is never zero."""

from datetime import UTC, datetime

import pytest

from greenroom.imports import moments, numbers, text
from greenroom.imports.countries import codes, country
from greenroom.imports.refusals import BadValue
from greenroom.tiktok import links

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("12.3K", ".", 12_300),
        ("12,3K", ",", 12_300),
        ("1.2M", ".", 1_200_000),
        ("1.2 b", ".", 1_200_000_000),
        ("1,234,567", ".", 1_234_567),
        ("1.234.567", ",", 1_234_567),
        ("12,34,567", ".", 1_234_567),
        ("1 234", ".", 1_234),
        ("1'234", ".", 1_234),
        ("221700.0", ".", 221_700),
        ("16100000.000000002", ".", 16_100_000),
        ("7.1E+5", ".", 710_000),
        ("0", ".", 0),
    ],
)
def test_counts_are_read_as_people_write_them(cell, mark, value):
    assert numbers.count(cell, mark) == value


@pytest.mark.parametrize("cell", ["-5", "−5", "12 %", "1.5", "abc", "1.2.3", "1,23,4", "1e99", "12Q", "++1", "0x10"])
def test_what_is_no_count_is_refused_in_words(cell):
    with pytest.raises(BadValue, match="“"):
        numbers.count(cell)


def test_a_full_width_number_is_a_number():
    assert numbers.count(text.plain("１２３")) == 123
    assert numbers.count(text.plain("1\u202f234")) == 1234


def test_shares_are_fractions():
    assert numbers.share("12 %") == 0.12
    assert numbers.share("0.12") == 0.12
    assert numbers.share("7.9", percent=True) == pytest.approx(0.079)
    assert numbers.share("12,5 %", ",") == 0.125


@pytest.mark.parametrize("cell", ["", "-", "–", "n/a", "N/A", "null", "undefined", "NaN", "?", "None"])
def test_what_stands_for_nothing_is_missing(cell):
    assert text.is_missing(cell)


def test_zero_is_not_missing_and_a_spreadsheet_error_is_no_value():
    assert not text.is_missing("0")
    with pytest.raises(BadValue, match="#REF!"):
        text.is_missing("#REF!")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-11", "2026-03-11 00:00"),
        ("2026-03-11T10:00:00Z", "2026-03-11 10:00"),
        ("2026-03-11T10:00:00+02:00", "2026-03-11 08:00"),
        ("1608214517", "2020-12-17 14:15"),
        ("1608214517000", "2020-12-17 14:15"),
        ("11/3/2026 08:31", "2026-03-11 08:31"),
        ("11.3.2026", "2026-03-11 00:00"),
        ("2022-03?", "2022-03-01 00:00"),
        ("2022-09", "2022-09-01 00:00"),
        ("November 3", "2025-11-03 00:00"),
        ("3 November", "2025-11-03 00:00"),
        ("March 12", "2026-03-12 00:00"),
        ("March 13", "2025-03-13 00:00"),
        ("29 February", "2024-02-29 00:00"),
        ("9月6日", "2025-09-06 00:00"),
        ("18 января", "2026-01-18 00:00"),
        ("10. März 2026", "2026-03-10 00:00"),
        ("3 Nov 2025 4:05 PM", "2025-11-03 16:05"),
    ],
)
def test_dates_are_read_and_never_lie_in_the_future(cell, day):
    told = moments.moment(cell, order="dmy", latest=NOW)
    assert f"{told.at:%Y-%m-%d %H:%M}" == day
    assert (told.note == moments.YEARLESS) == (not any(part.isdecimal() and len(part) == 4 for part in cell.split())
                                               and "-" not in cell and "/" not in cell and not cell.isdecimal()
                                               and cell != "11.3.2026")  # fmt: skip


def test_an_order_can_be_said():
    assert moments.moment("3/4/2025", order="mdy", latest=NOW).at.month == 3
    assert moments.moment("3/4/2025", order="dmy", latest=NOW).at.month == 4
    assert [moments.order_of(cell) for cell in ("13/4/2025", "4/13/2025", "3/4/2025", "4.3.2025")] == [
        "dmy",
        "mdy",
        "?",
        "",
    ]


@pytest.mark.parametrize("cell", ["2027-01-01", "31/02/2026", "45234", "soon", "0", "1970-01-01", "12/31", "9" * 30])
def test_what_is_no_date_is_refused_in_words(cell):
    with pytest.raises(BadValue, match="“"):
        moments.moment(cell, order="dmy", latest=NOW)


@pytest.mark.parametrize("name", ["DE", "de", "DEU", "Germany", "Deutschland", "germany "])
def test_a_country_has_many_names(name):
    assert country(name) == "DE"


def test_every_code_is_a_country_and_nowhere_is_none():
    assert len(set(codes().values())) == 249
    with pytest.raises(BadValue, match="two-letter code"):
        country("Atlantis")


@pytest.mark.parametrize(
    "told",
    [
        "7412345678901234567",
        "https://www.tiktok.com/@ana/video/7412345678901234567?is_from_webapp=1",
        "m.tiktok.com/v/7412345678901234567.html",
        "https://www.tiktok.com/@ana/photo/7412345678901234567",
        "https://www.tiktok.com/embed/v2/7412345678901234567",
    ],
)
def test_a_post_is_known_by_id_or_link_to_the_last_digit(told):
    assert links.post(told).item_id == "7412345678901234567"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("7.1E+18", "rounded"),
        ("7.412345678901235e+18", "rounded"),
        ("https://vm.tiktok.com/ZMabc/", "short link"),
        ("https://www.tiktok.com/t/ZT8abc/", "short link"),
        ("https://example.com/video/7412345678901234567", "no link to TikTok"),
        ("https://tiktok.com.evil.example/@a/video/7412345678901234567", "no link to TikTok"),
        ("two words", "neither"),
    ],
)
def test_what_names_no_post_is_refused_in_words(told, words):
    with pytest.raises(ValueError, match=words):
        links.post(told)


def test_handles_come_bare():
    assert {links.handle(one) for one in ("@Ana", "Ana", "https://www.tiktok.com/@Ana?lang=en")} == {"Ana"}
    for wrong in ("Ana B", "https://evil.example/@ana", "a" * 61, "<b>"):
        with pytest.raises(ValueError, match="“"):
            links.handle(wrong)


def test_an_id_tells_when_its_post_was_uploaded():
    assert links.made_at("7412345678901234567") == datetime(2024, 9, 8, 18, 46, 55, tzinfo=UTC)
    assert links.made_at("d7aa04f9ee10") is None
