"""The older workflow's orders (`tcm/order/…`, `tcm/video/audit_status/…`) over the same store."""

from typing import Any

from greenroom.sandbox import brands, marketplace, orders, truth, uploads
from greenroom.sandbox.brands import Brand
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.market import MOST_ORDERS, MOST_VIDEOS, Campaign, Deliverable, Order, Upload
from greenroom.sandbox.marketplace_campaigns import told_time
from greenroom.sandbox.routes import Call, Route
from greenroom.sandbox.spark import DAYS

KEY = "tcm_account_id"
MAX_TEXT, MAX_HANDLES, MAX_ORDERS, MAX_PAGE = 60, 100, 200, 20
COMPANIONS = {"ORDER_ID": "order_ids", "CAMPAIGN_CODE": "campaign_code", "INVITE_LINK": "invite_link"}
ORDER_FIELDS = ("order_id", "handle_name", "campaign_code", "invite_link", "video_ids")
QUOTA_FIELDS = ("current_video_count", "per_creator_video_limit", "total_video_limit")
LANGUAGES = ("ja", "ko", "en", "de", "zh", "th-TH", "ms-MY", "id-ID", "it", "fr", "ru-RU", "ar")


def create(call: Call) -> Json:
    """`POST tcm/order/create/v2/`: one order per creator under a new campaign code, or under one there is."""
    brand = brands.addressed(call, KEY)
    call.need("brand_name", "description", "handle_names")
    name, description = call.short("brand_name", MAX_TEXT), call.short("description", MAX_TEXT)
    call.choice("order_source", ("MSP", "OTHER"), "OTHER")
    asked = call.listing("handle_names", most=MAX_HANDLES)
    wanted = _deliverables(call)
    with call.world.lock:
        for handle in asked:
            refused = orders.problem(call.world, brand=brand, handle=handle)
            if refused is not None:
                raise refused
        campaign = _under_code(call, brand, name)
        if campaign is None:
            days = call.one_of("default_spark_ads_requested_authorization_days", DAYS, 0)
            brief = orders.Brief(
                brand_name=name, name=description, description=description, generation="tcm", deliverables=wanted,
                spark_days=days,
            )  # fmt: skip
            campaign = orders.begin(call.world, brand=brand, brief=brief)
        made = orders.ask(call.world, campaign=campaign, handles=asked)
        return {
            "campaign_code": campaign.code,
            "invite_link": campaign.link,
            "remaining_orders": campaign.remaining_orders,
            "orders": [row(call, one) for one in made],
        }


def _deliverables(call: Call) -> tuple[Deliverable, ...]:
    """What is asked for; a deliverable without days of its own takes the default."""
    default = call.one_of("default_spark_ads_requested_authorization_days", DAYS, 0)
    given = call.parameters.get("deliverables")
    if not given:
        return orders.numbered(call.number("video_number", MOST_VIDEOS, least=1, most=MOST_VIDEOS), default)
    if not isinstance(given, list) or len(given) > MOST_VIDEOS:
        raise ApiError(40002, f"deliverables: Longer than maximum length {MOST_VIDEOS}.")
    return tuple(_deliverable(one, default) for one in given)


def _deliverable(given: Any, default: int) -> Deliverable:
    name = str(given.get("deliverable_name") or "") if isinstance(given, dict) else ""
    if not name:
        raise ApiError(40002, "Missing required field(s): deliverables.deliverable_name.")
    if len(name) > MAX_TEXT:
        raise ApiError(40002, f"deliverable_name: Longer than maximum length {MAX_TEXT}.")
    days = given.get("spark_ads_requested_authorization_days", default)
    if days not in (0, *DAYS):
        raise ApiError(40002, "spark_ads_requested_authorization_days: Must be one of: 0, 7, 30, 60, 365.")
    return Deliverable(name, int(days))


def _under_code(call: Call, brand: Brand, brand_name: str) -> Campaign | None:
    """The campaign of the code given: the account's own and for the same brand. Its first order's videos win."""
    code = call.text("campaign_code")
    if not code:
        return None
    found = call.world.market.behind_code(code)
    if found.brand != brand.place:
        raise ApiError(40007, "The campaign code does not exist.")
    if found.brand_name != brand_name:
        raise ApiError(40002, "campaign_code: the campaign code belongs to another brand.")
    return found


def listing(call: Call) -> Json:
    """`GET tcm/order/get/v2/`: by ids, campaign code or invite link, each with the parameter that belongs to it."""
    brand = brands.addressed(call, KEY)
    call.need("query_type")
    companion = COMPANIONS[call.choice("query_type", tuple(COMPANIONS), "ORDER_ID")]
    call.need(companion)
    names = call.names("fields", (*ORDER_FIELDS, *QUOTA_FIELDS)) or [*ORDER_FIELDS, *QUOTA_FIELDS]
    found = [one for one in _found(call, companion) if one.campaign.brand == brand.place]
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    with call.world.lock:
        return {"orders": [_shown(row(call, one), names) for one in page], "page_info": info}


def _found(call: Call, companion: str) -> list[Order]:
    market = call.world.market
    if companion == "order_ids":
        wanted = dict.fromkeys(call.listing("order_ids", most=MAX_ORDERS))
        return [market.orders[one] for one in wanted if one in market.orders]
    behind = market.behind_code if companion == "campaign_code" else market.behind_link
    try:
        return list(behind(call.text(companion)).orders.values())
    except ApiError:
        return []


