"""Connectors: by what right figures come in, through which surfaces of TikTok, and of which families (GOV-01, GOV-03).

A stream is only registered for a surface some connector serves, and a reading carries the class of the connector
behind its grant. There is no class for scraping, so nothing can be registered that scrapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.observations import schema

CLASSES = ("official_api", "creator_consent", "brand_owned", "user_entered", "sandbox")


class BadConnector(ValueError):
    """A connector that may not be or makes no sense: a forbidden class, an unknown surface or family, a key twice."""


@dataclass(frozen=True)
class Connector:
    """One way in.

    source_class: one of CLASSES. surfaces: as in the field schema. families: of schema.FAMILIES, what it serves.
    dialect and purpose: of the grants that open it; empty where no grant does. Raises BadConnector.
    """

    key: str
    source_class: str
    surfaces: tuple[str, ...]
    families: tuple[str, ...]
    serves: str
    dialect: str = ""
    purpose: str = ""

    def __post_init__(self) -> None:
        if not self.key or not self.serves:
            raise BadConnector("a connector has a key and says what it serves")
        if self.source_class not in CLASSES:
            raise BadConnector(f"{self.source_class!r} is no way in: data may come as {', '.join(CLASSES)} (GOV-01)")
        if unknown := [*(set(self.surfaces) - set(schema.SURFACES)), *(set(self.families) - set(schema.FAMILIES))]:
            raise BadConnector(f"nothing is known of {', '.join(sorted(unknown))}")
        given = {family for surface in self.surfaces for family in schema.families_of(surface)}
        if more := set(self.families) - given:
            raise BadConnector(f"its surfaces give no figures of {', '.join(sorted(more))}")


CONNECTORS: dict[str, Connector] = {}


def register(manifest: Mapping[str, Any], *, workspace: Workspace, by: str, at: datetime) -> Connector:
    """Let a further connector in; its manifest has the fields of Connector.

    Kept as an event either way. Raises BadConnector.
    """
    try:
        connector = _add(_read(manifest))
    except BadConnector as refused:
        told = {key: str(value)[:200] for key, value in manifest.items()}
        events.note(workspace, "connector.refused", by=by, at=at, manifest=told, reason=str(refused))
        raise
    events.note(workspace, "connector.registered", by=by, at=at, key=connector.key, source_class=connector.source_class)
    return connector


def behind(dialect: str, purpose: str = "") -> Connector:
    """The connector that a grant of this dialect, for this purpose, opens. Raises BadConnector."""
    for one in CONNECTORS.values():
        if one.dialect == dialect and one.purpose == purpose:
            return one
    raise BadConnector(f"no connector is opened by a grant of {dialect or 'nobody'} for {purpose or 'no account'}")


def serving(surface: str, dialect: str) -> list[Connector]:
    """The connectors through which `surface` can be read with a grant of `dialect`. Raises BadConnector for none."""
    found = [one for one in CONNECTORS.values() if surface in one.surfaces and one.dialect == dialect]
    if not found:
        raise BadConnector(f"no connector serves {surface} with a grant of {dialect}")
    return found


def _read(manifest: Mapping[str, Any]) -> Connector:
    known = {field.name for field in fields(Connector)}
    if unknown := set(manifest) - known:
        raise BadConnector(f"a manifest has no {', '.join(sorted(map(str, unknown)))}")
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in manifest.items()}
    try:
        return Connector(**given)
    except TypeError as error:
        raise BadConnector(f"the manifest is incomplete: {error}") from None


def _add(connector: Connector) -> Connector:
    if connector.key in CONNECTORS:
        raise BadConnector(f"there is a connector {connector.key} already")
    CONNECTORS[connector.key] = connector
    return connector


_MARKET = ("marketplace_tto", "marketplace_tcm")
_ALL = ("performance", "engagement", "account", "audience")

for _one in (
    Connector("creator_account", "creator_consent", ("accounts_api", *_MARKET), _ALL,
              "A creator's account, posts and audience, with the creator's own grant", "accounts", "creator"),
    Connector("brand_account", "brand_owned", ("accounts_api",), _ALL,
              "The brand's own account, posts and audience", "accounts", "brand"),
    Connector("creator_sign_in", "creator_consent", ("display_api",), ("performance", "engagement", "account"),
              "The public side of a creator's account, in real time", "login_kit", "creator"),
    Connector("brand_sign_in", "brand_owned", ("display_api",), ("performance", "engagement", "account"),
              "The public side of the brand's own account, in real time", "login_kit", "brand"),
    Connector("marketplace", "official_api", (*_MARKET, "order_report"), (*_ALL, "ads"),
              "What TikTok's creator marketplace shows of its members, and of the posts of orders", "marketplace"),
    Connector("sandbox", "sandbox", ("accounts_api", "display_api", *_MARKET, "order_report"), (*_ALL, "ads"),
              "Everything the others serve, of a pretend TikTok"),
):  # fmt: skip
    _add(_one)
