"""TikTok One (`tto/…`): the marketplace's reads of today."""

from greenroom.sandbox import audience, marketplace, truth
from greenroom.sandbox.http import Json
from greenroom.sandbox.routes import Call, Route

AUTHORIZED_FIELDS = (
    "profile_image", "handle_name", "display_name", "bio", "following_count", "followers_count", "likes_count",
    "videos_count",
    "creator_rate", "country_code", "content_labels", "industry_labels", "audience_countries", "audience_genders",
    "audience_ages", "audience_devices", "audience_usages",
)  # fmt: skip
KEY = "tto_tcm_account_id"


def status(call: Call) -> Json:
    """`GET tto/tcm/creator/status/get/`."""
    return marketplace.onboarding(call, KEY, invited=False)


def public(call: Call) -> Json:
    """`GET tto/tcm/creator/public/`."""
    account = marketplace.member(call, KEY)
    return marketplace.public_profile(call.world, account, at=call.at)


def public_videos(call: Call) -> Json:
    """`GET tto/tcm/creator/public/video/list/`: the cursor is inside `page_info`."""
    account = marketplace.member(call, KEY)
    page, cursor, more = marketplace.page_of_posts(call, account)
    posts = [marketplace.public_post(call.world, account, post, at=call.at) for post in page]
    return {"posts": posts, "page_info": {"has_more": more, "cursor": cursor}}


def authorized(call: Call) -> Json:
    """`GET tto/creator/authorized/`: what a creator lets an app see."""
    account = marketplace.own_member(call)
    fields = call.names("fields", AUTHORIZED_FIELDS) or list(AUTHORIZED_FIELDS)
    key, profile = marketplace.audience_key(call, account), truth.profile(call.world, account, at=call.at)
    content, industry = marketplace.labels(account)
    genders = [(name.upper(), share) for name, share in audience.genders(*key)]
    figures = {
        "profile_image": profile["profile_image"],
        "handle_name": account.handle,
        "display_name": account.display_name,
        "bio": account.bio,
        "following_count": profile["following_count"],
        "followers_count": profile["followers_count"],
        "likes_count": profile["total_likes"],
        "videos_count": profile["videos_count"],
        "creator_rate": {"rate": account.price, "currency": account.currency},
        "country_code": account.country,
        "content_labels": content,
        "industry_labels": industry,
        "audience_countries": marketplace.shares(call, "country", audience.countries(account.country, *key)),
        "audience_genders": marketplace.shares(call, "gender", genders),
        "audience_ages": marketplace.shares(call, "age", audience.ages(*key)),
        "audience_devices": marketplace.shares(call, "device", marketplace.devices(call, account)),
        "audience_usages": marketplace.shares(call, "usage", marketplace.active_share(call, account)),
    }
    return {name: figures[name] for name in fields}


def authorized_videos(call: Call) -> Json:
    """`GET tto/creator/authorized/video/list/`: `has_more` and `cursor` at the top, or by fault in `page_info`."""
    account = marketplace.own_member(call)
    page, cursor, more = marketplace.page_of_posts(call, account)
    posts = [marketplace.public_post(call.world, account, post, at=call.at) for post in page]
    if call.world.faults.strikes("uneven_shapes"):
        return {"posts": posts, "page_info": {"has_more": more, "cursor": cursor}}
    return {"posts": posts, "has_more": more, "cursor": cursor}


ROUTES = (
    Route("GET", "tto/tcm/creator/status/get/", status, whose="brand", scope=13020000),
    Route("GET", "tto/tcm/creator/public/", public, whose="brand", scope=14010000),
    Route("GET", "tto/tcm/creator/public/video/list/", public_videos, whose="brand", scope=14020000),
    Route("GET", "tto/creator/authorized/", authorized, scope="biz.creator.info"),
    Route("GET", "tto/creator/authorized/video/list/", authorized_videos, scope="biz.creator.insights"),
)
