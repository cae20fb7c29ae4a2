"""Orders of the older marketplace workflow: one per creator, under a campaign code with one invite link.

All calls take the long-lived token of the brand's marketplace account. Creating is not idempotent: TikTok knows no key
by which it could tell a repeat, so `create` is never sent twice by itself. When its answer was lost (errors.Unavailable
with `sent` true) the order may exist or not; `campaigns.made_with` finds it by what was asked for, since the older
workflow can only be asked about orders whose id, code or link one knows already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, cast

from greenroom.tiktok import campaign_types as types
from greenroom.tiktok import ids, pages
from greenroom.tiktok.client import Client

MOST_HANDLES = 100
MOST_VIDEOS = 10
MOST_ORDERS_ASKED = 200
MOST_PER_PAGE = 20
MOST_REPORTED = 100
LONGEST_TEXT = 60
MOST_DAYS = 60
SPARK_DAYS = (7, 30, 60, 365)


def create(
    client: Client,
    token: str,
    *,
    account_id: str,
    brand_name: str,
    description: str,
    handles: Sequence[str],
    deliverables: Sequence[types.Deliverable] = (),
    videos: int | None = None,
    spark_days: int | None = None,
    campaign_code: str = "",
) -> types.MadeOrders:
    """Orders for up to 100 creators under a new campaign code, or under `campaign_code` (same account, same brand).

    Ask for named `deliverables` (up to 10) or a number of `videos` (1 to 10; 10 unless told). Creators under one code
    share its invite link, so a link of one creator alone takes a call of its own. Under an existing code the number of
    videos is that of its first order, and a creator who has an order there keeps it.
    Raises errors.NotFound for an unknown handle or code and errors.WrongRegion; then nothing was made.
    """
    body = {
        "tcm_account_id": account_id,
        "brand_name": brand_name,
        "description": description,
        "handle_names": [handle.removeprefix("@") for handle in handles],
        "campaign_code": campaign_code or None,
        "deliverables": list(deliverables) or None,
        "video_number": None if deliverables else videos,
        "default_spark_ads_requested_authorization_days": spark_days,
    }
    told = {name: value for name, value in body.items() if value is not None}
    made = client.post("tcm/order/create/v2/", told, token=token, account=account_id)
    return cast(types.MadeOrders, ids.with_text_ids(made))


def by_id_pages(
    client: Client, token: str, *, account_id: str, order_ids: Sequence[str]
) -> Iterator[pages.Page[types.Order]]:
    """Orders by id, asked for 200 at a time; unknown and foreign ids are left out."""
    for first in range(0, len(order_ids), MOST_ORDERS_ASKED):
        part = list(order_ids[first : first + MOST_ORDERS_ASKED])
        yield from _pages(client, token, account_id, {"query_type": "ORDER_ID", "order_ids": part})


def by_code_pages(client: Client, token: str, *, account_id: str, code: str) -> Iterator[pages.Page[types.Order]]:
    """Every order under a campaign code."""
    return _pages(client, token, account_id, {"query_type": "CAMPAIGN_CODE", "campaign_code": code})


def by_link_pages(client: Client, token: str, *, account_id: str, link: str) -> Iterator[pages.Page[types.Order]]:
    """Every order behind an invite link; this is how a campaign found in TikTok One gets its order ids and code."""
    return _pages(client, token, account_id, {"query_type": "INVITE_LINK", "invite_link": link})


def _pages(client: Client, token: str, account_id: str, asked: dict[str, object]) -> Iterator[pages.Page[types.Order]]:
    path = "tcm/order/get/v2/"
    params = {"tcm_account_id": account_id, **asked}

    def fetch(page: int) -> pages.Page[types.Order]:
        told = {**params, "page": page, "page_size": MOST_PER_PAGE}
        return pages.numbered(client.get(path, told, token=token, account=account_id), "orders")

    return pages.walk_numbered(fetch)


def reviews(client: Client, token: str, *, account_id: str, order_id: str) -> list[types.Review]:
    """Where each post of an order is in TikTok's review, also rejected and removed ones.

    A post without `video_id` is there, but TikTok has not told its id yet; that can take 48 hours.
    """
    params = {"tcm_account_id": account_id, "v2_order_id": order_id}
    data = client.get("tcm/video/audit_status/get/", params, token=token, account=account_id)
    return cast(list[types.Review], ids.with_text_ids(data.get("audit_status_list") or []))


def reject(client: Client, token: str, *, account_id: str, order_id: str, video_id: str, reason: str = "") -> None:
    """The brand refuses a post; its deliverable is open again. There is no call by which a brand approves one."""
    body = {
        "tcm_account_id": account_id, "v2_order_id": order_id, "video_id": video_id, "operation_type": "REJECT",
        "reject_reason": reason,
    }  # fmt: skip
    client.post("tcm/video/audit_status/update/", body, token=token, account=account_id)


def report_pages(
    client: Client,
    token: str,
    *,
    account_id: str,
    order_ids: Sequence[str],
    metrics: Sequence[str] = (),
    daily: tuple[date, date] | None = None,
) -> Iterator[pages.Page[types.Insight]]:
    """What became of the posts of orders, a row for each; foreign orders are left out.

    `daily` (first and last day, at most 60 apart) adds `daily_stats`. What is missing is unknown, not 0. A row says
    nothing about review: a post can be reported on before it passes.
    """
    path = "tcm/report/get/v2/"
    params: dict[str, object] = {"tcm_account_id": account_id, "order_ids": list(order_ids)}
    params |= {"metrics": list(metrics)} if metrics else {}
    params |= {"need_daily_stats": True, "start_date": daily[0], "end_date": daily[1]} if daily else {}

    def fetch(page: int) -> pages.Page[types.Insight]:
        told = {**params, "page": page, "page_size": MOST_REPORTED}
        return pages.numbered(client.get(path, told, token=token, account=account_id), "insights")

    return pages.walk_numbered(fetch)


def apply_for_spark(
    client: Client,
    token: str,
    *,
    account_id: str,
    video_id: str,
    days: Literal[7, 30, 60, 365] = 30,
    extend: bool = False,
) -> None:
    """Ask the creator of a linked post to let it be advertised; repeated it is a reminder, of which there are 30."""
    body = {"tcm_account_id": account_id, "video_id": video_id, "authorization_days": days}
    told = {**body, "action": "EXTEND"} if extend else body
    client.post("tcm/tt_video/apply/", told, token=token, account=account_id)


def spark_status(client: Client, token: str, *, account_id: str, video_id: str) -> types.SparkStatus:
    """Whether the creator agreed, and the code. The time it ends is `auth_code_end_time`, not what was asked."""
    params = {"tcm_account_id": account_id, "video_id": video_id}
    data = client.get("tcm/tt_video/status/", params, token=token, account=account_id, private=True)
    if "auth_status_update_time" in data:  # one of TikTok's two spellings
        data["auth_status_updated_time"] = data.pop("auth_status_update_time")
    return cast(types.SparkStatus, data)
