"""Display API v2 of the developer platform: the public side of an account that signed in with Login Kit.

No reach, no watch time, no audience; counters are spelled differently from the Business side.
`account` names the account for quota and archive; TikTok knows it from the token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from greenroom.tiktok import pages, types
from greenroom.tiktok.client import Client

MAX_COUNT = 20

USER_FIELDS: dict[str, str] = {
    "open_id": "user.info.basic",
    "union_id": "user.info.basic",
    "avatar_url": "user.info.basic",
    "avatar_url_100": "user.info.basic",
    "avatar_large_url": "user.info.basic",
    "display_name": "user.info.basic",
    "bio_description": "user.info.profile",
    "profile_deep_link": "user.info.profile",
    "is_verified": "user.info.profile",
    "username": "user.info.profile",
    "follower_count": "user.info.stats",
    "following_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}

VIDEO_FIELDS: dict[str, str] = dict.fromkeys(
    (
        "id",
        "create_time",
        "cover_image_url",
        "share_url",
        "video_description",
        "title",
        "duration",
        "height",
        "width",
        "embed_html",
        "embed_link",
        "like_count",
        "comment_count",
        "share_count",
        "view_count",
    ),
    "video.list",
)


def user_info(client: Client, token: str, *, fields: Sequence[str], account: str = "") -> types.User:
    """The account behind the token. Unlike everywhere else, `fields` travel comma separated."""
    data = client.open_get("v2/user/info/", {"fields": ",".join(fields)}, token=token, account=account)
    return cast(types.User, data.get("user") or {})


def video_pages(
    client: Client,
    token: str,
    *,
    fields: Sequence[str],
    cursor: int | None = None,
    max_count: int = MAX_COUNT,
    account: str = "",
) -> Iterator[pages.Page[types.DisplayVideo]]:
    """Pages of public posts, newest first, from `cursor` (epoch milliseconds, None: now) to the oldest."""
    endpoint = "v2/video/list/"

    def fetch(after: int | None) -> pages.Page[types.DisplayVideo]:
        body = {"max_count": max_count} | ({} if after is None else {"cursor": after})
        query = {"fields": ",".join(fields)}
        return pages.cut(
            client.open_post(endpoint, query, body, token=token, account=account, repeatable=True), "videos"
        )

    return pages.walk(fetch, cursor=cursor, endpoint=endpoint)


def videos(
    client: Client, token: str, *, fields: Sequence[str], video_ids: Sequence[str], account: str = ""
) -> list[types.DisplayVideo]:
    """These posts, asked for 20 at a time; those that are not public any more are missing."""
    found: list[types.DisplayVideo] = []
    for first in range(0, len(video_ids), MAX_COUNT):
        body = {"filters": {"video_ids": list(video_ids[first : first + MAX_COUNT])}}
        query = {"fields": ",".join(fields)}
        data = client.open_post("v2/video/query/", query, body, token=token, account=account, repeatable=True)
        found.extend(data.get("videos") or ())
    return found
