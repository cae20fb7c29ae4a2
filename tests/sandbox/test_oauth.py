"""Consent, codes, tokens: three flows on one clock."""

from datetime import timedelta
from hashlib import sha256

import pytest

from greenroom.sandbox import oauth

from .conftest import REDIRECT, query_of

VERIFIER = "v" * 43 + "-greenroom"


def test_a_creator_approves_and_the_app_gets_a_day_and_a_year(hand):
    back = hand.approve("ana")
    assert back["state"] == "s1"
    assert back["scopes"].split(",")[0] == "user.info.basic"
    pair = hand.exchange(back["code"])
    assert pair["code"] == 0
    assert pair["data"]["expires_in"] == 86_400
    assert pair["data"]["refresh_token_expires_in"] == 31_536_000
    assert pair["data"]["token_type"] == "Bearer"
    assert pair["data"]["open_id"] == hand.world.open_id(0, "sandbox-app")


def test_a_creator_may_grant_less_than_asked(hand):
    pair = hand.connect("ana", scopes=["user.info.basic", "video.list"])
    assert pair["scope"] == "user.info.basic,video.list"
    info = hand.post("tt_user/token_info/get/", {"app_id": "sandbox-app", "access_token": pair["access_token"]})["data"]
    assert info == {"app_id": "sandbox-app", "scope": "user.info.basic,video.list", "creator_id": pair["open_id"]}


def test_a_creator_may_say_no(hand):
    answer = hand.http.post("/v2/auth/authorize/", params=hand.ask(), data={"handle": "ana", "decision": "deny"})
    assert query_of(answer.headers["location"])["error"] == "access_denied"


def test_one_unapproved_scope_fails_the_whole_authorisation(hand):
    answer = hand.http.get("/v2/auth/authorize/", params=hand.ask(scope="user.info.basic,research.data"))
    back = query_of(answer.headers["location"])
    assert (back["error"], back["state"]) == ("invalid_scope", "s1")
    assert "code" not in back


def test_a_code_works_once_and_for_ten_minutes(hand):
    code = hand.approve("ana")["code"]
    hand.world.clock.advance(seconds=599)
    assert hand.exchange(code)["code"] == 0
    again = hand.exchange(code)
    assert again["code"] == 40110
    assert again["message"] == "The auth_code is canceled. Please re-authorize and try again with a new auth_code."
    late = hand.approve("ben", disable_auto_auth="1")["code"]
    hand.world.clock.advance(seconds=601)
    assert hand.exchange(late)["code"] == 40110


def test_the_exchange_needs_the_same_redirect_the_right_secret_and_grant_type(hand):
    code = hand.approve("ana")["code"]
    assert hand.exchange(code, redirect_uri="https://brand.example/other/")["code"] == 40002
    assert hand.exchange(code, client_secret="wrong")["code"] == 40101
    assert hand.exchange(code, client_id="nobody")["code"] == 40113
    refused = hand.exchange(code, grant_type="password")
    assert (refused["code"], refused["message"]) == (40108, "Invalid value for grant_type: password is not supported.")
    assert hand.exchange(code, auth_code="")["message"] == "Missing required field(s): auth_code."
    assert hand.exchange(code)["code"] == 0, "none of the refusals may burn the code"


def test_an_access_token_lives_a_day_and_is_refreshed(hand):
    pair = hand.connect("ana")
    hand.world.clock.advance(seconds=86_401)
    assert hand.code("business/get/", pair["access_token"], business_id=pair["open_id"]) == 40102
    fresh = hand.refresh(pair["refresh_token"])["data"]
    assert fresh["refresh_token"] != pair["refresh_token"]
    assert fresh["refresh_token_expires_in"] == 31_536_000 - 86_401
    assert hand.code("business/get/", fresh["access_token"], business_id=pair["open_id"]) == 0


def test_a_refresh_token_ends_once_the_new_pair_is_in_use(hand):
    pair = hand.connect("ana")
    lost = hand.refresh(pair["refresh_token"])["data"]
    fresh = hand.refresh(pair["refresh_token"])["data"]
    assert hand.refresh(lost["refresh_token"])["code"] == 40107, "only the newest pair counts"
    hand.get("business/get/", fresh["access_token"], business_id=pair["open_id"])
    assert hand.refresh(pair["refresh_token"])["code"] == 40107
    assert hand.refresh(fresh["refresh_token"])["code"] == 0


def test_a_refresh_token_lives_a_year(hand):
    pair = hand.connect("ana")
    hand.world.clock.advance(days=364)
    fresh = hand.refresh(pair["refresh_token"])["data"]
    hand.world.clock.advance(days=2)
    assert hand.refresh(fresh["refresh_token"])["code"] == 40103


