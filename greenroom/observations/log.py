"""The log: one append is one row with an Arrow batch, in the caller's transaction, and the newest values beside it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection, transaction

from greenroom.core.models import Workspace
from greenroom.observations import models, schema

if TYPE_CHECKING:
    import pyarrow as pa

Reading = Mapping[str, Any]
Origin = tuple[int, str, int | None]
"""Where a value comes from: observed_at in microseconds, surface, consent id."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_VARIABLES = 900  # SQLite's oldest limit on placeholders is 999


class BadReading(ValueError):
    """A reading that cannot be stored: an unknown field, a value of the wrong type, a required column missing."""


@dataclass(slots=True)
class Newest:
    """The newest known value of each field of a subject.

    `origin` is that of the newest reading; `older` holds the origins of the fields which that reading left out.
    """

    origin: Origin
    fields: dict[str, Any]
    older: dict[str, Origin] = field(default_factory=dict)

    def origin_of(self, key: str) -> Origin:
        return self.older.get(key, self.origin)

    def parts(self) -> list[tuple[Origin, dict[str, Any]]]:
        """The values grouped by where they come from, the newest reading among them even if it has none."""
        found: dict[Origin, dict[str, Any]] = {self.origin: {}}
        for key, value in self.fields.items():
            found.setdefault(self.origin_of(key), {})[key] = value
        return list(found.items())


def append(workspace: Workspace | int, kind: str, rows: Sequence[Reading], *, key: str, at: datetime) -> int:
    """Keep readings of one kind; returns how many were kept: none when `key` was appended before.

    A row has `account`, `subject`, `observed_at`, `source_class`, `surface` and may have `age_s`, `consent`, `basis`,
    `read_at` and any field of the kind; what is absent or None stays missing. Runs in the caller's transaction, so that
    a cursor and an event written there stand or fall with it. Raises BadReading.
    """
    if not rows:
        return 0
    home = workspace if isinstance(workspace, int) else workspace.pk
    ipc = encode(kind, home, rows)
    moments = [row["observed_at"] for row in rows]
    with transaction.atomic(savepoint=False):
        batch = _insert(home, kind, key, len(rows), min(moments), max(moments), ipc, at)
        if batch is None:
            return 0
        if schema.KINDS[kind].kept:
            _merge(home, kind, rows, batch)
    return len(rows)


def _insert(
    workspace: int, kind: str, key: str, rows: int, since: datetime, until: datetime, ipc: bytes, at: datetime
) -> int | None:
    """Insert the batch unless its key is known; a duplicate must not spoil the caller's transaction."""
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {models.Batch._meta.db_table}"  # noqa: S608
            " (workspace_id, kind, key, rows, from_at, until_at, ipc, appended_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (key) do nothing returning id",
            [workspace, kind, key, rows, moment(since), moment(until), ipc, moment(at)],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def encode(kind: str, workspace: int, rows: Sequence[Reading]) -> bytes:
    """The rows as one Arrow IPC stream (zstd), with only the columns that hold anything. Raises BadReading."""
    import pyarrow as pa

    names = schema.arrow_schema(kind)
    present: set[str] = set().union(*rows)
    if unknown := present - set(names.names[1:]):
        raise BadReading(f"{kind} readings have no field {', '.join(sorted(unknown))}")
    columns: list[pa.Array[Any]] = [pa.repeat(pa.scalar(workspace, pa.int64()), len(rows))]
    fields = [names.field("workspace")]
    try:
        for described in map(names.field, sorted(present)):
            values = [row.get(described.name) for row in rows]
            if values.count(None) == len(values):
                continue
            columns.append(whole(values) if described.type == pa.int64() else pa.array(values, described.type))
            fields.append(described)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise BadReading(f"{kind} {described.name}: {error}") from error
    missing = {"account", "subject", "observed_at", "source_class", "surface"} - {f.name for f in fields}
    if missing:
        raise BadReading(f"{kind} readings need {', '.join(sorted(missing))}")
    if scraped := {row["source_class"] for row in rows} - set(schema.SOURCE_CLASSES):
        raise BadReading(f"data may not come in as {', '.join(sorted(map(str, scraped)))} (GOV-01)")
    return pack(pa.Table.from_arrays(columns, schema=pa.schema(fields)))


def whole(values: list[Any]) -> "pa.Int64Array":
    """Whole numbers as Arrow; unlike Arrow's own conversion it refuses 1.5 instead of cutting it to 1."""
    import pyarrow as pa

    found = pa.array(values)
    if not (pa.types.is_integer(found.type) or pa.types.is_floating(found.type)):
        raise pa.ArrowInvalid(f"{found.type} is no whole number")
    exact: pa.Int64Array = found.cast(pa.int64())
    return exact


