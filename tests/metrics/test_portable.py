"""The text of a question is not DuckDB's own: PostgreSQL answers it unchanged, and the same."""

import pytest

from greenroom.metrics import days, relations, sql
from greenroom.metrics.query import Query
from greenroom.observations import view
from tests import postgres
from tests.metrics.test_golden import QUESTIONS, day

psycopg = pytest.importorskip("psycopg")
TYPES = {"int32": "int", "int64": "bigint", "string": "text", "double": "double precision", "bool": "boolean"} | {
    "date32[day]": "date"
}
MORE = {
    "latest_by_post": Query(("views", "reach", "impressions"), by=("post",), order="-views", limit=10),
    "mean_of_days": Query(("share_rate", "engagement_rate"), since=day(1), grain="day"),
    "days_of_creators": Query(("daily_likes", "daily_followers"), by=("creator",), since=day(1), grain="month"),
    "growth": Query(("derived_followers_growth", "audience_locales"), by=("creator",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.cluster() as url:
        yield url


def copy(cursor, name, table):
    """An Arrow table as a temporary one; columns that hold lists stay behind as empty text."""
    kinds = [TYPES.get(str(f.type), "timestamptz" if "timestamp" in str(f.type) else "text") for f in table.schema]
    columns = ", ".join(f'"{f.name}" {kind}' for f, kind in zip(table.schema, kinds, strict=True))
    cursor.execute(f"create temp table {name} ({columns})")
    with cursor.copy(f"copy {name} from stdin") as into:
        for row in table.to_pylist():
            into.write_row([None if isinstance(value, list) else value for value in row.values()])


def same(one, other):
    if isinstance(one, int | float) and other is not None and not isinstance(one, bool):
        return float(other) == pytest.approx(float(one), rel=1e-9)
    return one == other


@pytest.mark.postgres
@pytest.mark.parametrize("name", sorted({*QUESTIONS, *MORE}))
def test_postgresql_gives_the_same_rows_for_the_same_text(story, server, name):
    query = (QUESTIONS | MORE)[name].checked()  # MORE's text of posts names no lists
    metrics = [metric for _, metric in query.found]
    at = query.as_of or story.at
    tables = relations.tables(metrics, story.workspace, as_of=query.as_of, at=at) | days.tables(query, at=at)
    text = sql.text(query, {key: (value,) for key, value in query.where})
    seen = view.open_view(story.workspace).as_of(query.as_of, until=query.known_until)
    ours = seen.query(text, tables=tables)
    with psycopg.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("set time zone 'UTC'")
        for relation in ("post_latest", "account_latest", "post_readings", "account_readings", "account_days"):
            copy(cursor, relation, seen.query(f"select * from {relation}"))
        for relation, table in tables.items():
            copy(cursor, relation, table)
        theirs = cursor.execute(text).fetchall()
    rows = [tuple(row.values()) for row in ours.to_pylist()]
    assert rows
    assert len(rows) == len(theirs)
    for row, other in zip(rows, theirs, strict=True):
        assert all(same(one, two) for one, two in zip(row, other, strict=True)), (row, other)