def test_revoking_ends_both_tokens(hand):
    pair = hand.connect("ana")
    body = {"client_id": "sandbox-app", "client_secret": "sandbox-secret", "access_token": pair["access_token"]}
    assert hand.post("tt_user/oauth2/revoke/", body)["data"] == {}
    assert hand.code("business/get/", pair["access_token"], business_id=pair["open_id"]) == 40105
    assert hand.refresh(pair["refresh_token"])["code"] == 40107


def test_withdrawing_in_the_app_ends_the_next_call(hand):
    pair, other = hand.connect("ana"), hand.connect("ben")
    assert hand.world.withdraw("ana") == 1
    answer = hand.get("business/get/", pair["access_token"], business_id=pair["open_id"])
    assert (answer["code"], answer["message"]) == (40105, "Access token is incorrect or has been revoked.")
    assert hand.code("business/get/", other["access_token"], business_id=other["open_id"]) == 0


def test_a_returning_creator_is_skipped_through_unless_the_page_is_forced(hand):
    hand.connect("ana")
    through = hand.http.get("/v2/auth/authorize/", params=hand.ask())
    assert through.status_code == 302
    assert query_of(through.headers["location"])["code"]
    assert hand.http.get("/v2/auth/authorize/", params=hand.ask(disable_auto_auth="1")).status_code == 200
    hand.world.withdraw("ana")
    assert hand.http.get("/v2/auth/authorize/", params=hand.ask()).status_code == 200


@pytest.mark.parametrize(
    "uri",
    [
        "http://brand.example/callback/", "https://brand.example/callback", "https://brand.example/callback/?a=1",
        "https://brand.example:8443/callback/", "https://brand.example/#x/", "https://" + "x" * 600 + "/", "/callback/",
    ],
)  # fmt: skip
def test_a_redirect_that_breaks_the_rules_is_never_followed(hand, uri):
    answer = hand.http.get("/v2/auth/authorize/", params=hand.ask(redirect_uri=uri))
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_loopback_may_be_http_and_carry_a_port():
    assert oauth.redirect_problem("http://127.0.0.1:8765/connections/callback/") == ""
    assert oauth.redirect_problem("http://localhost:8765/") == ""
    assert oauth.redirect_problem("http://127.0.0.1:8765/callback") == "redirect_uri must end with /."


def test_an_app_with_registered_addresses_takes_no_other(hand):
    app = oauth.App(
        "strict", "s", "business", "Strict", oauth.ACCOUNT_SCOPES, redirects=("https://brand.example/only/",)
    )
    hand.world.grants.register(app)
    assert hand.http.get("/v2/auth/authorize/", params=hand.ask(client_key="strict")).status_code == 400
    allowed = hand.ask(client_key="strict", redirect_uri="https://brand.example/only/", scope="user.info.basic")
    assert hand.http.get("/v2/auth/authorize/", params=allowed).status_code == 200


def test_an_open_id_belongs_to_one_app(hand):
    hand.world.grants.register(oauth.App("second", "s2", "business", "Second", oauth.ACCOUNT_SCOPES))
    first = hand.connect("ana")
    code = hand.approve("ana", client_key="second")["code"]
    second = hand.exchange(code, client_id="second", client_secret="s2")["data"]
    assert first["open_id"] != second["open_id"]
    mixed = {"app_id": "second", "access_token": first["access_token"]}
    assert hand.post("tt_user/token_info/get/", mixed)["code"] == 40113


def test_a_brand_gets_a_token_without_an_end_within_an_hour(hand):
    query = {"app_id": "sandbox-app", "redirect_uri": REDIRECT, "state": "s2"}
    answer = hand.http.post("/portal/auth", params=query, data={"brand": "0", "decision": "approve"})
    back = query_of(answer.headers["location"])
    assert back["state"] == "s2"
    body = {"app_id": "sandbox-app", "secret": "sandbox-secret", "auth_code": back["auth_code"]}
    hand.world.clock.advance(seconds=3_599)
    token = hand.post("oauth2/access_token/", body)["data"]
    assert 13020000 in token["scope"]
    assert hand.post("oauth2/access_token/", body)["code"] == 40110
    hand.world.clock.advance(days=900)
    listed = hand.get("oauth2/advertiser/get/", token["access_token"], app_id="sandbox-app", secret="sandbox-secret")[
        "data"
    ]
    assert [one["advertiser_id"] for one in listed["list"]] == token["advertiser_ids"]
    accounts = hand.data("tto/oauth2/tcm/", token["access_token"], app_id="sandbox-app", secret="sandbox-secret")
    (account_id,) = accounts["tto_tcm_account_ids"]
    assert len(account_id) == 19
    info = hand.data("tto/oauth2/info/", token["access_token"], tto_tcm_account_id=account_id)
    assert (info["account_name"], info["business_verification_status"]) == ("Brandco", "PASSED")
    assert hand.data("user/info/", token["access_token"])["display_name"] == "Brandco"
    body = {"app_id": "sandbox-app", "secret": "sandbox-secret", "access_token": token["access_token"]}
    assert hand.post("oauth2/revoke_token/", body)["data"]["advertiser_ids"] == token["advertiser_ids"]
    assert hand.code("user/info/", token["access_token"]) == 40105


