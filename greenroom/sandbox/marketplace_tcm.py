"""The older marketplace (`tcm/…`): the same creators under the older names, with averages over the last 30 posts."""

from typing import Any

from greenroom.sandbox import audience, brands, chance, invitations, marketplace, truth
from greenroom.sandbox.http import Json
from greenroom.sandbox.people import Account
from greenroom.sandbox.routes import Call, Route

KEY = "tcm_account_id"
AVERAGES = (
    "average_views", "six_seconds_views_rate", "engagement_rate", "completion_rate", "average_likes", "average_shares",
    "average_comments", "followers_growth_rate",
)  # fmt: skip
AUTHORIZED_FIELDS = (
    "profile_image", "display_name", "handle_name", "followers_count", "bio", "is_on_vacation", "vacation_start_date",
    "vacation_end_date", "creator_rate", "location", "topics", "creator_badges", "audience_countries",
    "audience_genders",
    "audience_ages", "audience_locales", "audience_device", "audience_usage", *AVERAGES,
    *(f"{name}_benchmark" for name in AVERAGES), "sponsored_video",
)  # fmt: skip
MONTH = 30 * 86_400


def status(call: Call) -> Json:
    """`GET tcm/creator/status/get/`."""
    return marketplace.onboarding(call, KEY, invited=True)


def invite(call: Call) -> Json:
    """`POST tcm/creator/invite/`: who is in, who is now invited, who cannot be, and why."""
    brand = brands.addressed(call, KEY)
    call.need("handle_names")
    members, invited, reasons = [], [], {}
    for handle in call.listing("handle_names", most=marketplace.HANDLES_AT_ONCE):
        try:
            answer = invitations.send(call.world, brand=brand, handle=handle)
        except KeyError:
            answer = "The handle does not exist."
        if answer == "IN":
            members.append(handle)
        elif answer == "INVITED":
            invited.append(handle)
        else:
            reasons[handle] = answer
    listed = [{"handle_name": handle, "reject_reason": reason} for handle, reason in reasons.items()]
    uneven = call.world.faults.strikes("uneven_shapes")
    told: Json = {"in_tcm": members, "invited": invited, "rejected": list(reasons)}
    return told | {"reject_reasons": listed if uneven else reasons}


def public(call: Call) -> Json:
    """`GET tcm/creator/public/`."""
    account = marketplace.member(call, KEY)
    return marketplace.public_profile(call.world, account, at=call.at)


def public_videos(call: Call) -> Json:
    """`GET tcm/creator/public/video/list/`."""
    account = marketplace.member(call, KEY)
    page, cursor, more = marketplace.page_of_posts(call, account)
    posts = [marketplace.public_post(call.world, account, post, at=call.at) for post in page]
    return {"posts": posts, "page_info": {"has_more": more, "cursor": cursor}}


def authorized(call: Call) -> Json:
    """`GET tcm/creator/authorized/`."""
    account = marketplace.own_member(call)
    fields = call.names("fields", AUTHORIZED_FIELDS) or ["profile_image", "display_name"]
    figures = _person(call, account) | _audience(call, account) | _averages(call, account)
    return {name: figures[name] for name in fields if name in figures}


def _person(call: Call, account: Account) -> dict[str, Any]:
    profile = truth.profile(call.world, account, at=call.at)
    content, _ = marketplace.labels(account)
    return {
        "profile_image": profile["profile_image"],
        "display_name": account.display_name,
        "handle_name": account.handle,
        "followers_count": profile["followers_count"],
        "bio": account.bio,
        "is_on_vacation": False,
        "creator_rate": {"rate": account.price, "currency": account.currency, "is_negotiable_type": True},
        "location": account.country,
        "topics": [one["label_name"] for one in content],
        "creator_badges": ["RESPONSIVE", "PROFILE_COMPLETE"] if account.index % 3 else ["EXPERIENCED"],
    }


