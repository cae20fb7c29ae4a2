"""API for Business: the gate every call passes and the envelope every answer wears.

The order of checks is that of TikTok as far as it is known: path, token present, known, expired, scope, throttle,
parameters, object, business rule.
"""

from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from greenroom.sandbox import (
    business_accounts,
    business_auth,
    business_comments,
    business_hooks,
    business_publish,
    business_spark,
    chance,
    identities,
    marketplace_brand,
    marketplace_campaigns,
    marketplace_creators,
    marketplace_orders,
    marketplace_reports,
    marketplace_search,
    marketplace_spark,
    marketplace_tcm,
    marketplace_tto,
    spark_posts,
)
from greenroom.sandbox.http import ApiError, Json, Request, Response, to_json, write_object
from greenroom.sandbox.oauth import App, Grant
from greenroom.sandbox.routes import Call, Route

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

PREFIX = "/open_api/v1.3/"
FAMILIES = (
    business_auth,
    business_accounts,
    business_comments,
    business_publish,
    business_hooks,
    business_spark,
    marketplace_tto,
    marketplace_search,
    marketplace_tcm,
    marketplace_campaigns,
    marketplace_orders,
    marketplace_reports,
    marketplace_brand,
    marketplace_creators,
    marketplace_spark,
    spark_posts,
    identities,
)
ROUTES: dict[str, Route] = {route.path: route for family in FAMILIES for route in family.ROUTES}


def respond(world: "World", request: Request) -> tuple[Response, str]:
    """The answer to a call below `/open_api/`, and the code in it for the ledger."""
    if not request.path.endswith("/"):
        return Response("404 page not found", status=404), "404"
    at = world.clock.now()
    try:
        data = _answer(world, request, at)
    except ApiError as refusal:
        return _envelope(refusal.code, refusal.message, {}, at, status=refusal.status), str(refusal.code)
    return _envelope(0, "OK", data, at), "0"


def _answer(world: "World", request: Request, at: datetime) -> Json:
    route = ROUTES.get(request.path[len(PREFIX) :]) if request.path.startswith(PREFIX) else None
    if route is None:
        raise ApiError(40008, "The endpoint does not exist.")
    if request.method != route.method:
        raise ApiError(40117, f"Method not allowed. Use {route.method}.")
    grant = None if route.whose == "nobody" else _grant(world, request, route, at)
    app = world.apps.get(grant.app_id if grant else _named_app(request))
    _throttle(world, route, grant, app)
    _refuse_repeats(world, request)
    return route.answer(Call(world, request, route, grant=grant, app=app, at=at))


def _grant(world: "World", request: Request, route: Route, at: datetime) -> Grant:
    token = request.header("Access-Token")
    if not token:
        raise ApiError(40104, "Access token is null, you should set it in http header with key Access-Token.")
    grant = world.grants.find(token)
    if grant is None or grant.kind == "display":
        raise ApiError(40105, "Access token is incorrect or has been revoked.")
    if world.faults.strikes("expired_token") and grant.kind == "account":
        world.grants.expire(grant, token, at=at)
    until = grant.tokens[token]
    if until is not None and at > until:
        raise ApiError(40102, "Access token has expired.")
    world.grants.used(grant, token)
    if route.whose not in ("any", grant.kind):
        raise ApiError(40001, f"Permission error: this endpoint needs the access token of {_whose(route)}.")
    if route.scope is not None and str(route.scope) not in grant.scopes:
        raise ApiError(40001, f"Permission error: the access token does not have the required scope(s): {route.scope}.")
    return grant


def _whose(route: Route) -> str:
    return "a TikTok account" if route.whose == "account" else "a TikTok One account"


def _named_app(request: Request) -> str:
    named = request.json if request.method == "POST" else request.query
    return str(named.get("client_id") or named.get("app_id") or "")


def _throttle(world: "World", route: Route, grant: Grant | None, app: App | None) -> None:
    if world.faults.strikes("throttled"):
        name = app.app_id if app else "unknown"
        raise ApiError(40100, f"Due to too many requests, requests from App {name} are temporarily restricted")
    if world.faults.strikes("busy"):
        raise ApiError(50002, "Service error: processing failed or timed out. Please try again later.")
    if world.throttle is None or app is None:
        return
    text = world.throttle.app(app.app_id, app.level)
    if not text and route.limited and grant is not None:
        text = world.throttle.account(app.app_id, app.level, str(grant.subject), route.path)
    if text:
        raise ApiError(40100, text)


def _refuse_repeats(world: "World", request: Request) -> None:
    """By fault: what TikTok takes for a repeat. What it goes by is not known; here it is token, path and body."""
    if request.method != "POST":
        return
    said: set[bytes] = world.record("said", set)
    what = chance.digest("said", request.header("Access-Token"), request.path, request.body)
    if what in said and world.faults.strikes("refused_duplicates"):
        raise ApiError(40050, "Duplicate request. Please do not repeat it.")
    said.add(what)


def _envelope(code: int, message: str, data: Json, at: datetime, *, status: int = 200) -> Response:
    request_id = f"{at:%Y%m%d%H%M%S}{token_hex(9).upper()}"
    envelope = {"code": code, "message": message, "request_id": request_id, "data": write_object(data)}
    return to_json(
        write_object(envelope),
        status=status,
        headers={"X-Tt-Logid": request_id, "x-tt-trace-id": f"00-{request_id.lower()}-01"},
    )
