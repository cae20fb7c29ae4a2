"""Spark Ads: a creator's leave to advertise a post, by API with their own token; and the posts an ad account may run.

Two tokens: `switch`, `extend`, `status` and `delete` take the creator's (scope `biz.spark.auth`), everything that names
an `advertiser_id` takes the brand's long-lived one. A code lets whoever has it run the post, and holds `+`, `/`, `=`
and `#`: bodies carry it as it is, addresses percent-encoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from greenroom.tiktok import ids, pages
from greenroom.tiktok import spark_types as types
from greenroom.tiktok.client import Client

DAYS = (7, 30, 60, 365)
MOST_PER_PAGE = 50
LONGEST_KEYWORD = 500


def switch(
    client: Client, token: str, *, business_id: str, item_id: str, on: bool, days: types.Days = 30
) -> types.Authorization:
    """The creator's own switch of a post. On: there is a code for so many days. Doing it twice changes nothing.

    Raises errors.Rejected when a post that runs as an ad is to be switched off, errors.NotFound for another's post,
    errors.ScopeMissing when the creator did not grant `biz.spark.auth`.
    """
    body = {"business_id": business_id, "item_id": item_id, "is_ad_promotable": on, "authorization_days": days}
    return _authorization(
        client.post("business/post/authorize/setting/", body, token=token, account=business_id, private=True)
    )


def extend(client: Client, token: str, *, business_id: str, item_id: str, days: types.Days) -> types.Authorization:
    """More time for the same code."""
    body = {"business_id": business_id, "item_id": item_id, "authorization_days": days}
    return _authorization(client.post("business/post/authorize/", body, token=token, account=business_id, private=True))


def status(client: Client, token: str, *, business_id: str, item_id: str) -> types.Authorization:
    """The code, its real end and whether an advertiser uses it. Raises errors.NotFound when there is none."""
    params = {"business_id": business_id, "item_id": item_id}
    return _authorization(
        client.get("business/post/authorize/status/", params, token=token, account=business_id, private=True)
    )


def delete(client: Client, token: str, *, business_id: str, item_id: str) -> types.Authorization:
    """Take the code back. Raises errors.Rejected while it runs as an ad."""
    body = {"business_id": business_id, "item_id": item_id}
    return _authorization(
        client.post("business/post/authorize/delete/", body, token=token, account=business_id, private=True)
    )


def authorize(client: Client, token: str, *, advertiser_id: str, code: str, original_code: str = "") -> None:
    """Let an ad account run the post behind a code; `original_code` is of the post that it stitches, duets or mentions.

    TikTok answers nothing: read it back with `post`. Raises errors.Rejected for a code that does not work.
    """
    body = {"advertiser_id": advertiser_id, "auth_code": code}
    told = {**body, "original_post_auth_code": original_code} if original_code else body
    client.post("tt_video/authorize/", told, token=token, account=advertiser_id, private=True)


def post(client: Client, token: str, *, advertiser_id: str, code: str) -> types.SparkPost:
    """The post behind a code that the ad account has authorised."""
    params = {"advertiser_id": advertiser_id, "auth_code": code}
    data = client.get("tt_video/info/", params, token=token, account=advertiser_id, private=True)
    return cast(types.SparkPost, ids.with_text_ids(data))


def post_pages(
    client: Client, token: str, *, advertiser_id: str, item_types: Sequence[types.ItemType] = (), keyword: str = ""
) -> Iterator[pages.Page[types.SparkPost]]:
    """All posts the ad account may run. `keyword`: an item id, or a part of the text (at most 500 characters)."""
    path = "tt_video/list/"
    asked: dict[str, object] = {"advertiser_id": advertiser_id}
    asked |= {"item_types": list(item_types)} if item_types else {}
    asked |= {"keyword": keyword} if keyword else {}

    def fetch(page: int) -> pages.Page[types.SparkPost]:
        told = {**asked, "page": page, "page_size": MOST_PER_PAGE}
        return pages.numbered(client.get(path, told, token=token, account=advertiser_id, private=True), "list")

    return pages.walk_numbered(fetch)


def unbind(client: Client, token: str, *, advertiser_id: str, item_id: str) -> None:
    """Forget a post whose authorisation is over. Raises errors.Rejected while it is not."""
    body = {"advertiser_id": advertiser_id, "item_id": item_id}
    client.post("tt_video/unbind/", body, token=token, account=advertiser_id)


def _authorization(data: object) -> types.Authorization:
    return cast(types.Authorization, ids.with_text_ids(data))
