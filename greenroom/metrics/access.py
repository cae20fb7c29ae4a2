"""The access relation: which metric an account or post may show, at an instant, and if not, why.

Accounts with the same attributes, scopes and surfaces form one group, so the relation has a handful of rows. The
judgement itself is `observations.availability`; here it is only looked up for metrics instead of fields.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Connection, Consent, Post, StateChange
from greenroom.metrics import definitions
from greenroom.metrics.figure import RANK
from greenroom.metrics.metric import Absent, Cost, Count, Metric
from greenroom.observations import availability, schema

LEVELS = ("none", "entered", "limited", "full")
FEW = 100  # so many accounts are named to the database; of more, all grants are read
OWN_SURFACES = {"accounts": "accounts_api", "login_kit": "display_api"}


@dataclass(frozen=True)
class Group:
    """What decides what may be seen of an account: its two attributes, the scopes granted, the ways to read it."""

    authenticated: bool
    in_marketplace: bool
    scopes: frozenset[str]
    surfaces: frozenset[str]

    @property
    def supported(self) -> bool:
        return self.authenticated or self.in_marketplace

    def column(self, kind: str, basis: str = "") -> str | None:
        """The column of the availability table of `kind`, for "post" with its basis; None: unsupported."""
        if kind != "post":
            return availability.account_column(self.authenticated, self.in_marketplace)
        if basis == Post.Basis.LEGACY and not self.supported:
            return None
        return availability.post_column(basis, self.authenticated, self.in_marketplace)


def groups_of(accounts: Iterable[Account], workspace: Workspace, *, as_of: datetime | None) -> dict[int, Group]:
    """The group of each account, by its id: as it is now, or as it was at `as_of`."""
    states = {account.pk: (account.authenticated, bool(account.in_marketplace)) for account in accounts}
    return grouped(states, workspace, as_of=as_of)


def grouped(
    states: Mapping[int, tuple[bool, bool]], workspace: Workspace, *, as_of: datetime | None
) -> dict[int, Group]:
    """The same, of accounts given as {id: (authenticated, in the marketplace)} as they are now."""
    scopes, surfaces = _grants(workspace, states, as_of=as_of)
    market = surfaces.get(None, set())
    found: dict[int, Group] = {}
    kept: dict[Group, Group] = {}
    for account, (authenticated, member) in (_past(states, as_of) if as_of else states).items():
        own = frozenset(scopes[account]) if authenticated else frozenset()
        ways = set(surfaces[account]) if authenticated else set()
        if member:
            ways |= market
            if any(scope.startswith("biz.creator.") for scope in own):  # the creator's own marketplace grant
                ways |= {"marketplace_tto", "marketplace_tcm"}
        group = Group(authenticated, member, own, frozenset(ways))
        found[account] = kept.setdefault(group, group)
    return found


def _past(accounts: Iterable[int], as_of: datetime) -> dict[int, tuple[bool, bool]]:
    """The two attributes as they were; unknown counts as not so."""
    held: dict[int, dict[str, bool]] = {account: {} for account in accounts}
    changes = StateChange.objects.filter(account__in=list(held), at__lte=as_of).order_by("at", "pk")
    for account, attribute, value in changes.values_list("account_id", "attribute", "value"):
        held[account][attribute] = value
    return {
        account: (row.get("authenticated", False), row.get("in_marketplace", False)) for account, row in held.items()
    }


def _grants(
    workspace: Workspace, accounts: Collection[int], *, as_of: datetime | None
) -> tuple[dict[int | None, set[str]], dict[int | None, set[str]]]:
    """Scopes and surfaces by account id; under None those of the workspace's own marketplace connection."""
    scopes: dict[int | None, set[str]] = defaultdict(set)
    surfaces: dict[int | None, set[str]] = defaultdict(set)
    for account, dialect, granted, marketplace_ids in _live(workspace, accounts, as_of=as_of):
        if account is None:
            surfaces[None] |= {f"marketplace_{generation}" for generation, held in marketplace_ids.items() if held}
        elif surface := OWN_SURFACES.get(dialect):
            scopes[account] |= set(granted)
            surfaces[account].add(surface)
    return scopes, surfaces


def _live(
    workspace: Workspace, accounts: Collection[int], *, as_of: datetime | None
) -> Iterable[tuple[int | None, str, list[str], dict[str, list[str]]]]:
    """(account id, dialect, scopes, marketplace ids) of the grants in force.

    A lapsed marketplace connection still counts: what it read stays public, and the sources say that it is late.
    """
    if as_of is None:
        held = Q(state__in=Connection.LIVE) | Q(account=None, state="lapsed")
        if len(accounts) <= FEW:
            held &= Q(account=None) | Q(account__in=list(accounts))
        connections = Connection.objects.within(workspace).filter(held)
        yield from connections.values_list("account_id", "dialect", "scopes", "marketplace_ids")
        return
    rows = Consent.objects.within(workspace).filter(at__lte=as_of).order_by("connection_id", "at", "pk")
    rows = rows.select_related("connection")
    for consent in {row.connection_id: row for row in rows}.values():  # the newest of each connection
        grant, ends = consent.connection, [consent.revoked_at]
        if grant.account_id is not None:
            ends.append(consent.until)
        if all(end is None or end > as_of for end in ends):
            yield grant.account_id, grant.dialect, consent.scopes, grant.marketplace_ids


def cells(kind: str, at: datetime) -> availability.Cells:
    """The availability table of a kind as it holds at `at`."""
    table = schema.KINDS[kind].table
    return availability.cells(table, at) if table else {}


def judge(
    metrics: Iterable[Metric],
    group: Group,
    *,
    kind: str,
    basis: str = "",
    at: datetime,
    table: availability.Cells | None = None,
    entered: bool = False,
) -> dict[str, tuple[str, int | None]]:
    """Per metric the level it may be shown at and, when that is none, the rank of the reason.

    With `entered` there is a level between: what TikTok does not let us see of the metric may be shown as far as
    people of the workspace entered it themselves; the reason is then that of TikTok's figure.
    `table` saves looking up `cells(kind, at)` for each of many groups.
    """
    column = group.column(kind, basis)
    surfaces = group.surfaces | {"order_report"} if basis == Post.Basis.ORDER else group.surfaces
    held = cells(kind, at) if table is None else table
    fields = availability.entitlement(kind, column=column, scopes=group.scopes, surfaces=surfaces, at=at, table=held)
    told = {metric.key: (metric, *_allowed(metric, fields, held, column)) for metric in metrics}
    return {
        key: ("entered" if entered and level == "none" and may_be_entered(metric) else level, why)
        for key, (metric, level, why) in told.items()
    }


def may_be_entered(metric: Metric) -> bool:
    """Can a file supply all that the metric is worked out from?"""
    described = schema.KINDS[metric.grain].fields
    return not isinstance(metric.formula, Absent | Cost) and all(
        schema.FILE in described[field].sources for field in definitions.fields(metric)
    )


def _allowed(
    metric: Metric, fields: dict[str, availability.Entitlement], cells: availability.Cells, column: str | None
) -> tuple[str, int | None]:
    if column is None:
        return "none", RANK["unsupported_account"]
    if isinstance(metric.formula, Count | Cost):
        return "full", None
    if isinstance(metric.formula, Absent):
        return "none", RANK["not_in_entitlement"]
    parts = [(fields[field].level, fields[field].reason) for field in definitions.fields(metric)]
    parts += [(cells[row][column], "not_in_entitlement") for row in metric.rows]
    level = min((level for level, _ in parts), key=LEVELS.index)
    return level, min((RANK[why or ""] for held, why in parts if held == "none"), default=None)
