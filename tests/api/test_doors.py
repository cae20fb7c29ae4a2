"""Who gets in, how often, and in what form: what is the same for every operation."""

from datetime import date, timedelta

import pytest
from django.test import Client

from greenroom.api import site
from greenroom.core import clock
from greenroom.core.access import ROLES, Can
from greenroom.keys import actions as keys
from greenroom.keys.models import Key

OPERATIONS = site.operations()
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def address(path: str) -> str:
    parts = {"workspace": "acme", "job": "sync-1", "metric": "views"}
    return "/".join(parts.get(part[1:-1], "1") if part.startswith("{") else part for part in path.split("/"))


def ask(client, method, path, **more):
    return client.generic(method, address(path), "{}" if method == "POST" else "", "application/json", **more)


def problem(answer, status, code):
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (status, code, status), told
    assert answer["Content-Type"] == "application/problem+json"
    assert told["detail"]
    return told


def test_every_operation_declares_a_permission():
    assert [name for name, (_, _, view) in zip(NAMES, OPERATIONS, strict=True) if not isinstance(view.needs, Can)] == []
    assert len(OPERATIONS) > 30


@pytest.mark.parametrize(("method", "path", "view"), OPERATIONS, ids=NAMES)
class TestEveryOperation:
    def test_nobody_gets_401(self, acme, client, method, path, view):
        told = problem(ask(client, method, path), 401, "unauthenticated")
        assert "key" in told["detail"]

    def test_a_stranger_gets_404(self, acme, program, method, path, view):
        if "{workspace}" in path:
            stranger = program(workspace=acme.rival)
            problem(ask(stranger.client, method, path), 404, "not_found")
            client = Client()
            client.force_login(acme.eve.user)
            problem(ask(client, method, path), 404, "not_found")

    def test_a_role_without_the_permission_gets_403(self, acme, program, method, path, view):
        if "{workspace}" in path:
            client = program("client").client
            got = ask(client, method, path)
            assert (got.status_code == 403) == (view.needs not in ROLES["client"]), got.content

    def test_a_browser_may_change_nothing_without_its_token(self, acme, method, path, view):
        if method == "POST":
            client = Client(enforce_csrf_checks=True)
            client.force_login(acme.olga.user)
            assert "X-CSRFToken" in problem(ask(client, method, path), 403, "forbidden")["detail"]


class TestKeys:
    @pytest.mark.parametrize(
        "told", ["", "gr_x", "Basic b2xnYTpwYXNz", "Bearer", "Bearer gr_00000000_nonsense", "Bearer \x7f"]
    )
    def test_nonsense_is_nobody(self, acme, told):
        answer = Client(headers={"authorization": told}).get("/api/v1/workspaces")
        problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_a_key_that_was_revoked_or_has_expired_is_told_so(self, acme, program):
        mine = program(expires_at=clock.now() + timedelta(days=1))
        assert mine.get("").status_code == 200
        Key.objects.update(expires_at=clock.now())
        assert problem(mine.get(""), 401, "unauthenticated")["reason"] == "expired"
        Key.objects.update(expires_at=None)
        keys.revoke_key(mine.key, by=acme.olga.by, at=clock.now())
        assert problem(mine.get(""), 401, "unauthenticated")["reason"] == "revoked"

    def test_a_wrong_key_is_not_helped_by_a_session(self, acme, client):
        client.force_login(acme.olga.user)
        assert client.get("/api/v1/w/acme").status_code == 200
        assert client.get("/api/v1/w/acme", headers={"authorization": "Bearer gr_no"}).status_code == 401

    def test_a_browser_with_its_token_may_change(self, acme):
        client = Client(enforce_csrf_checks=True)
        client.force_login(acme.olga.user)
        client.get("/api/v1/docs")
        token = client.cookies["csrftoken"].value
        headers = {"x-csrftoken": token}
        body = {"version": "2026-01-15"}
        answer = client.post("/api/v1/w/acme/policy", body, content_type="application/json", headers=headers)
        assert answer.json()["policy_version"] == "2026-01-15"

    def test_what_a_key_did_is_kept_under_its_name(self, acme, program):
        mine = program()
        mine.post("/policy", {"version": "2026-01-15"})
        (event,) = mine.get("/events", name="workspace.policy_accepted").json()["items"]
        assert event["by"] == mine.key.by


