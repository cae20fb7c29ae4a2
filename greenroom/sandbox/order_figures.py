"""The figures of a post that is tied to an order, from the same curves as everything else about the post.

They are those of the snapshot (`truth.snapshot`), so a post has none until it existed then. What a boost brought is
told apart (`boosts`); of a post that was never boosted paid counts are 0, and prices of paid views are not there.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import audience, boosts, chance, curves, people, truth
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import AUDIENCES, Post

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Figures = dict[str, Any]
COUNTS = ("video_views", "reach", "likes", "comments", "shares", "favorites")
SOURCES = {
    "For You": "for_you", "Follow": "following", "Sound": "sound", "Personal Profile": "personal_profile",
    "Search": "search",
}  # fmt: skip
LANGUAGES = {"US": "en", "GB": "en", "BR": "pt", "ID": "id", "DE": "de", "FR": "fr", "JP": "ja", "ES": "es", "IT": "it"}


def counted(world: "World", item: Post, *, at: datetime) -> curves.Counters | None:
    """The counters the report shows at a moment; None while there are none yet."""
    seen_at = truth.snapshot(at, delays=world.delays)
    return None if item.created >= seen_at else boosts.counters(world, item, seen_at)


def bought(world: "World", item: Post, *, at: datetime) -> curves.Counters:
    """How much of these counters advertising brought."""
    return boosts.paid(world.boosts, item, truth.snapshot(at, delays=world.delays))


def costs(world: "World", item: Post, *, at: datetime) -> Figures:
    """What the advertising cost by then; nothing when there was none."""
    return boosts.costs(world, item, truth.snapshot(at, delays=world.delays))


def whole(figures: Figures) -> Figures:
    """The same without telling organic from paid."""
    return {
        name: value
        for name, value in figures.items()
        if not name.startswith("organic_") and not name.endswith(("_organic", "_paid"))
    }


def lifetime(item: Post, count: curves.Counters, paid: curves.Counters = boosts.NOTHING) -> Figures:
    """Totals, rates and watching, with their organic and paid parts, in the names of `tto/tcm/report/`."""
    engaged = count.likes + count.comments + count.shares
    figures: Figures = {"engagement_count": engaged}
    values = (count.views, count.reach, count.likes, count.comments, count.shares, count.favorites)
    parts = (paid.views, paid.reach, paid.likes, paid.comments, paid.shares, paid.favorites)
    for name, value, part in zip(COUNTS, values, parts, strict=True):
        figures |= {name: value, f"{name}_organic": value - part, f"{name}_paid": part}
    if count.views:
        earned = engaged - paid.likes - paid.comments - paid.shares
        figures |= {"engagement_rate": round(engaged / count.views, 4)}
        if count.views > paid.views:
            figures |= {"engagement_rate_organic": round(earned / (count.views - paid.views), 4)}
        figures |= {} if item.photo else _watching(item, count)
    return figures


def _watching(item: Post, count: curves.Counters) -> Figures:
    curve = item.curve
    two, six = round(curve.watching(2), 4), round(curve.watching(6), 4)
    return {
        "total_play_time": count.watched,
        "average_view_time": curve.average_watch,
        "average_view_time_organic": curve.average_watch,
        "video_completion_rate": curve.completion,
        "video_completion_rate_organic": curve.completion,
        "two_seconds_views": two,
        "organic_two_seconds_views": two,
        "six_seconds_views": six,
        "organic_six_seconds_views": six,
        "video_view_retention": [round(curve.watching(second), 4) for second in range(int(curve.duration) + 1)],
    }


def by_source(item: Post, count: curves.Counters, *, country: str) -> dict[str, int]:
    """Where the views came from; they add up to all views."""
    found: dict[str, int] = {}
    for one in json.loads(item.viewers(country).sources):
        name = SOURCES.get(one["impression_source"], "other")
        found[name] = found.get(name, 0) + int(one["percentage"] * count.views)
    found["for_you"] = found.get("for_you", 0) + count.views - sum(found.values())
    return found


def distributions(account: Account, item: Post, count: curves.Counters) -> Figures:
    """Who watched, as lists of shares; nothing below 100 viewers."""
    if count.reach < truth.AUDIENCE_FROM:
        return {}
    key = (item.seed, item.index, item.place % AUDIENCES)
    countries = audience.countries(account.country, *key)
    told = {
        "genders": ("gender", _two_genders(audience.genders(*key))),
        "countries": ("country", countries),
        "age": ("age", audience.ages(*key)),
        "device": ("device", audience.devices(*key)),
        "language": ("language", _languages(countries)),
        "interest": ("interest_tag", interests(*key)),
    }
    if "US" in dict(countries):
        told["locale"] = ("locale", audience.states(*key))
    return {f"audience_{name}_distribution": truth.rows(label, shares) for name, (label, shares) in told.items()}


def _two_genders(found: audience.Shares) -> audience.Shares:
    """The report knows two genders, so their shares do not add up to 1."""
    return [(name.upper(), share) for name, share in found if name in ("Female", "Male")]


def _languages(countries: audience.Shares) -> audience.Shares:
    found: dict[str, float] = {}
    for country, share in countries:
        name = LANGUAGES.get(country, "en")
        found[name] = round(found.get(name, 0) + share, 4)
    return list(found.items())


def interests(*key: object) -> audience.Shares:
    """The ten largest interests; there are eight here."""
    u = chance.draws("interests", *key)
    return chance.shares(tuple(name for _, name in people.LABELS), [0.2 + u[n] for n in range(len(people.LABELS))])


def daily(world: "World", item: Post, *, first: date, last: date, at: datetime) -> list[Figures]:
    """What each day brought, both ends included, organic and paid. What a day did not bring is left out, never 0."""
    seen_at, days, day = truth.snapshot(at, delays=world.delays), [], first
    while day <= last:
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        if item.created < start + truth.DAY <= seen_at:
            days.append(_day(world, item, day, start))
        day += timedelta(days=1)
    return days


def _day(world: "World", item: Post, day: date, start: int) -> Figures:
    names, end = ("views", *COUNTS[2:]), start + truth.DAY
    gain = _between(boosts.counters(world, item, start), boosts.counters(world, item, end), names)
    paid = _between(boosts.paid(world.boosts, item, start), boosts.paid(world.boosts, item, end), names)
    figures: Figures = {"date": day.isoformat()}
    if gain["views"]:
        rate = round((gain["likes"] + gain["comments"] + gain["shares"]) / gain["views"], 4)
        figures |= {"views": gain["views"], "video_views_organic": gain["views"] - paid["views"]}
        figures |= {"video_views_paid": paid["views"]} if paid["views"] else {}
        figures |= {"engagement_rate": rate} | ({} if paid["views"] else {"engagement_rate_organic": rate})
        figures |= {} if item.photo else {"video_completion_rate": item.curve.completion}
    for name in COUNTS[2:]:
        if gain[name]:
            figures |= {name: gain[name], f"{name}_organic": gain[name] - paid[name]}
    return figures


def _between(before: curves.Counters, after: curves.Counters, names: tuple[str, ...]) -> dict[str, int]:
    return {name: getattr(after, name) - getattr(before, name) for name in names}
