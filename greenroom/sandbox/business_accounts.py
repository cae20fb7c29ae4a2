"""The Accounts API: an authorised account's profile, its days and its posts."""

from datetime import date

from greenroom.sandbox import chance, truth
from greenroom.sandbox.http import ApiError, Json, Written, write_object
from greenroom.sandbox.routes import Call, Route

PROFILE_FIELDS = {
    "is_business_account": "user.account.type",
    "display_name": "user.info.basic", "profile_image": "user.info.basic",
    "username": "user.info.username",
    "profile_deep_link": "user.info.profile", "bio_description": "user.info.profile",
    "is_verified": "user.info.profile",
    "following_count": "user.info.stats", "followers_count": "user.info.stats",
    "total_likes": "user.info.stats", "videos_count": "user.info.stats",
    "audience_ages": "user.insights", "audience_genders": "user.insights",
    "audience_countries": "user.insights", "audience_cities": "user.insights",
}  # fmt: skip
DAILY_FIELDS = (
    "video_views", "unique_video_views", "profile_views", "likes", "comments", "shares", "daily_total_followers",
    "daily_new_followers", "daily_lost_followers", "audience_activity", "engaged_audience", "bio_link_clicks",
    "email_clicks",
    "phone_number_clicks", "address_clicks", "lead_submissions", "app_download_clicks",
)  # fmt: skip
ACCOUNT_FIELDS = PROFILE_FIELDS | dict.fromkeys(DAILY_FIELDS, "user.insights")
LIST_FIELDS = (
    "item_id", "media_type", "is_ad", "thumbnail_url", "share_url", "embed_url", "caption", "video_duration",
    "create_time",
    "likes", "comments", "shares", "favorites", "reach", "video_views",
)  # fmt: skip
INSIGHT_FIELDS = (
    "total_time_watched", "average_time_watched", "full_video_watched_rate", "new_followers", "profile_views",
    "website_clicks",
    "phone_number_clicks", "lead_submissions", "app_download_clicks", "email_clicks", "address_clicks",
    "video_view_retention",
    "impression_sources", "audience_genders", "audience_countries", "audience_cities", "audience_types",
    "engagement_likes",
)  # fmt: skip
POST_FIELDS = dict.fromkeys(LIST_FIELDS, "video.list") | dict.fromkeys(INSIGHT_FIELDS, "video.insights")
EXTRA_PROFILE = {"completion_rate": 0.3141, "average_views": 12_345, "engagement_rate": 0.0815, "audience_locales": []}
WINDOW_DAYS = 60


def get(call: Call) -> Json:
    """`GET business/get/`: profile in real time, `metrics[]` by day."""
    call.own()
    fields = call.fields(ACCOUNT_FIELDS, ["display_name", "profile_image"])
    first, last = _window(call)
    profile = truth.profile(call.world, call.account, at=call.at)
    data = {name: profile[name] for name in fields if name in profile}
    daily = [name for name in fields if name in DAILY_FIELDS]
    if daily:
        days = truth.metrics(call.world, call.account, first=first, last=last, at=call.at)
        wanted = {"date", *fields}
        data["metrics"] = [{name: value for name, value in day.items() if name in wanted} for day in days]
    if call.world.faults.strikes("extra_fields"):
        data |= EXTRA_PROFILE
    return data


def _window(call: Call) -> tuple[date, date]:
    today = call.at.date()
    first = call.day("start_date") or date.fromordinal(today.toordinal() - 7)
    last = call.day("end_date") or date.fromordinal(today.toordinal() - 1)
    if first > last:
        raise ApiError(40002, "start_date must not be later than end_date.")
    if first < truth.oldest_day(call.at):
        raise ApiError(
            40002,
            f"start_date: the earliest date is {WINDOW_DAYS} days ago, {truth.oldest_day(call.at)}.",
        )
    if last > today:
        raise ApiError(40002, "end_date must not be later than today.")
    return first, last


