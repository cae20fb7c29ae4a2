"""What became of tied posts: `tto/tcm/report/` by campaign and country, `tcm/report/get/v2/` by orders."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from greenroom.sandbox import (
    audience,
    boosts,
    brands,
    chance,
    curves,
    marketplace,
    marketplace_campaigns,
    order_figures,
    truth,
)
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.market import Upload
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import Post
from greenroom.sandbox.routes import Call, Route

TTO_KEY, TCM_KEY = "tto_tcm_account_id", "tcm_account_id"
MAX_PAGE, WINDOW_DAYS = 100, 60
NEVER_BOOSTED = "1970-01-01"
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
Tied = tuple[Upload, Account, Post, curves.Counters]


def shown(call: Call, uploads: Iterable[Upload]) -> Iterator[Tied]:
    """The tied posts a report has figures of: posted, their ids known, there at the snapshot. Reviewed or not."""
    for made in uploads:
        if not made.live or made.posted_at is None or made.known_at > call.at:
            continue
        account = call.world.account(made.order.handle)
        post = next((one for one in call.world.posts_of(account.index) if one.item_id == made.video_id), None)
        count = order_figures.counted(call.world, post, at=call.at) if post else None
        if post and count:
            yield made, account, post, count


def report(call: Call) -> Json:
    """`GET tto/tcm/report/`: one campaign, the creators of one country, which the header `Country-Code` names."""
    brand = brands.addressed(call, TTO_KEY)
    call.need("campaign_id")
    campaign, country = marketplace_campaigns.own(call, brand), call.request.header("Country-Code")
    if not country:
        raise ApiError(40002, "Missing required header: Country-Code.")
    window = _window(call, needed=bool(call.text("start_date") or call.text("end_date")))
    with call.world.lock:
        found = [one for one in shown(call, campaign.uploads()) if one[1].country == country]
        page, info = marketplace.page_of(call, found, most=MAX_PAGE)
        return {
            "tto_tcm_account_id": brand.tto_tcm_account_id,
            "campaign_id": campaign.campaign_id,
            "country_code": country,
            "campaign_type": campaign.kind,
            "campaign_channel_type": marketplace_campaigns.CHANNELS[campaign.generation],
            "page_info": info,
            "videos": [_video(call, one, window) for one in page],
        }


def _video(call: Call, tied: Tied, window: tuple[date, date] | None) -> Json:
    made, account, post, count = tied
    spark = call.world.market.sparks.get(post.item_id)
    told: Json = {
        "video_info": {
            "video_id": post.item_id,
            "create_time": _time(post.created),
            "embed_url": f"https://www.tiktok.com/player/v1/{post.item_id}",
            "thumbnail_url": truth.media(call.world, post.item_id, at=call.at),
        },
        "creator_info": {"display_name": account.display_name, "handle_name": account.handle},
        **_figures(call, post, count),
        **order_figures.distributions(account, post, count),
        "video_views_by_source": order_figures.by_source(post, count, country=account.country),
    }
    if spark and spark.works(call.at):
        told["video_info"]["authorization_code"] = spark.code
    if made.order.campaign.anchor_id:
        told["anchor_id"] = made.order.campaign.anchor_id
    if window:
        told["daily_stats"] = order_figures.daily(call.world, post, first=window[0], last=window[1], at=call.at)
    if call.world.faults.strikes("uneven_shapes"):
        views = told["video_views_by_source"]
        told["video_views_by_source"] = [{"source": name, "video_views": views[name]} for name in views]
        if "video_view_retention" in told:
            told["video_view_retention"] = json.dumps(told["video_view_retention"])
    return told


def _figures(call: Call, post: Post, count: curves.Counters) -> Json:
    """Counters with their parts, and what the paid part cost; unless TikTok keeps the split to itself."""
    told = order_figures.lifetime(post, count, order_figures.bought(call.world, post, at=call.at))
    if call.world.faults.strikes("no_split"):
        told = order_figures.whole(told)
    return told | order_figures.costs(call.world, post, at=call.at)


def legacy_report(call: Call) -> Json:
    """`GET tcm/report/get/v2/`: a row for each post of the brand's own orders among those asked for."""
    brand = brands.addressed(call, TCM_KEY)
    call.need("order_ids")
    wanted = dict.fromkeys(call.listing("order_ids"))
    needed = call.flag("need_daily_stats", False)
    window = _window(call, needed=needed or bool(call.text("start_date") or call.text("end_date")))
    names = call.names("metrics", METRICS + MORE_METRICS) or list(METRICS)
    market = call.world.market
    with call.world.lock:
        mine = [market.orders[one] for one in wanted if one in market.orders]
        mine = [one for one in mine if one.campaign.brand == brand.place]
        found = list(shown(call, (made for order in mine for made in order.uploads)))
        page, info = marketplace.page_of(call, found, most=MAX_PAGE)
        rows = [_insight(call, one, names, window if needed else None) for one in page]
    return {"insights": rows, "page_info": info}