def row(call: Call, order: Order) -> Json:
    """An order as the older generation tells it. Its `video_ids` are those uploaded, passed or not."""
    limit = len(order.campaign.deliverables)
    return {
        "order_id": order.order_id,
        "handle_name": order.handle,
        "campaign_code": order.campaign.code,
        "invite_link": order.campaign.link,
        "video_ids": marketplace.told_ids(call, [one.video_id for one in order.live if one.known_at <= call.at]),
        "quota": {
            "current_video_count": len(order.live),
            "per_creator_video_limit": limit,
            "total_video_limit": limit * MOST_ORDERS,
        },
    }


def _shown(order: Json, names: list[str]) -> Json:
    quota = {name: order["quota"][name] for name in QUOTA_FIELDS if name in names}
    shown = {name: order[name] for name in ORDER_FIELDS if name in names}
    return shown | ({"quota": quota} if quota else {})


def reviews(call: Call) -> Json:
    """`GET tcm/video/audit_status/get/`: where each post of one order is in TikTok's review, also those it lost."""
    order = _own_order(call)
    if call.text("lang"):
        call.choice("lang", LANGUAGES, "en")
    with call.world.lock:
        return {"audit_status_list": [review(call, one) for one in order.uploads]}


def _own_order(call: Call) -> Order:
    brand = brands.addressed(call, KEY)
    call.need("v2_order_id")
    found = call.world.market.orders.get(call.text("v2_order_id"))
    if found is None or found.campaign.brand != brand.place:
        raise ApiError(40007, f"The order {call.text('v2_order_id')} does not exist.")
    return found


def review(call: Call, made: Upload) -> Json:
    """One upload's review. An id that is late and times that are not yet are not there."""
    told: Json = {
        "video_id": made.video_id if made.known_at <= call.at else None,
        "video_status": {"published": "RELEASE", "removed": "DELETE"}.get(made.state, "UPLOAD"),
        "bind_status": "BIND" if made.live else "UNBIND",
        "review_status": review_status(made),
        **_judges(made),
        "advertiser_operate": "REJECT" if made.failed == "advertiser" else "DEFAULT",
        "is_advertiser_reject": made.failed == "advertiser",
        "reject_reason": made.reason or None,
        "cover_image_url": truth.media(call.world, made.video_id, at=call.at),
    }
    times = {
        "upload_time": made.uploaded_at,
        "review_create_time": made.posted_at and max(made.posted_at, made.uploaded_at),
        "publish_time": made.posted_at,
        "content_judge_time": made.content_judged_at,
        "music_review_time": made.content_judged_at,
        "ad_judge_time": made.ad_judged_at,
        "operation_time": made.closed_at if made.state == "rejected" else made.ad_judged_at,
        "delete_time": made.closed_at if made.state == "removed" else None,
    }
    told |= {name: told_time(at) for name, at in times.items() if at is not None}
    if told["review_status"] == "SUCCEED":
        told["embed_url"] = f"https://www.tiktok.com/player/v1/{made.video_id}"
    return {name: value for name, value in told.items() if value is not None}


def review_status(made: Upload) -> str:
    """The one word for all reviews together."""
    if made.failed in ("content", "ad"):
        return f"{made.failed.upper()}_REVIEW_FAIL"
    if made.ad_judged_at is not None:
        return "SUCCEED"
    if made.posted_at is None:
        return "NO_REVIEW"
    return "CONTENT_REVIEWING" if made.content_judged_at is None else "AD_REVIEWING"


def _judges(made: Upload) -> Json:
    waiting = "INIT" if made.posted_at is None else "REVIEWING"
    content = "FAIL" if made.failed == "content" else "SUCCEED" if made.content_judged_at else waiting
    after = "REVIEWING" if content == "SUCCEED" else "INIT"
    ad = "FAIL" if made.failed == "ad" else "SUCCEED" if made.ad_judged_at else after
    music = content if content != "FAIL" else "SUCCEED"
    return {"content_judge_status": content, "ad_judge_status": ad, "music_review_status": music}


def judge(call: Call) -> Json:
    """`POST tcm/video/audit_status/update/`: the brand rejects a post. Nobody has seen it approve one."""
    order = _own_order(call)
    call.need("video_id", "operation_type")
    call.choice("operation_type", ("REJECT",), "REJECT")
    with call.world.lock:
        made = uploads.tied(call.world, call.text("video_id"))
        if made.order is not order:
            raise ApiError(40007, f"The video {call.text('video_id')} is not linked to the order.")
        uploads.reject(call.world, video_id=made.video_id, reason=call.text("reject_reason"), by="advertiser")
    return {}


ROUTES = (
    Route("POST", "tcm/order/create/v2/", create, whose="brand", scope=13010000),
    Route("GET", "tcm/order/get/v2/", listing, whose="brand", scope=13020000),
    Route("GET", "tcm/video/audit_status/get/", reviews, whose="brand", scope=13020000),
    Route("POST", "tcm/video/audit_status/update/", judge, whose="brand", scope=13010000),
)
