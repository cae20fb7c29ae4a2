"""The last number each table gave out. A number is never given twice, also after what bore it was deleted: events and
readings still name it."""

from collections.abc import Iterable, Mapping

from django.db import connection, models

from greenroom.backup.tables import Table


def numbered(tables: Iterable[Table]) -> list[Table]:
    """The tables whose keys the database counts itself."""
    return [table for table in tables if isinstance(table.model._meta.pk, models.AutoField)]


def read(tables: Iterable[Table]) -> dict[str, int]:
    """The last number given out, by table; 0 when there was none yet."""
    return {table.name: _last(table.model) for table in numbered(tables)}


def write(tables: Iterable[Table], last: Mapping[str, int]) -> None:
    """Go on counting from there."""
    for table in numbered(tables):
        _go_on(table.model, last.get(table.name, 0))


def _last(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"select case when is_called then last_value else 0 end from {_sequence(model)}")  # noqa: S608
        else:
            cursor.execute("select seq from sqlite_sequence where name = %s", [model._meta.db_table])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _go_on(model: type[models.Model], last: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("select setval(%s, %s, %s)", [_sequence(model), max(last, 1), last > 0])
            return
        cursor.execute("delete from sqlite_sequence where name = %s", [model._meta.db_table])
        if last:
            cursor.execute("insert into sqlite_sequence (name, seq) values (%s, %s)", [model._meta.db_table, last])


def _sequence(model: type[models.Model]) -> str:
    """Its name, quoted as PostgreSQL needs it."""
    assert model._meta.pk is not None
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute("select pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        return str(cursor.fetchone()[0])
