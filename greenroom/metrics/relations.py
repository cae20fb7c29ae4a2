"""The relations a question joins to the readings: accounts, posts, and what may be seen of them, as Arrow tables.

They are read anew for every question: a copy kept too long would show what may no longer be shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from greenroom.core import currencies
from greenroom.core.models import Workspace
from greenroom.core.scope import ScopedQuerySet
from greenroom.creators.models import Account, Post
from greenroom.imports.models import Import
from greenroom.metrics import access, columns, shape
from greenroom.metrics.figure import RANK
from greenroom.metrics.metric import Metric
from greenroom.metrics.sql import Where
from greenroom.observations.models import Erasure
from greenroom.spark.models import Boost
from greenroom.syncs.models import Sync
from greenroom.syncs.wanted import POSTS_IN_ORDER

if TYPE_CHECKING:
    import pyarrow as pa

ACCOUNT: columns.Columns = {
    "account": ("pk", "int"),
    "account_name": ("handle", "text"),
    "creator": ("creator_id", "int"),
    "creator_name": ("creator__name", "text"),
    "authenticated": ("authenticated", "bool"),
    "in_marketplace": ("in_marketplace", "bool"),
    "official_since": ("official_since", "moment"),
    "created_at": ("created_at", "moment"),
}
POST: columns.Columns = {
    "post": ("pk", "int"),
    "post_name": ("item_id", "text"),
    "account": ("account_id", "int"),
    "basis": ("basis", "text"),
    "media_type": ("media_type", "text"),
    "posted_at": ("posted_at", "moment"),
    "first_seen_at": ("first_seen_at", "moment"),
    "import_id": ("import_id", "int"),
    "campaign": ("entry__campaign", "int"),
    "campaign_name": ("entry__campaign__name", "text"),
    "campaign_since": ("entry__added_at", "moment"),
}
EVERY_POST = tuple(name for name in POST if not name.startswith("campaign"))
_OF_ACCOUNT = {"account": "pk", "creator": "creator"}
_OF_POST = {"account": "account", "creator": "account__creator", "post": "pk", "campaign": "entry__campaign"}


def entered(workspace: Workspace) -> bool:
    """Did people of the workspace ever enter figures themselves? Only then must a question tell theirs apart."""
    return bool(Import.objects.within(workspace).filter(started_at__isnull=False).exists())


def boosts(metrics: Iterable[Metric], workspace: Workspace, *, until: datetime | None) -> "dict[str, pa.Table]":
    """`boosts`: each boosted post, since when, what people noted it cost. Nothing unless a metric asks and one is.

    A boost that began after `until` changes nothing. Costs in two currencies, or not all of them noted, are no sum.
    """
    import pyarrow as pa

    if not any(shape.of(metric).split for metric in metrics):
        return {}
    rows = Boost.objects.within(workspace).filter(post__hidden_at=None).order_by("started_at", "pk")
    rows = rows.filter(started_at__lte=until) if until else rows
    found: dict[int, list[tuple[datetime, int | None, str]]] = defaultdict(list)
    for post, since, spend, currency in rows.values_list("post", "started_at", "spend_minor", "currency"):
        found[post].append((since, spend, currency))
    if not found:
        return {}
    spends = [_spend(told) for told in found.values()]
    made = {
        "post": pa.array(list(found), pa.int64()),
        "started_at": pa.array([told[0][0] for told in found.values()], pa.timestamp("us", tz="UTC")),
        "spend": pa.array([spend for spend, _ in spends], pa.float64()),
        "currency": pa.array([currency for _, currency in spends], pa.string()),
    }
    return {"boosts": pa.table(made)}


def _spend(told: Iterable[tuple[datetime, int | None, str]]) -> tuple[float | None, str]:
    minor = [(spend, currency) for _, spend, currency in told]
    (currency, *others) = dict.fromkeys(currency for _, currency in minor)
    known = [spend for spend, _ in minor if spend is not None]
    if others or len(known) < len(minor):
        return None, ""
    return sum(known) / 10 ** currencies.digits(currency), currency


def tables(
    metrics: Sequence[Metric],
    workspace: Workspace,
    *,
    where: Where = MappingProxyType({}),
    post_columns: Iterable[str] = EVERY_POST,
    as_of: datetime | None,
    at: datetime,
    entered: bool = False,
) -> "dict[str, pa.Table]":
    """`accounts` and `account_access`; with metrics of posts also `posts` (these columns) and `post_access`.

    With metrics of days also `account_day_access`.

    As things are now (`as_of` None, `at` the present) or were at `as_of`. What a short `where` rules out is left out:
    the text has the same condition. `entered`: people of the workspace entered figures themselves.
    """
    import pyarrow as pa

    accounts = columns.table(_kept(Account.objects.within(workspace), where, _OF_ACCOUNT).order_by("pk"), ACCOUNT)
    ids: list[Any] = accounts.column("account").to_pylist()
    authenticated, members = (accounts.column(name).to_pylist() for name in ("authenticated", "in_marketplace"))
    states = {pk: (bool(auth), bool(member)) for pk, auth, member in zip(ids, authenticated, members, strict=True)}
    groups = access.grouped(states, workspace, as_of=as_of)
    places = {group: place for place, group in enumerate(dict.fromkeys(groups.values()))}
    unread = _unread(workspace, groups, as_of=as_of)
    accounts = accounts.drop_columns(["authenticated", "in_marketplace"])
    accounts = accounts.append_column("access", pa.array([places[groups[pk]] for pk in ids], pa.int32()))
    found = {
        "accounts": accounts.append_column("unread", pa.array([unread[pk] for pk in ids], pa.int32())),
        "account_access": _access(metrics, places, kind="account", bases=[""], at=at, entered=entered),
    }
    if any(metric.grain == "account_day" for metric in metrics):
        found["account_day_access"] = _access(metrics, places, kind="account_day", bases=[""], at=at, entered=entered)
    if any(metric.grain == "post" for metric in metrics):
        mine = _kept(Post.objects.within(workspace), where, _OF_POST)
        posts = found["posts"] = columns.many(mine, {name: POST[name] for name in post_columns})
        bases: list[Any] = posts.column("basis").unique().to_pylist()
        found["post_access"] = _access(metrics, places, kind="post", bases=bases, at=at, entered=entered)
    return found


def _kept(rows: ScopedQuerySet[Any], where: Where, fields: Mapping[str, str]) -> ScopedQuerySet[Any]:
    """The rows that a condition on a few ids leaves."""
    few = {name: ids for name, ids in where.items() if name in fields and len(ids) <= access.FEW}
    return rows.filter(**{f"{fields[name]}__in": ids for name, ids in few.items()})


def _unread(workspace: Workspace, groups: Mapping[int, access.Group], *, as_of: datetime | None) -> dict[int, int]:
    """Why nothing was read of an account, should nothing have been read: the rank of the reason."""
    erased = set(Erasure.objects.within(workspace).exclude(done_at=None).values_list("account", flat=True))
    failing: set[int | None] = set()
    looked: set[int | None] = set()  # their posts were read, and there are none
    if as_of is None:
        none = Q(stream__in=POSTS_IN_ORDER, last_ok_at__isnull=False) & ~Exists(
            Post.objects.filter(account=OuterRef("account"))
        )
        syncs = Sync.objects.within(workspace).filter(Q(failures__gt=0) | none)
        for account, failures in syncs.values_list("account_id", "failures"):
            (failing if failures else looked).add(account)

    def reason(account: int, group: access.Group) -> str:
        if not group.supported:
            return "unsupported_account"
        if account in erased:
            return "purged"
        if account in failing:
            return "fetch_failed"
        return "zero_denominator" if account in looked else "not_yet_available"

    return {account: RANK[reason(account, group)] for account, group in groups.items()}


def _access(
    metrics: Iterable[Metric],
    places: Mapping[access.Group, int],
    *,
    kind: str,
    bases: Sequence[str],
    at: datetime,
    entered: bool,
) -> "pa.Table":
    """One row per group (and basis): for each metric its level, and the rank of the reason where that is none."""
    import pyarrow as pa

    asked = [metric for metric in metrics if metric.grain == kind]
    table = access.cells(kind, at)
    rows = [
        (place, basis, access.judge(asked, group, kind=kind, basis=basis, at=at, table=table, entered=entered))
        for group, place in places.items()
        for basis in (bases if asked else ())
    ]
    made: dict[str, Any] = {"access": pa.array([row[0] for row in rows], pa.int32())}
    if kind == "post":
        made["basis"] = pa.array([row[1] for row in rows], pa.string())
    for metric in asked:
        made[metric.key] = pa.array([row[2][metric.key][0] for row in rows], pa.string())
        made[f"{metric.key}_why"] = pa.array([row[2][metric.key][1] for row in rows], pa.int32())
    return pa.table(made)
