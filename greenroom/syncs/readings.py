"""What TikTok's items become: rows of observations and facts of posts. Pure; the field schema says what maps to what.

A key TikTok leaves out is left out here too. Nothing is defaulted, nothing becomes 0.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from greenroom.observations import schema
from greenroom.syncs import reported
from greenroom.tiktok import ids

Item = Mapping[str, Any]
Row = dict[str, Any]
Pair = tuple[Any, Any]
Convert = Callable[[Any], Any]
SHARE = "percentage"
ENTRIES = {"shares": ("key", "share"), "curve": ("second", "share"), "hours": ("hour", "count")}
"""What the two values of a list's entries are called in observations; Arrow takes them as pairs too."""


@dataclass(frozen=True)
class Origin:
    """What every row of one run says about where it comes from."""

    account: int
    surface: str
    source_class: str
    consent: int | None
    observed_at: datetime


@dataclass(frozen=True)
class PostFacts:
    """What TikTok says of a post at once and for good. None where it does not say."""

    item_id: str
    posted_at: datetime | None
    caption: str | None
    share_url: str | None
    media_type: str | None
    duration_s: float | None


class Known(NamedTuple):
    """A post as we know it: our id, its time of publication, how it is tied."""

    pk: int
    posted_at: datetime
    basis: str


class Tied(NamedTuple):
    """A post of an order: our id, our account, its publication, and what another stream supplies of it."""

    pk: int
    account: int
    posted_at: datetime
    elsewhere: frozenset[str]


@dataclass(frozen=True)
class Collected:
    """What one run found, sorted: of each post its facts and values once, whatever TikTok's pages repeated."""

    posts: dict[str, tuple[PostFacts, Row]]
    account: list[Item]
    days: list[Item]
    memberships: list[Item]
    reports: dict[str, Item]


def collect(found: Iterable[tuple[str, Item]], surface: str) -> Collected:
    """Sort what a stream finds, while it finds it: of a long list only values are kept, not the whole answers.

    A post without an id can't be kept and is left out.
    """
    posts: dict[str, tuple[PostFacts, Row]] = {}
    reports: dict[str, Item] = {}
    others: dict[str, list[Item]] = {"account": [], "day": [], "membership": []}
    for what, item in found:
        if what == "report":
            reports[reported.item_id(item)] = item
        elif what != "post":
            others[what].append(item)
        elif facts := post_facts(item):
            posts[facts.item_id] = facts, _fields("post", surface, item)
    return Collected(posts, others["account"], others["day"], others["membership"], reports)


def rows(collected: Collected, origin: Origin, known: Mapping[str, Known]) -> dict[str, list[Row]]:
    """The observations of one run by kind, kinds without any left out. `known` are the posts by item id."""
    made = {
        "account": [account_row(item, origin) for item in collected.account],
        "account_day": day_rows(collected.days, origin),
        "post": [
            post_row(values, origin, post)
            for item_id, (_, values) in collected.posts.items()
            if (post := known.get(item_id))
        ],
    }
    return {kind: found for kind, found in made.items() if found}


def report_rows(reports: Mapping[str, Item], origin: Origin, tied: Mapping[str, Tied]) -> dict[str, list[Row]]:
    """The observations of tied posts by kind, from the reports on their orders; who tells nothing has none."""
    made = []
    for item_id, item in reports.items():
        if (post := tied.get(item_id)) is None:
            continue
        values = _fields("post", origin.surface, reported.figures(item))
        if kept := {key: value for key, value in values.items() if key not in post.elsewhere}:
            mine = replace(origin, account=post.account)
            made.append(post_row(kept, mine, Known(post.pk, post.posted_at, "order")))
    return {"post": made} if made else {}


def account_row(item: Item, origin: Origin) -> Row:
    """A reading of an account from its profile item."""
    return _common(origin, subject=origin.account) | _fields("account", origin.surface, item)


def day_rows(items: Iterable[Item], origin: Origin) -> list[Row]:
    """Readings of the days of an account; a day without a date says nothing."""
    rows = (_common(origin, subject=origin.account) | _fields("account_day", origin.surface, day) for day in items)
    return [row for row in rows if row.get("date")]


def post_row(values: Row, origin: Origin, post: Known) -> Row:
    """A reading of one post. `age_s` is how old the post was when it was read."""
    age = max(0, int((origin.observed_at - post.posted_at).total_seconds()))
    return _common(origin, subject=post.pk) | {"age_s": age, "basis": post.basis} | values


