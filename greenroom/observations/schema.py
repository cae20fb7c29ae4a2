"""What can be observed: kinds, their fields, and which TikTok surface supplies each field under which scope.

A surface is a way to read TikTok: "accounts_api" and "display_api" with the account owner's grant, "marketplace_tto"
and "marketplace_tcm" through the workspace's marketplace grant (or, where a scope is named, the creator's own),
"order_report" for posts tied to an order, "file" for what people entered, "legacy" for what a former source left.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from greenroom.observations import fields

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "file"
SURFACES = ("accounts_api", "display_api", "marketplace_tto", "marketplace_tcm", "order_report", FILE, "legacy")
SOURCE_CLASSES = ("official_api", "creator_consent", "brand_owned", "user_entered", "sandbox", "legacy")
"""How a reading may have come in. There is no value for scraping; "legacy" is only what awaits its purge (GOV-01)."""

LISTS = frozenset({"shares", "curve", "hours"})
INFO, INSIGHTS = "biz.creator.info", "biz.creator.insights"  # marketplace scopes of a creator's own grant
AT_ONCE = timedelta(0)
DAYS = timedelta(hours=48)  # the analytics of TikTok come 24 to 48 hours late


@dataclass(frozen=True)
class Source:
    """One way to get a field: what the provider calls it, the scope its token needs, how late it may come.

    `scope` is None where no grant of the account's owner is needed.
    """

    provider_field: str
    scope: str | None = None
    fills_within: timedelta = AT_ONCE


@dataclass(frozen=True)
class Field:
    """One named value of a reading. `entitlement` is its row in the availability table, None where there is none.

    `type` is int, float, bool, text, date, shares (list of {key, share}), curve (list of {second, share}) or hours
    (list of {hour, count}, UTC); shares, rates and curves are fractions. A missing value is null, never 0.
    """

    key: str
    type: str
    unit: str = ""
    entitlement: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def consent_required(self) -> bool:
        """True when no surface gives it without the account owner's grant (GOV-05)."""
        return all(source.scope for surface, source in self.sources.items() if surface not in _NOT_FROM_THE_OWNER)


_NOT_FROM_THE_OWNER = {"legacy", "order_report", FILE}


FAMILIES = {
    "performance": "how videos perform",
    "engagement": "how users engage",
    "account": "analytics of the creator's account",
    "ads": "figures from ads",
    "audience": "who the audience is",
}
"""The five families of figures TikTok gives out (GOV-03)."""


@dataclass(frozen=True)
class Kind:
    """A kind of subject. `table` names its availability table.

    `kept` are the fields whose newest values are kept as rows, in order: none of an account's day, and of a post no
    lists, which are long and seldom asked for.
    """

    name: str
    fields: Mapping[str, Field]
    table: str | None
    kept: tuple[str, ...]

    @property
    def lists(self) -> tuple[str, ...]:
        """The fields that hold lists and are not kept."""
        return tuple(key for key, field in self.fields.items() if field.type in LISTS and key not in self.kept)


def _kind(name: str, table: str | None, described: str, sources: str, *, kept: Callable[[Field], bool]) -> Kind:
    """Read the tables of one kind, which `greenroom.observations.fields` explains."""
    supplied: dict[str, dict[str, Source]] = {}
    for line in filter(None, map(str.strip, sources.splitlines())):
        way, _, names = line.partition(":")
        surfaces, scope, *late = way.split()
        for word in names.split():
            key, _, provider = word.partition("=")
            source = Source(provider or key, None if scope == "-" else scope, DAYS if late else AT_ONCE)
            for surface in surfaces.split(","):
                supplied.setdefault(key, {})[surface] = source
    found = {}
    for line in filter(None, map(str.strip, described.splitlines())):
        key, kind, unit, row = line.split()
        found[key] = Field(key, kind, unit.replace("-", ""), None if row == "-" else row, supplied.pop(key, {}))
    if supplied:
        raise ValueError(f"sources of unknown fields: {sorted(supplied)}")
    return Kind(name, found, table, tuple(key for key, field in found.items() if kept(field)))


ACCOUNT = _kind("account", "account", fields.ACCOUNT, fields.ACCOUNT_SOURCES, kept=lambda field: True)
ACCOUNT_DAY = _kind("account_day", None, fields.ACCOUNT_DAY, fields.ACCOUNT_DAY_SOURCES, kept=lambda field: False)
POST = _kind("post", "post", fields.POST, fields.POST_SOURCES, kept=lambda field: field.type not in LISTS)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (ACCOUNT, ACCOUNT_DAY, POST)}

GIVEN = (
    "account", "subject", "observed_at", "age_s", "source_class", "surface", "consent", "basis", "read_at", "import_id",
)  # fmt: skip
"""What every reading says about itself; the rest of a row are fields of its kind. `workspace` is added by the log."""


@cache
def arrow_type(name: str) -> "pa.DataType":
    """The Arrow type of a field type."""
    import pyarrow as pa

    types: dict[str, pa.DataType] = {
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "text": pa.string(),
        "date": pa.date32(),
        "shares": pa.list_(pa.struct([("key", pa.string()), ("share", pa.float64())])),
        "hours": pa.list_(pa.struct([("hour", pa.int32()), ("count", pa.int64())])),
        "curve": pa.list_(pa.struct([("second", pa.int32()), ("share", pa.float64())])),
    }
    return types[name]


@cache
def arrow_schema(kind: str) -> "pa.Schema":
    """The columns of a reading as stored: the common ones, then the fields of the kind. All times are UTC."""
    import pyarrow as pa

    moment = pa.timestamp("us", tz="UTC")
    common: list[tuple[str, pa.DataType]] = [
        ("workspace", pa.int64()),
        ("account", pa.int64()),
        ("subject", pa.int64()),
        ("observed_at", moment),
        ("age_s", pa.int64()),
        ("source_class", pa.string()),
        ("surface", pa.string()),
        ("consent", pa.int64()),
        ("basis", pa.string()),
        ("read_at", moment),
        ("import_id", pa.int64()),
    ]
    return pa.schema([*common, *((key, arrow_type(f.type)) for key, f in KINDS[kind].fields.items())])


def family(kind: str, key: str) -> str:
    """Which of FAMILIES a field belongs to."""
    if key.startswith("audience"):
        return "audience"
    if kind != "post":
        return "account"
    if key.startswith("ad_") or key.endswith("_paid"):
        return "ads"
    engaging = {"likes", "comments", "shares", "favorites", "likes_by_second", "new_followers", "profile_views"}
    return "engagement" if key in engaging or key.startswith("engagement") or key.endswith("_clicks") else "performance"


def families_of(surface: str) -> set[str]:
    """What kinds of figures a surface can give at all."""
    return {
        family(kind, key) for kind in KINDS for key, field in KINDS[kind].fields.items() if surface in field.sources
    }


def supplied_by(kind: str, surface: str, scopes: Iterable[str]) -> tuple[str, ...]:
    """The fields of `kind` that `surface` can give under `scopes`."""
    held = set(scopes)
    return tuple(
        key
        for key, described in KINDS[kind].fields.items()
        if (source := described.sources.get(surface)) and (source.scope is None or source.scope in held)
    )
