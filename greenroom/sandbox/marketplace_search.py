"""Finding creators in the marketplace: search, similar creators, ranking and labels, in both generations.

Search looks at the first `INDEXED` accounts of the world, and only at marketplace members among them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from greenroom.sandbox import brands, chance, marketplace, people, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.people import Account
from greenroom.sandbox.routes import Call, Route

INDEXED = 2_000
LEGACY_CEILING = 250
RANKED = 100
MAX_PAGE = 200
BANDS = {"0-5": (0.0, 0.05), "5-10": (0.05, 0.1), "10-15": (0.1, 0.15), "15-20": (0.15, 0.2), ">20": (0.2, 1.0)}
Test = Callable[[Account], bool]


def members(call: Call, *, country: str = "") -> Iterator[Account]:
    """The marketplace's creators, in no meaningful order."""
    for index in range(min(call.world.size, INDEXED)):
        account = call.world.account_at(index)
        if call.world.membership(account) == "IN" and country in ("", account.country):
            yield account


def discover(call: Call) -> Json:
    """`GET tto/tcm/creator/discover/`: one region, filters, a thin hit per creator."""
    brands.addressed(call, "tto_tcm_account_id")
    call.need("country_codes")
    countries = call.listing("country_codes")
    if len(countries) != 1:
        raise ApiError(40002, "country_codes: only one region may be given.")
    found = [one for one in members(call, country=countries[0]) if all(test(one) for test in _tests(call))]
    field = call.choice("sort_field", ("RELEVANCE", "FOLLOWERS", "MEDIAN_VIEWS", "ENGAGEMENT_RATE"), "RELEVANCE")
    descending = call.choice("sort_order", ("ASC", "DESC"), "DESC") == "DESC"
    measures: dict[str, Callable[[Account], float]] = {
        "RELEVANCE": lambda one: one.followers,
        "FOLLOWERS": lambda one: one.followers,
        "MEDIAN_VIEWS": lambda one: _averages(call, one).median_views(),
        "ENGAGEMENT_RATE": lambda one: _averages(call, one).engagement_rate(),
    }
    return _page(call, sorted(found, key=measures[field], reverse=descending))


def _tests(call: Call) -> Iterator[Test]:
    """What the parameters ask of a creator, the cheap questions first."""
    labels = set(call.listing("content_label_ids"))
    if labels:
        yield lambda one: people.LABELS[one.label][0] in labels
    word = call.text("keyword_search").lower()
    if word:
        yield lambda one: word in one.handle or word in one.bio.lower()
    yield from _within(call, "followers", lambda one: one.followers)
    yield from _within(call, "creator_price", lambda one: one.price)
    yield from _within(call, "avg_views", lambda one: _averages(call, one).mean("views"))
    yield from _within(call, "median_views", lambda one: _averages(call, one).median_views())
    yield from _within(call, "engagement_rate", lambda one: _averages(call, one).engagement_rate())


def _within(call: Call, name: str, measure: Callable[[Account], float]) -> Iterator[Test]:
    """The test behind `min_<name>` and `max_<name>`; nothing when neither was given."""
    if call.text(f"min_{name}") or call.text(f"max_{name}"):
        low, high = call.decimal(f"min_{name}", 0), call.decimal(f"max_{name}", float("inf"))
        yield lambda one: low <= measure(one) <= high


def legacy_discover(call: Call) -> Json:
    """`POST tcm/creator/discover/`: never more than 250 creators in all."""
    brands.addressed(call, "tcm_account_id")
    band = call.choice("engagement_rate", tuple(BANDS), "0-5") if call.text("engagement_rate") else ""
    low, high = BANDS.get(band, (0.0, 1.0))
    least, most = call.decimal("min_followers", 100), call.decimal("max_followers", 10**10)
    word = call.text("query").lower()
    found = [
        one
        for one in members(call, country=call.text("country_code"))
        if least <= one.followers <= most and least != most and word in f"{one.handle} {one.bio}".lower()
    ]
    if band or call.choice("sort_field", LEGACY_SORTS, "follower_count") in ("avg_views", "engagement_rate"):
        found = [one for one in found if low <= _averages(call, one).engagement_rate() <= high]
    field = call.choice("sort_field", LEGACY_SORTS, "follower_count")
    measure: Callable[[Account], float] = {
        "avg_views": lambda one: _averages(call, one).mean("views"),
        "engagement_rate": lambda one: _averages(call, one).engagement_rate(),
    }.get(field, lambda one: one.followers)
    return _page(call, sorted(found, key=measure, reverse=True)[:LEGACY_CEILING])


