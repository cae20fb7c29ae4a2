"""The lake: one Delta table per kind, partitioned by month, sorted by workspace, account, subject and time."""

import operator
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Min, Sum, Window

from greenroom.observations import engine, log, models, schema, steps

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import CommitProperties, DeltaTable, WriterProperties
    from django.db.models import QuerySet

Which = dict[str, int | str]  # columns of readings and what they equal: account, source_class, import_id
ORDER = ("workspace", "account", "subject", "observed_at")
ROLL_ROWS, ROLL_BATCHES = 200_000, 200  # a roll takes no more at once, and does not wait once there are as many
ROLL_AGE = timedelta(minutes=5)
KEYS_KEPT = timedelta(days=2)
FILES_A_MONTH = 48
NOT_KEPT = "interval 0 seconds"
GRACE = timedelta(hours=1)  # files of older versions stay so long for whoever is reading them


def is_due(kind: str, *, at: datetime) -> bool:
    """Is the log of this kind long or old enough to be rolled?"""
    tail = models.Batch.objects.filter(kind=kind, rolled_at=None)
    seen = tail.aggregate(oldest=Min("appended_at"), rows=Sum("rows"))
    if seen["oldest"] is None:
        return False
    return seen["oldest"] <= at - ROLL_AGE or seen["rows"] >= ROLL_ROWS or tail.count() >= ROLL_BATCHES


def roll(kind: str, *, at: datetime) -> int:
    """Move the oldest batches of the log into the lake; returns how many rows.

    The step names its batches one by one: on PostgreSQL ids become visible out of order, and a batch that commits late
    with a small id is simply taken by a later roll.
    """
    between = settle(kind, at=at)
    tail = models.Batch.objects.filter(kind=kind, rolled_at=None).order_by("pk")
    running = tail.annotate(so_far=Window(Sum("rows"), order_by=F("pk").asc())).values_list("pk", "rows", "so_far")
    some = [(pk, rows) for pk, rows, so_far in running[:ROLL_BATCHES] if so_far - rows < ROLL_ROWS]
    if not some or not steps.begin(between, {"what": "roll", "batches": [pk for pk, _ in some]}):
        return 0
    settle(kind, at=at)
    return sum(rows for _, rows in some)


def compact(kind: str, *, at: datetime) -> int:
    """Merge the files of months that have many into one sorted whole, and delete files nobody reads any more.

    Returns how many months were rewritten.
    """
    between = settle(kind, at=at)
    table = steps.open_table(kind)
    months = crowded(table) if table else []
    if months and steps.begin(between, {"what": "compact", "months": months}):
        settle(kind, at=at)
    if table:
        sweep(kind, at=at, grace=GRACE)
    models.Roll.objects.filter(kind=kind).update(tidied_at=at)
    return len(months)


