"""Who an ad speaks as, and the posts of such an identity. All calls take the brand's long-lived token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from greenroom.tiktok import ids, pages
from greenroom.tiktok import spark_types as types
from greenroom.tiktok.client import Client

MOST_PER_PAGE = 100
MOST_ITEMS = 20


def identity_pages(
    client: Client, token: str, *, advertiser_id: str, identity_type: types.IdentityType | None = None
) -> Iterator[pages.Page[types.Identity]]:
    """All identities of an ad account, or those of one type."""
    asked = {"advertiser_id": advertiser_id, "identity_type": identity_type}

    def fetch(page: int) -> pages.Page[types.Identity]:
        told = {**asked, "page": page, "page_size": MOST_PER_PAGE}
        return pages.numbered(client.get("identity/get/", told, token=token, account=advertiser_id), "identity_list")

    return pages.walk_numbered(fetch)


def create(client: Client, token: str, *, advertiser_id: str, display_name: str, image_uri: str) -> str:
    """A made-up identity (CUSTOMIZED_USER), which has no posts, with an uploaded picture; gives its id."""
    body = {"advertiser_id": advertiser_id, "display_name": display_name, "image_uri": image_uri}
    data = client.post("identity/create/", body, token=token, account=advertiser_id)
    return ids.as_id(data["identity_id"])


def posts(
    client: Client,
    token: str,
    *,
    advertiser_id: str,
    identity_type: types.IdentityType,
    identity_id: str,
    item_ids: Sequence[str],
) -> list[types.SparkPost]:
    """Some posts of an identity, asked for 20 at a time; unknown ones are left out. Their times are ISO."""
    found: list[types.SparkPost] = []
    for first in range(0, len(item_ids), MOST_ITEMS):
        asked = {
            "advertiser_id": advertiser_id,
            "identity_type": identity_type,
            "identity_id": identity_id,
            "item_ids": list(item_ids[first : first + MOST_ITEMS]),
        }
        data = client.get("identity/video/info/", asked, token=token, account=advertiser_id, private=True)
        found += cast(list[types.SparkPost], ids.with_text_ids(data.get("video_details") or []))
    return found


def post_pages(
    client: Client,
    token: str,
    *,
    advertiser_id: str,
    identity_type: types.IdentityType,
    identity_id: str,
    item_type: types.ItemType = "VIDEO",
    keyword: str = "",
) -> Iterator[pages.Page[dict[str, Any]]]:
    """All posts of an identity, 20 a page; `keyword` works for AUTH_CODE only. For TT_USER the cursor is a time."""
    endpoint = "identity/video/get/"
    asked = {
        "advertiser_id": advertiser_id,
        "identity_type": identity_type,
        "identity_id": identity_id,
        "item_type": item_type,
        "keyword": keyword or None,
        "count": MOST_ITEMS,
    }

    def fetch(after: int | None) -> pages.Page[dict[str, Any]]:
        told = {**asked, "cursor": after}
        data = client.get(endpoint, told, token=token, account=advertiser_id, private=True)
        return pages.cut(cast(dict[str, Any], ids.with_text_ids(data)), "video_list")

    return pages.walk(fetch, cursor=None, endpoint=endpoint)
