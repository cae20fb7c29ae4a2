"""The relations a question joins to the readings: accounts, posts, and what may be seen of them, as Arrow tables.

They are read anew for every question: a copy kept too long would show what may no longer be shown.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Post
from greenroom.metrics import access
from greenroom.metrics.figure import RANK
from greenroom.metrics.metric import Metric
from greenroom.observations.models import Erasure
from greenroom.syncs.models import Sync

MOMENT = pa.timestamp("us", tz="UTC")
Tables = dict[str, pa.Table]


def tables(metrics: Sequence[Metric], workspace: Workspace, *, as_of: datetime | None, at: datetime) -> Tables:
    """`accounts`, and as the metrics need them `account_access`, `posts` and `post_access`.

    As things are now (`as_of` None, `at` the present) or were at `as_of`.
    """
    grains = {metric.grain for metric in metrics}
    accounts = list(Account.objects.within(workspace).select_related("creator").order_by("pk"))
    groups = access.groups_of(accounts, workspace, as_of=as_of)
    ids = {group: place for place, group in enumerate(dict.fromkeys(groups.values()))}
    unread = _unread(workspace, accounts, groups, as_of=as_of)
    found = {"accounts": _accounts(accounts, {pk: ids[group] for pk, group in groups.items()}, unread)}
    if "account" in grains:
        found["account_access"] = _access(metrics, ids, kind="account", at=at)
    if "post" in grains:
        found["posts"] = _posts(workspace)
        found["post_access"] = _access(metrics, ids, kind="post", at=at)
    return found


def _accounts(accounts: Sequence[Account], groups: dict[int, int], unread: dict[int, int]) -> pa.Table:
    return pa.table(
        {
            "account": pa.array([a.pk for a in accounts], pa.int64()),
            "account_name": pa.array([a.handle for a in accounts], pa.string()),
            "creator": pa.array([a.creator_id for a in accounts], pa.int64()),
            "creator_name": pa.array([a.creator.name for a in accounts], pa.string()),
            "access": pa.array([groups[a.pk] for a in accounts], pa.int32()),
            "unread": pa.array([unread[a.pk] for a in accounts], pa.int32()),
            "official_since": pa.array([a.official_since for a in accounts], MOMENT),
            "created_at": pa.array([a.created_at for a in accounts], MOMENT),
        }
    )


def _unread(
    workspace: Workspace,
    accounts: Sequence[Account],
    groups: dict[int, access.Group],
    *,
    as_of: datetime | None,
) -> dict[int, int]:
    """Why nothing was read of an account, should nothing have been read: the rank of the reason."""
    erased = set(Erasure.objects.within(workspace).exclude(done_at=None).values_list("account", flat=True))
    failing: set[int | None] = set()
    if as_of is None:
        failing = set(Sync.objects.within(workspace).filter(failures__gt=0).values_list("account_id", flat=True))

    def reason(account: Account) -> str:
        if not groups[account.pk].supported:
            return "unsupported_account"
        if account.pk in erased:
            return "purged"
        return "fetch_failed" if account.pk in failing else "not_yet_available"

    return {account.pk: RANK[reason(account)] for account in accounts}


def _posts(workspace: Workspace) -> pa.Table:
    columns = ("pk", "item_id", "account_id", "basis", "media_type", "posted_at", "first_seen_at")
    rows: list[tuple[Any, ...]] = list(Post.objects.within(workspace).values_list(*columns))
    ids, items, accounts, bases, media, posted, seen = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pa.table(
        {
            "post": pa.array(ids, pa.int64()),
            "post_name": pa.array(items, pa.string()),
            "account": pa.array(accounts, pa.int64()),
            "basis": pa.array(bases, pa.string()),
            "media_type": pa.array(media, pa.string()),
            "posted_at": pa.array(posted, MOMENT),
            "first_seen_at": pa.array(seen, MOMENT),
        }
    )


def _access(metrics: Iterable[Metric], groups: dict[access.Group, int], *, kind: str, at: datetime) -> pa.Table:
    """One row per group (and basis): for each metric its level, and the rank of the reason where that is none."""
    asked = [metric for metric in metrics if metric.grain == kind]
    bases = [str(basis) for basis in Post.Basis] if kind == "post" else [""]
    rows = [
        (place, basis, access.judge(asked, group, kind=kind, basis=basis, at=at))
        for group, place in groups.items()
        for basis in bases
    ]
    columns: dict[str, Any] = {"access": pa.array([row[0] for row in rows], pa.int32())}
    if kind == "post":
        columns["basis"] = pa.array([row[1] for row in rows], pa.string())
    for metric in asked:
        columns[metric.key] = pa.array([row[2][metric.key][0] for row in rows], pa.string())
        columns[f"{metric.key}_why"] = pa.array([row[2][metric.key][1] for row in rows], pa.int32())
    return pa.table(columns)