def crowded(table: "DeltaTable") -> list[str]:
    """Months that are worth rewriting: with many files, most of whose rows are not in the largest one yet."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for action in _files(table):
        sizes[action["partition.month"]].append(action["num_records"])
    return sorted(
        month
        for month, rows in sizes.items()
        if len(rows) >= FILES_A_MONTH or (len(rows) >= 8 and sum(rows) >= 2 * max(rows))
    )


def sweep(kind: str, *, at: datetime, grace: timedelta = timedelta(0)) -> None:
    """Delete files that no version read within `grace` needs, and those of steps that died. As a step: none is under
    way meanwhile whose files could be taken for such."""
    if steps.begin(settle(kind, at=at), {"what": "sweep", "hours": int(grace / timedelta(hours=1))}):
        settle(kind, at=at)


def trim(kind: str, *, at: datetime) -> None:
    """Forget the history of the lake but for its present version: Delta's log holds the least and the largest value of
    each column of each file, also of files that are gone. Safe to do twice and to be killed in."""
    sweep(kind, at=at)
    if steps.open_table(kind) is None:
        return
    if steps.begin(settle(kind, at=at), {"what": "trim"}):
        settle(kind, at=at)
    if table := steps.open_table(kind):
        table.create_checkpoint()
        table.cleanup_metadata()


def left_over(kind: str) -> list[str]:
    """The files below a lake that its present version does not name, and which a sweep would delete."""
    table = steps.open_table(kind)
    if table is None:
        return []
    return sorted(table.vacuum(0, dry_run=True, enforce_retention_duration=False, full=True))


def settle(kind: str, *, at: datetime) -> models.Roll:
    """Finish the step of a process that died; returns the row between steps."""
    return steps.settle(kind, TAKES, at=at)


def widen(kind: str, *, at: datetime) -> bool:
    """Give a lake that an older version made the columns this version knows; True when it lacked any."""
    between = settle(kind, at=at)
    table = steps.open_table(kind)
    lacks = table is not None and bool(set(schema.arrow_schema(kind).names) - {f.name for f in table.schema().fields})
    if lacks and steps.begin(between, {"what": "widen"}):
        settle(kind, at=at)
    return lacks


def erase(
    kind: str, *, workspace: int, which: Which, forget: "Callable[[], QuerySet[models.Latest]]", at: datetime
) -> None:
    """Remove the readings whose columns equal `which` from log, newest values and the present version of the lake.

    `forget` names the newest values to drop. Files of older versions go with the next sweep, and newest values known
    from other readings are rebuilt after this: erasure.py does both. Safe to do twice.
    """
    doing = {"what": "erase", "workspace": workspace, **which}
    while True:
        between = settle(kind, at=at)
        with transaction.atomic():
            if steps.begin(between, doing):
                forget().delete()
                _erase_from_log(kind, workspace, which, at)
                break
    settle(kind, at=at)


def _erase_from_log(kind: str, workspace: int, which: Which, at: datetime) -> None:
    """Replace the batches that hold such readings by ones that do not: a batch itself never changes."""
    import pyarrow.compute as pc

    for batch in models.Batch.objects.filter(kind=kind, workspace_id=workspace, rolled_at=None):
        table = log.decode(kind, bytes(batch.ipc))
        gone = reduce(operator.and_, [pc.field(name) == value for name, value in which.items()])
        rest = table.filter(gone.is_null() | ~gone)  # what is null equals nothing
        if rest.num_rows == table.num_rows:
            continue
        batch.delete()
        batch.pk, batch.rows, batch.ipc = None, rest.num_rows, b""
        if rest.num_rows:
            batch.ipc = log.pack(rest)
        else:
            batch.rolled_at = at
        batch.save(force_insert=True)


def _roll(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    import pyarrow as pa

    wanted = doing["batches"]
    held = models.Batch.objects.filter(pk__in=wanted, rolled_at=None).values_list("ipc", flat=True)
    tables = [log.decode(kind, bytes(ipc)) for ipc in held]
    if len(tables) != len(wanted):
        raise steps.Raced
    _append(table, kind, pa.concat_tables(tables), commit)


def _append(table: "DeltaTable | None", kind: str, rows: "pa.Table", commit: "CommitProperties") -> None:
    import pyarrow.compute as pc
    from deltalake import write_deltalake

    month = pc.strftime(rows["observed_at"], format="%Y-%m")
    ordered = rows.append_column("month", month).sort_by([(name, "ascending") for name in ORDER])
    write_deltalake(
        table or steps.path(kind),
        ordered,
        # Without a table the first commit must be ours: "append" would add to a table made in the meantime.
        mode="append" if table else "error",
        partition_by=["month"],
        commit_properties=commit,
        writer_properties=writer(),
    )


def _compact(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    """Rewrite whole months in order; DuckDB sorts, beyond its memory on disk."""
    from deltalake import write_deltalake

    if table is None:
        return
    names = ", ".join(schema.arrow_schema(kind).names)
    months = doing["months"]
    root = steps.path(kind)
    files = [f"{root}/{action['path']}" for action in _files(table) if action["partition.month"] in months]
    cursor = engine.cursor(engine.lake())
    ordered = cursor.sql(
        f"select {names}, strftime(observed_at at time zone 'UTC', '%Y-%m') as month"  # noqa: S608
        f" from read_parquet({files!r}, hive_partitioning = false) order by {', '.join(ORDER)}"
    )
    quoted = ", ".join(f"'{month}'" for month in months)
    write_deltalake(
        table,
        ordered.to_arrow_reader(100_000),
        mode="overwrite",
        predicate=f"month in ({quoted})",
        partition_by=["month"],
        commit_properties=commit,
        writer_properties=writer(),
    )


def _widen(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    """Rewrite the whole lake with every column; what a file does not have is null."""
    import pyarrow as pa
    from deltalake import write_deltalake

    if table is None:
        return
    files = [f"{steps.path(kind)}/{action['path']}" for action in _files(table)]
    cursor = engine.cursor(engine.lake())
    source = f"read_parquet({files!r}, hive_partitioning = false, union_by_name = true)"
    told: Any = schema.arrow_schema(kind).empty_table()
    if files:  # the empty table says which columns there are, and of which type
        cursor.register("every_column", told)
        told = cursor.sql(
            "select *, strftime(observed_at at time zone 'UTC', '%Y-%m') as month from ("  # noqa: S608
            f"select * from every_column union all by name select * from {source}) order by {', '.join(ORDER)}"
        ).to_arrow_reader(100_000)
    else:
        told = told.append_column("month", pa.array([], pa.string()))
    write_deltalake(
        table,
        told,
        mode="overwrite",
        schema_mode="overwrite",
        partition_by=["month"],
        commit_properties=commit,
        writer_properties=writer(),
    )


def _erase(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    if table is None:
        return
    numbers = ("workspace", "account", "import_id")
    which = " and ".join(f"{name} = {int(doing[name])}" for name in numbers if name in doing)
    if doing.get("source_class") in schema.SOURCE_CLASSES:
        which += f" and source_class = '{doing['source_class']}'"
    if not table.delete(which, commit_properties=commit, writer_properties=writer())["num_deleted_rows"]:
        _mark(table, kind, commit)


def _sweep(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    if table is None:
        return
    table.vacuum(doing["hours"], dry_run=False, enforce_retention_duration=False, full=True)
    table.update_incremental()
    _mark(table, kind, commit)


def _trim(table: "DeltaTable | None", kind: str, doing: steps.Doing, commit: "CommitProperties") -> None:
    if table is not None:  # from now on what a checkpoint covers need not be kept
        table.alter.set_table_properties({"delta.logRetentionDuration": NOT_KEPT}, commit_properties=commit)


def _mark(table: "DeltaTable", kind: str, commit: "CommitProperties") -> None:
    """A commit that only says that the step was taken, so that nobody takes it later."""
    _append(table, kind, schema.arrow_schema(kind).empty_table(), commit)


def _files(table: "DeltaTable") -> list[dict[str, Any]]:
    import pyarrow as pa

    found: list[dict[str, Any]] = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    return found


def writer() -> "WriterProperties":
    """How every file of the lake is written."""
    from deltalake import WriterProperties

    return WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=131_072)


TAKES: dict[str, steps.Take] = {
    "roll": _roll,
    "compact": _compact,
    "widen": _widen,
    "erase": _erase,
    "sweep": _sweep,
    "trim": _trim,
}
