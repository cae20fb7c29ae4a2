"""Authorisation on API for Business: long-lived brand tokens and TikTok-account tokens."""

from greenroom.sandbox import brands
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.oauth import ACCESS_LIFE, App, Grant, Refused
from greenroom.sandbox.routes import Call, Route

CODES = {"invalid_grant": 40110, "invalid_request": 40002, "expired": 40103}


def account_token(call: Call) -> Json:
    """`POST tt_user/oauth2/token/`: a TikTok account's code for its token pair."""
    call.need("client_id", "client_secret", "grant_type", "auth_code", "redirect_uri")
    _grant_type(call, "authorization_code")
    app = _app(call, "client_id", "client_secret")
    try:
        grant, access = call.world.grants.exchange(
            app, call.text("auth_code"), kind="account", at=call.at, redirect_uri=call.text("redirect_uri")
        )
    except Refused as refused:
        raise ApiError(CODES[refused.reason], _canceled(refused)) from None
    return _pair(call, grant, access)


def refresh_token(call: Call) -> Json:
    """`POST tt_user/oauth2/refresh_token/`: a new pair."""
    call.need("client_id", "client_secret", "grant_type", "refresh_token")
    _grant_type(call, "refresh_token")
    app = _app(call, "client_id", "client_secret")
    at_once = call.world.faults.strikes("rotate_at_once")
    try:
        grant, access = call.world.grants.renew(app, call.text("refresh_token"), at=call.at, rotate_at_once=at_once)
    except Refused as refused:
        raise ApiError(40103 if refused.reason == "expired" else 40107, refused.text) from None
    return _pair(call, grant, access)


def revoke_account(call: Call) -> Json:
    """`POST tt_user/oauth2/revoke/`."""
    call.need("client_id", "client_secret", "access_token")
    app = _app(call, "client_id", "client_secret")
    call.world.grants.revoke(_granted(call, app, kind="account"), at=call.at)
    return {}


def token_info(call: Call) -> Json:
    """`POST tt_user/token_info/get/`: what a token may do, and for whom."""
    call.need("app_id", "access_token")
    app = call.world.apps.get(call.text("app_id"))
    if app is None:
        raise ApiError(40113, "The app does not exist.")
    grant = _granted(call, app, kind="account")
    until = grant.tokens[call.text("access_token")]
    if until is not None and call.at > until:
        raise ApiError(40102, "Access token has expired.")
    creator_id = call.world.open_id(grant.subject, app.app_id)
    return {"app_id": app.app_id, "scope": ",".join(grant.scopes), "creator_id": creator_id}


def brand_token(call: Call) -> Json:
    """`POST oauth2/access_token/`: a brand's code for a token without an end."""
    call.need("app_id", "secret", "auth_code")
    return _brand_token(call, _app(call, "app_id", "secret"), call.text("auth_code"))


def brand_token_form(call: Call) -> Json:
    """`POST oauth/token/`: the same, form encoded."""
    form = {name: call.request.field(name) for name in ("client_id", "client_secret", "code", "grant_type")}
    call.parameters = form if any(form.values()) else call.parameters
    call.need("client_id", "client_secret", "code", "grant_type")
    _grant_type(call, "authorization_code")
    return _brand_token(call, _app(call, "client_id", "client_secret"), call.text("code"))


def _brand_token(call: Call, app: App, code: str) -> Json:
    try:
        grant, access = call.world.grants.exchange(app, code, kind="brand", at=call.at)
    except Refused as refused:
        raise ApiError(40110, _canceled(refused)) from None
    brand = brands.at(call.world.seed, grant.subject)
    return {
        "access_token": access,
        "advertiser_ids": list(brand.advertiser_ids),
        "scope": [int(one) for one in grant.scopes],
    }


def advertisers(call: Call) -> Json:
    """`GET oauth2/advertiser/get/`."""
    _same_app(call)
    brand = brands.at(call.world.seed, call.grant.subject)
    named = [
        {"advertiser_id": one, "advertiser_name": f"{brand.name} {n + 1}"} for n, one in enumerate(brand.advertiser_ids)
    ]
    return {"list": named}


def revoke_brand(call: Call) -> Json:
    """`POST oauth2/revoke_token/`."""
    call.need("app_id", "secret", "access_token")
    app = _app(call, "app_id", "secret")
    grant = _granted(call, app, kind="brand")
    call.world.grants.revoke(grant, at=call.at)
    return {"app_id": app.app_id, "advertiser_ids": list(brands.at(call.world.seed, grant.subject).advertiser_ids)}


