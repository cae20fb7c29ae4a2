"""The tree that says what to do."""

from datetime import UTC, datetime

import pytest

from greenroom.tiktok import envelopes, errors

AT = datetime(2026, 3, 12, 22, 0, tzinfo=UTC)

CODES = {
    errors.Throttled: [40016, 40100, 40132, 40133],
    errors.TokenExpired: [40102],
    errors.ScopeMissing: [40001, 40130, 40131],
    errors.Revoked: [40105, 40106],
    errors.Unauthorized: [40103, 40107, 40110],
    errors.NotACreator: [40121],
    errors.WrongRegion: [40122],
    errors.NotFound: [40007],
    errors.Duplicate: [40050],
    errors.Rejected: [
        40000, 40002, 40003, 40006, 40008, 40009, 40010, 40011, 40012, 40013, 40014, 40051, 40053, 40101, 40104,
        40108, 40113, 40115, 40116, 40117, 40118, 40119, 40120, 40124, 40125, 40200, 40201, 40300, 40301, 40400, 40502,
        40700, 40900, 40999, 41000, 41001, 41002,
    ],
    errors.Unavailable: [40202, 50000, 50002, 51002, 51004, 51010, 51035, 51305, 52000, 52999, 60001, 61000],
}  # fmt: skip
EVERY_CODE = [(code, kind) for kind, codes in CODES.items() for code in codes]
EVERY_KIND = [
    errors.Unauthorized, errors.TokenExpired, errors.ScopeMissing, errors.Revoked, errors.Throttled, errors.Rejected,
    errors.NotACreator, errors.WrongRegion, errors.NotFound, errors.Duplicate, errors.Unavailable,
]  # fmt: skip


def business(body, status=200):
    return envelopes.business(status, body, endpoint="business/get/", at=AT)


def raised_by(call, *args, **kwargs):
    with pytest.raises(errors.TikTokError) as caught:
        call(*args, **kwargs)
    return caught.value


class TestBusinessCodes:
    @pytest.mark.parametrize(("code", "kind"), EVERY_CODE)
    def test_every_code_of_the_table_has_its_class(self, code, kind):
        error = raised_by(business, b'{"code": %d, "message": "Words.", "request_id": "R1", "data": {}}' % code)
        assert type(error) is kind
        assert (error.message, error.code, error.endpoint, error.request_id) == ("Words.", code, "business/get/", "R1")
        assert str(error) == f"Words. (code {code}, business/get/, request R1)"

    def test_a_code_counts_whatever_the_http_status(self):
        error = raised_by(business, b'{"code": 40006, "message": "Country-Code"}', status=403)
        assert (type(error), error.code) == (errors.Rejected, 40006)

    @pytest.mark.parametrize("code", [0, 20001])
    def test_done_and_partly_done_are_answers(self, code):
        assert business(b'{"code": %d, "data": {"list": [1]}}' % code) == {"list": [1]}

    @pytest.mark.parametrize("body", [b'{"code": 0}', b'{"code": 0, "data": null}', b'{"code": 0, "data": []}'])
    def test_an_answer_without_an_object_is_empty(self, body):
        assert business(body) == {}

    @pytest.mark.parametrize("code", [60001, 61000])
    def test_maintenance_is_left_alone_for_half_an_hour(self, code):
        error = raised_by(business, b'{"code": %d}' % code)
        assert error.retry_after == errors.MAINTENANCE_PAUSE


class TestBareStatus:
    @pytest.mark.parametrize(
        ("status", "kind"),
        [(404, errors.Rejected), (400, errors.Rejected), (500, errors.Unavailable), (502, errors.Unavailable)],
    )
    def test_without_an_envelope_the_status_decides(self, status, kind):
        error = raised_by(business, b"404 page not found", status=status)
        assert (type(error), error.code, error.message) == (kind, status, "404 page not found")

    @pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b"[]", b'"ok"', b'{"data": {}}', b'{"code": "0"}'])
    def test_a_page_instead_of_an_envelope_is_no_answer(self, body):
        assert type(raised_by(business, body)) is errors.Unavailable

    def test_a_success_code_under_a_failed_status_is_no_success(self):
        assert type(raised_by(business, b'{"code": 0, "data": {}}', status=502)) is errors.Unavailable

    def test_429_is_throttled(self):
        assert type(raised_by(business, b"slow down", status=429)) is errors.Throttled


