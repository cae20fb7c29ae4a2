"""Streams over the creator marketplace, each in both generations: "tto" (today's) and "tcm" (the older paths)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, get_args

from greenroom.creators.models import Connection
from greenroom.observations import schema
from greenroom.syncs import schedule
from greenroom.syncs.streams import Ask, Found, Gives, stream, walk
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import marketplace

DAILY = timedelta(hours=24)
HOURLY = schedule.Source(fastest=timedelta(hours=1))
DIALECT = Connection.Dialect.MARKETPLACE
Generation = marketplace.Generation
GENERATIONS: tuple[Generation, ...] = get_args(Generation)
Reader = Callable[[tiktok.Client, str, Ask, Generation], Iterator[Found]]


def _both(name: str, *, label: str, gives: Gives, dialect: str = DIALECT, **told: Any) -> Callable[[Reader], Reader]:
    """Register a reader once per generation, as `<name>_tto` and `<name>_tcm`."""

    def register(read: Reader) -> Reader:
        for generation in GENERATIONS:
            bound = partial(_bound, read, generation)
            surface = f"marketplace_{generation}"
            stream(
                f"{name}_{generation}",
                label=label,
                surface=surface,
                dialect=dialect,
                gives=gives,
                generation=generation,
                **told,
            )(bound)
        return read

    return register


def _bound(read: Reader, generation: Generation, client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    return read(client, token, ask, generation)


@_both("marketplace_status", label="Marketplace membership", gives="membership", every=DAILY)
def marketplace_status(client: tiktok.Client, token: str, ask: Ask, generation: Generation) -> Iterator[Found]:
    """Which of `handles` are in the marketplace."""
    told = marketplace.creator_status(
        client, token, account_id=ask.marketplace_id, handles=ask.handles, generation=generation
    )
    for status in told:
        yield Found("membership", status)


@_both("marketplace_public", label="Marketplace profile", gives="account", every=DAILY)
def marketplace_public(client: tiktok.Client, token: str, ask: Ask, generation: Generation) -> Iterator[Found]:
    """What the marketplace shows of a member without the creator's consent."""
    told = marketplace.creator_public(
        client, token, account_id=ask.marketplace_id, handle=ask.handle, generation=generation
    )
    yield Found("account", told)


@_both("marketplace_public_posts", label="Marketplace posts", gives="posts", source=HOURLY)
def marketplace_public_posts(client: tiktok.Client, token: str, ask: Ask, generation: Generation) -> Iterator[Found]:
    """The member's public posts, newest first."""
    found = marketplace.creator_public_video_pages(
        client, token, account_id=ask.marketplace_id, handle=ask.handle, generation=generation
    )
    yield from walk(found, ask.back_to)


@_both(
    "marketplace_authorized",
    label="Marketplace profile with audience",
    gives="account",
    dialect=Connection.Dialect.ACCOUNTS,
    needs=schema.INFO,
    every=DAILY,
)
def marketplace_authorized(client: tiktok.Client, token: str, ask: Ask, generation: Generation) -> Iterator[Found]:
    """The member's profile and audience, with the creator's own token."""
    fields = authorized_fields(generation, ask.scopes)
    told = marketplace.creator_authorized(client, token, creator_id=ask.open_id, fields=fields, generation=generation)
    yield Found("account", _as_public(told) | {"creator_id": ask.open_id})


@_both(
    "marketplace_authorized_posts",
    label="Marketplace posts",
    gives="posts",
    dialect=Connection.Dialect.ACCOUNTS,
    needs=schema.INFO,
    source=HOURLY,
)
def marketplace_authorized_posts(
    client: tiktok.Client, token: str, ask: Ask, generation: Generation
) -> Iterator[Found]:
    """The member's posts, with the creator's own token."""
    found = marketplace.creator_authorized_video_pages(client, token, creator_id=ask.open_id, generation=generation)
    yield from walk(found, ask.back_to)


OFFERED: dict[Generation, tuple[str, ...]] = {
    "tto": (
        "profile_image", "handle_name", "display_name", "bio", "following_count", "followers_count", "likes_count",
        "videos_count", "creator_rate", "country_code", "audience_countries", "audience_genders", "audience_ages",
        "audience_devices", "audience_usages",
    ),
    "tcm": (
        "profile_image", "handle_name", "display_name", "bio", "followers_count", "creator_rate", "location",
        "audience_countries", "audience_genders", "audience_ages", "audience_locales", "audience_device",
        "audience_usage", "average_views", "six_seconds_views_rate", "engagement_rate", "completion_rate",
        "average_likes", "average_shares", "average_comments", "followers_growth_rate",
    ),
}  # fmt: skip
"""The fields each generation's authorized profile can be asked for, of those the schema keeps."""


def authorized_fields(generation: Generation, scopes: tuple[str, ...]) -> list[str]:
    """The fields of the authorized profile as far as the grant's scopes reach."""
    surface = f"marketplace_{generation}"
    sources = [source for kept in schema.ACCOUNT.fields.values() if (source := kept.sources.get(surface))]
    closed = {source.provider_field.partition(".")[0] for source in sources if source.scope not in (None, *scopes)}
    return [name for name in OFFERED[generation] if name not in closed]


def _as_public(told: Mapping[str, Any]) -> dict[str, Any]:
    """The creator's price where the public profile has it, which is what the schema names."""
    rate = told.get("creator_rate")
    named = {"creator_price": rate.get("rate"), "currency": rate.get("currency")} if isinstance(rate, Mapping) else {}
    return {**told, **{key: value for key, value in named.items() if value is not None}}
