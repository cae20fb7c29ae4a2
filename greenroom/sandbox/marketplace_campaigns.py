"""TikTok One's campaigns (`tto/tcm/campaign/…`): begun, widened, listed, and asked to link posts that are out.

A list of ids narrows an answer, so unknown and foreign ones are ignored; a single thing asked for by name must exist.
"""

from datetime import datetime

from greenroom.sandbox import brands, link_requests, marketplace, orders
from greenroom.sandbox.brands import Brand
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.market import Campaign, LinkRequest
from greenroom.sandbox.routes import Call, Route
from greenroom.sandbox.spark import DAYS

KEY = "tto_tcm_account_id"
TYPES = ("CAMPAIGN", "BRAND_LINK")
CHANNELS = {"tto": "API_LITE_CAMPAIGN", "tcm": "STANDARD_CAMPAIGN"}
MAX_PAGE, MAX_NAME, MAX_HANDLES = 100, 60, 100
MAX_DESCRIPTION = 2_000


def create(call: Call) -> Json:
    """`POST tto/tcm/campaign/create/`: a campaign and its invite link, or more creators for one there is."""
    brand = brands.addressed(call, KEY)
    call.need("campaign_name", "handle_names")
    kind = call.choice("campaign_type", TYPES, "CAMPAIGN")
    asked = call.listing("handle_names", most=MAX_HANDLES)
    brief = _brief(call, brand, kind)
    notify = call.flag("send_notification", False)
    with call.world.lock:
        known = _known(call, brand, brief)
        handles, failed = _sorted_out(call, brand, asked)
        if not handles:
            raise ApiError(40002, f"handle_names: none of the creators can be invited: {', '.join(failed)}.")
        campaign = known or orders.begin(call.world, brand=brand, brief=brief)
        orders.ask(call.world, campaign=campaign, handles=handles, notify=notify)
    return {**row(call, campaign, videos=False), "failed_handle_names": failed}


def _brief(call: Call, brand: Brand, kind: str) -> orders.Brief:
    profile_id, name = call.text("brand_profile_id"), call.short("brand_name", MAX_NAME)
    if profile_id:
        profiles = call.world.market.profiles.get(brand.place, ())
        found = next((one for one in profiles if one["brand_profile_id"] == profile_id), None)
        if found is None:
            raise ApiError(40007, f"The brand profile {profile_id} does not exist.")
        name = str(found["brand_name"])
    if not name and not call.text("campaign_id"):
        raise ApiError(40002, "Missing required field(s): brand_profile_id or brand_name.")
    days = call.one_of("default_spark_ads_requested_authorization_days", DAYS, 0)
    return orders.Brief(
        brand_name=name, name=call.short("campaign_name", MAX_NAME), kind=kind, spark_days=days,
        description=call.short("campaign_description", MAX_DESCRIPTION), brand_profile_id=profile_id,
        anchor_id=_anchor(call, brand), business_account_handle=call.text("business_account_handle"),
        advertiser_ids=_advertisers(call, brand),
    )  # fmt: skip


def _anchor(call: Call, brand: Brand) -> str:
    anchor_id = call.text("anchor_id")
    known = {one["anchor_id"] for one in call.world.market.anchors.get(brand.place, ())}
    if anchor_id and anchor_id not in known:
        raise ApiError(40007, f"The anchor {anchor_id} does not exist.")
    return anchor_id


def _advertisers(call: Call, brand: Brand) -> list[str]:
    found = call.listing("advertiser_ids")
    foreign = [one for one in found if one not in brand.advertiser_ids]
    if foreign:
        raise ApiError(40001, f"Permission error: no permission to access advertiser_ids {', '.join(foreign)}.")
    return found


def _known(call: Call, brand: Brand, brief: orders.Brief) -> Campaign | None:
    """The campaign that is to get more creators: the one named, or the brand's standing link."""
    if call.text("campaign_id"):
        return own(call, brand)
    same = (one for one in call.world.market.of_brand(brand.place) if one.brand_name == brief.brand_name)
    return next((one for one in same if one.kind == "BRAND_LINK"), None) if brief.kind == "BRAND_LINK" else None


def _sorted_out(call: Call, brand: Brand, asked: list[str]) -> tuple[list[str], list[str]]:
    failed = [one for one in asked if orders.problem(call.world, brand=brand, handle=one) is not None]
    return [one for one in asked if one not in failed], failed


def own(call: Call, brand: Brand) -> Campaign:
    """The brand's campaign that a call names. Raises 40007."""
    found = call.world.market.campaigns.get(call.text("campaign_id"))
    if found is None or found.brand != brand.place:
        raise ApiError(40007, f"The campaign {call.text('campaign_id')} does not exist.")
    return found


