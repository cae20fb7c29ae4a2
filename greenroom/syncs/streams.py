"""Streams: how one endpoint of TikTok becomes found items. The registry, and what a stream is told and gives back.

A stream is a generator: it asks TikTok and yields what it finds, unchanged. Everything it needs to know comes in its
`Ask`, so the same generator over archived answers finds the same again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple, cast

from greenroom.creators import connectors
from greenroom.syncs import readings, schedule
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import pages

Gives = Literal["account", "posts", "membership", "reports"]


class Found(NamedTuple):
    """One item as TikTok wrote it, and what it is: `account`, `day`, `post`, `membership` or `report`."""

    what: str
    item: Mapping[str, Any]


@dataclass(frozen=True)
class Ask:
    """All a stream is told. `back_to` is the oldest publication to read (None: all), `days_from` the first day.

    Of reports on orders: `orders` are TikTok's ids, `tied` the posts wanted as (TikTok's id, ours, our account), and
    `elsewhere` says of accounts which fields a stream of their own supplies, as (account, field, field, …).
    """

    at: datetime
    account: int = 0
    handle: str = ""
    open_id: str = ""
    scopes: tuple[str, ...] = ()
    marketplace_id: str = ""
    handles: tuple[str, ...] = ()
    source_class: str = ""
    consent: int | None = None
    back_to: datetime | None = None
    days_from: date | None = None
    orders: tuple[str, ...] = ()
    tied: tuple[Sequence[Any], ...] = ()
    elsewhere: tuple[Sequence[Any], ...] = ()

    def about(self, account: int, handle: str) -> "Ask":
        """The same, of one account."""
        return replace(self, account=account, handle=handle)

    def as_json(self) -> dict[str, Any]:
        """What the archive keeps; there is no secret in it."""
        told = {key: value for key, value in asdict(self).items() if value not in (None, "", ())}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Ask":
        """The opposite of as_json."""
        kept = {field.name: told[field.name] for field in fields(cls) if field.name in told}
        for name, read in (("at", datetime), ("back_to", datetime), ("days_from", date)):
            if name in kept:
                kept[name] = cast(Any, read).fromisoformat(kept[name])
        listed: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()
        }
        return cls(**listed)


Read = Callable[[tiktok.Client, str, Ask], Iterator[Found]]


@dataclass(frozen=True)
class Stream:
    """One endpoint's flow.

    `surface` is its name in the field schema, `dialect` the kind of connection that opens it, `needs` the scope without
    which it gives nothing. `every` is its pace when it gives no posts; streams of posts follow the schedule by age.
    """

    name: str
    label: str
    surface: str
    dialect: str
    gives: Gives
    read: Read
    needs: str = ""
    every: timedelta = timedelta()
    source: schedule.Source = schedule.LIVE
    generation: str = ""


STREAMS: dict[str, Stream] = {}


def stream(name: str, **told: Any) -> Callable[[Read], Read]:
    """Register a generator under `name`; `told` are the other fields of Stream.

    Raises creators' BadConnector when no connector serves its surface with such a grant (GOV-01).
    """

    def register(read: Read) -> Read:
        one = Stream(name=name, read=read, **told)
        connectors.serving(one.surface, one.dialect)
        STREAMS[name] = one
        return read

    return register


def walk(found: Iterator[pages.Page[Any]], back_to: datetime | None) -> Iterator[Found]:
    """The posts of pages that come newest first, until one reaches past `back_to`; None walks to the oldest."""
    for page in found:
        for item in page:
            yield Found("post", item)
        if back_to is not None and _oldest(page) < back_to:
            return


def asked_for(kind: str, surface: str, offered: Mapping[str, str], scopes: tuple[str, ...], *facts: str) -> list[str]:
    """The fields to ask for: those the schema keeps, and `facts`, as far as the grant's scopes reach."""
    wanted = {*facts, *readings.provider_fields(kind, surface)}
    return [name for name, scope in offered.items() if name in wanted and scope in scopes]


def _oldest(page: pages.Page[Any]) -> datetime:
    times = [at for item in page if (at := readings.published(item.get("create_time")))]
    return min(times, default=datetime.max.replace(tzinfo=UTC))
