"""What a perfect reader would have: the figures of an account and its posts at a moment.

The answers of the API and `World.truth` both come from here, so they cannot disagree. Organic figures are those of the
snapshot at 00:00 UTC of (now minus 24 hours); live figures are those of the current minute.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import audience, boosts, chance, curves
from greenroom.sandbox.http import Written
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import Post

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

DAY = curves.DAY
IDLE = 7 * DAY
IDLE_FIELDS = (
    "reach", "full_video_watched_rate", "total_time_watched", "average_time_watched", "impression_sources",
    "audience_countries",
)  # fmt: skip
AT_ONCE = ("item_id", "create_time", "thumbnail_url", "share_url", "embed_url", "caption")
AUDIENCE_FROM = 100
Figures = dict[str, Any]


def snapshot(at: datetime, *, delays: bool) -> int:
    """Epoch seconds of the state that organic figures show at a moment."""
    seconds = int(at.timestamp())
    return (seconds - DAY) // DAY * DAY if delays else seconds // 60 * 60


def minute(at: datetime) -> int:
    """Epoch seconds of the state that live figures show at a moment."""
    return int(at.timestamp()) // 60 * 60


def post(world: "World", account: Account, item: Post, *, at: datetime) -> Figures:
    """Every field of `business/video/list/` that TikTok would serve at a moment; what it leaves out is not there.

    Lists are JSON text already; `read()` turns them into lists.
    """
    figures: Figures = {
        "item_id": item.item_id,
        "create_time": str(item.created),
        "thumbnail_url": media(world, item.item_id, at=at),
        "share_url": f"https://www.tiktok.com/@{account.handle}/{'photo' if item.photo else 'video'}/{item.item_id}",
        "embed_url": f"https://www.tiktok.com/player/v1/{item.item_id}",
        "caption": item.caption,
    }
    seen_at = snapshot(at, delays=world.delays)
    if item.created >= seen_at:
        return figures
    age = seen_at - item.created
    count = boosts.counters(world, item, seen_at)
    figures |= {
        "media_type": "PHOTO" if item.photo else "VIDEO",
        "is_ad": False,
        "video_views": count.views,
        "likes": count.likes,
        "comments": count.comments,
        "shares": count.shares,
        "favorites": count.favorites,
        "reach": count.reach,
        "new_followers": count.new_followers,
    }
    if not item.photo:
        figures |= _watching(item, count)
    figures |= _viewers(account, item, count)
    if account.business:
        figures |= _clicks(account, count)
    if age > IDLE and boosts.counters(world, item, seen_at - IDLE).views == count.views:
        for name in IDLE_FIELDS:
            figures.pop(name, None)
    return figures


def read(figures: Figures) -> Figures:
    """Figures with every list as a list."""
    return {name: json.loads(value) if isinstance(value, Written) else value for name, value in figures.items()}


def _watching(item: Post, count: curves.Counters) -> Figures:
    lists = item.watching()
    return {
        "video_duration": item.curve.duration,
        "total_time_watched": count.watched,
        "average_time_watched": item.curve.average_watch,
        "full_video_watched_rate": item.curve.completion,
        "video_view_retention": lists.retention,
        "engagement_likes": lists.likes,
    }


def _viewers(account: Account, item: Post, count: curves.Counters) -> Figures:
    lists = item.viewers(account.country)
    figures: Figures = {"impression_sources": lists.sources}
    if count.reach >= AUDIENCE_FROM:
        figures |= {
            "audience_genders": lists.genders,
            "audience_countries": lists.countries,
            "audience_cities": lists.cities,
            "audience_types": lists.types,
        }
    return figures


def _clicks(account: Account, count: curves.Counters) -> Figures:
    figures: Figures = {"profile_views": count.profile_views, "website_clicks": count.profile_views // 9}
    if account.verified:
        figures |= {
            "phone_number_clicks": count.profile_views // 90,
            "lead_submissions": count.profile_views // 140,
            "app_download_clicks": count.profile_views // 75,
            "email_clicks": count.profile_views // 110,
            "address_clicks": count.profile_views // 120,
        }
    return figures


def followers(world: "World", account: Account, seconds: float) -> tuple[int, int, int]:
    """(followers, gained, lost) at a moment; gained and lost count from the beginning of the world."""
    days = (seconds - world.began.timestamp()) / DAY
    gained = int(account.followers * account.growth * chance.ebb(days, account.phase))
    lost = int(account.followers * account.growth * 0.38 * chance.ebb(days, account.phase + 2))
    return max(0, account.followers + gained - lost), gained, lost


def profile(world: "World", account: Account, *, at: datetime) -> Figures:
    """The top-level fields of `business/get/`, in real time (to the minute)."""
    now = minute(at)
    visible = world.posts_of(account.index, at=at)
    count, _, _ = followers(world, account, now)
    figures: Figures = {
        "is_business_account": account.business,
        "username": account.handle,
        "display_name": account.display_name,
        "profile_image": media(world, account.handle, at=at),
        "profile_deep_link": f"https://www.tiktok.com/@{account.handle}?_d=sandbox",
        "bio_description": account.bio,
        "is_verified": account.verified,
        "following_count": account.following,
        "followers_count": count,
        "total_likes": world.total_likes(account.index, now),
        "videos_count": len(visible),
    }
    if count >= AUDIENCE_FROM:
        key = (world.seed, account.index)
        figures |= {
            "audience_ages": rows("age", audience.ages(*key)),
            "audience_genders": rows("gender", audience.genders(*key)),
            "audience_countries": rows("country", audience.countries(account.country, *key)),
            "audience_cities": rows("city_name", audience.cities(account.country, *key)),
        }
    return figures


def rows(name: str, shares: list[tuple[str, float]], value: str = "percentage") -> list[Figures]:
    return [{name: key, value: share} for key, share in shares]


def metrics(world: "World", account: Account, *, first: date, last: date, at: datetime) -> list[Figures]:
    """`business/get/` `metrics[]`: one entry for each day that is ready, both ends included."""
    ready = datetime.fromtimestamp(snapshot(at, delays=world.delays), UTC).date() - timedelta(days=1)
    opened = (world.began - timedelta(days=account.analytics_days)).date()
    day, last = max(first, opened), min(last, ready)
    entries = []
    while day <= last:
        entries.append(_day(world, account, day))
        day += timedelta(days=1)
    return entries


def _day(world: "World", account: Account, day: date) -> Figures:
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    before, after = world.totals(account.index, start), world.totals(account.index, start + DAY)
    views, likes, comments, shares = (new - old for new, old in zip(after, before, strict=True))
    count, gained, lost = followers(world, account, start + DAY)
    _, gained_before, lost_before = followers(world, account, start)
    visits = int(views * 0.011)
    figures: Figures = {
        "date": day.isoformat(),
        "video_views": views,
        "profile_views": visits,
        "likes": likes,
        "comments": comments,
        "shares": shares,
        "followers_count": count,
    }
    if account.business:
        figures |= {
            "unique_video_views": int(views * 0.86),
            "daily_total_followers": count,
            "daily_new_followers": gained - gained_before,
            "daily_lost_followers": lost - lost_before,
            "engaged_audience": int((likes + comments + shares) * 0.7),
        }
        if count >= AUDIENCE_FROM:
            figures["audience_activity"] = rows("hour", audience.hours(count, world.seed, account.index, day), "count")  # type: ignore[arg-type]
    if account.verified:
        names = ("bio_link", "email", "phone_number", "address", "app_download")
        figures |= {f"{name}_clicks": visits // (8 + 30 * place) for place, name in enumerate(names)}
        figures["lead_submissions"] = visits // 180
    return figures


def media(world: "World", name: str, *, at: datetime) -> str:
    """A temporary picture address: it changes every hour and says when it ends."""
    ends = int(at.timestamp()) // 3600 * 3600 + 6 * 3600
    return f"{world.origin}/_sim/media/{name}.svg?x-expires={ends}"


def oldest_day(at: datetime) -> date:
    """The first day `metrics[]` reaches back to."""
    return at.date() - timedelta(days=60)
