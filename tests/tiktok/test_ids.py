"""Ids keep every digit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.tiktok import ids

beyond_floats = st.integers(min_value=2**53 + 1, max_value=10**20)


@given(beyond_floats)
def test_an_id_is_the_same_text_whether_tiktok_wrote_a_number_or_a_text(number):
    assert ids.as_id(json.loads(json.dumps(number))) == ids.as_id(json.loads(json.dumps(str(number)))) == str(number)


@pytest.mark.parametrize("value", [7.4e18, True, None, ["7"], {"id": 7}])
def test_a_float_or_another_thing_is_no_id(value):
    with pytest.raises(TypeError, match="not an id"):
        ids.as_id(value)


@given(
    number=st.integers(min_value=-(10**20), max_value=10**20), key=st.sampled_from(["comment_id", "size", "post_ids"])
)
def test_loading_exactly_never_changes_a_digit(number, key):
    found = ids.loads_exactly(json.dumps({key: number}))[key]
    assert str(found) == str(number)
    assert isinstance(found, str) == (abs(number) > ids.EXACT_IN_A_FLOAT or key != "size")


def test_a_list_of_numeric_ids_becomes_a_list_of_texts():
    assert ids.loads_exactly('{"post_ids": [7, 7380066284010030890, "x"]}') == {
        "post_ids": ["7", "7380066284010030890", "x"]
    }


def test_rates_and_flags_stay_what_they_are():
    assert ids.loads_exactly('{"rate": 0.0395, "ok": true, "none_id": null}') == {
        "rate": 0.0395,
        "ok": True,
        "none_id": None,
    }
