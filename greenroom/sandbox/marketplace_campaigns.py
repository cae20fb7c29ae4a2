"""What brands and creators have agreed: campaigns, links, anchors and orders of both generations, as far as read.

A list of ids narrows an answer, so unknown and foreign ones are ignored; a single thing asked for by name must exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from greenroom.sandbox import brands, marketplace
from greenroom.sandbox.brands import Brand
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.routes import Call, Route

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

KEY, LEGACY_KEY = "tto_tcm_account_id", "tcm_account_id"
TYPES = ("CAMPAIGN", "BRAND_LINK")
COMPANIONS = {"ORDER_ID": "order_ids", "CAMPAIGN_CODE": "campaign_code", "INVITE_LINK": "invite_link"}
MAX_PROFILES, MAX_ORDERS = 20, 200
MAX_PAGE, MAX_ORDER_PAGE = 100, 20
WINDOW_DAYS = 60
LINK_FIELDS = (
    "video_id", "status", "campaign_id", "last_reminded_timestamp", "number_of_requests", "campaign_type",
    "link_request_id",
)  # fmt: skip
REVIEW_FIELDS = (
    "video_id", "video_status", "bind_status", "review_status", "content_judge_status", "ad_judge_status",
    "music_review_status", "advertiser_operate", "is_advertiser_reject", "reject_reason", "embed_url",
)  # fmt: skip
ORDER_FIELDS = ("order_id", "handle_name", "campaign_code", "invite_link", "video_ids")
QUOTA_FIELDS = ("current_video_count", "per_creator_video_limit", "total_video_limit")
METRICS = (
    "engagement_count", "engagement_rate", "video_views", "likes", "shares", "comments", "reach", "total_play_time",
    "average_view_time", "two_seconds_views", "six_seconds_views", "video_completion_rate",
)  # fmt: skip
MORE_METRICS = (
    "lifetime_gender_distribution", "lifetime_top_age_distribution", "lifetime_top_country_distribution",
    "lifetime_device_distribution", "most_popular_country_state_distribution", "video_view_retention",
    "video_views_by_source", "engagement_rate_benchmark_p25", "engagement_rate_benchmark_p50",
    "video_completion_rate_benchmark_p25", "video_completion_rate_benchmark_p50", "video_views_organic",
    "video_views_paid", "ad_clicks", "ad_conversions", "ad_cost", "ad_cpa", "ad_cpc", "ad_cpm", "ad_ctr", "ad_cvr",
    "ad_impressions", "video_boosted_date",
)  # fmt: skip


@dataclass
class Book:
    """What one brand has going on in the marketplace; empty, since nothing here can begin a campaign or an order.

    Each kind is a list of rows in the names of the API, oldest first. `links` also carry the creator's `handle_name`
    and `reviews` the `order_id`, by which they are found but which they do not show.
    """

    profiles: list[Json] = field(default_factory=list)
    campaigns: list[Json] = field(default_factory=list)
    links: list[Json] = field(default_factory=list)
    anchors: list[Json] = field(default_factory=list)
    orders: list[Json] = field(default_factory=list)
    reviews: list[Json] = field(default_factory=list)
    insights: list[Json] = field(default_factory=list)


def book(world: "World", brand: Brand) -> Book:
    """The brand's own book; both generations read the same one."""
    return world.record(f"book {brand.place}", Book)


def campaigns(call: Call) -> Json:
    """`GET tto/tcm/campaign/`."""
    mine = book(call.world, brands.addressed(call, KEY))
    found = _of_type(call, _named(mine.campaigns, "campaign_id", call.listing("campaign_ids")))
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"campaigns": page, "page_info": info}


def links(call: Call) -> Json:
    """`GET tto/tcm/campaign/link/status/`: how creators answered the wish to link a post."""
    mine = book(call.world, brands.addressed(call, KEY))
    found = _named(mine.links, "campaign_id", call.listing("campaign_ids"))
    found = _of_type(call, _named(found, "handle_name", call.listing("handle_names")))
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"video_infos": [_picked(one, LINK_FIELDS) for one in page], "page_info": info}


def profiles(call: Call) -> Json:
    """`GET tto/tcm/brand/profile/get/`."""
    mine = book(call.world, brands.addressed(call, KEY))
    found = _named(mine.profiles, "brand_profile_id", call.listing("brand_profile_ids", most=MAX_PROFILES))
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"brands": page, "page_info": info}


def anchors(call: Call) -> Json:
    """`GET tto/tcm/anchor/get/`."""
    mine = book(call.world, brands.addressed(call, KEY))
    found = _named(mine.anchors, "anchor_id", call.listing("anchor_ids"))
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"anchors": page, "page_info": info}