def update(call: Call) -> Json:
    """`POST tto/tcm/campaign/update/`: more creators, more ad accounts."""
    brand = brands.addressed(call, KEY)
    call.need("campaign_id", "campaign_type")
    kind, advertisers = call.choice("campaign_type", TYPES, "CAMPAIGN"), _advertisers(call, brand)
    asked, notify = call.listing("handle_names", most=MAX_HANDLES), call.flag("send_notification", False)
    with call.world.lock:
        campaign = own(call, brand)
        if campaign.kind != kind:
            raise ApiError(40002, f"campaign_type: the campaign is of type {campaign.kind}.")
        handles, failed = _sorted_out(call, brand, asked)
        orders.ask(call.world, campaign=campaign, handles=handles, notify=notify)
        campaign.advertiser_ids = list(dict.fromkeys([*campaign.advertiser_ids, *advertisers]))
        campaign.updated_at = call.at
    return {**row(call, campaign, videos=False), "failed_handle_names": failed}


def campaigns(call: Call) -> Json:
    """`GET tto/tcm/campaign/`: those of both generations, oldest first. There is no status in it."""
    brand = brands.addressed(call, KEY)
    wanted, kind = set(call.listing("campaign_ids")), _kind(call)
    found = [
        one
        for one in call.world.market.of_brand(brand.place)
        if (not wanted or one.campaign_id in wanted) and kind in ("", one.kind)
    ]
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    with call.world.lock:
        return {"campaigns": [row(call, one, videos=True) for one in page], "page_info": info}


def _kind(call: Call) -> str:
    return call.choice("campaign_type", TYPES, "CAMPAIGN") if call.text("campaign_type") else ""


def row(call: Call, campaign: Campaign, *, videos: bool) -> Json:
    """A campaign as TikTok One tells it. Its `video_ids` are those that passed review."""
    told: Json = {
        "campaign_id": campaign.campaign_id,
        "campaign_type": campaign.kind,
        "campaign_channel_type": CHANNELS[campaign.generation],
        "brand_profile_id": campaign.brand_profile_id,
        "brand_name": campaign.brand_name,
        "campaign_name": campaign.name,
        "campaign_description": campaign.description,
        "handle_names": list(campaign.orders),
        "anchor_id": campaign.anchor_id,
        "advertiser_ids": list(campaign.advertiser_ids),
        "spark_ads_requested_authorization_days": campaign.spark_days or None,
        "invite_link": campaign.link,
        "create_time": told_time(campaign.created_at),
        "update_time": told_time(campaign.updated_at) if campaign.updated_at else None,
        "country_codes": sorted({call.world.account(handle).country for handle in campaign.orders}),
    }
    if call.world.faults.strikes("missing_invite_link"):
        del told["invite_link"]
    if videos:
        passed = (one for one in campaign.uploads() if one.state == "published" and one.known_at <= call.at)
        told["video_ids"] = marketplace.told_ids(call, [one.video_id for one in passed])
    if campaign.business_account_handle:
        dm = {"business_account_handle": campaign.business_account_handle, "dm_allowed": True}
        told |= dm if call.world.faults.strikes("uneven_shapes") else {"dm_info": dm}
    return {name: value for name, value in told.items() if value not in (None, "")}


def told_time(at: datetime) -> str:
    """A moment as the marketplace writes it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def link(call: Call) -> Json:
    """`POST tto/tcm/campaign/link/`: ask the creator to link a post, remind, or take the request back."""
    brand = brands.addressed(call, KEY)
    call.need("campaign_id", "video_id", "action")
    action = call.choice("action", ("LINK", "REVOKE"), "LINK")
    campaign = own(call, brand)
    do = link_requests.ask if action == "LINK" else link_requests.revoke
    told = link_row(do(call.world, campaign=campaign, video_id=call.text("video_id")))
    names = ("video_id", "status", "last_reminded_timestamp", "number_of_requests", "campaign_type")
    return {name: told[name] for name in names}


def links(call: Call) -> Json:
    """`GET tto/tcm/campaign/link/status/`: how creators answered."""
    brand = brands.addressed(call, KEY)
    wanted, handles, kind = set(call.listing("campaign_ids")), set(call.listing("handle_names")), _kind(call)
    found = [
        one
        for one in list(call.world.market.requests.values())
        if one.campaign.brand == brand.place
        and (not wanted or one.campaign.campaign_id in wanted)
        and (not handles or one.handle in handles)
        and kind in ("", one.campaign.kind)
    ]
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"video_infos": [link_row(one) for one in page], "page_info": info}


def link_row(request: LinkRequest) -> Json:
    """A link request as the brand sees it; it does not say whose post it is."""
    return {
        "video_id": request.video_id,
        "status": request.status,
        "campaign_id": request.campaign.campaign_id,
        "last_reminded_timestamp": int(request.asked_at.timestamp()),
        "number_of_requests": request.requests,
        "campaign_type": request.campaign.kind,
        "link_request_id": request.request_id,
    }


ROUTES = (
    Route("POST", "tto/tcm/campaign/create/", create, whose="brand", scope=13010000),
    Route("POST", "tto/tcm/campaign/update/", update, whose="brand", scope=13010000),
    Route("GET", "tto/tcm/campaign/", campaigns, whose="brand", scope=13020000),
    Route("POST", "tto/tcm/campaign/link/", link, whose="brand", scope=13010000),
    Route("GET", "tto/tcm/campaign/link/status/", links, whose="brand", scope=13020000),
)