def user_info(call: Call) -> Json:
    """`GET user/info/`: the person behind a long-lived token."""
    brand = brands.at(call.world.seed, call.grant.subject)
    return {
        "display_name": brand.name,
        "email": f"team@{brand.handle}.example",
        "core_user_id": brand.core_user_id,
        "create_time": int(call.grant.began.timestamp()),
    }


def marketplace_accounts(call: Call) -> Json:
    """`GET tto/oauth2/tcm/`: the TikTok One accounts a token may use."""
    _same_app(call)
    return {"tto_tcm_account_ids": [brands.at(call.world.seed, call.grant.subject).tto_tcm_account_id]}


def legacy_marketplace_accounts(call: Call) -> Json:
    """`GET oauth2/tcm/get/`."""
    _same_app(call)
    return {"tcm_account_ids": [brands.at(call.world.seed, call.grant.subject).tto_tcm_account_id]}


def marketplace_account(call: Call) -> Json:
    """`GET tto/oauth2/info/`."""
    brand = brands.addressed(call, "tto_tcm_account_id")
    return {
        "tto_tcm_account_id": brand.tto_tcm_account_id,
        "account_name": brand.name,
        "timezone": brand.timezone,
        "country": brand.country,
        "business_verification_status": "PASSED",
    }


def creators(call: Call) -> Json:
    """`GET oauth2/creator/get/` (legacy): creators that authorised the app."""
    _same_app(call)
    return {
        "creator_ids": [
            call.world.open_id(index, call.app.app_id) for index in call.world.grants.subjects(call.app.app_id)
        ]
    }


def _pair(call: Call, grant: Grant, access: str) -> Json:
    return {
        "access_token": access,
        "token_type": "Bearer",
        "scope": ",".join(grant.scopes),
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "refresh_token": grant.next_refresh or grant.refresh,
        "refresh_token_expires_in": int((grant.refresh_until() - call.at).total_seconds()),
        "open_id": call.world.open_id(grant.subject, grant.app_id),
    }


def _app(call: Call, id_name: str, secret_name: str) -> App:
    app = call.world.apps.get(call.text(id_name))
    if app is None or app.family != "business":
        raise ApiError(40113, "The app does not exist.")
    if app.secret != call.text(secret_name):
        raise ApiError(40101, "The secret does not match the app.")
    return app


def _same_app(call: Call) -> None:
    call.need("app_id", "secret")
    if _app(call, "app_id", "secret").app_id != call.grant.app_id:
        raise ApiError(
            40113, "The app_id is inconsistent with the token's app information. Please retry after correcting it."
        )


def _granted(call: Call, app: App, *, kind: str) -> Grant:
    grant = call.world.grants.find(call.text("access_token"))
    if grant is None or grant.kind != kind:
        raise ApiError(40105, "Access token is incorrect or has been revoked.")
    if grant.app_id != app.app_id:
        raise ApiError(
            40113, "The app_id is inconsistent with the token's app information. Please retry after correcting it."
        )
    return grant


def _grant_type(call: Call, wanted: str) -> None:
    if call.text("grant_type") != wanted:
        raise ApiError(40108, f"Invalid value for grant_type: {call.text('grant_type')} is not supported.")


def _canceled(refused: Refused) -> str:
    if refused.reason == "invalid_grant":
        return "The auth_code is canceled. Please re-authorize and try again with a new auth_code."
    return refused.text


ROUTES = (
    Route("POST", "tt_user/oauth2/token/", account_token, whose="nobody"),
    Route("POST", "tt_user/oauth2/refresh_token/", refresh_token, whose="nobody"),
    Route("POST", "tt_user/oauth2/revoke/", revoke_account, whose="nobody"),
    Route("POST", "tt_user/token_info/get/", token_info, whose="nobody"),
    Route("POST", "oauth2/access_token/", brand_token, whose="nobody"),
    Route("POST", "oauth/token/", brand_token_form, whose="nobody"),
    Route("GET", "oauth2/advertiser/get/", advertisers, whose="brand"),
    Route("POST", "oauth2/revoke_token/", revoke_brand, whose="nobody"),
    Route("GET", "user/info/", user_info, whose="brand"),
    Route("GET", "tto/oauth2/tcm/", marketplace_accounts, whose="brand", scope=13020000),
    Route("GET", "tto/oauth2/info/", marketplace_account, whose="brand", scope=13020000),
    Route("GET", "oauth2/tcm/get/", legacy_marketplace_accounts, whose="brand", scope=13020000),
    Route("GET", "oauth2/creator/get/", creators, whose="brand"),
)
