"""What an account has published: posts as a pure function of (seed, account, place), and the ones published since."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from greenroom.sandbox import audience, chance, curves, people
from greenroom.sandbox.http import Written, write

DAY = curves.DAY
SPAN = 430
AUDIENCES = 8
SINCE = 1_000_000  # places of posts that came after the world began
FRESH = (0.13, 0.85, 2.1, 4.3, 6.8, 9.6)
OPENINGS = (
    "Trying",
    "Day 12 of",
    "How I do",
    "Nobody told me about",
    "Three ways to",
    "The truth about",
    "Slow morning with",
    "POV:",
)
THINGS = (
    "sourdough",
    "trail shoes",
    "a tiny balcony",
    "the 5 am bus",
    "vintage denim",
    "café crème",
    "a broken lamp",
    "film night",
)
TAGS = ("fyp", "smallbusiness", "learnontiktok", "dayinmylife", "recipe", "ootd", "travel", "diy", "fitness", "booktok")


@dataclass(slots=True)
class Post:
    """One post. `created` is epoch seconds; `item_id` has 19 digits, more than a float can hold."""

    item_id: str
    seed: int
    index: int
    place: int
    created: int
    caption: str
    tags: tuple[str, ...]
    photo: bool
    curve: curves.Curve
    _watching: "Watching | None" = field(default=None, repr=False)

    def watching(self) -> "Watching":
        """How this post is watched, second by second; worked out on first use."""
        if self._watching is None:
            key = (self.seed, self.index, self.place)
            seconds, likes = curves.retention(self.curve, *key), curves.liking(self.curve, *key)
            self._watching = Watching(_by_second(seconds), _by_second(likes))
        return self._watching

    def viewers(self, home: str) -> "Viewers":
        """Who watches it. The posts of one account share a few audiences."""
        return _viewers(self.seed, self.index, self.place % AUDIENCES, home)


class Watching(NamedTuple):
    """Lists by second, as JSON. They belong to the post and do not change with its age."""

    retention: Written
    likes: Written


class Viewers(NamedTuple):
    """Distributions of a post's viewers, as JSON in TikTok's own shape."""

    sources: Written
    genders: Written
    countries: Written
    cities: Written
    types: Written


def item_id(created: int, *key: object) -> str:
    """TikTok's ids carry the time in their upper half; the lower half is ours."""
    return str((created << 32) | int.from_bytes(chance.digest("item", *key)[:4], "big"))


def written(seed: int, account: people.Account, *, began: int, count: int) -> list[Post]:
    """The posts an account had when the world began, newest first, spread over more than a year."""
    fresh = FRESH[: max(0, count - 2)] if account.index < len(people.FIXTURES) else ()
    rest = count - len(fresh)
    ages = list(fresh)
    for place in range(rest):
        u = chance.draws("age", seed, account.index, place)[0]
        ages.append((fresh[-1] + 1 if fresh else 0.2) + SPAN * ((place + 0.9 * u) / rest) ** 1.6)
    return [make(seed, account, place=place, created=int(began - age * DAY)) for place, age in enumerate(ages)]


def make(
    seed: int,
    account: people.Account,
    *,
    place: int,
    created: int,
    caption: str | None = None,
    views: float | None = None,
    known_id: str = "",
) -> Post:
    """One post; `caption` and `views` (final) are drawn when they are not given, the id unless it is known already."""
    key = (seed, account.index, place)
    u = chance.draws("post", *key)
    tags = tuple(dict.fromkeys((chance.pick(TAGS, u[2]), chance.pick(TAGS, u[3]))))
    text = caption or f"{chance.pick(OPENINGS, u[0])} {chance.pick(THINGS, u[1])} {' '.join('#' + tag for tag in tags)}"
    return Post(
        item_id=known_id or item_id(created, *key),
        index=account.index,
        place=place,
        created=created,
        caption=text,
        tags=tags if caption is None else tuple(word[1:] for word in text.split() if word.startswith("#")),
        photo=u[4] > 0.96 and caption is None,
        curve=curves.draw(*key, followers=account.followers, views=views),
        seed=seed,
    )


@lru_cache(maxsize=4_096)
def _viewers(seed: int, index: int, variant: int, home: str) -> Viewers:
    key = (seed, index, variant)
    return Viewers(
        sources=_rows("impression_source", audience.sources(*key)),
        genders=_rows("gender", audience.genders(*key)),
        countries=_rows("country", audience.countries(home, *key)),
        cities=_rows("city_name", audience.cities(home, *key)),
        types=_rows("type", audience.kinds(*key)),
    )


def _rows(name: str, shares: list[tuple[str, float]]) -> Written:
    return write([{name: key, "percentage": share} for key, share in shares])


def _by_second(points: list[tuple[int, float]]) -> Written:
    return Written("[" + ",".join([f'{{"second":"{second}","percentage":{share}}}' for second, share in points]) + "]")
