"""The view: one consistent picture of what a workspace has observed, asked in SQL through an in-process DuckDB.

A picture is the Delta version that counts plus the batches not yet rolled into it, taken in one look at the database.
The last picture of each workspace is kept by the process and replaced when something was appended or rolled.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from greenroom.core.models import Workspace
from greenroom.observations import engine, picture, relations

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

KEPT = 16  # pictures of so many workspaces are kept

_pictures: OrderedDict[tuple[str, int], "View"] = OrderedDict()
_lock = threading.Lock()


class View:
    """Relations over one workspace's readings; use it from any thread.

    `account_readings`, `account_day_readings`, `post_readings`: every reading as stored. `account_days`: one row per
    account and date with the newest value `f` of each field and when that was read, `f_at`. `account_latest`,
    `post_latest`: one row per subject with `subject`, `account`, `observed_at`, `surface` and `consent` of the newest
    reading, and per field `f`, `f_at`, `f_surface`, `f_consent`. `post_lists`: the same for the fields of posts
    that hold lists. What is missing is null.
    """

    def __init__(self, seen: picture.Picture, *, as_of: datetime | None = None, until: datetime | None = None) -> None:
        self.seen = seen
        self.known = as_of
        self.until = until
        self._threads = threading.local()

    def as_of(self, at: datetime | None, *, until: datetime | None = None) -> "View":
        """The same picture with only what had been observed by `at`; None is the view itself.

        `until` bounds the readings of accounts and posts further, but not of an account's days: these are told later.
        """
        bounds = [moment for moment in (at, until) if moment is not None]
        return View(self.seen, as_of=at, until=min(bounds)) if bounds else self

    def query(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None, tables: Mapping[str, Any] | None = None
    ) -> "pa.Table":
        """Run one statement and return all its rows; `tables` are Arrow tables it may name, such as dimensions."""
        import duckdb

        try:
            return self._ask(sql, params, tables)
        except duckdb.IOException:
            # An erasure or a compaction deleted files of the version we look at: look again, once.
            self.seen = picture.take(self.seen.workspace)
            self._threads = threading.local()
            return self._ask(sql, params, tables)

    def _ask(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None, tables: Mapping[str, Any] | None
    ) -> "pa.Table":
        cursor = self._cursor(sql)
        for name, table in (tables or {}).items():
            cursor.register(name, table)
        try:
            # Not `cursor.sql`, which binds the text twice: planning is most of what a question costs.
            return cast("pa.Table", cursor.execute(sql, params).to_arrow_table())
        finally:
            for name in tables or {}:
                cursor.unregister(name)

    def rows(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None, tables: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The answer of `query` as dictionaries."""
        found: list[dict[str, Any]] = self.query(sql, params, tables).to_pylist()
        return found

    def _cursor(self, sql: str) -> "duckdb.DuckDBPyConnection":
        """This thread's connection, with the relations that the question names."""
        mine = self._threads
        if not hasattr(mine, "cursor"):
            mine.cursor, mine.relations = engine.cursor(self.seen.lake), set()
        for name in relations.needed_by(sql, newest_kept=self.until is None and self.seen.newest_kept):
            if name not in mine.relations:
                bound = self.known if name in relations.OF_DAYS else self.until
                relations.create(mine.cursor, name, self.seen, until=bound)
                mine.relations.add(name)
        cursor: duckdb.DuckDBPyConnection = mine.cursor
        return cursor


def open_view(workspace: Workspace | int) -> View:
    """The present picture of one workspace. Cheap when nothing was appended since it was last opened."""
    home = workspace if isinstance(workspace, int) else workspace.pk
    place = (engine.lake(), home)
    with _lock:
        known = _pictures.get(place)
    seen = picture.take(home, known.seen if known else None)
    if known and seen is known.seen:
        return known
    view = View(seen)
    with _lock:
        _pictures[place] = view
        _pictures.move_to_end(place)
        while len(_pictures) > KEPT:
            _pictures.popitem(last=False)
    return view


def unwithheld(workspace: int) -> View:
    """Everything there is, also what is being erased: for whoever erases and counts it, never to be shown."""
    return View(replace(picture.take(workspace), withheld=frozenset()))


def forget() -> None:
    """Drop all kept pictures, for instance after the lake was replaced from a backup."""
    with _lock, suppress(KeyError):
        _pictures.clear()
