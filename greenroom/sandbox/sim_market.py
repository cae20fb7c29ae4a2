"""Controls of the marketplace under `/_sim/`: what the creator, the moderators and time do, each by one call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import boosts, brands, eligibility, invitations, link_requests, orders, spark, uploads
from greenroom.sandbox.http import Json
from greenroom.sandbox.market import Campaign, Order, Upload
from greenroom.sandbox.marketplace_orders import review_status

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Verbs = dict[str, Callable[..., Any]]
INVITATION_VERBS: Verbs = {
    "view": invitations.view, "join": invitations.accept, "decline": invitations.decline, "expire": invitations.expire,
}  # fmt: skip
ORDER_VERBS: Verbs = {"join": orders.join, "decline": orders.decline, "expire": orders.expire}


def market(world: "World", query: Json) -> Json:
    """`GET market?handle=`: every campaign, order and upload with its state, or one creator's."""
    handle = query.get("handle", "")
    with world.lock:
        found = [tell_campaign(one, handle) for one in world.market.campaigns.values() if _about(one, handle)]
        asked = [
            {"link_request_id": key, "campaign_id": one.campaign.campaign_id, "handle": one.handle,
             "video_id": one.video_id, "status": one.status}
            for key, one in world.market.requests.items() if handle in ("", one.handle)
        ]  # fmt: skip
        return {"campaigns": found, "link_requests": asked, "removed": dict(world.market.removed)}


def _about(campaign: Campaign, handle: str) -> bool:
    return not handle or handle in campaign.orders


def tell_campaign(campaign: Campaign, handle: str = "") -> Json:
    """A campaign as the world knows it."""
    return {
        "campaign_id": campaign.campaign_id, "generation": campaign.generation, "brand": campaign.brand_name,
        "name": campaign.name, "description": campaign.description, "code": campaign.code, "link": campaign.link,
        "deliverables": [{"name": one.name, "spark_days": one.spark_days} for one in campaign.deliverables],
        "remaining_orders": campaign.remaining_orders,
        "orders": [tell_order(one) for one in campaign.orders.values() if handle in ("", one.handle)],
    }  # fmt: skip


def tell_order(order: Order) -> Json:
    """An order as the world knows it."""
    return {
        "order_id": order.order_id, "handle": order.handle, "state": order.state, "link": order.campaign.link,
        "code": order.campaign.code, "uploads": [tell_upload(one) for one in order.uploads],
    }  # fmt: skip


def tell_upload(made: Upload) -> Json:
    """An upload as the world knows it; its id also while brands are not told it yet."""
    return {
        "video_id": made.video_id, "deliverable": made.deliverable.name, "way": made.way, "state": made.state,
        "review": review_status(made), "known_at": made.known_at.isoformat(), "failed": made.failed,
        "reason": made.reason,
    }  # fmt: skip


def notices(world: "World", query: Json) -> Json:
    """`GET notices?handle=`: the creator's System Notifications, newest first, and their invitations."""
    handle = world.account(query["handle"]).handle
    found = [
        {"kind": one.kind, "brand": one.brand_name, "text": one.text, "at": one.sent_at.isoformat(), "key": one.key}
        for one in invitations.inbox(world, handle)
    ]
    return {"notices": found, "invitations": [_invitation(one) for one in invitations.of(world, handle)]}


def _invitation(one: invitations.Invitation) -> Json:
    return {"invitation_id": one.invitation_id, "handle": one.handle, "brand": one.brand, "state": one.state}


def judge_account(world: "World", query: Json) -> Json:
    """`GET eligibility?handle=`: the seven rules as the world knows them."""
    account = world.account(query["handle"])
    found = eligibility.rules(world, account, at=world.clock.now())
    rules = [{"rule": one.name, "holds": one.holds, "value": one.value, "refusal": one.refusal} for one in found]
    return {"eligible": all(one.holds for one in found), "rules": rules}


def change(world: "World", body: Json) -> Json:
    """`POST person {handle, adult?, suitable?, business?, country?, followers?}`."""
    facts = dict(body)
    account = world.change(facts.pop("handle"), **facts)
    return {
        name: getattr(account, name) for name in ("handle", "adult", "suitable", "business", "country", "followers")
    }


def invitation(world: "World", body: Json) -> Json:
    """`POST invitation {handle, action: view, join, decline or expire}`."""
    return _invitation(INVITATION_VERBS[body["action"]](world, handle=body["handle"]))


def order(world: "World", body: Json) -> Json:
    """`POST order {handle, link, action: join, decline or expire}`."""
    return tell_order(ORDER_VERBS[body["action"]](world, handle=body["handle"], link=body["link"]))


