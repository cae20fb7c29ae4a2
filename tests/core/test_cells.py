"""A cell of a file never runs when a spreadsheet opens it."""

import pytest

from greenroom.core.cells import bare, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1",
        "-",
        "=",
        "--1",
        "+1+1",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_disarmed_and_comes_back_whole(text):
    assert safe(text) == f"'{text}"
    assert bare(safe(text)) == text


@pytest.mark.parametrize("text", ["-12.5", "+3", "-1,234.50", "-3%", "-1e5", "", "Ana", "a=b", "'quoted", "-0"])
def test_a_plain_number_and_ordinary_text_stay_as_they_are(text):
    assert safe(text) == text
    assert bare(safe(text)) == text


@pytest.mark.parametrize("value", [None, -3, 2.5, True])
def test_what_is_no_text_is_not_touched(value):
    assert safe(value) is value


def test_control_characters_and_broken_halves_of_characters_go():
    assert safe("a\x00b\x1b[31m\ud800c") == "ab[31mc"
    assert safe("\x00=1") == "'=1"