class TestLimits:
    def test_every_answer_says_what_is_left_and_too_many_wait(self, acme, program, settings):
        settings.GREENROOM_API_PER_MINUTE = 3
        mine = program()
        left = [mine.get("")["RateLimit-Remaining"] for _ in range(3)]
        assert left == ["2", "1", "0"]
        refused = mine.get("")
        problem(refused, 429, "rate_limited")
        assert 1 <= int(refused["Retry-After"]) <= 20
        assert refused["RateLimit-Limit"] == "3"
        assert program().get("").status_code == 200


class TestForm:
    def test_only_json_is_given(self, acme, program):
        client = program().client
        problem(client.get("/api/v1/workspaces", headers={"accept": "text/html"}), 406, "not_acceptable")
        assert client.get("/api/v1/workspaces", headers={"accept": "text/html, */*;q=0.1"}).status_code == 200

    def test_only_json_is_taken(self, acme, program):
        mine = program()
        path = f"{mine.root}/policy"
        problem(mine.client.post(path, "version=1", content_type="text/plain"), 415, "unsupported_media_type")
        for broken in ("{", '{"version": NaN}', '"\\ud800"', "\xff"):
            problem(mine.client.post(path, broken, content_type="application/json"), 400, "unreadable")
        big = '{"version": "' + "x" * 1024 * 1024 + '"}'
        problem(mine.client.post(path, big, content_type="application/json"), 413, "too_large")

    def test_forms_are_not_taken_from_programs_or_browsers(self, acme, program):
        mine = program()
        problem(mine.client.post(f"{mine.root}/policy", {"version": "1"}), 415, "unsupported_media_type")
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(acme.olga.user)
        browser.get("/api/v1/docs")
        told = {"x-csrftoken": browser.cookies["csrftoken"].value}
        problem(browser.post(f"{mine.root}/policy", {"version": "1"}, headers=told), 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "body", [{}, [], None, {"version": ""}, {"version": "a\x00b"}, {"version": 1}, {"version": "1", "more": 1}]
    )
    def test_a_body_that_does_not_fit_names_what(self, acme, program, body):
        told = problem(program().post("/policy", body), 422, "invalid")
        assert told["errors"][0]["loc"][0] == "body"

    def test_what_is_not_a_parameter_is_refused(self, acme, program):
        mine = program()
        assert problem(mine.get("/accounts", handel="ana"), 422, "invalid")["errors"][0]["loc"] == ["query", "handel"]
        problem(mine.client.get(f"{mine.root}/accounts?limit=1&limit=2"), 422, "invalid")
        for limit in ("0", "201", "1e1", " 5", "5.0", "x", "", "٣"):
            problem(mine.get("/accounts", limit=limit), 422, "invalid")

    def test_ids_beyond_what_a_database_holds_are_not_found(self, acme, program):
        mine = program()
        for pk in ("0", "9223372036854775807", "9223372036854775808", "9999999999999999999"):
            problem(mine.get(f"/creators/{pk}"), 404, "not_found")
            assert mine.get("/accounts", creator=pk).json()["items"] == []
        problem(mine.get("/creators/abc"), 422, "invalid")

    def test_unknown_addresses_and_methods_are_problems_too(self, acme, program):
        client = program().client
        problem(client.get("/api/v1/nothing/here"), 404, "not_found")
        refused = client.delete("/api/v1/w/acme/accounts")
        problem(refused, 405, "method_not_allowed")
        assert set(refused["Allow"].split(", ")) == {"GET", "POST"}

    def test_a_failure_of_ours_is_a_problem_too(self, acme, program, settings):
        mine = program()
        settings.GREENROOM_API_PER_MINUTE = 0  # nobody can divide by it
        problem(mine.get(""), 500, "failed")


