"""`/_sim/`: the controls of the world and the creator simulator. Not TikTok, and not under a TikTok path."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import creator_pages, media, oauth, pages, people, sim_market
from greenroom.sandbox.http import ApiError, Json, Request, Response, to_json

if TYPE_CHECKING:
    from greenroom.sandbox.world import World


def respond(world: "World", request: Request) -> tuple[Response, str]:
    """A page, a picture, or the JSON of a control."""
    path = request.path.removeprefix("/_sim/")
    if path == "sandbox.css":
        return pages.stylesheet(), "200"
    if path.startswith("media/"):
        return media.picture(path.removeprefix("media/").removesuffix(".svg")), "200"
    control = CONTROLS.get((request.method, path.rstrip("/")))
    if control is None:
        return creator_pages.respond(world, request)
    try:
        return to_json(control(world, request.query if request.method == "GET" else request.json)), "200"
    except ApiError as refused:
        return to_json({"error": refused.message, "code": refused.code}, status=409), "409"
    except KeyError as unknown:
        return to_json({"error": f"unknown or missing: {unknown.args[0]}"}, status=404), "404"
    except (ValueError, TypeError, IndexError) as wrong:
        return to_json({"error": str(wrong)}, status=400), "400"


def describe(world: "World", _: Json) -> Json:
    """`GET world`: how the world is set up, and its time."""
    return {
        "now": world.clock.now().isoformat(),
        "began": world.began.isoformat(),
        "rate": world.clock.rate,
        "seed": world.seed,
        "accounts": world.size,
        "posts": world.posts,
        "delays": world.delays,
        "throttle": world.throttle is not None,
        "faults": world.faults.state(),
        "apps": [{"app_id": app.app_id, "family": app.family, "level": app.level} for app in world.apps.values()],
    }


def turn_clock(world: "World", body: Json) -> Json:
    """`POST clock {advance_seconds | set | rate}`."""
    if "rate" in body:
        world.clock.run(float(body["rate"]))
    if "set" in body:
        world.clock.set(datetime.fromisoformat(body["set"]))
    if "advance_seconds" in body:
        world.clock.advance(seconds=float(body["advance_seconds"]))
    world.settle()
    return {"now": world.clock.now().isoformat(), "rate": world.clock.rate}


def set_faults(world: "World", body: Json) -> Json:
    """`POST faults {name: share or count, slow: [share, seconds], clear: true}`."""
    if body.pop("clear", False):
        world.faults.clear()
    world.faults.set(**body)
    return world.faults.state()


def publish(world: "World", body: Json) -> Json:
    """`POST publish {handle, caption?, views?, at?, branded?}`: `branded` with its branded content toggle on."""
    at = datetime.fromisoformat(body["at"]) if "at" in body else None
    branded = bool(body.get("branded"))
    post = world.publish(body["handle"], caption=body.get("caption"), views=body.get("views"), at=at, branded=branded)
    return {"item_id": post.item_id, "create_time": str(post.created)}


def remove(world: "World", body: Json) -> Json:
    """`POST remove {item_id, by?}`: the post stops being visible, by the creator or by the moderators."""
    by = body.get("by", "creator")
    if by not in ("creator", "moderators"):
        raise ValueError("by must be creator or moderators")
    world.remove(str(body["item_id"]), by=by)
    return {}


def withdraw(world: "World", body: Json) -> Json:
    """`POST withdraw {handle, app_id?}`."""
    return {"ended": world.withdraw(body["handle"], body.get("app_id"))}


def join(world: "World", body: Json) -> Json:
    """`POST join {handle}`: into the marketplace."""
    world.join_marketplace(body["handle"])
    return {"status": world.membership(world.account(body["handle"]))}


def leave(world: "World", body: Json) -> Json:
    """`POST leave {handle}`: out of the marketplace."""
    world.leave_marketplace(body["handle"])
    return {"status": world.membership(world.account(body["handle"]))}


def register(world: "World", body: Json) -> Json:
    """`POST apps {app_id, secret, family, name?, scopes?, redirects?, level?}`: one more developer app."""
    family = body["family"]
    if family not in ("business", "login"):
        raise ValueError("family must be business or login")
    scopes = tuple(body.get("scopes") or (oauth.ACCOUNT_SCOPES if family == "business" else oauth.LOGIN_SCOPES))
    app = oauth.App(
        body["app_id"], body["secret"], family, str(body.get("name") or body["app_id"]), scopes,
        tuple(body.get("redirects", ())), body.get("level", "basic"),
    )  # fmt: skip
    world.grants.register(app)
    return {"app_id": app.app_id}


def truth(world: "World", query: Json) -> Json:
    """`GET truth?handle=&at=`."""
    at = datetime.fromisoformat(query["at"].replace(" ", "+")) if query.get("at") else None
    return world.truth(query["handle"], at)


def accounts(world: "World", query: Json) -> Json:
    """`GET accounts?offset=&limit=`: who lives here, 100 at a time unless told."""
    offset, limit = int(query.get("offset", 0)), min(int(query.get("limit", 100)), 1_000)
    found = [world.account_at(index) for index in range(max(offset, 0), min(offset + limit, world.size))]
    return {"accounts": [_line(world, one) for one in found], "total": world.size}


def _line(world: "World", account: people.Account) -> dict[str, Any]:
    return {
        "index": account.index, "handle": account.handle, "display_name": account.display_name,
        "country": account.country,
        "business": account.business, "followers": account.followers, "marketplace": world.membership(account),
        "open_ids": {app_id: world.open_id(account.index, app_id) for app_id in world.apps},
    }  # fmt: skip


def ledger(world: "World", _: Json) -> Json:
    """`GET ledger`: how often each endpoint answered with each code."""
    with world.lock:
        counts = sorted(world.ledger.items())
    calls = [{"method": method, "path": path, "code": code, "count": count} for (method, path, code), count in counts]
    return {"calls": calls, "total": sum(one["count"] for one in calls)}


CONTROLS: dict[tuple[str, str], Callable[["World", Json], Json]] = {
    ("GET", "world"): describe,
    ("POST", "clock"): turn_clock,
    ("POST", "faults"): set_faults,
    ("POST", "publish"): publish,
    ("POST", "remove"): remove,
    ("POST", "withdraw"): withdraw,
    ("POST", "join"): join,
    ("POST", "leave"): leave,
    ("POST", "apps"): register,
    ("GET", "truth"): truth,
    ("GET", "accounts"): accounts,
    ("GET", "ledger"): ledger,
    **sim_market.CONTROLS,
}