def _audience(call: Call, account: Account) -> dict[str, Any]:
    key = marketplace.audience_key(call, account)
    ages = dict(audience.ages(*key))
    young = [("18-24", ages.get("18-24", 0.0)), ("25-34", ages.get("25-34", 0.0))]
    older = round(1 - sum(share for _, share in young), 4)
    genders = [("NONE" if name == "Other" else name.upper(), share) for name, share in audience.genders(*key)]
    apple = dict(audience.devices(*key)).get("APPLE", 0.0)
    figures: dict[str, Any] = {
        "audience_countries": marketplace.shares(call, "country", _top(audience.countries(account.country, *key))),
        "audience_genders": marketplace.shares(call, "gender", genders),
        "audience_ages": marketplace.shares(call, "age", [*young, ("35+", older)]),
        "audience_device": marketplace.shares(call, "device", [("ios", apple), ("android", round(1 - apple, 4))]),
        "audience_usage": marketplace.shares(call, "usage", marketplace.active_share(call, account)),
    }
    if "US" in dict(audience.countries(account.country, *key)):
        figures["audience_locales"] = marketplace.shares(call, "locale", _top(audience.states(*key)))
    return figures


def _top(found: audience.Shares) -> audience.Shares:
    """The three largest, the largest first."""
    return sorted(found, key=lambda one: -one[1])[:3]


def _averages(call: Call, account: Account) -> dict[str, Any]:
    found = marketplace.Averages(call.world, account, at=call.at)
    if not found.posts:
        return {}
    now = truth.minute(call.at)
    followers, _, _ = truth.followers(call.world, account, now)
    before, _, _ = truth.followers(call.world, account, now - MONTH)
    figures: dict[str, Any] = {
        "average_views": found.mean("views"),
        "six_seconds_views_rate": found.six_seconds_rate(),
        "engagement_rate": found.engagement_rate(),
        "completion_rate": found.completion_rate(),
        "average_likes": found.mean("likes"),
        "average_shares": found.mean("shares"),
        "average_comments": found.mean("comments"),
        "followers_growth_rate": round((followers - before) / max(before, 1), 4),
    }
    ranks = chance.draws("rank", *marketplace.audience_key(call, account))
    figures |= {f"{name}_benchmark": round(1 + 98 * ranks[n], 1) for n, name in enumerate(AVERAGES)}
    figures["sponsored_video"] = {
        "avg_views_per_video": round(found.mean("views") * 0.8, 2),
        "avg_six_seconds_views_per_video": round(found.mean("views") * 0.8 * found.six_seconds_rate(), 2),
        "video_completion_rate": found.completion_rate(),
        "engagement_rate": round(found.engagement_rate() * 0.9, 4),
    }
    return figures


def authorized_videos(call: Call) -> Json:
    """`GET tcm/creator/authorized/video/list/`."""
    account = marketplace.own_member(call)
    page, cursor, more = marketplace.page_of_posts(call, account)
    names = (
        "video_id", "caption", "display_name", "likes", "comments", "shares", "video_views", "embed_url",
        "thumbnail_url",
        "create_time",
    )  # fmt: skip
    posts = []
    for post in page:
        figures = marketplace.public_post(call.world, account, post, at=call.at)
        engaged = figures["likes"] + figures["comments"] + figures["shares"]
        views = figures["video_views"]
        rate = {"engagement_rate": round(engaged / views, 4)} if views else {}
        posts.append({name: figures[name] for name in names} | {"engagement_count": engaged} | rate)
    return {"posts": posts, "page_info": {"has_more": more, "cursor": cursor}}


ROUTES = (
    Route("GET", "tcm/creator/status/get/", status, whose="brand", scope=13030000),
    Route("POST", "tcm/creator/invite/", invite, whose="brand", scope=13030000),
    Route("GET", "tcm/creator/public/", public, whose="brand", scope=14010000),
    Route("GET", "tcm/creator/public/video/list/", public_videos, whose="brand", scope=14020000),
    Route("GET", "tcm/creator/authorized/", authorized, scope="biz.creator.info"),
    Route("GET", "tcm/creator/authorized/video/list/", authorized_videos, scope="biz.creator.insights"),
)
