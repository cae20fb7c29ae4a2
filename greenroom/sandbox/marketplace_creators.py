"""The creator's side by API (`tto/creator/…`): join, link a post, answer a brand's wish to link one."""

from greenroom.sandbox import link_requests, marketplace, orders, uploads
from greenroom.sandbox.http import Json
from greenroom.sandbox.routes import Call, Route


def join(call: Call) -> Json:
    """`POST tto/creator/campaign/join/`."""
    handle, link = _invited(call)
    orders.join(call.world, handle=handle, link=link)
    return {}


def link_video(call: Call) -> Json:
    """`POST tto/creator/campaign/video/link/`: a post that is out already; the creator must have joined."""
    call.need("creator_id", "tto_invite_link", "video_id")
    handle, link = _invited(call)
    with call.world.lock:
        order = call.world.market.order_of(call.world.market.behind_link(link), handle)
        uploads.tie_post(call.world, order=order, video_id=call.text("video_id"), way="link")
    return {}


def link_requests_of(call: Call) -> Json:
    """`GET tto/creator/link/request/get/`: what the brand behind an invite link asks this creator to link."""
    handle, link = _invited(call)
    campaign = call.world.market.behind_link(link)
    call.world.market.order_of(campaign, handle)
    waiting = link_requests.waiting(call.world, campaign, handle)
    told: Json = {
        "campaign_id": campaign.campaign_id,
        "link_requests": [{"video_id": one.video_id, "link_request_id": one.request_id} for one in waiting],
    }
    return told | ({"spark_authorization_days": campaign.spark_days} if campaign.spark_days else {})


def confirm(call: Call) -> Json:
    """`POST tto/creator/link/request/confirm/`."""
    call.need("creator_id", "link_request_id", "action")
    account = marketplace.own_member(call)
    action = call.choice("action", ("APPROVE", "REJECT"), "REJECT")
    link_requests.answer(call.world, handle=account.handle, request_id=call.text("link_request_id"), action=action)
    return {}


def _invited(call: Call) -> tuple[str, str]:
    """(handle, invite link) of a member who calls for themselves. Raises 40002, 40001, 40007 or 40121."""
    call.need("creator_id", "tto_invite_link")
    call.own("creator_id")
    link = call.text("tto_invite_link")
    call.world.market.behind_link(link)
    return marketplace.must_be_member(call, call.account).handle, link


ROUTES = (
    Route("POST", "tto/creator/campaign/join/", join, scope="tcm.order.update"),
    Route("POST", "tto/creator/campaign/video/link/", link_video, scope="tcm.order.update"),
    Route("GET", "tto/creator/link/request/get/", link_requests_of, scope="tcm.order.update"),
    Route("POST", "tto/creator/link/request/confirm/", confirm, scope="tcm.order.update"),
)
