"""Campaigns of TikTok One, where both generations' campaigns and orders can be listed.

All calls take the long-lived token of the brand's marketplace account. Creating is not idempotent and never sent twice
by itself; after a lost answer (errors.Unavailable with `sent` true) `made_with` finds what was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, cast

from greenroom.tiktok import campaign_types as types
from greenroom.tiktok import ids, pages
from greenroom.tiktok.client import Client

CampaignType = Literal["CAMPAIGN", "BRAND_LINK"]
MOST_PER_PAGE = 100
MOST_HANDLES = 100
CLOCKS_APART = timedelta(minutes=5)
KEY = "tto_tcm_account_id"


def create(
    client: Client,
    token: str,
    *,
    account_id: str,
    name: str,
    handles: Sequence[str],
    brand_name: str = "",
    brand_profile_id: str = "",
    description: str = "",
    campaign_type: CampaignType = "CAMPAIGN",
    spark_days: int | None = None,
    advertiser_ids: Sequence[str] = (),
    notify: bool = False,
    campaign_id: str = "",
) -> types.Campaign:
    """A campaign with its invite link; with `campaign_id` more creators for one there is.

    `failed_handle_names` in the answer are creators who could not be invited. `invite_link` may be missing: ask again
    with `campaign_pages`. Raises errors.Rejected when nobody could be invited; then nothing was made.
    """
    body = {
        KEY: account_id, "campaign_type": campaign_type, "campaign_name": name, "handle_names": _handles(handles),
        "brand_name": brand_name, "brand_profile_id": brand_profile_id, "campaign_description": description,
        "default_spark_ads_requested_authorization_days": spark_days, "advertiser_ids": list(advertiser_ids),
        "send_notification": notify, "campaign_id": campaign_id,
    }  # fmt: skip
    told = {key: value for key, value in body.items() if value not in (None, "", [])}
    return _campaign(client.post("tto/tcm/campaign/create/", told, token=token, account=account_id))


def update(
    client: Client,
    token: str,
    *,
    account_id: str,
    campaign_id: str,
    campaign_type: CampaignType = "CAMPAIGN",
    handles: Sequence[str] = (),
    advertiser_ids: Sequence[str] = (),
    notify: bool = False,
) -> types.Campaign:
    """More creators and ad accounts for a campaign. Saying the same twice changes nothing more."""
    body = {
        KEY: account_id, "campaign_id": campaign_id, "campaign_type": campaign_type,
        "handle_names": _handles(handles), "advertiser_ids": list(advertiser_ids), "send_notification": notify,
    }  # fmt: skip
    told = {key: value for key, value in body.items() if value != []}
    path = "tto/tcm/campaign/update/"
    return _campaign(client.post(path, told, token=token, account=account_id, repeatable=True))


def campaign_pages(
    client: Client,
    token: str,
    *,
    account_id: str,
    campaign_ids: Sequence[str] = (),
    campaign_type: CampaignType | None = None,
) -> Iterator[pages.Page[types.Campaign]]:
    """Every campaign of the account, of both generations. TikTok tells no status; `video_ids` passed review."""
    path = "tto/tcm/campaign/"
    params: dict[str, Any] = {KEY: account_id, "campaign_ids": list(campaign_ids) or None}

    def fetch(page: int) -> pages.Page[types.Campaign]:
        told = {**params, "campaign_type": campaign_type, "page": page, "page_size": MOST_PER_PAGE}
        data = client.get(path, told, token=token, account=account_id)
        data["campaigns"] = [_campaign(one) for one in data.get("campaigns") or ()]
        return pages.numbered(data, "campaigns")

    return pages.walk_numbered(fetch)


def made_with(
    client: Client,
    token: str,
    *,
    account_id: str,
    description: str,
    handles: Sequence[str] = (),
    since: datetime | None = None,
) -> list[types.Campaign]:
    """The campaigns that a lost answer may have been about, oldest first: this `description`, all these `handles`,
    made not before `since` (five minutes of difference between the clocks are allowed).

    Put something into `description` that no other campaign has, and the list has none or one. Orders of the older
    generation are among them; `orders.by_link_pages` gives their ids and campaign code.
    """
    wanted, earliest = set(_handles(handles)), since - CLOCKS_APART if since else None
    return [
        one
        for page in campaign_pages(client, token, account_id=account_id)
        for one in page
        if one.get("campaign_description") == description
        and wanted <= set(one.get("handle_names") or ())
        and (earliest is None or made_at(one) is None or cast(datetime, made_at(one)) >= earliest)
    ]


def made_at(campaign: types.Campaign) -> datetime | None:
    """When TikTok made a campaign; None when it does not say."""
    text = campaign.get("create_time")
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if text else None


def link(
    client: Client,
    token: str,
    *,
    account_id: str,
    campaign_id: str,
    video_id: str,
    action: Literal["LINK", "REVOKE"] = "LINK",
) -> types.LinkState:
    """Ask the creator to link a post that is out already (again: a reminder), or take the request back."""
    body = {KEY: account_id, "campaign_id": campaign_id, "video_id": video_id, "action": action}
    return cast(types.LinkState, client.post("tto/tcm/campaign/link/", body, token=token, account=account_id))


def link_status_pages(
    client: Client,
    token: str,
    *,
    account_id: str,
    campaign_ids: Sequence[str] = (),
    handles: Sequence[str] = (),
) -> Iterator[pages.Page[types.LinkState]]:
    """How creators answered; the states are `IN_REVIEW`, `APPROVE`, `REJECTED` and `REVOKE`, spelled so."""
    path = "tto/tcm/campaign/link/status/"
    params = {KEY: account_id, "campaign_ids": list(campaign_ids) or None, "handle_names": _handles(handles) or None}

    def fetch(page: int) -> pages.Page[types.LinkState]:
        told = {**params, "page": page, "page_size": MOST_PER_PAGE}
        return pages.numbered(client.get(path, told, token=token, account=account_id), "video_infos")

    return pages.walk_numbered(fetch)


def report_pages(
    client: Client,
    token: str,
    *,
    account_id: str,
    campaign_id: str,
    country: str,
    days: tuple[date, date] | None = None,
) -> Iterator[pages.Page[types.ReportedVideo]]:
    """What became of a campaign's posts by creators of one country; go through all of its `country_codes`.

    A wrong country is an empty answer, not an error. `days` (first and last) adds `daily_stats`. What is missing is
    unknown, not 0. A post can be reported on before it passes review, so this is no proof of publication.
    """
    path, headers = "tto/tcm/report/", {"Country-Code": country}
    first, last = days or (None, None)
    params = {KEY: account_id, "campaign_id": campaign_id, "start_date": first, "end_date": last}

    def fetch(page: int) -> pages.Page[types.ReportedVideo]:
        told = {**params, "page": page, "page_size": MOST_PER_PAGE}
        data = client.get(path, told, token=token, account=account_id, headers=headers)
        data["videos"] = [_reported(one) for one in data.get("videos") or ()]
        return pages.numbered(data, "videos")

    return pages.walk_numbered(fetch)


def _reported(video: Mapping[str, Any]) -> types.ReportedVideo:
    """A report row in the documented shapes, whichever of the two TikTok used."""
    told = dict(video)
    sources, curve = told.get("video_views_by_source"), told.get("video_view_retention")
    if isinstance(sources, list):
        told["video_views_by_source"] = {one["source"]: one["video_views"] for one in sources}
    if isinstance(curve, str):
        told["video_view_retention"] = json.loads(curve)
    return cast(types.ReportedVideo, told)


def _campaign(told: Mapping[str, Any]) -> types.Campaign:
    """A campaign with `dm_info` as an object, also when TikTok flattened it."""
    found = ids.with_text_ids(dict(told))
    flat = {name: found.pop(name) for name in ("business_account_handle", "dm_allowed") if name in found}
    return cast(types.Campaign, {**found, "dm_info": flat} if flat else found)


def _handles(handles: Sequence[str]) -> list[str]:
    return [handle.strip().removeprefix("@") for handle in handles]
