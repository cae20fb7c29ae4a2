"""Codes as people paste them: nothing unseen stays, nothing is guessed, nothing is lost in an address."""

import string
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.spark import codes
from greenroom.tiktok import calls

LETTERS = string.ascii_letters + string.digits + "+/="
CODE = st.text(LETTERS, min_size=20, max_size=100).map(lambda text: "#" + text)
UNSEEN = st.text(
    " \t\r\n\u00a0\u00ad\u200b\u200c\u200d\u200e\u2028\u2060\u2800\u3000\u3164\ufe0f\ufeff\u180e", max_size=4
)


@given(CODE, st.data())
def test_unseen_characters_anywhere_are_taken_out_and_nothing_else(code, data):
    pasted = "".join(data.draw(UNSEEN) + one for one in code) + data.draw(UNSEEN)
    assert codes.clean(pasted) == code
    assert codes.why_wrong(code) == ""


@given(CODE)
def test_a_code_survives_an_address_and_a_body(code):
    address = f"https://ads.example/?code={codes.in_address(code)}&next=1"
    assert parse_qs(urlsplit(address).query) == {"code": [code], "next": ["1"]}
    assert parse_qs(calls.encode({"auth_code": code})) == {"auth_code": [code]}
    assert not set("#+/=") & set(codes.in_address(code))
    body = calls.business("POST", "", "tt_video/authorize/", {"auth_code": code}, token="t", account="", private=True)
    assert code in body.content.decode()


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert codes.clean(codes.clean(text)) == codes.clean(text)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "begins with #"),
        ("\u200b \ufeff", "begins with #"),
        ("#AbCdEfGhIjKlMnOpＱrSt", "is it a “Q”"),
        ("＃AbCdEfGhIjKlMnOpQrSt", "is it a “#”"),
        ("#AbCdEfGhIjKlMnOp＋rSt", "is it a “+”"),
        ("#AbCdEfGhIjKlМnOpQrSt", "cyrillic capital letter em"),
        ("#AbC%2BdEfGhIjKlMnOp", "percent sign"),
        ("AbCdEfGhIjKlMnOpQrSt", "It begins with #"),
        ("#AbCdEfGhIjKl#nOpQrSt", "more than one #"),
        ("#AbCd", "not whole"),
        ("#" + "A" * 400, "not whole"),
    ],
)
def test_what_looks_alike_stays_wrong_and_is_said(pasted, words):
    assert words in codes.why_wrong(codes.clean(pasted))
