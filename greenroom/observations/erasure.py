"""Erasure: what was read of an account goes for good, and what may stay is put in order again."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.observations import lake, log, models, relations, schema, view

if TYPE_CHECKING:
    import pyarrow as pa
    from django.db.models import QuerySet


ON_ERASE: list[Callable[[models.Erasure, datetime], None]] = []
"""What else must go with an account's readings, such as archived answers; must be safe to do twice."""


def ask(
    workspace: Workspace, account: int, *, reason: str, by: str, at: datetime, source_class: str = ""
) -> models.Erasure:
    """Promise to erase what was read of an account, all of it or one source class; a worker keeps the promise.

    Stop reading the account first: what is appended afterwards is not covered.
    """
    erasure: models.Erasure = models.Erasure.objects.create(
        workspace=workspace,
        account=account,
        reason=reason,
        asked_at=at,
        asked_by=by,
        source_class=source_class,
        due_at=at,
    )
    return erasure


def carry_out(erasure: models.Erasure, *, at: datetime) -> dict[str, int]:
    """Erase and return how many readings went, by kind. Safe to do twice and to be killed in: the counts stay."""
    home, account, source_class = erasure.workspace_id, erasure.account, erasure.source_class
    if not erasure.removed:
        erasure.removed = count(home, account, source_class=source_class)
        erasure.save(update_fields=["removed"])
    for kind in schema.KINDS:
        forget = partial(models.Latest.objects.filter, kind=kind, workspace_id=home, account=account)
        which: lake.Which = {"account": account} | ({"source_class": source_class} if source_class else {})
        lake.erase(kind, workspace=home, which=which, forget=forget, at=at)
        if source_class and schema.KINDS[kind].kept:
            rebuild(kind, workspace=home, account=account)
        lake.sweep(kind, at=at)
    for also in ON_ERASE:
        also(erasure, at)
    if erasure.done_at is None:
        _done(erasure, at=at)
    removed: dict[str, int] = erasure.removed
    return removed


def _done(erasure: models.Erasure, *, at: datetime) -> None:
    erasure.done_at = at
    with transaction.atomic():
        erasure.save(update_fields=["done_at"])
        events.note(
            erasure.workspace,
            "account.data_erased",
            subject=f"account:{erasure.account}",
            by=erasure.asked_by,
            at=at,
            reason=erasure.reason,
            removed=erasure.removed,
        )


def count(workspace: int, account: int, *, source_class: str = "") -> dict[str, int]:
    """How many readings of each kind there are of an account."""
    seen = view.open_view(workspace)
    sql = "select count(*) as n from {} where account = $account and ($only = '' or source_class = $only)"
    return {
        kind: int(seen.rows(sql.format(name), {"account": account, "only": source_class})[0]["n"])
        for kind, name in relations.READINGS.items()
    }


def forget_import(workspace: Workspace | int, import_id: int, *, at: datetime) -> None:
    """Erase the readings of one import from log, newest values and lake, as if it had never been made.

    What other readings say of the same accounts and posts is put in order again. Safe to do twice and to be killed in.
    """
    home = workspace if isinstance(workspace, int) else workspace.pk
    for kind in schema.KINDS:
        forget = partial(_touched, kind, home, import_id)
        lake.erase(kind, workspace=home, which={"import_id": import_id}, forget=forget, at=at)
        if schema.KINDS[kind].kept:
            _remake(kind, home)
        lake.sweep(kind, at=at)


def withhold(workspace: Workspace, source_class: str, *, reason: str, by: str, at: datetime) -> models.Erasure:
    """Hide every reading of a source class of the workspace at once; `forget_source` removes them, `withheld` ends it.

    Nothing is shown of it from the caller's transaction on. Safe to do twice.
    """
    told = {"account": models.Erasure.EVERY, "source_class": source_class, "done_at": None}
    found: models.Erasure = models.Erasure.objects.get_or_create(
        workspace=workspace, **told, defaults={"reason": reason, "asked_at": at, "asked_by": by}
    )[0]
    return found


