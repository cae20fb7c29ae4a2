"""Tables as lines of JSON and back: which ones, in what order, and how a value is written so that nothing is lost.

Django's own model graph says what there is, so a table of a module made later is taken along by itself.
"""

import base64
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, Protocol
from uuid import UUID

from django.db import DatabaseError, connection, models
from django.db.models.functions import Cast
from django.utils.duration import duration_iso_string

from greenroom.core.secrets import EncryptedText

LEFT_OUT = {
    "account.emailconfirmation": "links that were mailed work once and here only",
    "auth.group": "not used: roles say who may do what",
    "auth.group_permissions": "not used: roles say who may do what",
    "auth.permission": "not used, and made anew by every database",
    "contenttypes.contenttype": "made anew by every database",
    "core.user_groups": "not used: roles say who may do what",
    "core.user_user_permissions": "not used: roles say who may do what",
    "observations.roll": "names the files of this install's lake; a restored lake has its own",
    "sessions.session": "whoever is signed in here is not signed in there",
    "usersessions.usersession": "whoever is signed in here is not signed in there",
}
LEASES = ("leased_until", "leased_by")  # held by processes of this install
NOT_KEPT = {"observations.batch": ("ipc", "rolled_at")}  # its readings are in the Parquet files; here is what it was
ROWS = 1000  # at a time


class Registry(Protocol):
    """Django's registry of models, of now or of an earlier schema."""

    def get_models(self, include_auto_created: bool = False) -> Iterable[type[models.Model]]: ...


class BadRow(ValueError):
    """A line that is no row of its table, or a row the database refuses."""


@dataclass(frozen=True)
class Table:
    """One table that is kept. `name` is `<module>.<model>`."""

    name: str
    model: type[models.Model]

    @property
    def file(self) -> str:
        return f"tables/{self.name}.jsonl"

    @cached_property
    def columns(self) -> list[Any]:
        """The fields whose values are kept, in the model's order."""
        gone = {*LEASES, *NOT_KEPT.get(self.name, ())}
        return [field for field in self._stored if field.name not in gone]

    @cached_property
    def emptied(self) -> list[Any]:
        """The fields that come back with their default instead."""
        return [field for field in self._stored if field not in self.columns]

    @property
    def _stored(self) -> list[Any]:
        return [field for field in self.model._meta.local_concrete_fields if not getattr(field, "generated", False)]

    def lines(self) -> Iterator[bytes]:
        """Every row as one line of JSON with sorted keys, by primary key. Secrets are the ciphertext as stored."""
        sealed = {f"sealed_{one.attname}": one for one in self.columns if isinstance(one, EncryptedText)}
        names = [f"sealed_{one.attname}" if one in sealed.values() else one.attname for one in self.columns]
        raw = {name: Cast(field.attname, models.TextField()) for name, field in sealed.items()}
        rows = self.model._base_manager.order_by("pk").annotate(**raw).values_list(*names)
        keys = [field.attname for field in self.columns]
        plain = [isinstance(field, models.JSONField) for field in self.columns]
        for row in rows.iterator(chunk_size=ROWS):
            told = {
                key: value if as_is else _written(value) for key, as_is, value in zip(keys, plain, row, strict=True)
            }
            yield json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def load(self, lines: Iterable[bytes], *, with_values: Mapping[str, Any]) -> int:
        """Insert the rows of `lines`; returns how many. `with_values` are those of columns that are not kept."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in [*self.columns, *self.emptied])
        places = ", ".join(["%s"] * (len(self.columns) + len(self.emptied)))
        sql = f"insert into {quote(self.model._meta.db_table)} ({columns}) values ({places})"  # noqa: S608
        rest = [
            field.get_db_prep_save(with_values.get(field.name, field.get_default()), connection)
            for field in self.emptied
        ]
        count, some = 0, []
        for line in lines:
            some.append([*self._read(line), *rest])
            if len(some) >= ROWS:
                count += self._insert(sql, some)
                some = []
        return count + self._insert(sql, some)

    def _insert(self, sql: str, rows: list[list[Any]]) -> int:
        if rows:
            try:
                with connection.cursor() as cursor:
                    cursor.executemany(sql, rows)
            except (ValueError, DatabaseError) as error:
                raise BadRow(f"{self.name}: the database refuses a row: {error}") from error
        return len(rows)

    def _read(self, line: bytes) -> list[Any]:
        try:
            told = json.loads(line)
            if told.keys() != {field.attname for field in self.columns}:
                raise BadRow(f"{self.name}: a row has other columns than this version: {', '.join(sorted(told))}")
            return [_for_database(field, told[field.attname]) for field in self.columns]
        except BadRow:
            raise
        except Exception as error:
            raise BadRow(f"{self.name}: a line is no row: {error}") from error

    def clear(self) -> None:
        """Remove every row."""
        with connection.cursor() as cursor:
            cursor.execute(f"delete from {connection.ops.quote_name(self.model._meta.db_table)}")  # noqa: S608

    @property
    def is_empty(self) -> bool:
        return not self.model._base_manager.exists()


def kept(registry: Registry) -> list[Table]:
    """The tables of a backup, each after those it points at."""
    found = {
        model._meta.label_lower: model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    }
    points_at = {
        name: sorted(
            field.related_model._meta.label_lower
            for field in _links(model)
            # What may be null may point back; the database looks at all of them at the end.
            if not field.null and field.related_model._meta.label_lower in found
        )
        for name, model in sorted(found.items())
    }
    return [Table(name, found[name]) for name in TopologicalSorter(points_at).static_order()]


def _links(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if field.related_model]


def _written(value: Any) -> Any:
    """A value as JSON can hold it whole: times with microseconds in UTC, decimals and all that is no number as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no way into a backup yet")


def _for_database(field: Any, value: Any) -> Any:
    if isinstance(field, EncryptedText):
        return value
    return field.get_db_prep_save(value if value is None else field.to_python(value), connection)
