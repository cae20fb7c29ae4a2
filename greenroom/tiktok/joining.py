"""What a marketplace creator does with their own token: join a campaign, link posts, answer link requests.

`creator_id` is the token's open id. Raises errors.NotACreator for somebody outside the marketplace, errors.ScopeMissing
for somebody who was not invited (or did not grant `tcm.order.update`), errors.NotFound for an unknown link.
"""

from __future__ import annotations

from typing import Literal, cast

from greenroom.tiktok import campaign_types as types
from greenroom.tiktok.client import Client


def join(client: Client, token: str, *, creator_id: str, link: str) -> None:
    """Join the campaign behind an invite link; joining twice changes nothing."""
    body = {"creator_id": creator_id, "tto_invite_link": link}
    client.post("tto/creator/campaign/join/", body, token=token, account=creator_id, repeatable=True)


def link_video(client: Client, token: str, *, creator_id: str, link: str, video_id: str) -> None:
    """Tie a post that is out already; the creator must have joined. Raises errors.Rejected when it is tied."""
    body = {"creator_id": creator_id, "tto_invite_link": link, "video_id": video_id}
    client.post("tto/creator/campaign/video/link/", body, token=token, account=creator_id)


def link_requests(client: Client, token: str, *, creator_id: str, link: str) -> types.LinkRequests:
    """What the brand behind an invite link asks this creator to link, and for how many days it would advertise."""
    params = {"creator_id": creator_id, "tto_invite_link": link}
    return cast(
        types.LinkRequests, client.get("tto/creator/link/request/get/", params, token=token, account=creator_id)
    )


def answer_link_request(
    client: Client, token: str, *, creator_id: str, request_id: str, action: Literal["APPROVE", "REJECT"]
) -> None:
    """The creator's answer; a request is answered once."""
    body = {"creator_id": creator_id, "link_request_id": request_id, "action": action}
    client.post("tto/creator/link/request/confirm/", body, token=token, account=creator_id)
