"""An answer as plain data, the same for command line, page and API."""

from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from greenroom.core import formats
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Answer

NAMES = {"account": "account_name", "creator": "creator_name", "post": "post_name", "campaign": "campaign_name"}
"""How subjects are called outside: an account by its handle, creator and campaign by name, a post by TikTok's id."""


def as_json(answer: Answer) -> dict[str, Any]:
    """`{"rows": [{"post": …, "views": {"value", "state", "reason", "as_of"}}], "median": …, "sql": …}`.

    Rates are fractions. Of a creator, whose name may be borne by two, the row also has our `creator_id`.
    """
    return {
        "rows": [_row(row, answer) for row in answer.rows],
        "median": medians(answer),
        "sql": answer.sql,
    }


def medians(answer: Answer) -> dict[str, dict[str, Any]]:
    """For each metric with numbers, over the rows of a split answer that have one: `{"value": the median, "n": rows}`.

    With an even number of rows it is the mean of the middle two. What is missing is left out, never counted as 0.
    """
    if not answer.query.by:
        return {}
    told = {name: [row[name].value for row in answer.rows] for name, _ in answer.query.found}
    numbers = {name: [one for one in some if isinstance(one, int | float)] for name, some in told.items()}
    return {name: {"value": median(some), "n": len(some)} for name, some in numbers.items() if some}


def cell(figure: Figure) -> dict[str, Any]:
    """One figure: value or None, state, reason code or None, and the oldest reading time as ISO 8601 UTC or None."""
    return {
        "value": figure.value,
        "state": figure.state,
        "reason": figure.reason,
        "as_of": moment(figure.as_of),
    }


def moment(at: datetime | None) -> str | None:
    """2026-03-12T14:05:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if at else None


def _row(row: dict[str, Any], answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in answer.query.by:
        value = row[NAMES.get(name, name)]
        made[name] = value.isoformat() if isinstance(value, date) else value
    if "creator" in made:
        made["creator_id"] = row["creator"]
    return made | {name: cell(row[name]) for name, _ in answer.query.found}


def words(metric: Metric, figure: Figure) -> str:
    """A figure in one short text: "3,412,880 (18 of 20 posts)", "7.9%", "– (not in entitlement)"."""
    if figure.value is None:
        return f"– ({(figure.reason or '').replace('_', ' ')})"
    text = _value(metric, figure.value)
    noted = [str(figure.state)] if figure.state in ("limited", "derived", "entered") else []
    noted += [f"{figure.n} of {figure.of} {metric.counted}s"] if figure.n < figure.of else []
    return f"{text} ({', '.join(noted)})" if noted else text


def as_text(answer: Answer) -> str:
    """The answer as columns for a terminal, and the SQL below."""
    names = [*answer.query.by, *(name for name, _ in answer.query.found)]
    lines = [names]
    for row in answer.rows:
        keys = [str(row[NAMES.get(name, name)]) for name in answer.query.by]
        lines.append(keys + [words(metric, row[name]) for name, metric in answer.query.found])
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    rows = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines]
    table = "\n".join(row.rstrip() for row in rows)
    middle = [
        f"median of {name}: {_number(told['value'])} ({told['n']} rows)"
        for name, told in medians(answer).items()
        if told["n"] > 1
    ]
    return "\n".join([table, "", *middle, *([""] if middle else []), answer.sql])


def _number(value: float) -> str:
    """0.08908, 1,234,567: four digits of what is small, whole numbers of what is large."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _value(metric: Metric, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{part.get('key', part.get('second'))} {formats.percent(part['share'])}" for part in value)
    return formats.by_unit(value, metric.unit)
