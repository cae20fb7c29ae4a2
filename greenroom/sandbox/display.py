"""Login Kit tokens and the Display API v2 (`/v2/…`): flat OAuth errors, Bearer tokens, figures without delay."""

from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import boosts, truth
from greenroom.sandbox.http import Json, Request, Response, to_json
from greenroom.sandbox.oauth import ACCESS_LIFE, App, Grant, Refused
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import Post

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

USER_FIELDS = (
    dict.fromkeys(
        ("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"), "user.info.basic"
    )
    | dict.fromkeys(("bio_description", "profile_deep_link", "is_verified", "username"), "user.info.profile")
    | dict.fromkeys(("follower_count", "following_count", "likes_count", "video_count"), "user.info.stats")
)
VIDEO_FIELDS = dict.fromkeys(
    (
        "id", "create_time", "cover_image_url", "share_url", "video_description", "title", "duration", "height",
        "width",
        "embed_html", "embed_link", "like_count", "comment_count", "share_count", "view_count", "is_aigc",
    ),
    "video.list",
)  # fmt: skip
STATUS = {
    "access_token_invalid": 401, "scope_not_authorized": 401, "scope_permission_missed": 400, "invalid_params": 400,
    "rate_limit_exceeded": 429, "internal_error": 500,
}  # fmt: skip


class Denied(Exception):
    """A refusal of the Display API: an error code with its own HTTP status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def respond(world: "World", request: Request) -> tuple[Response, str]:
    """The answer to a call below `/v2/`, and the code in it for the ledger."""
    at = world.clock.now()
    if request.path in OAUTH:
        return _oauth(world, request, at)
    known = DATA.get(request.path)
    if known is None:
        return Response("404 page not found", status=404), "404"
    log_id = f"{at:%Y%m%d%H%M%S}{token_hex(9).upper()}"
    method, answer = known
    try:
        if request.method != method:
            raise Denied("invalid_params", f"Use {method}.")
        data, code, text, status = answer(world, request, _grant(world, request, at), at), "ok", "", 200
    except Denied as denied:
        data, code, text, status = {}, denied.code, denied.message, STATUS[denied.code]
    body = {"data": data, "error": {"code": code, "message": text, "log_id": log_id}}
    return to_json(body, status=status, headers={"X-Tt-Logid": log_id}), code


def _grant(world: "World", request: Request, at: datetime) -> Grant:
    kind, _, token = request.header("Authorization").partition(" ")
    grant = world.grants.find(token.strip()) if kind == "Bearer" else None
    if grant is None or grant.kind != "display":
        raise Denied("access_token_invalid", "The access token is invalid or not found in the request.")
    if world.faults.strikes("expired_token"):
        world.grants.expire(grant, token.strip(), at=at)
    until = grant.tokens[token.strip()]
    if until is not None and at > until:
        raise Denied("access_token_invalid", "The access token is expired.")
    world.grants.used(grant, token.strip())
    if world.faults.strikes("throttled") or (world.throttle and not world.throttle.display(grant.app_id, request.path)):
        raise Denied("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
    if world.faults.strikes("busy"):
        raise Denied("internal_error", "Something went wrong. Please try again later.")
    return grant


def user(world: "World", request: Request, grant: Grant, at: datetime) -> Json:
    """`GET /v2/user/info/`."""
    fields = _fields(request, grant, USER_FIELDS)
    account = world.account_at(grant.subject)
    figures = user_figures(world, account, app_id=grant.app_id, at=at)
    return {"user": {name: figures[name] for name in fields}}


def user_figures(world: "World", account: Account, *, app_id: str, at: datetime) -> dict[str, Any]:
    """Every field of a Display user at a moment."""
    profile = truth.profile(world, account, at=at)
    picture = profile["profile_image"]
    return {
        "open_id": world.open_id(account.index, app_id),
        "union_id": world.open_id(account.index, "union"),
        "avatar_url": picture,
        "avatar_url_100": picture,
        "avatar_large_url": picture,
        "display_name": account.display_name,
        "bio_description": account.bio,
        "profile_deep_link": profile["profile_deep_link"],
        "is_verified": account.verified,
        "username": account.handle,
        "follower_count": profile["followers_count"],
        "following_count": profile["following_count"],
        "likes_count": profile["total_likes"],
        "video_count": profile["videos_count"],
    }


def videos(world: "World", request: Request, grant: Grant, at: datetime) -> Json:
    """`POST /v2/video/list/`: newest first, before a cursor in milliseconds."""
    fields = _fields(request, grant, VIDEO_FIELDS)
    limit, before = request.json.get("max_count", 10), request.json.get("cursor") or int(at.timestamp() * 1000) + 1
    if not isinstance(limit, int) or not 1 <= limit <= 20 or not isinstance(before, int):
        raise Denied("invalid_params", "max_count must be between 1 and 20, cursor a number.")
    posts = [post for post in world.posts_of(grant.subject, at=at) if post.created * 1000 < before]
    page, more = posts[:limit], len(posts) > limit
    if more and len(page) > 1 and world.faults.strikes("short_pages"):
        page = page[: max(1, len(page) // 2)]
    account = world.account_at(grant.subject)
    found = [_picked(world, account, post, fields, at) for post in page]
    return {"videos": found, "cursor": page[-1].created * 1000 if page else before, "has_more": more}


def query(world: "World", request: Request, grant: Grant, at: datetime) -> Json:
    """`POST /v2/video/query/`: up to 20 posts by id; those that are not the user's are left out."""
    fields = _fields(request, grant, VIDEO_FIELDS)
    filters = request.json.get("filters")
    wanted = filters.get("video_ids") if isinstance(filters, dict) else None
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 20:
        raise Denied("invalid_params", "filters.video_ids must hold 1 to 20 ids.")
    ids = {str(one) for one in wanted}
    account = world.account_at(grant.subject)
    mine = [post for post in world.posts_of(grant.subject, at=at) if post.item_id in ids]
    return {"videos": [_picked(world, account, post, fields, at) for post in mine]}


