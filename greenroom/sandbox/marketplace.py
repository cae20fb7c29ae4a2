"""What the Creator Marketplace knows of a creator and a post: live figures, shared by both generations of its API."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from greenroom.sandbox import audience, boosts, brands, chance, people, posts, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import Post
from greenroom.sandbox.routes import Call

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Row = TypeVar("Row")
RECENT = 30
HANDLES_AT_ONCE = 20
COLLABORATIONS = ("NONE", "NONE", "NONE", "NONE", "PAID_PARTNERSHIP", "CREATOR_EARNS_COMMISSION")


def onboarding(call: Call, account_key: str, *, invited: bool) -> Json:
    """`creator/status/get/`: `IN`, `NOT_IN`, `INVALID`, and in the older generation `INVITED`."""
    brands.addressed(call, account_key)
    call.need("handle_names")
    handles = call.listing("handle_names", most=HANDLES_AT_ONCE)
    return {
        "onboarding_status": [{"handle_name": one, "status": _status(call, one, invited=invited)} for one in handles]
    }


def _status(call: Call, handle: str, *, invited: bool) -> str:
    try:
        status = call.world.membership(call.world.account(handle))
    except KeyError:
        return "INVALID"
    return "NOT_IN" if status == "INVITED" and not invited else status


def member(call: Call, account_key: str) -> Account:
    """The marketplace creator a brand asks about. Raises 40002, 40007, 40121 or 40122."""
    brand = brands.addressed(call, account_key)
    call.need("handle_name")
    try:
        account = call.world.account(call.text("handle_name"))
    except KeyError:
        raise ApiError(40007, f"The creator {call.text('handle_name')} does not exist.") from None
    must_be_member(call, account)
    if brand.region not in ("", account.country):
        raise ApiError(40122, "The TikTok Creator Marketplace creator is not in a valid region.")
    return account


def own_member(call: Call) -> Account:
    """The creator behind the token, who must be in the marketplace. Raises 40002, 40001 or 40121."""
    call.own("creator_id")
    return must_be_member(call, call.account)


def must_be_member(call: Call, account: Account) -> Account:
    """The same account. Raises 40121 when it is not in the marketplace."""
    if call.world.membership(account) != "IN":
        raise ApiError(40121, "The TikTok user is not a TikTok Creator Marketplace creator.")
    return account


def creator_id(world: "World", account: Account) -> str:
    """The marketplace's own id of a creator: 19 digits, the same for every app."""
    digits = int.from_bytes(chance.digest("creator", world.seed, account.index)[:7], "big")
    return str(6_900_000_000_000_000_000 + digits % 10**18)


def labels(account: Account) -> tuple[list[Json], list[Json]]:
    """(content labels, industry labels)."""
    content, industry = people.LABELS[account.label], people.INDUSTRIES[account.label % len(people.INDUSTRIES)]
    named = [{"label_id": one[0], "label_name": one[1]} for one in (content, industry)]
    return named[:1], named[1:]


