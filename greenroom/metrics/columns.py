"""Rows of the database as Arrow columns."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Aggregate, F, TextField
from django.db.models.functions import Cast

from greenroom.core.scope import ScopedQuerySet

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, tuple[str, str]]
"""Name of a column -> the field it is read from, and its type: int, bool, text or moment."""


class Json(Aggregate):
    """All values of a column as one JSON text."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, function="json_group_array", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "cast(json_agg(%(expressions)s) as text)"
        return super().as_sql(compiler, connection, template=template, **more)


def table(rows: ScopedQuerySet[Any], columns: Columns) -> "pa.Table":
    """A few hundred rows, in their order."""
    wanted = [_text(field) if kind == "moment" else F(field) for field, kind in columns.values()]
    found = list(rows.values_list(*wanted))
    lists = zip(*found, strict=True) if found else [()] * len(columns)
    return _made([(name, values, kind) for (name, (_, kind)), values in zip(columns.items(), lists, strict=True)])


def many(rows: ScopedQuerySet[Any], columns: Columns) -> "pa.Table":
    """Thousands of rows, in any order: each column comes as one text and is parsed only where that text is new.

    So what is unchanged costs little and is the same object, and what has changed is never missed.
    """
    wanted = {name: Json(_text(field) if kind == "moment" else F(field)) for name, (field, kind) in columns.items()}
    texts = rows.aggregate(**{f"{name}_column": one for name, one in wanted.items()})
    return _parsed(tuple((name, texts[f"{name}_column"] or "[]", kind) for name, (_, kind) in columns.items()))


@lru_cache(maxsize=16)
def _parsed(columns: tuple[tuple[str, str, str], ...]) -> "pa.Table":
    return _made([(name, json.loads(text), kind) for name, text, kind in columns])


def _made(columns: Sequence[tuple[str, Sequence[Any], str]]) -> "pa.Table":
    import pyarrow as pa

    return pa.table([_array(values, kind) for _, values, kind in columns], names=[name for name, _, _ in columns])


def _text(field: str) -> Any:
    """A moment as the database writes it: Arrow reads that much faster than Django does."""
    return Cast(F(field), TextField())


def _array(values: Sequence[Any], kind: str) -> Any:
    """SQLite's moments are UTC without saying so."""
    import pyarrow as pa

    if kind != "moment":
        return pa.array(values, {"int": pa.int64(), "bool": pa.bool_(), "text": pa.string()}[kind])
    texts = pa.array(values, pa.string())
    naive = texts.cast(pa.timestamp("us")) if connection.vendor == "sqlite" else texts
    return naive.cast(pa.timestamp("us", tz="UTC"))