def video_figures(world: "World", account: Account, post: Post, *, at: datetime) -> dict[str, Any]:
    """Every field of a Display video at a moment, live to the minute."""
    count = boosts.counters(world, post, truth.minute(at))
    embed = f"https://www.tiktok.com/player/v1/{post.item_id}"
    return {
        "id": post.item_id,
        "create_time": post.created,
        "cover_image_url": truth.media(world, post.item_id, at=at),
        "share_url": f"https://www.tiktok.com/@{account.handle}/video/{post.item_id}",
        "video_description": post.caption[:150],
        "title": post.caption.split(" #")[0][:150],
        "duration": int(post.curve.duration),
        "height": 1024,
        "width": 576,
        "embed_html": f'<blockquote class="tiktok-embed" data-video-id="{post.item_id}"></blockquote>',
        "embed_link": embed,
        "like_count": count.likes,
        "comment_count": count.comments,
        "share_count": count.shares,
        "view_count": count.views,
        "is_aigc": False,
    }


def _picked(world: "World", account: Account, post: Post, fields: list[str], at: datetime) -> dict[str, Any]:
    figures = video_figures(world, account, post, at=at)
    return {name: figures[name] for name in fields}


def _fields(request: Request, grant: Grant, known: dict[str, str]) -> list[str]:
    asked = [name.strip() for name in request.query.get("fields", "").split(",") if name.strip()]
    if not asked or any(name not in known for name in asked):
        raise Denied("invalid_params", "Fields is required and may only hold the fields of this object.")
    if not {known[name] for name in asked} <= set(grant.scopes):
        raise Denied(
            "scope_not_authorized", "The user did not authorize the scope required for completing this request."
        )
    return asked


def _oauth(world: "World", request: Request, at: datetime) -> tuple[Response, str]:
    """Token and revoke: form in, flat JSON out, errors with HTTP 200 as seen on the live service."""
    try:
        if request.method != "POST":
            raise Refused("invalid_request", "Only `application/x-www-form-urlencoded` POST is supported.")
        body = OAUTH[request.path](world, request, at)
    except Refused as refused:
        word = "invalid_grant" if refused.reason == "expired" else refused.reason
        log_id = f"{at:%Y%m%d%H%M%S}{token_hex(9).upper()}"
        return to_json({"error": word, "error_description": refused.text, "log_id": log_id}), word
    return (to_json(body) if body else Response()), "ok"


def token(world: "World", request: Request, at: datetime) -> Json:
    """`POST /v2/oauth/token/`. Raises `Refused`."""
    app = _app(world, request)
    grant_type = request.field("grant_type")
    if grant_type == "authorization_code":
        grant, access = world.grants.exchange(
            app, request.field("code"), kind="display", at=at,
            redirect_uri=request.field("redirect_uri"), verifier=request.field("code_verifier"),
        )  # fmt: skip
    elif grant_type == "refresh_token":
        at_once = world.faults.strikes("rotate_at_once")
        grant, access = world.grants.renew(app, request.field("refresh_token"), at=at, rotate_at_once=at_once)
    else:
        raise Refused("unsupported_grant_type", "Grant type is not supported.")
    return {
        "access_token": access,
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "open_id": world.open_id(grant.subject, grant.app_id),
        "refresh_expires_in": int((grant.refresh_until() - at).total_seconds()),
        "refresh_token": grant.next_refresh or grant.refresh,
        "scope": ",".join(grant.scopes),
        "token_type": "Bearer",
    }


def revoke(world: "World", request: Request, at: datetime) -> Json:
    """`POST /v2/oauth/revoke/`: an empty body. Raises `Refused`."""
    app = _app(world, request)
    grant = world.grants.find(request.field("token"))
    if grant is None or grant.app_id != app.app_id:
        raise Refused("invalid_request", "Token is invalid.")
    world.grants.revoke(grant, at=at)
    return {}


def _app(world: "World", request: Request) -> App:
    app = world.apps.get(request.field("client_key"))
    if app is None or app.family != "login" or app.secret != request.field("client_secret"):
        raise Refused("invalid_client", "Client key or secret is incorrect.")
    return app


OAUTH = {"/v2/oauth/token/": token, "/v2/oauth/revoke/": revoke}
DATA = {"/v2/user/info/": ("GET", user), "/v2/video/list/": ("POST", videos), "/v2/video/query/": ("POST", query)}
