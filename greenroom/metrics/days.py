"""The part of the text that is about days of accounts, and the calendar it joins.

What contributes is one day of one account. A day belongs to a window when it starts in it, so windows side by side add
up. It counts from when TikTok told it, at the latest when its delay is over (48 hours after the day ended): a day that
may still come is not missing yet, one left out later is, and has no value. When the answer was read does not matter to
the window, for a day is told after it; only `as_of` hides what was read later.
"""

# ruff: noqa: S608 - the text is made of names in the schema, of ids and of `moment`, never of what a user typed

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from greenroom.metrics.query import Query
from greenroom.metrics.side import Side
from greenroom.metrics.steps import moment
from greenroom.observations import schema

if TYPE_CHECKING:
    import pyarrow as pa


DAY = timedelta(days=1)
FIRST = date(2016, 9, 1)  # when TikTok began; no day before it can have a figure


def tables(query: Query, *, at: datetime) -> "dict[str, pa.Table]":
    """`calendar`: the days that start in the window and have started at `at`, and whether TikTok's delay is over."""
    import pyarrow as pa

    if query.since is None or all(metric.grain != "account_day" for _, metric in query.found):
        return {}
    start = max(query.since.astimezone(UTC), _midnight(FIRST))
    first = start.date() if start == _midnight(start.date()) else start.date() + DAY
    end = min(query.until, at) if query.until else at
    starts = [_midnight(first + DAY * number) for number in range(max(0, (end.date() - first).days + 1))]
    starts = [day for day in starts if day < end]
    due = [day + DAY + schema.DAYS <= at for day in starts]
    columns = {
        "day": pa.array(starts, pa.timestamp("us", tz="UTC")),
        "date": pa.array([day.date() for day in starts], pa.date32()),
        "due": pa.array(due, pa.bool_()),
    }
    return {"calendar": pa.table(columns)}


def parts(side: Side) -> list[str]:
    """The CTE that `source` joins: of which accounts TikTok told any day."""
    kept = " and ".join(_mine(side, "r"))
    where = f" where {kept}" if kept else ""
    return [f"account_days_told as (\n  select distinct r.subject from account_days r{where}\n)"]


def source(side: Side) -> str:
    """Where the rows come from: each account with each day of the window, or with all days known."""
    query = side.query
    lines = ["from scope_accounts s", "join account_day_access e on e.access = s.access"]
    if query.since:
        lines.append("cross join calendar c")
    same = ["l.date = c.date"] if query.since else within(query, "l.date")
    same = ["l.subject = s.account", *same, *_mine(side, "l")]
    lines.append(f"left join account_days l on {' and '.join(same)}")
    lines.append("left join account_days_told t on t.subject = s.account")
    if query.since:
        lines.append(f"where {' and '.join([*within(query, 'c.day'), '(c.due or l.subject is not null)'])}")
    return "\n  ".join(lines)


def _mine(side: Side, alias: str) -> list[str]:
    """The accounts asked about, said again: readings are sorted by account, and the rest is not even looked at."""
    return [f"{alias}.account in ({', '.join(map(str, side.accounts))})"] if side.accounts else []


def within(query: Query, day: str) -> list[str]:
    """The conditions by which a day is one of the window."""
    bounds = [f"{day} >= {moment(query.since)}"] if query.since else []
    return bounds + ([f"{day} < {moment(query.until)}"] if query.until else [])


def period(side: Side) -> str:
    """The period a day belongs to."""
    return f"date_trunc('{side.query.grain}', c.day)"


def nth(side: Side, top: str) -> str:
    """1 for the last day told of an account (and period); where none was told, for one of its days."""
    within = f", {period(side)}" if side.query.grain else ""
    day = "c.day" if side.query.since else "l.date"
    order = f"case when {top} is null then 1 else 0 end, {day} desc"
    return f"row_number() over (partition by s.account{within} order by {order})"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
