"""What an account has published: posts as a pure function of (seed, account, place), and the ones published since."""

from collections.abc import Callable
from dataclasses import dataclass, field

from greenroom.sandbox import audience, chance, curves, people

DAY = curves.DAY
SPAN = 430
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
    index: int
    place: int
    created: int
    caption: str
    tags: tuple[str, ...]
    photo: bool
    curve: curves.Curve
    seed: int
    _lists: "Lists | None" = field(default=None, repr=False)

    def lists(self, home: str) -> "Lists":
        """The distributions of this post, made on first use."""
        if self._lists is None:
            self._lists = _lists(self, home)
        return self._lists


@dataclass(frozen=True, slots=True)
class Lists:
    """Distributions in TikTok's own shape. They describe the post, so they do not change with its age."""

    retention: list[dict[str, object]]
    likes: list[dict[str, object]]
    sources: list[dict[str, object]]
    genders: list[dict[str, object]]
    countries: list[dict[str, object]]
    cities: list[dict[str, object]]
    types: list[dict[str, object]]


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
) -> Post:
    """One post; `caption` and `views` (final) are drawn when they are not given."""
    key = (seed, account.index, place)
    u = chance.draws("post", *key)
    tags = tuple(dict.fromkeys((chance.pick(TAGS, u[2]), chance.pick(TAGS, u[3]))))
    text = caption or f"{chance.pick(OPENINGS, u[0])} {chance.pick(THINGS, u[1])} {' '.join('#' + tag for tag in tags)}"
    return Post(
        item_id=item_id(created, *key),
        index=account.index,
        place=place,
        created=created,
        caption=text,
        tags=tags if caption is None else tuple(word[1:] for word in text.split() if word.startswith("#")),
        photo=u[4] > 0.96 and caption is None,
        curve=curves.draw(*key, followers=account.followers, views=views),
        seed=seed,
    )


def _lists(post: Post, home: str) -> Lists:
    key = (post.seed, post.index, post.place)
    return Lists(
        retention=_rows("second", curves.retention(post.curve, *key), str),
        likes=_rows("second", curves.liking(post.curve, *key), str),
        sources=_rows("impression_source", audience.sources(*key)),
        genders=_rows("gender", audience.genders(*key)),
        countries=_rows("country", audience.countries(home, *key)),
        cities=_rows("city_name", audience.cities(home, *key)),
        types=_rows("type", audience.kinds(*key)),
    )


def _rows(
    name: str, pairs: list[tuple[int, float]] | list[tuple[str, float]], say: Callable[[object], object] = lambda it: it
) -> list[dict[str, object]]:
    return [{name: say(key), "percentage": share} for key, share in pairs]
