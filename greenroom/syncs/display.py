"""Streams over the Display API with a Login Kit sign-in: the public side of an account, in real time."""

from collections.abc import Iterator
from datetime import timedelta

from greenroom.creators.models import Connection
from greenroom.syncs import schedule
from greenroom.syncs.streams import Ask, Found, asked_for, stream, walk
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import display

SURFACE = "display_api"
FACTS = ("id", "create_time", "video_description", "title", "share_url", "duration")


@stream(
    "display_profile",
    label="Public profile",
    surface=SURFACE,
    dialect=Connection.Dialect.LOGIN_KIT,
    gives="account",
    needs="user.info.basic",
    every=timedelta(hours=6),
)
def display_profile(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """The account behind the sign-in."""
    fields = asked_for("account", SURFACE, display.USER_FIELDS, ask.scopes)
    yield Found("account", display.user_info(client, token, fields=fields, account=ask.open_id))


@stream(
    "display_posts",
    label="Public posts",
    surface=SURFACE,
    dialect=Connection.Dialect.LOGIN_KIT,
    gives="posts",
    needs="video.list",
    source=schedule.Source(fastest=timedelta(minutes=15)),
)
def display_posts(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """Public posts with their counters, newest first."""
    fields = asked_for("post", SURFACE, display.VIDEO_FIELDS, ask.scopes, *FACTS)
    yield from walk(display.video_pages(client, token, fields=fields, account=ask.open_id), ask.back_to)
