"""A brand asks a creator to link a post that is out already; the creator approves or rejects."""

from typing import TYPE_CHECKING

from greenroom.sandbox import invitations, uploads
from greenroom.sandbox.http import ApiError
from greenroom.sandbox.market import Campaign, LinkRequest

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

ANSWERS = {"APPROVE": "APPROVE", "REJECT": "REJECTED"}


def ask(world: "World", *, campaign: Campaign, video_id: str) -> LinkRequest:
    """Ask, or remind when it was asked already. Raises 40001, 40002 or 40007."""
    world.settle()
    with world.lock:
        if video_id in world.market.ties:
            raise ApiError(40002, f"The video {video_id} is already linked to a campaign.")
        at, found = world.clock.now(), _open(world, campaign, video_id)
        if found is not None:
            found.requests, found.asked_at = found.requests + 1, at
            return found
        handle = _owner(world, campaign, video_id)
        made = LinkRequest(world.market.new_id("request"), campaign, handle, video_id, at)
        world.market.requests[made.request_id] = made
        text = f"{campaign.brand_name} asks you to link your video to the campaign {campaign.name}."
        invitations.tell(world, handle=handle, kind="link", brand=campaign.brand, text=text, key=made.request_id)
        return made


def revoke(world: "World", *, campaign: Campaign, video_id: str) -> LinkRequest:
    """Take the request back while it waits. Raises 40007."""
    world.settle()
    with world.lock:
        found = _open(world, campaign, video_id)
        if found is None:
            raise ApiError(40007, "There is no link request in review for this video.")
        found.status = "REVOKE"
        return found


def answer(world: "World", *, handle: str, request_id: str, action: str) -> LinkRequest:
    """The creator's `APPROVE` ties the post, `REJECT` does not. Raises 40002 or 40007."""
    world.settle()
    with world.lock:
        found = world.market.requests.get(request_id)
        if found is None or found.handle != handle:
            raise ApiError(40007, f"The link request {request_id} does not exist.")
        if found.status != "IN_REVIEW":
            raise ApiError(40002, f"The link request is {found.status} and cannot be answered.")
        if action == "APPROVE":
            uploads.tie_post(world, order=found.campaign.orders[handle], video_id=found.video_id, way="request")
        found.status = ANSWERS[action]
        return found


def waiting(world: "World", campaign: Campaign, handle: str) -> list[LinkRequest]:
    """What a creator still has to answer in a campaign."""
    found = list(world.market.requests.values())
    return [one for one in found if one.campaign is campaign and one.handle == handle and one.status == "IN_REVIEW"]


def _open(world: "World", campaign: Campaign, video_id: str) -> LinkRequest | None:
    for one in world.market.requests.values():
        if one.campaign is campaign and one.video_id == video_id and one.status == "IN_REVIEW":
            return one
    return None


def _owner(world: "World", campaign: Campaign, video_id: str) -> str:
    for handle in campaign.orders:
        if any(one.item_id == video_id for one in world.posts_of(world.account(handle).index)):
            return handle
    raise ApiError(40007, f"The video {video_id} does not exist, or is of a creator outside the campaign.")