LEGACY_SORTS = ("follower_count", "avg_views", "engagement_rate", "relevance")


def similar(call: Call) -> Json:
    """`GET tcm/similar/creator/`: members with the same label and country, the nearest in size first."""
    account = marketplace.member(call, "tcm_account_id")
    alike = [one for one in members(call, country=account.country) if one.label == account.label and one != account]
    return _page(call, sorted(alike, key=lambda one: abs(one.followers - account.followers)))


def rank(call: Call) -> Json:
    """`GET tto/tcm/rank/`: up to 100 creators of a label in a country."""
    brands.addressed(call, "tto_tcm_account_id")
    call.need("ranking_type", "time_period", "time_period_lookback", "label_id", "country_code")
    call.choice("ranking_type", ("BRANDED_CONTENT", "ORGANIC_CONTENT"), "ORGANIC_CONTENT")
    call.choice("time_period", ("WEEK", "MONTH"), "WEEK")
    call.choice("time_period_lookback", ("ONE", "TWO", "THREE"), "ONE")
    label = call.text("label_id")
    found = [one for one in members(call, country=call.text("country_code")) if people.LABELS[one.label][0] == label]
    ranked = sorted(found, key=lambda one: -one.followers)[:RANKED]
    page, info = marketplace.page_of(call, ranked, most=MAX_PAGE)
    updated = f"{call.at:%Y-%m-%d} 00:00:00"
    return {"creators": [_ranked(call, one) for one in page], "last_updated_at": updated, "page_info": info}


def _ranked(call: Call, account: Account) -> dict[str, Any]:
    averages = _averages(call, account)
    content, industry = marketplace.labels(account)
    u = chance.draws("ranking", call.world.seed, account.index)
    followers, _, _ = truth.followers(call.world, account, truth.minute(call.at))
    return {
        "ranking_change": int(9 * u[0]) - 4,
        "handle": account.handle,
        "display_name": account.display_name,
        "country": account.country,
        "score": round(40 + 60 * u[1], 1),
        "number_of_followers": followers,
        "total_video_views": averages.views,
        "engagement_rate": averages.engagement_rate(),
        "starting_price": account.price,
        "starting_price_currency": account.currency,
        "content_labels": content,
        "industry_labels": industry,
    }


def labels(call: Call) -> Json:
    """`GET tto/tcm/category/label/`."""
    brands.addressed(call, "tto_tcm_account_id")
    call.need("label_type")
    call.choice("label_type", ("RANKING", "SEARCH"), "SEARCH")
    return {
        "content_labels": [{"label_id": key, "label_name": name} for key, name in people.LABELS],
        "industry_labels": [{"label_id": key, "label_name": name} for key, name in people.INDUSTRIES],
    }


def _page(call: Call, found: list[Account]) -> Json:
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"creators": [_hit(call, one) for one in page], "page_info": info}


def _hit(call: Call, account: Account) -> dict[str, Any]:
    profile = truth.profile(call.world, account, at=call.at)
    return {
        "handle_name": account.handle,
        "display_name": account.display_name,
        "profile_image": profile["profile_image"],
        "followers_count": profile["followers_count"],
        "following_count": profile["following_count"],
        "likes_count": profile["total_likes"],
        "videos_count": profile["videos_count"],
    }


def _averages(call: Call, account: Account) -> marketplace.Averages:
    return marketplace.Averages(call.world, account, at=call.at)


ROUTES = (
    Route("GET", "tto/tcm/creator/discover/", discover, whose="brand", scope=13020000),
    Route("GET", "tto/tcm/rank/", rank, whose="brand", scope=13020000),
    Route("GET", "tto/tcm/category/label/", labels, whose="brand", scope=13020000),
    Route("POST", "tcm/creator/discover/", legacy_discover, whose="brand", scope=13020000),
    Route("GET", "tcm/similar/creator/", similar, whose="brand", scope=13020000),
)