def _insight(call: Call, tied: Tied, names: list[str], window: tuple[date, date] | None) -> Json:
    made, account, post, count = tied
    figures = {**_figures(call, post, count), **_on_request(call, account, post, count)}
    metrics: Json = {name: figures[name] for name in names if name in figures}
    if window:
        days = order_figures.daily(call.world, post, first=window[0], last=window[1], at=call.at)
        metrics["daily_stats"] = [
            {name: value for name, value in day.items() if not name.startswith("favorites")} for day in days
        ]
    dimensions = {
        "tcm_account_id": call.text(TCM_KEY),
        "order_id": made.order.order_id,
        "order_type": "API_ORDER_V2",
        "video_id": post.item_id,
        "handle_name": account.handle,
        "video_first_release_time": _time(post.created),
    }
    return {"dimensions": dimensions, "metrics": metrics}


def _on_request(call: Call, account: Account, post: Post, count: curves.Counters) -> Json:
    """What the older report tells only when it is asked, in its own names and coarser groups."""
    told: Json = {"video_boosted_date": boosts.began_on(call.world, post) or NEVER_BOOSTED}
    told["video_views_by_source"] = order_figures.by_source(post, count, country=account.country)
    u = chance.draws("benchmark", post.seed, post.index)
    told |= {"engagement_rate_benchmark_p25": round(0.02 + 0.03 * u[0], 4)}
    told |= {"engagement_rate_benchmark_p50": round(0.05 + 0.03 * u[1], 4)}
    if not post.photo:
        told |= {"video_completion_rate_benchmark_p25": round(0.05 + 0.05 * u[2], 4)}
        told |= {"video_completion_rate_benchmark_p50": round(0.1 + 0.1 * u[3], 4)}
    shares = order_figures.distributions(account, post, count)
    if shares:
        told["lifetime_gender_distribution"] = shares["audience_genders_distribution"]
        told["lifetime_top_country_distribution"] = shares["audience_countries_distribution"]
        told["lifetime_top_age_distribution"] = truth.rows("age", _older_together(shares["audience_age_distribution"]))
        devices = {one["device"]: one["percentage"] for one in shares["audience_device_distribution"]}
        ios = devices.get("APPLE", 0.0)
        told["lifetime_device_distribution"] = truth.rows("device", [("ios", ios), ("android", round(1 - ios, 4))])
        if account.country == "US":
            states = shares["audience_locale_distribution"]
            told["most_popular_country_state_distribution"] = {"country": "US", "locale_distribution": states}
    return told


def _older_together(ages: list[Json]) -> audience.Shares:
    known = {one["age"]: one["percentage"] for one in ages}
    young = [(age, known.get(age, 0.0)) for age in ("18-24", "25-34")]
    return [*young, ("35+", round(1 - sum(share for _, share in young), 4))]


def _window(call: Call, *, needed: bool) -> tuple[date, date] | None:
    if not needed:
        return None
    call.need("start_date", "end_date")
    first, last = call.day("start_date"), call.day("end_date")
    if first is None or last is None or not 0 <= (last - first).days <= WINDOW_DAYS:
        raise ApiError(40002, f"end_date: Must be at most {WINDOW_DAYS} days after start_date, and not before it.")
    return first, last


def _time(seconds: int) -> str:
    return marketplace_campaigns.told_time(datetime.fromtimestamp(seconds, UTC))


ROUTES = (
    Route("GET", "tto/tcm/report/", report, whose="brand", scope=13020000),
    Route("GET", "tcm/report/get/v2/", legacy_report, whose="brand", scope=13020000),
)
