"""One instant of the database for as long as it takes to read it, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads within see the same instant, and nobody waits: not `atomic()`, which takes the write lock on SQLite."""
    if connection.in_atomic_block:
        yield
        return
    begin = "begin isolation level repeatable read, read only" if connection.vendor == "postgresql" else "begin"
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("rollback")