class TestWaiting:
    @pytest.mark.parametrize(
        ("words", "window", "seconds"),
        [
            ("App reaches the QPS limit.", "second", 1.0),
            ("Advertiser (7)'s QPS (11) reaches QPS limit 10 for current path", "second", 1.0),
            ("App reaches the QPM limit.", "minute", 300.0),
            ("App reaches the QPD limit.", "day", 7200.0),
            ("Due to too many requests, requests from App 7 are temporarily restricted", "unknown", 1.0),
        ],
    )
    def test_the_words_name_the_window_and_the_window_the_wait(self, words, window, seconds):
        error = raised_by(business, b'{"code": 40100, "message": "%s"}' % words.encode())
        assert (error.window, error.retry_after) == (window, seconds)


class TestPlatform:
    @pytest.mark.parametrize(
        ("status", "word", "kind"),
        [
            (401, "access_token_invalid", errors.TokenExpired),
            (401, "scope_not_authorized", errors.ScopeMissing),
            (400, "scope_permission_missed", errors.ScopeMissing),
            (400, "invalid_params", errors.Rejected),
            (400, "invalid_file_upload", errors.Rejected),
            (429, "rate_limit_exceeded", errors.Throttled),
            (500, "internal_error", errors.Unavailable),
        ],
    )
    def test_every_word_of_the_table_has_its_class(self, status, word, kind):
        body = b'{"data": {}, "error": {"code": "%s", "message": "Words.", "log_id": "L1"}}' % word.encode()
        error = raised_by(envelopes.platform, status, body, endpoint="v2/user/info/", at=AT)
        assert (type(error), error.code, error.message, error.request_id) == (kind, word, "Words.", "L1")

    def test_ok_gives_the_data(self):
        body = b'{"data": {"user": {}}, "error": {"code": "ok", "message": "", "log_id": "L1"}}'
        assert envelopes.platform(200, body, endpoint="v2/user/info/", at=AT) == {"user": {}}

    def test_a_page_instead_of_an_envelope_is_no_answer(self):
        error = raised_by(envelopes.platform, 502, b"<html>", endpoint="v2/user/info/", at=AT)
        assert type(error) is errors.Unavailable


class TestOAuth:
    @pytest.mark.parametrize("status", [200, 400, 401])
    @pytest.mark.parametrize(
        ("word", "kind"),
        [
            ("invalid_grant", errors.Unauthorized),
            ("access_denied", errors.Unauthorized),
            ("invalid_scope", errors.ScopeMissing),
            ("invalid_request", errors.Rejected),
            ("invalid_client", errors.Rejected),
            ("unauthorized_client", errors.Rejected),
            ("unsupported_grant_type", errors.Rejected),
            ("server_error", errors.Unavailable),
        ],
    )
    def test_the_key_error_decides_not_the_status(self, status, word, kind):
        body = b'{"error": "%s", "error_description": "Words.", "log_id": "L1"}' % word.encode()
        error = raised_by(envelopes.oauth, status, body, endpoint="v2/oauth/token/", at=AT)
        assert (type(error), error.code, error.message) == (kind, word, "Words.")

    def test_an_empty_answer_is_a_success(self):
        assert envelopes.oauth(200, b"", endpoint="v2/oauth/revoke/", at=AT) == {}

    def test_a_page_is_no_token(self):
        assert type(raised_by(envelopes.oauth, 200, b"<html>", endpoint="x/", at=AT)) is errors.Unavailable


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_class_says_what_to_do(kind):
    assert kind.what_to_do != errors.TikTokError.what_to_do
    assert kind.what_to_do.endswith(".")


def test_no_two_classes_say_the_same():
    assert len({kind.what_to_do for kind in EVERY_KIND}) == len(EVERY_KIND)
