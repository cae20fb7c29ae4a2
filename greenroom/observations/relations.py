"""The relations of a view, in DuckDB: readings as stored, and the newest values made of them.

The texts are made of names in the schema, file names of the lake and one number; nothing a person typed is in them.
"""
# ruff: noqa: S608

from datetime import datetime
from typing import TYPE_CHECKING

from greenroom.observations import picture, schema

if TYPE_CHECKING:
    import duckdb

READINGS = {"account": "account_readings", "account_day": "account_day_readings", "post": "post_readings"}
LATEST = {"account": "account_latest", "post": "post_latest"}
DAYS, LISTS = "account_days", "post_lists"
OF_DAYS = (READINGS["account_day"], DAYS)
_MADE_FROM = {name: READINGS[kind] for kind, name in LATEST.items()} | {
    DAYS: READINGS["account_day"],
    LISTS: READINGS["post"],
}
_KIND = {name: kind for names in (READINGS, LATEST) for kind, name in names.items()}


def needed_by(sql: str, *, newest_kept: bool) -> list[str]:
    """The relations that a question may mean, each after what it is made from.

    `newest_kept`: the newest values are at hand as rows and need no readings.
    """
    text = sql.lower()
    meant = [name for name in _MADE_FROM if name in text]
    made_from = {_MADE_FROM[name] for name in meant if not (newest_kept and name in LATEST.values())}
    return [*(name for name in READINGS.values() if name in text or name in made_from), *meant]


def create(cursor: "duckdb.DuckDBPyConnection", name: str, seen: picture.Picture, *, until: datetime | None) -> None:
    """Put one relation into this connection, over one picture, with only what was observed by `until`."""
    if name in READINGS.values():
        kind = _KIND[name]
        _readings(cursor, kind, seen, until=until)
    elif name == DAYS:
        _view(cursor, name, days_sql())
    elif name == LISTS:
        _view(cursor, name, newest_sql("post", schema.POST.lists))
    elif until is None and (newest := seen.parts[_KIND[name]].latest) is not None:
        cursor.register(name, newest)
    else:
        _view(cursor, name, newest_sql(_KIND[name], schema.KINDS[_KIND[name]].kept))


def _view(cursor: "duckdb.DuckDBPyConnection", name: str, sql: str) -> None:
    cursor.execute(f"create or replace temp view {name} as {sql}")


def _readings(cursor: "duckdb.DuckDBPyConnection", kind: str, seen: picture.Picture, *, until: datetime | None) -> None:
    import pyarrow as pa

    part = seen.parts[kind]
    columns = schema.arrow_schema(kind)
    names = ", ".join(f'"{name}"' for name in columns.names)
    tail = f"{kind}_tail"
    cursor.register(tail, pa.concat_tables([columns.empty_table(), *part.tail.values()]))
    sources = [f"select {names} from {tail}"]
    if part.files:
        files = ", ".join("'" + file.replace("'", "''") + "'" for file in part.files)
        sources.append(
            f"select {names} from read_parquet([{files}], hive_partitioning = false)"
            f" where workspace = {int(seen.workspace)}"
        )
    kept = [f"source_class <> '{name}'" for name in schema.SOURCE_CLASSES if name in seen.withheld]
    if until:
        kept.append(f"observed_at <= timestamptz '{until.isoformat()}'")
    limit = f" where {' and '.join(kept)}" if kept else ""
    _view(cursor, READINGS[kind], f"select * from ({' union all '.join(sources)}){limit}")


def newest_sql(kind: str, fields: tuple[str, ...], *, where: str = "true") -> str:
    """One row per subject with the newest value of each field and its origin, from the readings."""
    parts = [_newest_of(key) for key in fields]
    packed = ", ".join(f"{part} as p_{key}" for key, part in zip(fields, parts, strict=True))
    return (
        f"select subject, account, observed_at, surface, consent, {', '.join(map(_unpacked, fields))}"
        " from (select subject,"
        " arg_max(account, (observed_at, surface)) as account, max(observed_at) as observed_at,"
        " arg_max(surface, (observed_at, surface)) as surface,"
        f" arg_max(struct_pack(c := consent), (observed_at, surface)).c as consent, {packed}"
        f" from {READINGS[kind]} where {where} group by subject)"
    )


def days_sql() -> str:
    """One row per account and date with the newest value of each field, and when the day was last read."""
    fields = [key for key in schema.ACCOUNT_DAY.fields if key != "date"]
    newest = ", ".join(
        f"{_newest_of(key)}.f as {key}, {_newest_of(key)}.at as {key}_at, {_newest_of(key)}.surface as {key}_surface"
        for key in fields
    )
    return (
        f"select account, subject, date, max(observed_at) as observed_at, {newest},"
        " arg_max(surface, (observed_at, surface)) as surface,"
        " arg_max(struct_pack(c := consent), (observed_at, surface)).c as consent,"
        " arg_max(source_class, (observed_at, surface)) as source_class,"
        " arg_max(read_at, (observed_at, surface)) as read_at"
        f" from {READINGS['account_day']} group by account, subject, date"
    )


def _newest_of(key: str) -> str:
    packed = f"struct_pack(f := {key}, at := observed_at, surface := surface, consent := consent)"
    return f"arg_max({packed}, (observed_at, surface)) filter (where {key} is not null)"


def _unpacked(key: str) -> str:
    origin = ", ".join(f"p_{key}.{part} as {key}_{part}" for part in ("at", "surface", "consent"))
    return f"p_{key}.f as {key}, {origin}"