def forget_source(workspace: int, kind: str, source_class: str, *, at: datetime) -> None:
    """Erase the readings of one kind and source class from log, newest values and the present version of the lake.

    Older versions go with `lake.trim`. Safe to do twice and to be killed in.
    """
    forget = partial(_mixed_with, kind, workspace, source_class)
    lake.erase(kind, workspace=workspace, which={"source_class": source_class}, forget=forget, at=at)
    if schema.KINDS[kind].kept:
        _remake(kind, workspace)


def _mixed_with(kind: str, workspace: int, source_class: str) -> "QuerySet[models.Latest]":
    """The newest values of every account that the source class told anything of, as readings or newest values say."""
    sql = f"select distinct account from {relations.READINGS[kind]} where source_class = $which"  # noqa: S608
    rows = view.unwithheld(workspace).rows(sql, {"which": source_class})
    accounts = {row["account"] for row in rows}
    accounts |= set(newest_of(workspace, source_class).filter(kind=kind).values_list("account", flat=True))
    return models.Latest.objects.filter(kind=kind, workspace_id=workspace, account__in=accounts)


def newest_of(workspace: int, source_class: str) -> "QuerySet[models.Latest]":
    """The newest values of which one is of the class: they know their surface, and a former source is both."""
    rows: QuerySet[models.Latest] = models.Latest.objects.filter(workspace_id=workspace)
    if source_class not in schema.SURFACES:
        return rows.none()
    return rows.filter(Q(surface=source_class) | Q(older__contains=f'"{source_class}"'))


def _touched(kind: str, workspace: int, import_id: int) -> "QuerySet[models.Latest]":
    """The newest values of every subject the import told anything of."""
    name = relations.READINGS[kind]
    sql = f"select distinct account from {name} where import_id = $which"  # noqa: S608
    accounts = [row["account"] for row in view.open_view(workspace).rows(sql, {"which": import_id})]
    return models.Latest.objects.filter(kind=kind, workspace_id=workspace, account__in=accounts)


def _remake(kind: str, workspace: int) -> None:
    """Make the newest values of accounts of which something was read that has none."""
    name = relations.READINGS[kind]
    held = set(models.Latest.objects.filter(kind=kind, workspace_id=workspace).values_list("subject", flat=True))
    rows = view.open_view(workspace).rows(f"select distinct account, subject from {name}")  # noqa: S608
    for account in sorted({row["account"] for row in rows if row["subject"] not in held}):
        rebuild(kind, workspace=workspace, account=account)


def rebuild(kind: str, *, workspace: int, account: int) -> None:
    """Make the newest values of an account's subjects anew from its readings.

    No append tells of it, so kept views notice only with the next step of the lake.
    """
    with transaction.atomic():
        log.one_writer_per_account({account})
        sql = relations.newest_sql(kind, schema.KINDS[kind].kept, where="account = $account")
        found = view.open_view(workspace).query(sql, {"account": account})
        models.Latest.objects.filter(kind=kind, workspace_id=workspace, account=account).delete()
        newest = _known(kind, found)
        log.write(workspace, kind, newest, dict.fromkeys(newest, account), batch=0)


def _known(kind: str, table: "pa.Table") -> dict[int, log.Newest]:
    known = {}
    for row in table.to_pylist():
        fields = {key: row[key] for key in schema.KINDS[kind].kept if row[key] is not None}
        origin = _origin(row, "")
        older = {key: found for key in fields if (found := _origin(row, f"{key}_")) != origin}
        known[row["subject"]] = log.Newest(origin, fields, older)
    return known


def _origin(row: dict[str, Any], prefix: str) -> log.Origin:
    moment = row[f"{prefix}at"] if prefix else row["observed_at"]
    return log.microseconds(moment), row[f"{prefix}surface"], row[f"{prefix}consent"]
