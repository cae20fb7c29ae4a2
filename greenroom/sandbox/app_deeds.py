"""What a tester does on the screens of the app: one POST each, then back to a screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from greenroom.sandbox import app_pages, invitations, link_requests, orders, spark, uploads
from greenroom.sandbox.authorize import COOKIE
from greenroom.sandbox.http import ApiError, Request, Response, redirect
from greenroom.sandbox.pages import html, page
from greenroom.sandbox.people import Account

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Deed = Callable[["World", Request, Account], str]


def respond(world: "World", request: Request) -> tuple[Response, str] | None:
    """The answer to a deed; None when the path is none. What cannot be done is said on a page, with 409."""
    deed = DEEDS.get(request.path.removeprefix("/_sim/").strip("/"))
    if deed is None:
        return None
    try:
        account = world.account(request.field("handle"))
    except KeyError:
        return page("Nobody", html("<h1>Nobody here has that handle</h1>"), kind="card", status=404), "404"
    try:
        to = deed(world, request, account)
    except ApiError as refused:
        body = html(REFUSED, text=refused.message, handle=account.handle)
        return page("That did not work", body, kind="card", status=409), "409"
    response = redirect(to, headers={"Set-Cookie": f"{COOKIE}={account.handle}; Path=/; HttpOnly; SameSite=Lax"})
    response.status = 303
    return response, "303"


def _publish(world: "World", request: Request, account: Account) -> str:
    caption, branded = request.field("caption").strip() or None, request.field("branded") == "on"
    world.publish(account.handle, caption=caption, branded=branded)
    return _at("", account.handle)


def _withdraw(world: "World", request: Request, account: Account) -> str:
    world.withdraw(account.handle, request.field("app_id") or None)
    return _at("", account.handle)


def _join_marketplace(world: "World", request: Request, account: Account) -> str:
    world.join_marketplace(account.handle)
    return _at("", account.handle)


def _leave_marketplace(world: "World", request: Request, account: Account) -> str:
    world.leave_marketplace(account.handle)
    return _at("", account.handle)


def _at(screen: str, handle: str, **more: str) -> str:
    return f"/_sim/{screen}?{urlencode({'handle': handle, **more})}"


def _answer_invitation(world: "World", request: Request, account: Account) -> str:
    if request.field("action") == "join":
        invitations.accept(world, handle=account.handle)
        return _at("joined", account.handle)
    invitations.decline(world, handle=account.handle)
    return _at("inbox", account.handle)


def _answer_order(world: "World", request: Request, account: Account) -> str:
    do = orders.join if request.field("action") == "join" else orders.decline
    order = do(world, handle=account.handle, link=request.field("link"))
    return _at("campaign", account.handle, key=app_pages.key_of(order.campaign))


def _hand_in(world: "World", request: Request, account: Account) -> str:
    hours = request.field("late_hours")
    made = uploads.upload(
        world, handle=account.handle, link=request.field("link"), deliverable=request.field("deliverable"),
        caption=request.field("caption").strip(), late_hours=int(hours) if hours.isdigit() else 0,
    )  # fmt: skip
    return _at("campaign", account.handle, key=app_pages.key_of(made.order.campaign))


def _post(world: "World", request: Request, account: Account) -> str:
    uploads.post(world, video_id=request.field("video_id"))
    return _at("campaign", account.handle, key=request.field("key"))


def _moderate(world: "World", request: Request, account: Account) -> str:
    video_id, verdict = request.field("video_id"), request.field("verdict")
    if verdict == "approve":
        uploads.approve(world, video_id=video_id)
    elif verdict == "remove":
        uploads.remove(world, video_id=video_id, by="moderators")
    else:
        uploads.reject(world, video_id=video_id, reason=request.field("reason").strip(), by="content")
    return _at("campaign", account.handle, key=request.field("key"))


def _enter_code(world: "World", request: Request, account: Account) -> str:
    made = uploads.enter_code(
        world, handle=account.handle, code=request.field("code"), video_id=request.field("video_id")
    )
    return _at("campaign", account.handle, key=app_pages.key_of(made.order.campaign))


def _answer_request(world: "World", request: Request, account: Account) -> str:
    action = "APPROVE" if request.field("action") == "approve" else "REJECT"
    link_requests.answer(world, handle=account.handle, request_id=request.field("key"), action=action)
    return _at("inbox", account.handle)


def _answer_spark(world: "World", request: Request, account: Account) -> str:
    grant, days = request.field("action") == "approve", request.field("days")
    spark.answer(world, video_id=request.field("video_id"), grant=grant, days=int(days) if days.isdigit() else 0)
    return _at("inbox", account.handle)


REFUSED = """<h1>That did not work</h1>
<p>{text}</p>
<p><a href="/_sim/?handle={handle}">Back to the profile</a></p>"""
DEEDS: dict[str, Deed] = {
    "creator/publish": _publish,
    "creator/withdraw": _withdraw,
    "creator/join": _join_marketplace,
    "creator/leave": _leave_marketplace,
    "creator/invitation": _answer_invitation,
    "creator/order": _answer_order,
    "creator/upload": _hand_in,
    "creator/post": _post,
    "creator/moderate": _moderate,
    "creator/code": _enter_code,
    "creator/request": _answer_request,
    "creator/spark": _answer_spark,
}
