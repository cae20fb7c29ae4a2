"""Pages by key: each goes on behind the last row of the one before, so that a deep page costs as much as the first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from greenroom.core import web

SIZE = 48
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST = int((datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) / MICROSECOND)


@dataclass(frozen=True)
class Keyset:
    """One page, the newest first. `older` and `newest` are query strings; empty where there is nothing to go to."""

    rows: list[Any]
    older: str
    newest: str


def page(found: "QuerySet[Any]", query: QueryDict, *, size: int = SIZE) -> Keyset:
    """The rows behind `?after=`, by `posted_at`; nonsense there gives the first page."""
    behind = place(query.get("after", ""))
    if behind is not None:
        moment, pk = behind
        # Said so that an index on the time can be entered right where the page begins.
        found = found.filter(Q(posted_at__lt=moment) | Q(pk__lt=pk), posted_at__lte=moment)
    rows = list(found.order_by("-posted_at", "-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    older = web.address(query, after=cursor(rows[-1])) if more else ""
    return Keyset(rows, older, web.address(query, after=None) if behind else "")


def cursor(row: Any) -> str:
    """The place of a row: its time in microseconds and its id."""
    return f"{(row.posted_at - EPOCH) // MICROSECOND}-{row.pk}"


def place(text: str) -> tuple[datetime, int] | None:
    """The time and id behind a cursor; None for anything else."""
    micros, _, pk = text.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (micros, pk)):
        return None
    return EPOCH + min(int(micros), LAST) * MICROSECOND, int(pk)


def first(query: QueryDict) -> QueryDict:
    """The query string without its place, for filters: whoever narrows a list begins at its beginning."""
    kept = query.copy()
    kept.pop("after", None)
    return kept
