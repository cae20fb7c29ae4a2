"""Creator marketplace reads, both generations behind one set of functions.

`generation` is "tto" (TikTok One, today's) or "tcm" (the older paths many approvals still have).
Calls with `account_id` take the long-lived token of the brand's marketplace account; calls with `creator_id` take the
creator's own token, whose `open_id` is that `creator_id`. Raises errors.NotACreator and errors.WrongRegion besides
the usual ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast

from greenroom.tiktok import pages, types
from greenroom.tiktok.client import Client

Generation = Literal["tto", "tcm"]

HANDLES_AT_ONCE = 20
MAX_LIMIT = 10
BRAND_PATH: dict[Generation, str] = {"tto": "tto/tcm/creator/", "tcm": "tcm/creator/"}
CREATOR_PATH: dict[Generation, str] = {"tto": "tto/creator/", "tcm": "tcm/creator/"}
ACCOUNT_KEY: dict[Generation, str] = {"tto": "tto_tcm_account_id", "tcm": "tcm_account_id"}


def creator_status(
    client: Client, token: str, *, account_id: str, handles: Sequence[str], generation: Generation
) -> list[types.MarketplaceStatus]:
    """Whether each handle is in the marketplace, asked for 20 at a time. A leading "@" is dropped."""
    named = [_handle(handle) for handle in handles]
    found: list[types.MarketplaceStatus] = []
    for first in range(0, len(named), HANDLES_AT_ONCE):
        params = {ACCOUNT_KEY[generation]: account_id, "handle_names": named[first : first + HANDLES_AT_ONCE]}
        data = client.get(BRAND_PATH[generation] + "status/get/", params, token=token, account=account_id)
        found.extend(data.get("onboarding_status") or ())
    return found


def creator_public(
    client: Client, token: str, *, account_id: str, handle: str, generation: Generation
) -> types.PublicCreator:
    """The public marketplace profile of one creator."""
    params = {ACCOUNT_KEY[generation]: account_id, "handle_name": _handle(handle)}
    data = client.get(BRAND_PATH[generation] + "public/", params, token=token, account=account_id)
    return cast(types.PublicCreator, data)


def creator_public_video_pages(
    client: Client,
    token: str,
    *,
    account_id: str,
    handle: str,
    generation: Generation,
    video_ids: Sequence[str] | None = None,
    cursor: int | None = None,
    limit: int = MAX_LIMIT,
) -> Iterator[pages.Page[types.MarketplacePost]]:
    """Pages of a creator's public posts, newest first; views count first plays only."""
    params = {ACCOUNT_KEY[generation]: account_id, "handle_name": _handle(handle), "video_ids": _listed(video_ids)}
    path = BRAND_PATH[generation] + "public/video/list/"
    return _post_pages(client, token, path, params, account=account_id, cursor=cursor, limit=limit)


def creator_authorized(
    client: Client, token: str, *, creator_id: str, fields: Sequence[str] | None = None, generation: Generation
) -> types.AuthorizedCreator:
    """The marketplace profile with audience, read with the creator's own token."""
    params = {"creator_id": creator_id, "fields": _listed(fields)}
    data = client.get(CREATOR_PATH[generation] + "authorized/", params, token=token, account=creator_id)
    return cast(types.AuthorizedCreator, data)


def creator_authorized_video_pages(
    client: Client,
    token: str,
    *,
    creator_id: str,
    generation: Generation,
    video_ids: Sequence[str] | None = None,
    cursor: int | None = None,
    limit: int = MAX_LIMIT,
) -> Iterator[pages.Page[types.MarketplacePost]]:
    """Pages of a creator's posts, newest first, read with the creator's own token."""
    params = {"creator_id": creator_id, "video_ids": _listed(video_ids)}
    path = CREATOR_PATH[generation] + "authorized/video/list/"
    return _post_pages(client, token, path, params, account=creator_id, cursor=cursor, limit=limit)


def _post_pages(
    client: Client, token: str, path: str, params: dict[str, Any], *, account: str, cursor: int | None, limit: int
) -> Iterator[pages.Page[types.MarketplacePost]]:
    def fetch(after: int | None) -> pages.Page[types.MarketplacePost]:
        data = client.get(path, {**params, "cursor": after, "limit": limit}, token=token, account=account)
        return pages.cut(data, "posts")

    return pages.walk(fetch, cursor=cursor, endpoint=path)


def _handle(name: str) -> str:
    return name.strip().removeprefix("@")


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)
