"""What there is of one source class, store by store: for a purge, which must say it before and after."""

from contextlib import suppress
from typing import TYPE_CHECKING

from greenroom.observations import engine, erasure, lake, log, models, relations, schema, steps, view

if TYPE_CHECKING:
    import pyarrow as pa

STORES = ("log", "latest", "lake", "lake_old")


def count(workspace: int, source_class: str, *, only: str) -> int:
    """Readings (or newest values) of the class in one of STORES: in the log, among the newest values, in the present
    version of the lake, in files of older versions that are still on disk."""
    match only:
        case "log":
            return sum(_of(log.decode(kind, ipc), source_class) for kind, ipc in _batches(workspace))
        case "latest":
            return erasure.newest_of(workspace, source_class).count()
        case "lake":
            return sum(_in_files(_present(kind), workspace, source_class) for kind in schema.KINDS)
        case "lake_old":
            return sum(_in_files(_older(kind), workspace, source_class) for kind in schema.KINDS)
    raise LookupError(only)


def by_account(workspace: int, source_class: str) -> dict[int, int]:
    """How many readings of the class there are of each account."""
    found: dict[int, int] = {}
    seen = view.unwithheld(workspace)
    for name in relations.READINGS.values():
        sql = f"select account, count(*) as n from {name} where source_class = $which group by account"  # noqa: S608
        for row in seen.rows(sql, {"which": source_class}):
            found[row["account"]] = found.get(row["account"], 0) + row["n"]
    return found


def _batches(workspace: int) -> list[tuple[str, bytes]]:
    held = models.Batch.objects.filter(workspace_id=workspace, rolled_at=None)
    return [(kind, bytes(ipc)) for kind, ipc in held.order_by("pk").values_list("kind", "ipc")]


def _of(table: "pa.Table", source_class: str) -> int:
    import pyarrow.compute as pc

    return int(table.filter(pc.field("source_class") == source_class).num_rows)


def _present(kind: str) -> list[str]:
    row = models.Roll.objects.filter(kind=kind).first()
    return [f"{engine.lake()}/{file}" for file in row.files] if row else []


def _older(kind: str) -> list[str]:
    return [f"{steps.path(kind)}/{file}" for file in lake.left_over(kind) if file.endswith(".parquet")]


def _in_files(files: list[str], workspace: int, source_class: str) -> int:
    """One file after the other: Delta remembers files for a while that are deleted already."""
    import duckdb

    cursor = engine.cursor(engine.lake())
    sql = (
        "select count(*) from read_parquet($file, hive_partitioning = false)"
        " where workspace = $workspace and source_class = $which"
    )
    rows = 0
    for file in files:
        with suppress(duckdb.IOException):
            found = cursor.execute(sql, {"file": file, "workspace": workspace, "which": source_class}).fetchone()
            rows += int(found[0]) if found else 0
    return rows