def link_requests(call: Call) -> Json:
    """`GET tto/creator/link/request/get/`: what the brand behind an invite link asks this creator to link."""
    call.need("creator_id", "tto_invite_link")
    call.own("creator_id")
    for mine in (book(call.world, brand) for brand in brands.everyone(call.world.seed)):
        for campaign in _named(mine.campaigns, "invite_link", [call.text("tto_invite_link")]):
            account = marketplace.must_be_member(call, call.account)
            return {
                "campaign_id": campaign["campaign_id"],
                "spark_authorization_days": campaign["spark_ads_requested_authorization_days"],
                "link_requests": list(_waiting(mine, campaign["campaign_id"], account.handle)),
            }
    raise ApiError(40007, "The invite link does not exist.")


def _waiting(mine: Book, campaign_id: str, handle: str) -> Iterator[Json]:
    for link in _named(_named(mine.links, "campaign_id", [campaign_id]), "handle_name", [handle]):
        if link["status"] == "IN_REVIEW":
            yield _picked(link, ("video_id", "link_request_id"))


def orders(call: Call) -> Json:
    """`GET tcm/order/get/v2/`: by ids, campaign code or invite link, each with the parameter that belongs to it."""
    mine = book(call.world, brands.addressed(call, LEGACY_KEY))
    call.need("query_type")
    companion = COMPANIONS[call.choice("query_type", tuple(COMPANIONS), "ORDER_ID")]
    call.need(companion)
    if companion == "order_ids":
        found = _named(mine.orders, "order_id", call.listing("order_ids", most=MAX_ORDERS))
    else:
        found = _named(mine.orders, companion, [call.text(companion)])
    names = call.names("fields", (*ORDER_FIELDS, *QUOTA_FIELDS)) or [*ORDER_FIELDS, *QUOTA_FIELDS]
    page, info = marketplace.page_of(call, found, most=MAX_ORDER_PAGE)
    return {"orders": [_order(one, names) for one in page], "page_info": info}


def _order(order: Json, names: list[str]) -> Json:
    quota = {name: order["quota"][name] for name in QUOTA_FIELDS if name in names}
    shown = {name: order[name] for name in ORDER_FIELDS if name in names}
    return shown | ({"quota": quota} if quota else {})


def reviews(call: Call) -> Json:
    """`GET tcm/video/audit_status/get/`: where each post of one order is in TikTok's review."""
    mine = book(call.world, brands.addressed(call, LEGACY_KEY))
    call.need("v2_order_id")
    order_id = call.text("v2_order_id")
    if not _named(mine.orders, "order_id", [order_id]):
        raise ApiError(40007, f"The order {order_id} does not exist.")
    found = _named(mine.reviews, "order_id", [order_id])
    return {"audit_status_list": [_picked(one, REVIEW_FIELDS) for one in found]}


def report(call: Call) -> Json:
    """`GET tcm/report/get/v2/`: a row for each post of the brand's own orders among those asked for."""
    mine = book(call.world, brands.addressed(call, LEGACY_KEY))
    call.need("order_ids")
    wanted = call.listing("order_ids")
    daily = call.choice("need_daily_stats", ("true", "false", "True", "False"), "false").lower() == "true"
    _check_window(call, needed=daily)
    names = call.names("metrics", METRICS + MORE_METRICS) or list(METRICS)
    found = [one for one in mine.insights if one["dimensions"]["order_id"] in wanted]
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    shown = (*names, "daily_stats") if daily else tuple(names)
    rows = [{"dimensions": one["dimensions"], "metrics": _picked(one["metrics"], shown)} for one in page]
    return {"insights": rows, "page_info": info}


def _check_window(call: Call, *, needed: bool) -> None:
    if needed or call.text("start_date") or call.text("end_date"):
        call.need("start_date", "end_date")
    first, last = call.day("start_date"), call.day("end_date")
    if first and last and not 0 <= (last - first).days <= WINDOW_DAYS:
        raise ApiError(40002, f"end_date: Must be at most {WINDOW_DAYS} days after start_date, and not before it.")


def _named(rows: list[Json], key: str, wanted: list[str]) -> list[Json]:
    """The rows with one of these ids, or all of them when no id was asked for."""
    return [row for row in rows if row[key] in wanted] if wanted else rows


def _of_type(call: Call, rows: list[Json]) -> list[Json]:
    if not call.text("campaign_type"):
        return rows
    return _named(rows, "campaign_type", [call.choice("campaign_type", TYPES, "CAMPAIGN")])


def _picked(row: Json, names: tuple[str, ...]) -> Json:
    return {name: row[name] for name in names if name in row}


ROUTES = (
    Route("GET", "tto/tcm/campaign/", campaigns, whose="brand", scope=13020000),
    Route("GET", "tto/tcm/campaign/link/status/", links, whose="brand", scope=13020000),
    Route("GET", "tto/tcm/brand/profile/get/", profiles, whose="brand", scope=13010000),
    Route("GET", "tto/tcm/anchor/get/", anchors, whose="brand", scope=13020000),
    Route("GET", "tto/creator/link/request/get/", link_requests, scope="tcm.order.update"),
    Route("GET", "tcm/order/get/v2/", orders, whose="brand", scope=13020000),
    Route("GET", "tcm/video/audit_status/get/", reviews, whose="brand", scope=13020000),
    Route("GET", "tcm/report/get/v2/", report, whose="brand", scope=13020000),
)
