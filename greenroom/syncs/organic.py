"""Streams over API for Business with the account owner's grant: an account, its days, its posts."""

from collections.abc import Iterator
from datetime import timedelta

from greenroom.creators.models import Connection
from greenroom.observations import schema
from greenroom.syncs import schedule
from greenroom.syncs.streams import Ask, Found, asked_for, stream, walk
from greenroom.tiktok import accounts
from greenroom.tiktok import client as tiktok

SURFACE = "accounts_api"
FACTS = ("item_id", "create_time", "caption", "share_url", "media_type", "video_duration")


@stream(
    "organic_profile",
    label="Account analytics",
    surface=SURFACE,
    dialect=Connection.Dialect.ACCOUNTS,
    gives="account",
    needs="user.info.basic",
    every=timedelta(hours=6),
)
def organic_profile(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """The account in real time, and its days from `days_from` on, which come a day or two late."""
    fields = asked_for("account", SURFACE, accounts.TOP_FIELDS, ask.scopes)
    days = asked_for("account_day", SURFACE, accounts.DAY_FIELDS, ask.scopes)
    last = ask.at.date() - timedelta(days=1)
    told = accounts.profile(
        client,
        token,
        business_id=ask.open_id,
        fields=[*fields, *days],
        start_date=ask.days_from if days else None,
        end_date=last if days else None,
    )
    yield Found("account", {**told, "open_id": ask.open_id})
    for day in told.get("metrics") or ():
        yield Found("day", day)


@stream(
    "organic_posts",
    label="Posts and their analytics",
    surface=SURFACE,
    dialect=Connection.Dialect.ACCOUNTS,
    gives="posts",
    needs="video.list",
    # New posts show at once, figures a day or two late: hourly finds the one and catches the other as it comes.
    source=schedule.Source(delay=schema.DAYS, fastest=timedelta(hours=1)),
)
def organic_posts(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """Posts with lifetime figures, newest first."""
    fields = asked_for("post", SURFACE, accounts.VIDEO_FIELDS, ask.scopes, *FACTS)
    yield from walk(accounts.post_pages(client, token, business_id=ask.open_id, fields=fields), ask.back_to)