def pack(table: "pa.Table") -> bytes:
    """A table as one Arrow IPC stream, compressed with zstd."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def decode(kind: str, ipc: bytes) -> "pa.Table":
    """A batch as a table with every column of its kind; what it did not hold is null."""
    import pyarrow as pa

    table = pa.ipc.open_stream(ipc).read_all()
    names = schema.arrow_schema(kind)
    held = set(table.column_names)
    return pa.table(
        [table[name] if name in held else pa.nulls(table.num_rows, names.field(name).type) for name in names.names],
        schema=names,
    )


def merge(old: Newest | None, origin: Origin, values: Mapping[str, Any]) -> Newest:
    """What is known after one more reading: per field the newest value there is, never overwritten with missing.

    Newer means a later `observed_at`, at the same instant the surface that sorts last; arrival does not matter.
    `old` is not to be used afterwards.
    """
    if old is None:
        return Newest(origin, dict(values))
    if origin[:2] >= old.origin[:2]:
        older = {key: old.origin_of(key) for key in old.fields if key not in values}
        return Newest(origin, {**old.fields, **values}, older)
    for key, value in values.items():
        if key not in old.fields or origin[:2] > old.origin_of(key)[:2]:
            old.fields[key] = value
            old.older[key] = origin
    return old


def _merge(workspace: int, kind: str, rows: Sequence[Reading], batch: int) -> None:
    """Bring the Latest rows up to date: one look at what is replaced, one bulk upsert."""
    accounts = {row["subject"]: row["account"] for row in rows}
    one_writer_per_account(set(accounts.values()))
    kept = frozenset(schema.KINDS[kind].kept)
    fresh: dict[int, Newest] = {}
    for row in rows:
        values = {key: value for key, value in row.items() if key in kept and value is not None}
        origin = (microseconds(row["observed_at"]), row["surface"], row.get("consent"))
        fresh[row["subject"]] = merge(fresh.get(row["subject"]), origin, values)
    old = read(kind, _not_replaced(kind, fresh))
    for subject, known in old.items():
        for origin, values in fresh[subject].parts():
            known = merge(known, origin, values)
        fresh[subject] = known
    write(workspace, kind, fresh, accounts, batch)


def _not_replaced(kind: str, fresh: Mapping[int, Newest]) -> list[int]:
    """The subjects whose Latest row must be read: it is newer, or has a field that the fresh readings lack."""
    found = []
    for some in _slices(list(fresh)):
        for subject, at, surface, keys in _held(kind, some):
            known = fresh[subject]
            oldest = min([known.origin[:2], *(origin[:2] for origin in known.older.values())])
            if oldest < (_stored(at), surface) or not set(keys.split()) <= known.fields.keys():
                found.append(subject)
    return found


def _held(kind: str, subjects: list[int]) -> list[tuple[int, datetime, str, str]]:
    """(subject, observed_at, surface, keys) of the Latest rows; by hand, for it is asked with every append."""
    places = ", ".join(["%s"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select subject, observed_at, surface, keys from {models.Latest._meta.db_table}"  # noqa: S608
            f" where kind = %s and subject in ({places})",
            [kind, *subjects],
        )
        found: list[tuple[int, datetime, str, str]] = cursor.fetchall()
    return found


@lru_cache(maxsize=1024)
def _stored(moment: datetime) -> int:
    """Microseconds of a time as the database driver returns it; SQLite's are UTC without saying so."""
    return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _slices(subjects: list[int]) -> Iterator[list[int]]:
    """As many at a time as a statement may name."""
    return (subjects[first : first + _MAX_VARIABLES] for first in range(0, len(subjects), _MAX_VARIABLES))


def one_writer_per_account(accounts: set[int]) -> None:
    """Two appends for one account must not both build on the same old Latest. SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for account in sorted(accounts):
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [0x4C617465, account & 0x7FFFFFFF])


def read(kind: str, subjects: Iterable[int]) -> dict[int, Newest]:
    """The Latest rows of these subjects."""
    found: dict[int, Newest] = {}
    columns = ("subject", "observed_at", "surface", "consent", "fields", "older")
    for some in _slices(list(subjects)):
        rows = models.Latest.objects.filter(kind=kind, subject__in=some).values_list(*columns)
        for subject, at, surface, consent, fields, older in rows:
            origins = {key: tuple(origin) for key, origin in orjson.loads(older).items()}
            found[subject] = Newest((microseconds(at), surface, consent), orjson.loads(fields), origins)
    return found


def write(workspace: int, kind: str, newest: Mapping[int, Newest], accounts: Mapping[int, int], batch: int) -> None:
    """Insert or replace the Latest rows of these subjects."""
    moment = cache(lambda since: connection.ops.adapt_datetimefield_value(_EPOCH + since * _MICROSECOND))
    names = "workspace_id, kind, subject, account, observed_at, surface, consent, keys, fields, older, batch"
    replace = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in names.split(",")[3:])
    rows = [
        (
            workspace,
            kind,
            subject,
            accounts[subject],
            moment(known.origin[0]),
            known.origin[1],
            known.origin[2],
            " ".join(known.fields),
            orjson.dumps(known.fields).decode(),
            orjson.dumps(known.older).decode() if known.older else "{}",
            batch,
        )
        for subject, known in newest.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {models.Latest._meta.db_table} ({names}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
            f" on conflict (kind, subject) do update set {replace}",
            rows,
        )


def microseconds(moment: datetime) -> int:
    """Since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND
