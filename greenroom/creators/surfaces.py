"""The five ways TikTok offers to programs, what each is for, and what of it is used here (GOV-07).

`schema.SURFACES` are finer: the ways of reading within these. A connector says which of those it reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from greenroom.core.models import Workspace
from greenroom.creators import client, connectors, scopes
from greenroom.creators.connectors import Connector
from greenroom.creators.models import Connection


class BadSurface(ValueError):
    """A surface without a name or a purpose, or one that is there already."""


@dataclass(frozen=True)
class Surface:
    """One of TikTok's products for programs, or one that this install adds.

    reads: which of schema.SURFACES it is made of. dialects: of the grants that open it. scopes: what it may ask for
    where no grant of ours does. unused: why nothing is read through it, where no connector does.
    """

    key: str
    title: str
    purpose: str
    reads: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    unused: str = "No connector reads it yet."
    for_marketers: bool = False

    def __post_init__(self) -> None:
        if not (self.key and self.title and self.purpose):
            raise BadSurface("A surface has a key, a name and a purpose.")

    @property
    def connectors(self) -> list[Connector]:
        """Those that read it; the pretend TikTok's is none of them."""
        return [
            one
            for one in connectors.CONNECTORS.values()
            if one.source_class != "sandbox" and not set(one.surfaces).isdisjoint(self.reads)
        ]


@dataclass(frozen=True)
class Standing:
    """A surface in a workspace. state: connected, ready (could be), no_app (its keys are not set) or unused."""

    surface: Surface
    state: str
    grants: int
    held: tuple[str, ...]

    @property
    def scopes(self) -> list[tuple[str, bool]]:
        """What it asks for, and whether some live grant has it."""
        asked = dict.fromkeys([*asked_for(self.surface), *self.held])
        return [(scope, scope in self.held) for scope in asked]


SURFACES: dict[str, Surface] = {}


def add(surface: Surface) -> Surface:
    """Put a further surface into the catalogue. Raises BadSurface for one that is there."""
    if surface.key in SURFACES:
        raise BadSurface(f"There is a surface {surface.key} already.")
    SURFACES[surface.key] = surface
    return surface


def asked_for(surface: Surface) -> tuple[str, ...]:
    """The scopes we ask for to read it; of one that is not read, those TikTok has for it."""
    ours = [scope for dialect in surface.dialects for scope in scopes.asked(dialect)]
    return tuple(dict.fromkeys(ours)) or surface.scopes


def standings(workspace: Workspace) -> list[Standing]:
    """How every surface of the catalogue stands in a workspace."""
    rows = Connection.objects.within(workspace).filter(state__in=Connection.LIVE)
    live = list(rows.values_list("dialect", "scopes"))
    return [_standing(one, live) for one in SURFACES.values()]


def _standing(surface: Surface, live: Iterable[tuple[str, list[str]]]) -> Standing:
    mine = [granted for dialect, granted in live if dialect in surface.dialects]
    # The marketplace's scopes are numbers of its own; what a person reads are those of the accounts' grants.
    held = tuple(dict.fromkeys(scope for granted in mine for scope in granted if scope in asked_for(surface)))
    if not surface.connectors:
        return Standing(surface, "unused", 0, ())
    if mine:
        return Standing(surface, "connected", len(mine), held)
    ready = any(client.is_configured(dialect) for dialect in surface.dialects)
    return Standing(surface, "ready" if ready else "no_app", 0, ())


for _one in (
    Surface("content_posting", "Content Posting API",
            "Publishes videos and photos on a creator's account, or leaves them as drafts in their app.",
            scopes=("video.publish", "video.upload"),
            unused="Nothing is ever posted in a creator's name. Creators post in TikTok's app."),
    Surface("research", "Research API",
            "Searches public videos, accounts and comments for studies.",
            scopes=("research.data.basic",),
            unused="TikTok gives it to accredited non-profit researchers only, not to a product."),
    Surface("login_kit", "Login Kit",
            "Lets a creator sign in with TikTok and share their profile, counters and public videos.",
            reads=("display_api",), dialects=(Connection.Dialect.LOGIN_KIT,)),
    Surface("business", "TikTok for Business API",
            "Figures and audience of accounts by their owners' consent; the Creator Marketplace with invitations, "
            "campaigns, orders and their reports.",
            reads=("accounts_api", "marketplace_tto", "marketplace_tcm", "order_report"),
            dialects=(Connection.Dialect.ACCOUNTS, Connection.Dialect.MARKETPLACE), for_marketers=True),
    Surface("shop", "TikTok Shop API",
            "Affiliate sales: which orders came through which creator, and their commissions.",
            scopes=("creator.affiliate_collaboration.read", "seller.affiliate_collaboration.read"),
            unused="No connector reads sales yet.", for_marketers=True),
):  # fmt: skip
    add(_one)