def upload(world: "World", body: Json) -> Json:
    """`POST upload {handle, link, deliverable?, caption?, views?, late_hours?, post?}`: with `post` posted at once."""
    known = ("deliverable", "caption", "views", "late_hours")
    more = {name: body[name] for name in known if body.get(name) is not None}
    made = uploads.upload(world, handle=body["handle"], link=body["link"], **more)
    return tell_upload(uploads.post(world, video_id=made.video_id) if body.get("post") else made)


def post(world: "World", body: Json) -> Json:
    """`POST post {video_id}`: what was uploaded can be seen; review begins."""
    return tell_upload(uploads.post(world, video_id=body["video_id"]))


def code(world: "World", body: Json) -> Json:
    """`POST code {handle, code, video_id}`: the campaign code typed on a post."""
    return tell_upload(uploads.enter_code(world, handle=body["handle"], code=body["code"], video_id=body["video_id"]))


def review(world: "World", body: Json) -> Json:
    """`POST review {video_id, verdict: approve or reject, reason?, by?: content, ad or advertiser}`."""
    video_id = body["video_id"]
    if body["verdict"] == "approve":
        return tell_upload(uploads.approve(world, video_id=video_id))
    if body["verdict"] != "reject":
        raise ValueError("verdict must be approve or reject")
    reason, by = body.get("reason", ""), body.get("by", "content")
    return tell_upload(uploads.reject(world, video_id=video_id, reason=reason, by=by))


def link_request(world: "World", body: Json) -> Json:
    """`POST link_request {handle, link_request_id, action: APPROVE or REJECT}`."""
    found = link_requests.answer(
        world, handle=body["handle"], request_id=body["link_request_id"], action=body["action"]
    )
    return {"link_request_id": found.request_id, "status": found.status}


def spark_answer(world: "World", body: Json) -> Json:
    """`POST spark {video_id, grant, days?}`: the creator answers the wish to advertise."""
    found = spark.answer(world, video_id=body["video_id"], grant=bool(body["grant"]), days=int(body.get("days") or 0))
    return {"video_id": found.video_id, "status": found.status, "code": found.code}


def boost(world: "World", body: Json) -> Json:
    """`POST boost {video_id, views?, spend?, end?}`: an advertiser runs the post, or with `end` no longer does."""
    if body.get("end"):
        boosts.stop(world, body["video_id"])
        return {"video_id": body["video_id"], "running": False}
    more = {name: body[name] for name in ("views", "spend") if body.get(name) is not None}
    boosts.boost(world, body["video_id"], **more)
    return {"video_id": body["video_id"], "running": True}


def spark_switch(world: "World", body: Json) -> Json:
    """`POST spark_switch {handle, video_id, on, days?}`: the creator's own switch in the settings of a post."""
    account = world.account(body["handle"])
    days = int(body.get("days") or 30)
    found = spark.switch(world, account, video_id=body["video_id"], on=bool(body["on"]), days=days)
    return {"video_id": found.video_id, "code": "" if found.deleted else found.code}


def spark_use(world: "World", body: Json) -> Json:
    """`POST spark_use {code, brand?}`: somebody at the brand authorises a code in Ads Manager."""
    advertiser = brands.at(world.seed, int(body.get("brand") or 0)).advertiser_ids[0]
    found = spark.use(world, code=body["code"], advertiser=advertiser)
    return {"video_id": found.video_id, "advertiser_id": advertiser}


def hooks(world: "World", _: Json) -> Json:
    """`GET webhooks`: what is kept back and what was delivered last."""
    held = [{"url": one.url, "body": one.body.decode()} for one in world.webhooks.held()]
    done = [{"url": one.url, "body": one.body.decode(), "status": one.status} for one in list(world.webhooks.delivered)]
    return {"held": held, "delivered": done}


def turn_hooks(world: "World", body: Json) -> Json:
    """`POST webhooks {hold: true}` keeps events back; `{release: "all" or places in order}` delivers them."""
    if body.get("hold"):
        world.webhooks.hold()
    if "release" not in body:
        return {"released": 0}
    order = None if body["release"] == "all" else [int(place) for place in body["release"]]
    return {"released": world.webhooks.release(order)}


CONTROLS: dict[tuple[str, str], Callable[["World", Json], Json]] = {
    ("GET", "market"): market,
    ("GET", "notices"): notices,
    ("GET", "eligibility"): judge_account,
    ("POST", "person"): change,
    ("POST", "invitation"): invitation,
    ("POST", "order"): order,
    ("POST", "upload"): upload,
    ("POST", "post"): post,
    ("POST", "code"): code,
    ("POST", "review"): review,
    ("POST", "link_request"): link_request,
    ("POST", "spark"): spark_answer,
    ("POST", "boost"): boost,
    ("POST", "spark_switch"): spark_switch,
    ("POST", "spark_use"): spark_use,
    ("GET", "webhooks"): hooks,
    ("POST", "webhooks"): turn_hooks,
}