def videos(call: Call) -> Json:
    """`GET business/video/list/`: posts with lifetime totals, newest first, by `create_time` before a cursor."""
    call.own()
    fields = call.fields(POST_FIELDS, ["item_id"])
    if "item_id" not in fields:
        raise ApiError(40002, "fields: item_id is required.")
    limit = call.number("max_count", 10, least=1, most=20)
    before = call.number("cursor", int(call.at.timestamp() * 1000) + 1, least=0, most=10**14)
    filters = call.object("filters")
    wanted = {str(one) for one in filters.get("video_ids") or ()}
    posts = [post for post in call.world.posts_of(call.account.index, at=call.at) if post.created * 1000 < before]
    if wanted or filters.get("ad_post_only"):
        posts = [post for post in posts if post.item_id in wanted and not filters.get("ad_post_only")]
    page, more = posts[:limit], len(posts) > limit
    cursor = page[-1].created * 1000 if page else before
    if more and len(page) > 1 and call.world.faults.strikes("short_pages"):
        keep = 1 + int(chance.draws("short", cursor)[0] * (len(page) - 1))
        page = page[:keep]
        cursor = page[-1].created * 1000
    found = [_picked(truth.post(call.world, call.account, post, at=call.at), fields) for post in page]
    if call.world.faults.strikes("numeric_ids"):
        found = [{**one, "item_id": int(one["item_id"])} for one in found]
    videos = Written("[" + ",".join([write_object(one) for one in found]) + "]")
    return {"videos": videos, "cursor": cursor, "has_more": more}


def _picked(figures: Json, fields: list[str]) -> Json:
    return {name: figures[name] for name in fields if name in figures}


def settings(call: Call) -> Json:
    """`GET business/video/settings/`."""
    call.own()
    private = call.account.index % 7 == 3
    options = (
        ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]
        if private
        else ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    )
    return {
        "privacy_level_options": options, "comment_disabled": False, "duet_disabled": private,
        "stitch_disabled": private,
        "max_video_post_duration_sec": 600,
    }  # fmt: skip


def benchmark(call: Call) -> Json:
    """`GET business/benchmark/`: averages of a business category."""
    call.own()
    call.need("business_category")
    category = call.text("business_category")
    u = chance.draws("benchmark", call.world.seed, category)
    views = round(2_000 + 9_000 * u[0], 2)
    return {
        "business_category": category,
        "average_video_views": views,
        "average_likes": round(views * (0.03 + 0.06 * u[1]), 2),
        "average_comments": round(views * 0.0024, 2),
        "average_shares": round(views * 0.0031, 2),
        "average_video_count": round(8 + 30 * u[2], 2),
        "average_follower_count": round(1_500 + 40_000 * u[3], 2),
        "average_follower_growth": round(0.001 + 0.01 * u[4], 4),
        "average_engagement_rate": round(0.03 + 0.06 * u[1] + 0.0055, 4),
    }


def hashtags(call: Call) -> Json:
    """`GET business/hashtag/suggestion/`."""
    call.own()
    call.need("keyword")
    stem = "".join(one for one in call.text("keyword").lower() if one.isalnum())
    endings = ("", "tok", "tips", "challenge", "life", "ideas", "2026", "community")
    counts = chance.draws("hashtag", call.world.seed, stem)
    return {
        "suggestions": [
            {"name": stem + end, "view_count": int(10 ** (4 + 5 * counts[n]))} for n, end in enumerate(endings)
        ]
    }


ROUTES = (
    Route("GET", "business/get/", get, scope="user.info.basic", limited=True),
    Route("GET", "business/video/list/", videos, scope="video.list", limited=True),
    Route("GET", "business/video/settings/", settings, scope="video.publish", limited=True),
    Route("GET", "business/benchmark/", benchmark, scope="user.insights", limited=True),
    Route("GET", "business/hashtag/suggestion/", hashtags, scope="video.list", limited=True),
)