def test_a_long_lived_code_also_works_form_encoded_and_ends_after_an_hour(hand):
    query = {"app_id": "sandbox-app", "redirect_uri": REDIRECT, "state": "s2"}

    def form() -> dict[str, str]:
        answer = hand.http.post("/portal/auth", params=query, data={"brand": "1", "decision": "approve"})
        code = query_of(answer.headers["location"])["auth_code"]
        return {
            "client_id": "sandbox-app", "client_secret": "sandbox-secret", "code": code,
            "grant_type": "authorization_code",
        }  # fmt: skip

    assert hand.http.post("/open_api/v1.3/oauth/token/", data=form()).json()["data"]["access_token"]
    late = form()
    hand.world.clock.advance(seconds=3_601)
    assert hand.http.post("/open_api/v1.3/oauth/token/", data=late).json()["code"] == 40110


def login(hand, verifier: str | None = None, challenge: str | None = None) -> dict:
    """Login Kit's token answer for ANA."""
    parameters = {"client_key": "sandbox-key", "scope": "user.info.basic,video.list"}
    if challenge:
        parameters |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    body = {
        "client_key": "sandbox-key", "client_secret": "sandbox-key-secret", "grant_type": "authorization_code",
        "code": hand.approve("ana", **parameters)["code"], "redirect_uri": REDIRECT,
    }  # fmt: skip
    if verifier:
        body["code_verifier"] = verifier
    return hand.http.post("/v2/oauth/token/", data=body).json()


def test_login_kit_answers_flat(hand):
    answer = login(hand)
    assert answer["access_token"].startswith("act.")
    assert answer["refresh_token"].startswith("rft.")
    assert (answer["expires_in"], answer["refresh_expires_in"]) == (86_400, 31_536_000)
    assert answer["scope"] == "user.info.basic,video.list"
    assert answer["open_id"] == hand.world.open_id(0, "sandbox-key")


def test_pkce_is_hex_and_nothing_else(hand):
    from base64 import urlsafe_b64encode

    digest = sha256(VERIFIER.encode())
    assert "access_token" in login(hand, VERIFIER, digest.hexdigest())
    usual = urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    hand.world.withdraw("ana")
    assert login(hand, VERIFIER, usual)["error"] == "invalid_request"
    hand.world.withdraw("ana")
    assert login(hand, None, digest.hexdigest())["error"] == "invalid_request"
    hand.world.withdraw("ana")
    short = "short"
    assert login(hand, short, sha256(short.encode()).hexdigest())["error"] == "invalid_request"


def test_login_kit_errors_are_flat_and_come_with_http_200(hand):
    wrong = {"client_key": "sandbox-key", "client_secret": "no", "grant_type": "refresh_token", "refresh_token": "x"}
    answer = hand.http.post("/v2/oauth/token/", data=wrong)
    assert answer.status_code == 200
    assert answer.json()["error"] == "invalid_client"
    assert {"error", "error_description", "log_id"} == set(answer.json())
    bad = hand.http.post("/v2/oauth/token/", data=wrong | {"client_secret": "sandbox-key-secret"}).json()
    assert bad["error"] == "invalid_grant"
    kind = wrong | {"client_secret": "sandbox-key-secret", "grant_type": "password"}
    assert hand.http.post("/v2/oauth/token/", data=kind).json()["error"] == "unsupported_grant_type"


def test_login_kit_refreshes_and_revokes(hand):
    pair = login(hand)
    app = {"client_key": "sandbox-key", "client_secret": "sandbox-key-secret"}
    hand.world.clock.advance(timedelta(days=2))
    stale = hand.http.get("/v2/user/info/?fields=open_id", headers={"Authorization": f"Bearer {pair['access_token']}"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (401, "access_token_invalid")
    form = app | {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    fresh = hand.http.post("/v2/oauth/token/", data=form).json()
    head = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert hand.http.get("/v2/user/info/?fields=open_id", headers=head).status_code == 200
    gone = hand.http.post("/v2/oauth/revoke/", data=app | {"token": fresh["access_token"]})
    assert (gone.status_code, gone.content) == (200, b"")
    assert hand.http.get("/v2/user/info/?fields=open_id", headers=head).status_code == 401


def test_tokens_of_one_family_never_work_in_another(hand):
    pair, brand, kit = hand.connect("ana"), hand.brand(), login(hand)
    assert hand.code("business/get/", kit["access_token"], business_id=pair["open_id"]) == 40105
    assert hand.code("business/get/", brand["access_token"], business_id=pair["open_id"]) == 40001
    crossed = hand.http.get(
        "/v2/user/info/?fields=open_id", headers={"Authorization": f"Bearer {pair['access_token']}"}
    )
    assert crossed.status_code == 401
