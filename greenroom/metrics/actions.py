"""`measure`: the one function that answers with a number. Page, command line, export and payout all ask here."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from greenroom.core import clock
from greenroom.core.models import Workspace
from greenroom.metrics import days, recent, relations, sql
from greenroom.metrics.figure import RANK, REASONS, Figure, state_of
from greenroom.metrics.metric import MeanOf, Metric, Ratio, Weighted
from greenroom.metrics.query import Answer, Query
from greenroom.metrics.where import resolve
from greenroom.observations import view

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, list[Any]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def measure(query: Query, workspace: Workspace, *, at: datetime | None = None) -> Answer:
    """Answer a question about one workspace; see Query and Answer.

    `at` is the present (None: the clock), by which today's availability table is chosen when the query has no `as_of`.
    Without readings there is no number: every figure then says why. Raises BadQuery, UnknownMetric, UnknownSubject.
    """
    asked = query.checked()
    instant = asked.as_of or at or clock.now()
    where = resolve(asked.where, workspace)
    entered = relations.entered(workspace)
    metrics = list(dict.fromkeys(metric for _, metric in asked.found))
    boosts = relations.boosts(metrics, workspace, until=asked.known_until)
    text = sql.text(asked, where, entered=entered, boosted=bool(boosts))
    tables = relations.tables(
        metrics,
        workspace,
        where=where,
        post_columns=sql.post_columns(asked, entered=entered),
        as_of=asked.as_of,
        at=instant,
        entered=entered,
    )
    tables |= days.tables(asked, at=instant) | boosts
    seen = view.open_view(workspace)
    key = (workspace.pk, asked.metrics, text)
    rows = recent.recall(key, seen.seen, tables)
    if rows is None:
        rows = _asked(asked, text, seen.as_of(asked.as_of, until=asked.known_until), tables)
        recent.remember(key, seen.seen, tables, rows)
    return Answer(rows, text, instant, asked)


def _asked(query: Query, text: str, seen: view.View, tables: "Mapping[str, pa.Table]") -> list[dict[str, Any]]:
    table = seen.query(text, tables=tables)
    columns = {name: _values(table.column(name)) for name in table.column_names}
    return list(_rows(query, columns, table.num_rows))


def _values(column: Any) -> list[Any]:
    """An Arrow column as Python values; of moments each is made once, for most of them are the same few."""
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    since: list[int | None] = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_pylist()
    moments = {some: EPOCH + timedelta(microseconds=some) for some in set(since) if some is not None}
    return [None if some is None else moments[some] for some in since]


def _rows(query: Query, columns: Columns, count: int) -> Iterator[dict[str, Any]]:
    keys = [key for name in query.by for key in sql.KEYS[name]]
    unread = columns.get("unread") or [None] * count
    cells = {name: _figures(metric, columns, unread, count) for name, metric in query.found}
    for place in range(count):
        row = {key: _key(columns[key][place]) for key in keys}
        row.update((name, figures[place]) for name, figures in cells.items())
        yield row


def _key(value: Any) -> Any:
    """A period is named by its first day."""
    return value.astimezone(UTC).date() if isinstance(value, datetime) else value


def _figures(metric: Metric, columns: Columns, unread: list[int | None], count: int) -> list[Figure]:
    names = ("", "_n", "_of", "_at", "_newest", "_limited", "_why", "_top", "_bottom", "_entered", "_frozen")
    parts = [columns.get(metric.key + name) or [None] * count for name in names]
    return [_figure(metric, *cell) for cell in zip(*parts, unread, strict=True)]


def _figure(
    metric: Metric,
    value: Any,
    n: int | None,
    of: int | None,
    oldest: datetime | None,
    newest: datetime | None,
    limited: int | None,
    why: int | None,
    top: Any,
    bottom: Any,
    entered: int | None,
    frozen: int | None,
    unread: int | None,
) -> Figure:
    n, of = n or 0, of or 0
    value = _plain(metric, value) if n else None
    if value is None:
        reason = _missing(metric, n, why, bottom, unread)
        return Figure(None, "none", reason, oldest, n, of, newest, _number(top), _number(bottom), metric.definition)
    frozen = frozen or 0
    state = state_of(
        value=value, derived=metric.derived, limited=limited or 0, entered=entered or 0, frozen=frozen, n=n, of=of
    )
    partly = "baseline_frozen" if frozen else REASONS[why - 1] if why and n < of else None
    return Figure(value, state, partly, oldest, n, of, newest, _number(top), _number(bottom), metric.definition)


def _missing(metric: Metric, n: int, why: int | None, bottom: Any, unread: int | None) -> str:
    if n and bottom is not None and not bottom:
        return "zero_denominator"
    if n:
        return "not_additive"
    reason = REASONS[(why or unread or RANK["not_yet_available"]) - 1]
    # An account without posts has no mean and no rate of posts; any other figure may still come.
    divides = isinstance(metric.formula, Ratio | MeanOf | Weighted)
    return "not_yet_available" if reason == "zero_denominator" and not divides else reason


def _plain(metric: Metric, value: Any) -> Any:
    """The value in the type of its unit: counts are ints."""
    if value is None or isinstance(value, str | list | date | bool):
        return value
    return round(value) if metric.unit == "count" and metric.aggregation in ("sum", "count") else float(value)


def _number(value: Any) -> int | float | None:
    if isinstance(value, Decimal):
        return int(value)
    return value if isinstance(value, int | float) else None