class TestVersions:
    def test_the_newest_answers_by_itself(self, living, program):
        answer = program().get("/accounts", handle="ana")
        assert answer.json()["items"][0]["account_type"] == "tiktok_creator"
        assert answer["Greenroom-Version"] == "2"
        assert "Deprecation" not in answer

    def test_version_1_gives_the_former_value_and_says_until_when(self, living, program, settings):
        settings.GREENROOM_API_LEGACY_SUNSET = clock.now().date() + timedelta(days=30)
        mine = program()
        one, two = (mine.get("/accounts", version=version) for version in ("1", "2"))
        types = [{row["handle"]: row["account_type"] for row in answer.json()["items"]} for answer in (one, two)]
        assert (types[0]["ana"], types[1]["ana"]) == ("creator", "tiktok_creator")
        assert types[0]["brandco"] == types[1]["brandco"] == "tiktok_business"
        assert one["Deprecation"].startswith("@")
        assert one["Sunset"].endswith("GMT")
        assert "Deprecation" not in two

    def test_after_its_end_version_1_is_gone(self, acme, program, settings):
        settings.GREENROOM_API_LEGACY_SUNSET = date(2026, 1, 1)
        assert "2026-01-01" in problem(program().get("", version="1"), 410, "version_over")["detail"]

    def test_without_a_former_value_there_is_no_version_1(self, acme, program, settings):
        settings.GREENROOM_API_LEGACY_ACCOUNT_TYPE = ""
        problem(program().get("", version="1"), 410, "version_over")

    def test_a_version_nobody_knows_is_refused(self, acme, program):
        problem(program().get("", version="3"), 422, "invalid")


class TestOnce:
    def test_the_same_request_gets_the_same_answer(self, living, program):
        mine = program()
        first = mine.post("/accounts/5/authentication-requests", **{"idempotency-key": "a1"})
        again = mine.post("/accounts/5/authentication-requests", **{"idempotency-key": "a1"})
        assert first.status_code == again.status_code == 201
        assert first.content == again.content
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        asked = mine.get("/events", name="account.authentication_requested").json()["items"]
        assert len(asked) == 1
        mine.post("/accounts/5/authentication-requests", **{"idempotency-key": "a2"})
        assert len(mine.get("/events", name="account.authentication_requested").json()["items"]) == 2

    def test_another_request_under_the_same_key_is_refused(self, acme, program):
        mine = program()
        assert mine.post("/policy", {"version": "1"}, **{"idempotency-key": "a"}).status_code == 200
        problem(mine.post("/policy", {"version": "2"}, **{"idempotency-key": "a"}), 409, "key_reused")
        assert program().post("/policy", {"version": "2"}, **{"idempotency-key": "a"}).status_code == 200

    def test_a_mistake_may_be_mended_under_the_same_key(self, acme, program):
        mine = program()
        problem(mine.post("/policy", {"versoin": "1"}, **{"idempotency-key": "a"}), 422, "invalid")
        assert mine.post("/policy", {"version": "1"}, **{"idempotency-key": "a"}).status_code == 200

    @pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é"])
    def test_a_key_that_is_none_is_refused(self, acme, program, key):
        problem(program().post("/policy", {"version": "1"}, **{"idempotency-key": key}), 422, "invalid")


class TestMembers:
    def test_a_workspace_that_asks_for_a_second_factor_asks_for_it_here_too(self, acme, client, program):
        acme.workspace.mfa_required = True
        acme.workspace.save()
        client.force_login(acme.olga.user)
        assert "second factor" in problem(client.get("/api/v1/w/acme"), 403, "forbidden")["detail"]
        assert program().get("").status_code == 200

    def test_a_person_sees_their_workspaces_and_their_role(self, acme, client):
        client.force_login(acme.mia.user)
        told = client.get("/api/v1/workspaces").json()["items"]
        assert [(one["slug"], one["role"]) for one in told] == [("acme", "manager")]
        assert client.get("/api/v1/w/acme").json()["role"] == "manager"
