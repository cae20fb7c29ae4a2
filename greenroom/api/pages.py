"""Pages by key, not by number: each goes on behind the last row of the one before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from greenroom.api.problems import missing
from greenroom.api.shapes import MOST, Narrowed, Page

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST = int((datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) / MICROSECOND)


def cursor(first: int, second: int) -> str:
    """Two numbers as 32 hexadecimal digits: what the list is ordered by, and the id."""
    return f"{first:016x}{second:016x}"


def place(text: str) -> tuple[int, int]:
    """The two numbers behind a cursor."""
    return int(text[:16], 16) & MOST, int(text[16:], 16) & MOST


def page(
    rows: "QuerySet[Any]", asked: Narrowed, told: Callable[[Any], T], *, of: type[T], newest_first: bool = False
) -> Page[T]:
    """A page of items `of` a type, in the order of ids; `told` makes one of a row."""
    rows = rows.order_by("-pk" if newest_first else "pk")
    if asked.cursor:
        _, behind = place(asked.cursor)
        rows = rows.filter(pk__lt=behind) if newest_first else rows.filter(pk__gt=behind)
    found = list(rows[: asked.limit + 1])
    return _page(found, asked, told, of, lambda row: (0, row.pk))


def page_by_time(
    rows: "QuerySet[Any]", asked: Narrowed, told: Callable[[Any], T], *, of: type[T], field: str
) -> Page[T]:
    """A page of what has a time, the newest first."""
    rows = rows.order_by(f"-{field}", "-pk")
    if asked.cursor:
        micros, pk = place(asked.cursor)
        moment = EPOCH + min(micros, LAST) * MICROSECOND
        rows = rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment}, pk__lt=pk))
    found = list(rows[: asked.limit + 1])
    return _page(found, asked, told, of, lambda row: (max(0, int((getattr(row, field) - EPOCH) / MICROSECOND)), row.pk))


def of_list(
    items: list[Any],
    asked: Narrowed,
    told: Callable[[Any], T],
    *,
    of: type[T],
    key: Callable[[Any], tuple[int, int]],
) -> Page[T]:
    """A page of what is no table, in the order of its key."""
    behind = place(asked.cursor) if asked.cursor else (-1, -1)
    found = sorted((item for item in items if key(item) > behind), key=key)[: asked.limit + 1]
    return _page(found, asked, told, of, key)


def find(rows: "QuerySet[Any]", pk: str, noun: str) -> Any:
    """The row with this id. Raises Problem (404)."""
    number = int(pk)
    found: Model | None = rows.filter(pk=number).first() if number <= MOST else None
    if found is None:
        raise missing(noun)
    return found


def _page(
    found: list[Any],
    asked: Narrowed,
    told: Callable[[Any], T],
    of: type[T],
    key: Callable[[Any], tuple[int, int]],
) -> Page[T]:
    shown = found[: asked.limit]
    behind = cursor(*key(shown[-1])) if len(found) > asked.limit else None
    return Page[of](items=[told(row) for row in shown], next=behind)  # type: ignore[valid-type]