class Averages:
    """Over the last 30 posts of a creator, live. Every figure is None when there is no post."""

    def __init__(self, world: "World", account: Account, *, at: datetime) -> None:
        now = truth.minute(at)
        self.posts = world.posts_of(account.index, at=at)[:RECENT]
        self.counts = [boosts.counters(world, post, now) for post in self.posts]
        self.views = sum(count.views for count in self.counts)

    def median_views(self) -> int:
        ordered = sorted(count.views for count in self.counts)
        return ordered[len(ordered) // 2] if ordered else 0

    def mean(self, name: str) -> float:
        total: int = sum(getattr(count, name) for count in self.counts)
        return round(total / max(len(self.counts), 1), 2)

    def engagement_rate(self) -> float:
        engaged = sum(count.likes + count.comments + count.shares for count in self.counts)
        return round(engaged / self.views, 4) if self.views else 0.0

    def completion_rate(self) -> float:
        plays = sum(count.views * post.curve.completion for post, count in zip(self.posts, self.counts, strict=True))
        return round(plays / self.views, 4) if self.views else 0.0

    def six_seconds_rate(self) -> float:
        plays = sum(count.views * post.curve.watching(6) for post, count in zip(self.posts, self.counts, strict=True))
        return round(plays / self.views, 4) if self.views else 0.0


def public_profile(world: "World", account: Account, *, at: datetime) -> dict[str, Any]:
    """`creator/public/`: what anybody in the marketplace may see."""
    averages, profile = Averages(world, account, at=at), truth.profile(world, account, at=at)
    content, industry = labels(account)
    return {
        "handle_name": account.handle,
        "display_name": account.display_name,
        "profile_image": profile["profile_image"],
        "bio": account.bio,
        "creator_id": creator_id(world, account),
        "followers_count": profile["followers_count"],
        "following_count": profile["following_count"],
        "videos_count": profile["videos_count"],
        "likes_count": profile["total_likes"],
        "median_views": averages.median_views(),
        "engagement_rate": averages.engagement_rate(),
        "creator_price": account.price,
        "currency": account.currency,
        "industry_labels": industry,
        "content_labels": content,
    }


def public_post(world: "World", account: Account, post: Post, *, at: datetime) -> dict[str, Any]:
    """A post as the marketplace shows it to brands: public counters only."""
    count = boosts.counters(world, post, truth.minute(at))
    return {
        "video_id": post.item_id,
        "display_name": account.display_name,
        "thumbnail_url": truth.media(world, post.item_id, at=at),
        "embed_url": f"https://www.tiktok.com/player/v1/{post.item_id}",
        "caption": post.caption,
        "likes": count.likes,
        "comments": count.comments,
        "shares": count.shares,
        "favorites": count.favorites,
        "video_views": count.views,
        "create_time": f"{datetime.fromtimestamp(post.created, UTC):%Y-%m-%d %H:%M:%S}",
        "caption_hashtags": list(post.tags),
        "mentioned_accounts": [],
        "collaboration_status": _collaboration(world, post),
    }


def _collaboration(world: "World", post: Post) -> str:
    """Posts from before the world began are a mixture; of those that came since, it is the branded content toggle."""
    if post.item_id in world.market.branded:
        return "PAID_PARTNERSHIP"
    return "NONE" if post.place >= posts.SINCE else COLLABORATIONS[post.place % len(COLLABORATIONS)]


def page_of_posts(call: Call, account: Account) -> tuple[list[Post], int, bool]:
    """One page, newest first: `limit` 1-10, `cursor` in milliseconds (0 or nothing: from now)."""
    limit = call.number("limit", 10, least=1, most=10)
    before = call.number("cursor", 0, least=0, most=10**14) or int(call.at.timestamp() * 1000) + 1
    wanted = set(call.listing("video_ids"))
    posts = [post for post in call.world.posts_of(account.index, at=call.at) if post.created * 1000 < before]
    if wanted:
        posts = [post for post in posts if post.item_id in wanted]
    page, more = posts[:limit], len(posts) > limit
    if more and len(page) > 1 and call.world.faults.strikes("short_pages"):
        page = page[: max(1, len(page) // 2)]
    return page, page[-1].created * 1000 if page else before, more


def page_of(call: Call, rows: Sequence[Row], *, most: int) -> tuple[Sequence[Row], Json]:
    """One numbered page and its `page_info`: `page` from 1, `page_size` up to `most`, 10 unless told. Raises 40002."""
    page, size = call.number("page", 1, least=1, most=10**6), call.number("page_size", 10, least=1, most=most)
    info = {"page": page, "page_size": size, "total_number": len(rows), "total_page": -(-len(rows) // size)}
    return rows[(page - 1) * size : page * size], info


def told_ids(call: Call, ids: list[str]) -> list[str] | list[int]:
    """Ids of posts in a list: texts, or by fault numbers above 2^53."""
    return [int(one) for one in ids] if call.world.faults.strikes("numeric_ids") else ids


def shares(call: Call, name: str, found: list[tuple[str, float]]) -> list[Json]:
    """A distribution in the marketplace's shape."""
    return [{name: key, "percentage": share} for key, share in found]


def audience_key(call: Call, account: Account) -> tuple[int, int]:
    return call.world.seed, account.index


def active_share(call: Call, account: Account) -> list[tuple[str, float]]:
    u = chance.draws("usage", *audience_key(call, account))
    return chance.shares(("Active", "Inactive"), [0.6 + u[0], 0.5 * u[1] + 0.05])


def devices(call: Call, account: Account) -> list[tuple[str, float]]:
    return audience.devices(*audience_key(call, account))
