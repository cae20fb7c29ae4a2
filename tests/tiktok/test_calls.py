"""What goes over the wire."""

import json
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.tiktok import calls

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def business_get(path, given=None):
    return calls.business("GET", "https://host", path, given or {}, token="tok", account="", private=False)


class TestAddress:
    @pytest.mark.parametrize("path", ["business/get/", "business/get", "/business/get/"])
    def test_every_path_ends_with_one_slash(self, path):
        assert business_get(path).url == "https://host/open_api/v1.3/business/get/"

    def test_the_slash_stays_before_the_query(self):
        assert business_get("business/get", {"a": 1}).url == "https://host/open_api/v1.3/business/get/?a=1"

    def test_a_post_has_no_query(self):
        call = calls.business("POST", "https://host", "x/y", {"id": 2**60}, token="tok", account="", private=False)
        assert call.url == "https://host/open_api/v1.3/x/y/"
        assert json.loads(call.content) == {"id": 2**60}

    def test_the_platform_has_its_own_prefix_and_bearer(self):
        call = calls.platform("GET", "https://open", "v2/user/info", {}, token="tok", account="", repeatable=True)
        assert (call.url, call.headers) == ("https://open/v2/user/info/", {"Authorization": "Bearer tok"})


class TestEncoding:
    def read_back(self, params):
        query = urlsplit(business_get("x", params).url).query
        return {key: only for key, [only] in parse_qs(query, keep_blank_values=True).items()}

    @given(st.lists(json_values, max_size=4) | st.dictionaries(st.text(), json_values, max_size=4))
    def test_lists_and_objects_are_json_text_in_one_value(self, value):
        assert json.loads(self.read_back({"filtering": value})["filtering"]) == value

    def test_scalars_are_plain(self):
        given = {"id": 7380066284010030890, "day": date(2026, 3, 1), "at": datetime(2026, 3, 1, 9, 30), "on": True}
        assert self.read_back(given) == {
            "id": "7380066284010030890",
            "day": "2026-03-01",
            "at": "2026-03-01 09:30:00",
            "on": "true",
        }

    def test_none_is_left_out(self):
        assert self.read_back({"cursor": None, "max_count": 20}) == {"max_count": "20"}

    def test_a_plus_in_a_code_survives_the_query(self):
        assert self.read_back({"auth_code": "#a+b/c="}) == {"auth_code": "#a+b/c="}


def test_a_call_never_shows_its_token():
    assert "tok" not in repr(calls.business("GET", "h", "x", {}, token="tok", account="", private=False))
    assert "tok" not in repr(calls.form("h", "x", {"client_secret": "tok"}))