def post_facts(item: Item) -> PostFacts | None:
    """The facts of a post in any of the three spellings; None when it has no id."""
    raw = item.get("item_id") or item.get("video_id") or item.get("id")
    if raw is None:
        return None
    duration = item.get("video_duration", item.get("duration"))
    return PostFacts(
        item_id=ids.as_id(raw),
        posted_at=published(item.get("create_time")),
        caption=_first(item, "caption", "video_description", "title"),
        share_url=_first(item, "share_url", "embed_url"),
        media_type=item.get("media_type"),
        duration_s=None if duration is None else float(duration),
    )


def published(told: str | int | float | None) -> datetime | None:
    """A time of publication: epoch seconds as text or number, or `YYYY-MM-DD HH:MM:SS` in UTC."""
    if told is None or told == "":
        return None
    if isinstance(told, str) and not told.isdecimal():
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    return datetime.fromtimestamp(int(told), UTC)


def provider_fields(kind: str, surface: str) -> tuple[str, ...]:
    """TikTok's names of the fields that `surface` can give of `kind`."""
    sources = (described.sources.get(surface) for described in schema.KINDS[kind].fields.values())
    return tuple(dict.fromkeys(source.provider_field for source in sources if source))


def _common(origin: Origin, *, subject: int) -> Row:
    return {
        "account": origin.account,
        "subject": subject,
        "observed_at": origin.observed_at,
        "age_s": None,
        "source_class": origin.source_class,
        "surface": origin.surface,
        "consent": origin.consent,
        "basis": None,
        "read_at": origin.observed_at,
    }


def _fields(kind: str, surface: str, item: Item) -> Row:
    row: Row = {}
    for key, name, inner, convert in _recipe(kind, surface):
        told = item.get(name)
        if told is not None and inner:
            told = told.get(inner) if isinstance(told, Mapping) else None
        if told is not None and (value := convert(told)) is not None:
            row[key] = value
    return row


@cache
def _recipe(kind: str, surface: str) -> tuple[tuple[str, str, str, Convert], ...]:
    """For each field the surface gives: our key, TikTok's name and the name inside that, and how it is converted."""
    described = schema.KINDS[kind]
    found = []
    for key, field in described.fields.items():
        if source := field.sources.get(surface):
            name, _, inner = source.provider_field.partition(".")
            convert = CONVERT[field.type]
            kept = key not in described.lists and field.type in ENTRIES
            found.append((key, name, inner, partial(_as_rows, ENTRIES[field.type], convert) if kept else convert))
    return tuple(found)


def _as_rows(names: tuple[str, str], convert: Convert, told: Any) -> list[Row] | None:
    """Pairs as rows: newest values are kept as JSON, which knows no names of a pair."""
    pairs = convert(told)
    return None if pairs is None else [dict(zip(names, pair, strict=True)) for pair in pairs]


def _int(told: Any) -> int | None:
    return told if type(told) is int else None if _blank(told) else int(told)


def _float(told: Any) -> float | None:
    if type(told) is float:
        return told
    return None if _blank(told) or isinstance(told, list) else float(told)  # a curve is no single number


def _shares(told: Any) -> list[Pair] | None:
    """Pairs of name and share, from entries that hold one name and a percentage, whatever TikTok calls the name."""
    return _pairs(told, next((key for key in told[0] if key != SHARE), ""), SHARE) if _listed(told) else None


def _curve(told: Any) -> list[Pair] | None:
    """Pairs of second and share in the order of TikTok's seconds; missing seconds stay missing."""
    return [(int(second), share) for second, share in _pairs(told, "second", SHARE)] if _listed(told) else None


def _hours(told: Any) -> list[Pair] | None:
    """Pairs of hour of the day (UTC) and count."""
    return [(int(hour), count) for hour, count in _pairs(told, "hour", "count")] if _listed(told) else None


def _pairs(told: list[Item], name: str, number: str) -> list[Pair]:
    try:
        return list(map(itemgetter(name, number), told))
    except KeyError:  # an entry without its number: a gap, not a zero
        return [(entry[name], entry.get(number)) for entry in told if name in entry]


def _listed(told: Any) -> bool:
    return isinstance(told, list) and bool(told)


def _date(told: Any) -> date | None:
    return None if _blank(told) else date.fromisoformat(str(told)[:10])


def _blank(told: Any) -> bool:
    return told in ("", "-")  # TikTok writes "-" for a figure it does not have


def _first(item: Item, *names: str) -> str | None:
    return next((str(item[name]) for name in names if item.get(name)), None)


CONVERT: dict[str, Convert] = {
    "int": _int,
    "float": _float,
    "bool": bool,
    "text": str,
    "date": _date,
    "shares": _shares,
    "curve": _curve,
    "hours": _hours,
}
