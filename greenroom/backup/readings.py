"""Readings as one sorted Parquet file per kind, from lake and log together, and back into a lake of one piece."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenroom.backup.container import Part
from greenroom.backup.manifest import BadBackup
from greenroom.observations import engine, lake, log, models, schema, steps

if TYPE_CHECKING:
    import pyarrow as pa

Told = Callable[[int], None]
GROUP = 65_536  # rows of a row group: always the same ones, however the lake happens to be cut
MEMORY = "256MB"  # of the sort; what does not fit goes to disk
FIRST_STEP = 1  # the restored lake's


class Gone(Exception):
    """A file of the lake was deleted since the database was looked at, by an erasure: look again."""


def hold(kind: str, scratch: Path) -> list[Path]:
    """Within a snapshot: everything that is known of one kind, as files that nobody will delete meanwhile.

    The lake's files are linked (copied where that can't be), the log's batches written into one file. Raises Gone.
    """
    import pyarrow.parquet as pq

    state = models.Roll.objects.filter(kind=kind).first()
    held = []
    for number, name in enumerate(state.files if state else ()):
        held.append(scratch / f"{kind}-{number}.parquet")
        _link(Path(engine.lake()) / name, held[-1])
    tail = scratch / f"{kind}-tail.parquet"
    batches = models.Batch.objects.filter(kind=kind, rolled_at=None).order_by("pk").values_list("ipc", flat=True)
    # Written also when the log is empty: it says which columns there are; older files of the lake may lack some.
    with pq.ParquetWriter(tail, schema.arrow_schema(kind), compression="zstd") as writer:
        for ipc in batches.iterator(chunk_size=20):
            writer.write_table(log.decode(kind, bytes(ipc)))
    return [*held, tail]


def _link(path: Path, to: Path) -> None:
    try:
        try:
            os.link(path, to)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(path, to)
    except FileNotFoundError as gone:
        raise Gone(str(path)) from gone


def count(files: Sequence[Path]) -> int:
    """How many readings they hold."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(file).num_rows for file in files)


def write(kind: str, files: Sequence[Path], into: Part, *, scratch: Path, told: Told) -> int:
    """All readings in one order that depends on nothing but them, so that the same readings give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = schema.arrow_schema(kind)
    rows = 0
    with pq.ParquetWriter(pa.PythonFile(into, mode="w"), types, compression="zstd", write_page_index=True) as writer:
        for group in _in_groups(_sorted(kind, files, scratch)):
            writer.write_table(group.cast(types), row_group_size=GROUP)
            rows += group.num_rows
            told(group.num_rows)
    return rows


def _sorted(kind: str, files: Sequence[Path], scratch: Path) -> "Iterator[pa.RecordBatch]":
    import duckdb

    names = schema.arrow_schema(kind).names
    order = [*lake.ORDER, *(name for name in names if name not in lake.ORDER)]
    config: dict[str, Any] = {"memory_limit": MEMORY, "threads": 2, "temp_directory": str(scratch / "spill")}
    with duckdb.connect(":memory:", config=config) as database:
        database.execute("set TimeZone = 'UTC'")
        places = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        found = database.sql(
            f"select {_quoted(names)} from read_parquet([{places}], hive_partitioning = false, union_by_name = true)"  # noqa: S608
            f" order by {_quoted(order)}"
        )
        yield from found.to_arrow_reader(GROUP)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _in_groups(batches: "Iterator[pa.RecordBatch]") -> "Iterator[pa.Table]":
    """The same rows, GROUP at a time, however they come."""
    import pyarrow as pa

    some: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        some.append(batch)
        size += batch.num_rows
        while size >= GROUP:
            whole = pa.Table.from_batches(some)
            yield whole.slice(0, GROUP).combine_chunks()
            rest = whole.slice(GROUP)
            some, size = rest.to_batches(), rest.num_rows
    if size:
        yield pa.Table.from_batches(some).combine_chunks()


def restore(kind: str, path: Path, *, told: Told) -> list[str]:
    """Write the readings of one file as the lake of their kind; returns the lake's files as `Roll` names them.

    Raises BadBackup when the file is not of this kind.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

    with pq.ParquetFile(path) as file:
        types = schema.arrow_schema(kind)
        if strange := set(file.schema_arrow.names) - set(types.names):
            raise BadBackup(
                f"Readings of {kind} have columns this version does not know: {', '.join(sorted(strange))}."
            )
        if not file.metadata.num_rows:
            return []
        stored = types.append(pa.field("month", pa.string()))
        write_deltalake(
            steps.path(kind),
            pa.RecordBatchReader.from_batches(stored, _by_month(kind, file, told)),
            mode="error",
            partition_by=["month"],
            commit_properties=CommitProperties(app_transactions=[Transaction(steps.APP, FIRST_STEP)]),
            writer_properties=lake.writer(),
        )
    uris = DeltaTable(steps.path(kind)).file_uris()
    return sorted(f"{kind}/{os.path.relpath(uri, steps.path(kind))}" for uri in uris)


def _by_month(kind: str, file: Any, told: Told) -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa
    import pyarrow.compute as pc

    types = schema.arrow_schema(kind)
    for batch in file.iter_batches(batch_size=GROUP):
        held = set(batch.schema.names)
        columns = [batch[one.name] if one.name in held else pa.nulls(len(batch), one.type) for one in types]
        months = pc.strftime(batch["observed_at"], format="%Y-%m")
        yield pa.RecordBatch.from_arrays([*columns, months], schema=types.append(pa.field("month", pa.string())))
        told(len(batch))
