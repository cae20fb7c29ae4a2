"""The relations a question joins to the readings: accounts, posts, and what may be seen of them, as Arrow tables.

They are read anew for every question: a copy kept too long would show what may no longer be shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast

from greenroom.core.models import Workspace
from greenroom.core.scope import ScopedQuerySet
from greenroom.creators.models import Account, Post
from greenroom.metrics import access
from greenroom.metrics.figure import RANK
from greenroom.metrics.metric import Metric
from greenroom.observations.models import Erasure
from greenroom.syncs.models import Sync

MOMENT = pa.timestamp("us", tz="UTC")
ACCOUNT: dict[str, tuple[str, Any]] = {
    "account": ("pk", pa.int64()),
    "account_name": ("handle", pa.string()),
    "creator": ("creator_id", pa.int64()),
    "creator_name": ("creator__name", pa.string()),
    "authenticated": ("authenticated", pa.bool_()),
    "in_marketplace": ("in_marketplace", pa.bool_()),
    "official_since": ("official_since", MOMENT),
    "created_at": ("created_at", MOMENT),
}
POST: dict[str, tuple[str, Any]] = {
    "post": ("pk", pa.int64()),
    "post_name": ("item_id", pa.string()),
    "account": ("account_id", pa.int64()),
    "basis": ("basis", pa.string()),
    "media_type": ("media_type", pa.string()),
    "posted_at": ("posted_at", MOMENT),
    "first_seen_at": ("first_seen_at", MOMENT),
}


def tables(
    metrics: Sequence[Metric],
    workspace: Workspace,
    *,
    post_columns: Iterable[str] = tuple(POST),
    as_of: datetime | None,
    at: datetime,
) -> dict[str, pa.Table]:
    """`accounts` and `account_access`; with metrics of posts also `posts` (these columns) and `post_access`.

    As things are now (`as_of` None, `at` the present) or were at `as_of`.
    """
    accounts = _table(Account.objects.within(workspace).order_by("pk"), ACCOUNT)
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
        "account_access": _access(metrics, places, kind="account", bases=[""], at=at),
    }
    if any(metric.grain == "post" for metric in metrics):
        posts = found["posts"] = _table(Post.objects.within(workspace), {name: POST[name] for name in post_columns})
        bases: list[Any] = posts.column("basis").unique().to_pylist()
        found["post_access"] = _access(metrics, places, kind="post", bases=bases, at=at)
    return found


def _table(rows: ScopedQuerySet[Any], columns: Mapping[str, tuple[str, Any]]) -> pa.Table:
    """Rows as columns. SQLite keeps moments as text: Arrow reads that much faster than Django does."""
    texts = connection.vendor == "sqlite"
    wanted = [Cast(F(field), TextField()) if texts and kind == MOMENT else F(field) for field, kind in columns.values()]
    found = list(rows.values_list(*wanted))
    lists = zip(*found, strict=True) if found else [()] * len(columns)
    arrays = [_array(values, kind) for values, (_, kind) in zip(lists, columns.values(), strict=True)]
    return pa.table(arrays, names=list(columns))


def _array(values: Sequence[Any], kind: Any) -> Any:
    """Moments may come as SQLite's text, which is UTC without saying so."""
    if kind == MOMENT and connection.vendor == "sqlite":
        return pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(kind)
    return pa.array(values, kind)


def _unread(workspace: Workspace, groups: Mapping[int, access.Group], *, as_of: datetime | None) -> dict[int, int]:
    """Why nothing was read of an account, should nothing have been read: the rank of the reason."""
    erased = set(Erasure.objects.within(workspace).exclude(done_at=None).values_list("account", flat=True))
    failing: set[int | None] = set()
    if as_of is None:
        failing = set(Sync.objects.within(workspace).filter(failures__gt=0).values_list("account_id", flat=True))

    def reason(account: int, group: access.Group) -> str:
        if not group.supported:
            return "unsupported_account"
        if account in erased:
            return "purged"
        return "fetch_failed" if account in failing else "not_yet_available"

    return {account: RANK[reason(account, group)] for account, group in groups.items()}


def _access(
    metrics: Iterable[Metric], places: Mapping[access.Group, int], *, kind: str, bases: Sequence[str], at: datetime
) -> pa.Table:
    """One row per group (and basis): for each metric its level, and the rank of the reason where that is none."""
    asked = [metric for metric in metrics if metric.grain == kind]
    table = access.cells(kind, at)
    rows = [
        (place, basis, access.judge(asked, group, kind=kind, basis=basis, at=at, table=table))
        for group, place in places.items()
        for basis in (bases if asked else ())
    ]
    columns: dict[str, Any] = {"access": pa.array([row[0] for row in rows], pa.int32())}
    if kind == "post":
        columns["basis"] = pa.array([row[1] for row in rows], pa.string())
    for metric in asked:
        columns[metric.key] = pa.array([row[2][metric.key][0] for row in rows], pa.string())
        columns[f"{metric.key}_why"] = pa.array([row[2][metric.key][1] for row in rows], pa.int32())
    return pa.table(columns)
