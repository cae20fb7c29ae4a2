"""Accounts API: organic figures of an account whose owner connected it.

`business_id` is the `open_id` of the grant, `token` its access token. Account days come 24 to 48 hours late and reach
back at most 60 days; post figures are lifetime totals, 24 to 48 hours late, and stop after 365 days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

from greenroom.tiktok import pages, types
from greenroom.tiktok.client import Client

MAX_COUNT = 20

TOP_FIELDS: dict[str, str] = {
    "is_business_account": "user.account.type",
    "display_name": "user.info.basic",
    "profile_image": "user.info.basic",
    "username": "user.info.username",
    "profile_deep_link": "user.info.profile",
    "bio_description": "user.info.profile",
    "is_verified": "user.info.profile",
    "following_count": "user.info.stats",
    "followers_count": "user.info.stats",
    "total_likes": "user.info.stats",
    "videos_count": "user.info.stats",
    "audience_ages": "user.insights",
    "audience_genders": "user.insights",
    "audience_countries": "user.insights",
    "audience_cities": "user.insights",
}
"""Fields of the account itself, with the scope each needs. The counters are real time."""

DAY_FIELDS: dict[str, str] = dict.fromkeys(
    (
        "video_views",
        "unique_video_views",
        "profile_views",
        "likes",
        "comments",
        "shares",
        "daily_total_followers",
        "daily_new_followers",
        "daily_lost_followers",
        "audience_activity",
        "engaged_audience",
        "bio_link_clicks",
        "email_clicks",
        "phone_number_clicks",
        "address_clicks",
        "lead_submissions",
        "app_download_clicks",
    ),
    "user.insights",
)
"""Fields of one day; the answer has them inside `metrics[]`."""

PROFILE_FIELDS: dict[str, str] = TOP_FIELDS | DAY_FIELDS

BUSINESS_ONLY = frozenset(
    {
        "unique_video_views",
        "daily_total_followers",
        "daily_new_followers",
        "daily_lost_followers",
        "audience_activity",
        "engaged_audience",
    }
)
"""Day fields that exist for Business accounts only; a Personal account simply lacks them."""

REGISTERED_BUSINESS_ONLY = frozenset(
    {
        "bio_link_clicks",
        "email_clicks",
        "phone_number_clicks",
        "address_clicks",
        "lead_submissions",
        "app_download_clicks",
    }
)

VIDEO_FIELDS: dict[str, str] = {
    **dict.fromkeys(
        (
            "item_id",
            "media_type",
            "is_ad",
            "thumbnail_url",
            "share_url",
            "embed_url",
            "caption",
            "video_duration",
            "create_time",
            "likes",
            "comments",
            "shares",
            "favorites",
            "reach",
            "video_views",
        ),
        "video.list",
    ),
    **dict.fromkeys(
        (
            "total_time_watched",
            "average_time_watched",
            "full_video_watched_rate",
            "new_followers",
            "profile_views",
            "website_clicks",
            "phone_number_clicks",
            "lead_submissions",
            "app_download_clicks",
            "email_clicks",
            "address_clicks",
            "video_view_retention",
            "impression_sources",
            "audience_genders",
            "audience_countries",
            "audience_cities",
            "audience_types",
            "engagement_likes",
        ),
        "video.insights",
    ),
}
"""Fields of a post, with the scope each needs."""


def fields_for(scopes: Collection[str], table: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of `table` that a grant with these scopes may ask for, in the order of the table."""
    return tuple(name for name, scope in table.items() if scope in scopes)


def profile(
    client: Client,
    token: str,
    *,
    business_id: str,
    fields: Sequence[str],
    start_date: date | None = None,
    end_date: date | None = None,
) -> types.Profile:
    """The account and, in `metrics`, its days from `start_date` to `end_date` (UTC, both included, at most 60 back)."""
    params = {"business_id": business_id, "fields": list(fields), "start_date": start_date, "end_date": end_date}
    return cast(types.Profile, client.get("business/get/", params, token=token, account=business_id))


def post_pages(
    client: Client,
    token: str,
    *,
    business_id: str,
    fields: Sequence[str],
    cursor: int | None = None,
    video_ids: Sequence[str] | None = None,
    max_count: int = MAX_COUNT,
) -> Iterator[pages.Page[types.Video]]:
    """Pages of posts, newest first, from `cursor` (epoch milliseconds, "posted before"; None: now) to the oldest.

    Each page is a list that also knows the `cursor` after it. A post that does not appear is not proof of deletion.
    `item_id` is asked for whether it is in `fields` or not: without it TikTok may answer with an error.
    """
    asked = ["item_id", *(name for name in fields if name != "item_id")]
    filters = {"video_ids": list(video_ids)} if video_ids is not None else None
    endpoint = "business/video/list/"

    def fetch(after: int | None) -> pages.Page[types.Video]:
        params = {
            "business_id": business_id,
            "fields": asked,
            "filters": filters,
            "cursor": after,
            "max_count": max_count,
        }
        return pages.cut(client.get(endpoint, params, token=token, account=business_id), "videos")

    return pages.walk(fetch, cursor=cursor, endpoint=endpoint)


def video_settings(client: Client, token: str, *, business_id: str) -> types.VideoSettings:
    """What the account allows on a new post."""
    params = {"business_id": business_id}
    told = client.get("business/video/settings/", params, token=token, account=business_id)
    return cast(types.VideoSettings, told)


def benchmark(client: Client, token: str, *, business_id: str, business_category: str) -> dict[str, Any]:
    """Averages of a business category, as TikTok names them."""
    params = {"business_id": business_id, "business_category": business_category}
    return client.get("business/benchmark/", params, token=token, account=business_id)


def hashtag_suggestions(
    client: Client, token: str, *, business_id: str, keyword: str, language: str = "en"
) -> dict[str, Any]:
    """Hashtags TikTok suggests for a keyword."""
    params = {"business_id": business_id, "keyword": keyword, "language": language}
    return client.get("business/hashtag/suggestion/", params, token=token, account=business_id)
