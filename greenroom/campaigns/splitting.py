"""How many orders an assignment takes, and which posts are in which. Pure."""

from collections.abc import Sequence

from greenroom.campaigns.order import Order


def split(posts: int) -> list[int]:
    """The videos of each order for `posts` posts: ceil(posts / 10) orders, full ones first (ORD-08)."""
    full, rest = divmod(max(posts, 0), Order.MOST_VIDEOS)
    return [Order.MOST_VIDEOS] * full + ([rest] if rest else [])


def named(names: Sequence[str], first: int, count: int) -> list[str]:
    """The names of `count` deliverables from number `first` on (from 1); without a name of its own one is "Video 3"."""
    return [
        names[number - 1] if number <= len(names) and names[number - 1] else f"Video {number}"
        for number in range(first, first + count)
    ]
