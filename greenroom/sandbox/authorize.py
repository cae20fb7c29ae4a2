"""The pages on which a person lets an app in: a creator (Login Kit and the TikTok-account flow) or a brand (portal)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from greenroom.sandbox import brands, oauth
from greenroom.sandbox.http import Request, Response, redirect
from greenroom.sandbox.pages import Html, html, page

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

COOKIE = "sandbox_creator"
WORDS = {
    "user.info.basic": "your name and picture", "user.info.username": "your username",
    "user.info.profile": "your bio, profile link and verified badge",
    "user.info.stats": "your follower, like and video counts",
    "user.account.type": "whether this is a business account", "user.insights": "your account's analytics and audience",
    "video.list": "your public posts and their totals", "video.insights": "how each post is watched and by whom",
    "video.publish": "posting to your account", "video.upload": "sending drafts to your inbox",
    "comment.list": "comments on your posts", "comment.list.manage": "answering, hiding and deleting comments",
    "biz.spark.auth": "letting your posts be used as ads", "biz.creator.info": "your marketplace profile and rate",
    "biz.creator.insights": "your marketplace analytics and audience", "tcm.order.update": "joining campaigns for you",
}  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """A checked request for consent."""

    app: oauth.App
    kind: str
    scopes: tuple[str, ...]
    redirect_uri: str
    state: str
    challenge: str


class Unsafe(Exception):
    """The request cannot even be sent back to the app, because app or address are not to be trusted."""


class Turned(Exception):
    """The request goes back to the app with an error."""

    def __init__(self, asking: Asking, error: str, text: str) -> None:
        super().__init__(error, text)
        self.to = _back(asking, error=error, error_description=text)
        self.error = error


def respond(world: "World", request: Request) -> tuple[Response, str]:
    """Show the consent page, or take its answer; ends in a redirect to the app."""
    brand = request.path.startswith("/portal/auth")
    try:
        asking = _asking_brand(world, request) if brand else _asking_account(world, request)
    except Unsafe as unsafe:
        return _refusal(str(unsafe)), "refused"
    except Turned as turned:
        return redirect(turned.to), turned.error
    if request.method == "POST":
        return _decide(world, request, asking)
    again = _returning(world, request, asking)
    if again is not None:
        return _approve(world, asking, again, asking.scopes), "skipped"
    return (_brand_page(world, asking) if brand else _account_page(world, request, asking)), "page"


def _asking_account(world: "World", request: Request) -> Asking:
    query = request.query
    app = world.apps.get(query.get("client_key", ""))
    if app is None:
        raise Unsafe("client_key: no app has this key.")
    scopes = tuple(dict.fromkeys(one.strip() for one in query.get("scope", "").split(",") if one.strip()))
    kind = "account" if app.family == "business" else "display"
    asking = Asking(app, kind, scopes, _redirect(app, query), query.get("state", ""), query.get("code_challenge", ""))
    if query.get("response_type") != "code":
        raise Turned(asking, "unsupported_response_type", "response_type must be code.")
    unapproved = [one for one in scopes if one not in app.scopes]
    if unapproved or not scopes:
        raise Turned(asking, "invalid_scope", f"The app was not given: {', '.join(unapproved) or 'any scope'}.")
    if asking.challenge and query.get("code_challenge_method") != "S256":
        raise Turned(asking, "invalid_request", "code_challenge_method must be S256.")
    return asking


def _asking_brand(world: "World", request: Request) -> Asking:
    query = request.query
    app = world.apps.get(query.get("app_id", ""))
    if app is None or app.family != "business":
        raise Unsafe("app_id: no app has this id.")
    scopes = tuple(str(one) for one in oauth.BRAND_SCOPES)
    return Asking(app, "brand", scopes, _redirect(app, query), query.get("state", ""), "")


def _redirect(app: oauth.App, query: dict[str, str]) -> str:
    uri = query.get("redirect_uri", "")
    problem = oauth.redirect_problem(uri)
    if problem:
        raise Unsafe(problem)
    if app.redirects and uri not in app.redirects:
        raise Unsafe("redirect_uri: this address is not registered for the app.")
    return uri


def _returning(world: "World", request: Request, asking: Asking) -> int | None:
    """A creator who is signed in and has approved all of this before is sent straight through."""
    if asking.kind == "brand" or request.query.get("disable_auto_auth") == "1":
        return None
    try:
        account = world.account(request.cookies.get(COOKIE, ""))
    except KeyError:
        return None
    grants = world.grants.of(account.index, app_id=asking.app.app_id)
    return account.index if any(set(asking.scopes) <= set(grant.scopes) for grant in grants) else None


def _decide(world: "World", request: Request, asking: Asking) -> tuple[Response, str]:
    if request.field("decision") != "approve":
        return redirect(_back(asking, error="access_denied", error_description="User denied the access.")), "denied"
    if asking.kind == "brand":
        place = request.field("brand")
        if not place.isdigit() or int(place) >= len(brands.NAMES):
            return _refusal("Choose a brand."), "refused"
        return _approve(world, asking, int(place), asking.scopes), "approved"
    try:
        account = world.account(request.field("other").strip() or request.field("handle"))
    except KeyError:
        return _account_page(world, request, asking, problem="Nobody here has that handle."), "page"
    granted = tuple(one for one in asking.scopes if one in request.form.get("scope", []))
    if not granted:
        return redirect(_back(asking, error="access_denied", error_description="User granted no scope.")), "denied"
    response = _approve(world, asking, account.index, granted)
    response.headers["Set-Cookie"] = f"{COOKIE}={account.handle}; Path=/; HttpOnly; SameSite=Lax"
    return response, "approved"


def _approve(world: "World", asking: Asking, subject: int, scopes: tuple[str, ...]) -> Response:
    code = world.grants.issue_code(
        asking.app, kind=asking.kind, subject=subject, scopes=scopes, redirect_uri=asking.redirect_uri,
        at=world.clock.now(), challenge=asking.challenge,
    )  # fmt: skip
    if asking.kind == "brand":
        return redirect(_back(asking, auth_code=code.value))
    return redirect(_back(asking, code=code.value, scopes=",".join(scopes)))


def _back(asking: Asking, **parameters: str) -> str:
    return f"{asking.redirect_uri}?{urlencode({**parameters, 'state': asking.state})}"


def _refusal(text: str) -> Response:
    return page(
        "Something went wrong", html("<h1>Something went wrong</h1><p>{text}</p>", text=text), kind="card", status=400
    )


def _account_page(world: "World", request: Request, asking: Asking, *, problem: str = "") -> Response:
    body = html(
        ACCOUNT_FORM,
        app=asking.app.name,
        people=_people(world, request.cookies.get(COOKIE, "ana")),
        scopes=[html(SCOPE, scope=one, words=WORDS.get(one, one)) for one in asking.scopes],
        problem=html('<p class="problem" role="alert">{text}</p>', text=problem) if problem else Html(""),
        more=OTHER if world.size > 5 else Html(""),
    )
    return page(f"{asking.app.name} wants access", body, kind="card")


def _people(world: "World", signed_in: str) -> list[Html]:
    shown = [world.account_at(index) for index in range(min(5, world.size))]
    if signed_in not in {one.handle for one in shown}:
        try:
            shown.append(world.account(signed_in))
        except KeyError:
            signed_in = shown[0].handle
    return [
        html(PERSON, handle=one.handle, name=one.display_name, checked=_checked(one.handle == signed_in))
        for one in shown
    ]  # fmt: skip


def _checked(on: bool) -> Html:
    return Html(" checked" if on else "")


def _brand_page(world: "World", asking: Asking) -> Response:
    options = [
        html(
            BRAND,
            place=one.place,
            name=one.name,
            country=f"{one.country}, may read creators of {one.region} only" if one.region else one.country,
            checked=_checked(one.place == 0),
        )
        for one in brands.everyone(world.seed)
    ]
    return page(f"{asking.app.name} wants access", html(BRAND_FORM, app=asking.app.name, brands=options), kind="card")


PERSON = Html(
    '<label class="pick"><input type="radio" name="handle" value="{handle}"{checked}>'
    '<img src="/_sim/media/{handle}.svg" alt="" width="32" height="32">'
    "<span><b>{name}</b> <small>@{handle}</small></span></label>"
)
BRAND = Html(
    '<label class="pick"><input type="radio" name="brand" value="{place}"{checked}>'
    "<span><b>{name}</b> <small>TikTok One account, {country}</small></span></label>"
)
SCOPE = Html(
    '<label class="scope"><input type="checkbox" name="scope" value="{scope}" checked>'
    "<span>{words} <code>{scope}</code></span></label>"
)
OTHER = Html(
    '<div class="field"><label for="other">Somebody else</label>'
    '<input id="other" name="other" autocomplete="off" placeholder="handle"></div>'
)
BUTTONS = """<div class="buttons"><button name="decision" value="deny">Deny</button>
<button class="go" name="decision" value="approve">Approve</button></div>"""
ACCOUNT_FORM = Html(
    """<h1>{app} wants to read your account</h1>
<form method="post">
{problem}<fieldset><legend>Who is signed in</legend>{people}{more}</fieldset>
<fieldset><legend>{app} would see or do</legend>{scopes}</fieldset>
<p class="hint">You can take this back at any time in Settings, Security, Manage app permissions.</p>
"""
    + BUTTONS
    + "</form>"
)
BRAND_FORM = Html(
    """<h1>{app} wants to work with your TikTok One account</h1>
<form method="post">
<fieldset><legend>Which brand</legend>{brands}</fieldset>
<p class="hint">It would read and manage campaigns and creators for this brand until you take it back.</p>
"""
    + BUTTONS
    + "</form>"
)
