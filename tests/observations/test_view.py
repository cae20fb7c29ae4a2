"""The view: one consistent picture, asked in SQL, never of another workspace, never with a zero for what is missing."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import count

import duckdb
import pyarrow as pa
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.observations import lake, log, relations, schema, view

from .conftest import everything, reading

HOUR = timedelta(hours=1)
serial = count()


class TestEmptyStore:
    @pytest.mark.parametrize(
        "name", [*relations.READINGS.values(), *relations.LATEST.values(), "account_days", "post_lists"]
    )
    def test_every_relation_is_there_and_typed(self, acme, name):
        found = view.open_view(acme.workspace).query(f"select * from {name}")
        assert found.num_rows == 0
        assert found.schema.field("observed_at").type == pa.timestamp("us", tz="UTC")

    def test_a_sum_over_nothing_is_missing_and_not_zero(self, acme):
        assert view.open_view(acme.workspace).rows("select sum(views) as views from post_latest") == [{"views": None}]


class TestRelations:
    def test_the_latest_row_says_for_each_field_when_and_through_what_it_was_read(self, acme, at, append):
        append("account", reading(1, 1, at, followers=10, consent=5), key="a")
        append("account", reading(1, 1, at + HOUR, likes=7, surface="display_api"), key="b")
        [row] = view.open_view(acme.workspace).rows("select * from account_latest")
        assert (row["followers"], row["followers_at"], row["followers_surface"], row["followers_consent"]) == (
            10, at, "accounts_api", 5,
        )  # fmt: skip
        assert (row["likes"], row["likes_at"], row["likes_consent"]) == (7, at + HOUR, None)
        assert (row["observed_at"], row["surface"]) == (at + HOUR, "display_api")
        assert row["posts"] is row["posts_at"] is None

    def test_a_busy_day_leaves_the_newest_values_in_one_piece(self, acme, at, append):
        for turn in range(5):
            append("post", reading(1, turn % 3, at + turn * HOUR, views=turn), key=str(turn))
            rows = view.open_view(acme.workspace).rows("select subject, views from post_latest order by subject")
        assert rows == [{"subject": 0, "views": 3}, {"subject": 1, "views": 4}, {"subject": 2, "views": 2}]
        assert view.open_view(acme.workspace).seen.parts["post"].latest["views"].num_chunks == 1

    def test_the_newest_values_are_there_without_a_look_at_the_readings(self):
        assert relations.needed_by("select * from post_latest", newest_kept=True) == ["post_latest"]
        assert relations.needed_by("select * from post_latest", newest_kept=False) == ["post_readings", "post_latest"]

    def test_lists_of_posts_are_found_through_their_own_relation(self, acme, at, append):
        curve = [{"second": 0, "share": 1.0}, {"second": 1, "share": 0.5}]
        append("post", reading(1, 10, at, views=3, retention_by_second=curve), key="a")
        append("post", reading(1, 10, at + HOUR, views=4), key="b")
        [row] = view.open_view(acme.workspace).rows("select * from post_lists")
        assert (row["retention_by_second"], row["retention_by_second_at"]) == (curve, at)

    def test_a_day_read_twice_is_one_row_with_the_newest_values(self, acme, at, append):
        day = date(2026, 3, 10)
        append("account_day", reading(1, 1, at, date=day, likes=3, shares=1), key="a")
        append("account_day", reading(1, 1, at + HOUR, date=day, likes=4), key="b")
        [row] = view.open_view(acme.workspace).rows("select * from account_days")
        assert (row["date"], row["likes"], row["shares"], row["observed_at"]) == (day, 4, 1, at + HOUR)

    def test_given_tables_can_be_joined_and_are_gone_afterwards(self, acme, at, append):
        append("post", reading(1, 10, at, views=3), key="a")
        seen = view.open_view(acme.workspace)
        labels = pa.table({"post": [10], "label": ["launch"]})
        sql = "select label, views from post_latest join labels on post = subject"
        assert seen.rows(sql, tables={"labels": labels}) == [{"label": "launch", "views": 3}]
        with pytest.raises(duckdb.CatalogException):
            seen.query(sql)

    def test_parameters_are_bound(self, acme, at, append):
        append("post", reading(1, 10, at, views=3), reading(1, 11, at, views=4), key="a")
        seen = view.open_view(acme.workspace)
        assert seen.rows("select views from post_latest where subject = $post", {"post": 11}) == [{"views": 4}]
        assert seen.rows("select views from post_latest where subject = ?", [10]) == [{"views": 3}]

    def test_another_workspace_is_never_seen_in_log_or_lake(self, acme, at, append):
        append("post", reading(1, 10, at, views=3), key="a")
        append("post", reading(2, 20, at, views=9), key="b", workspace=acme.rival)
        for _ in range(2):
            assert everything(acme.workspace) == [(10, at, 3)]
            assert everything(acme.rival) == [(20, at, 9)]
            assert view.open_view(acme.workspace).rows("select subject from post_latest") == [{"subject": 10}]
            lake.roll("post", at=at)

    def test_sum_and_average_pass_over_what_is_missing(self, acme, at, append):
        append("post", *[reading(1, post, at, views=views) for post, views in enumerate([10, None, 20])], key="a")
        [row] = view.open_view(acme.workspace).rows(
            "select sum(views) as s, avg(views) as a, count(views) as n, count(*) as of from post_latest"
        )
        assert row == {"s": 30, "a": 15.0, "n": 2, "of": 3}


class TestKeepingUp:
    def test_the_same_picture_is_kept_until_something_is_appended(self, acme, at, append):
        append("post", reading(1, 10, at, views=3), key="a")
        first = view.open_view(acme.workspace)
        assert view.open_view(acme.workspace) is first
        append("post", reading(1, 10, at + HOUR, views=4), reading(1, 11, at, views=1), key="b")
        second = view.open_view(acme.workspace)
        assert len(second.rows("select * from post_readings")) == 3
        assert second.rows("select subject, views from post_latest order by 1") == [
            {"subject": 10, "views": 4}, {"subject": 11, "views": 1},
        ]  # fmt: skip
        assert len(first.rows("select * from post_readings")) == 1

    def test_another_workspaces_append_changes_nothing_here(self, acme, at, append):
        first = view.open_view(acme.workspace)
        append("post", reading(2, 20, at, views=9), key="b", workspace=acme.rival)
        assert view.open_view(acme.workspace) is first

    def test_only_what_is_new_is_read_again(self, acme, at, append, django_assert_max_num_queries):
        for hour in range(20):
            append("post", reading(1, 10 + hour, at, views=hour), key=f"k{hour}")
        known = view.open_view(acme.workspace).seen.parts["post"]
        append("post", reading(1, 99, at, views=9), key="new")
        with django_assert_max_num_queries(6):
            fresh = view.open_view(acme.workspace).seen.parts["post"]
        assert len(fresh.tail) == 21
        assert all(fresh.tail[batch] is table for batch, table in known.tail.items())

    def test_it_works_inside_a_transaction_too(self, acme, at, append):
        with transaction.atomic():
            append("post", reading(1, 10, at, views=3), key="a")
            assert everything(acme.workspace) == [(10, at, 3)]

    def test_a_batch_rolled_between_two_looks_does_not_leave_stale_newest_values(self, acme, at, append):
        view.open_view(acme.workspace)
        append("post", reading(1, 10, at, views=3), key="a")
        lake.roll("post", at=at)
        assert view.open_view(acme.workspace).rows("select views from post_latest") == [{"views": 3}]


class TestShutIn:
    @pytest.mark.parametrize(
        "sql",
        [
            "select * from read_text('/etc/hostname')",
            "select * from read_csv('/etc/passwd')",
            "copy (select 1) to '/tmp/greenroom-leak.csv'",
            "attach '/tmp/greenroom-leak.db' as leak",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "select * from read_parquet('https://example.com/a.parquet')",
        ],
    )
    def test_a_question_reaches_nothing_but_the_lake(self, acme, sql):
        seen = view.open_view(acme.workspace)
        with pytest.raises(duckdb.Error):
            seen.query(sql)

    def test_python_variables_are_out_of_reach(self, acme):
        secret = pa.table({"key": ["s3cret"]})  # noqa: F841 (DuckDB would find it by its name)
        with pytest.raises(duckdb.CatalogException):
            view.open_view(acme.workspace).query("select * from secret")


@pytest.mark.django_db(transaction=True)
def test_many_threads_may_ask_one_view(acme, at, append):
    append("post", *[reading(1, post, at, views=post) for post in range(500)], key="a")
    lake.roll("post", at=at)
    append("post", *[reading(1, post, at + HOUR, views=post + 1) for post in range(500)], key="b")
    seen = view.open_view(acme.workspace)
    answers: list = []

    def ask() -> None:
        for _ in range(5):
            answers.append(seen.rows("select count(*) as n, sum(views) as s from post_readings")[0])
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"n": 1000, "s": 2 * sum(range(500)) + 500}] * 30


START = datetime(2026, 1, 30, tzinfo=UTC)
KEPT = st.sampled_from(["views", "likes", "avg_play_time", "favorites"])
ONE = st.tuples(
    st.integers(1, 3),  # post
    st.integers(0, 60),  # hour: over two months
    st.sampled_from(["accounts_api", "display_api", "marketplace_tto"]),
    st.none() | st.integers(1, 2),  # consent
    st.dictionaries(KEPT, st.none() | st.integers(0, 9)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ONE, min_size=1, max_size=12, unique_by=lambda one: one[:3]),
    st.lists(st.booleans(), min_size=12, max_size=12),
    st.integers(0, 60),
)
def test_newest_values_are_the_same_from_rows_and_from_readings(acme, readings, rolls, until):
    """Fields drop out, readings come out of order, some are rolled: both ways to the newest values agree, and every
    value that was missing is missing in the log, the lake, the newest rows and the view."""
    with transaction.atomic():
        rows = [
            reading(1, post, START + hour * HOUR, surface=surface, consent=consent, **fields)
            for post, hour, surface, consent, fields in readings
        ]
        for row, rolled in zip(rows, rolls, strict=False):
            log.append(acme.workspace, "post", [row], key=f"p{next(serial)}", at=START)
            if rolled:
                lake.roll("post", at=START)
        seen = view.open_view(acme.workspace)
        names = ", ".join(["subject", "account", "observed_at", "surface", "consent"])
        fields = ", ".join(f"{key}, {key}_at, {key}_surface, {key}_consent" for key in schema.POST.kept)
        sql = f"select {names}, {fields} from post_latest order by subject"
        assert seen.rows(sql) == seen.as_of(START + 100 * HOUR).rows(sql)

        past = {(r["subject"], r["observed_at"], r["surface"]): r for r in seen.rows("select * from post_readings")}
        assert len(past) == len(rows)
        for row in rows:
            held = past[row["subject"], row["observed_at"], row["surface"]]
            assert {key: held[key] for key in schema.POST.fields} == {key: row.get(key) for key in schema.POST.fields}

        for found in seen.as_of(START + until * HOUR).rows(sql):
            known = [r for r in rows if r["subject"] == found["subject"] and r["observed_at"] <= START + until * HOUR]
            for key in ("views", "likes", "reach"):
                having = [(r["observed_at"], r["surface"], r[key]) for r in known if r.get(key) is not None]
                assert found[key] == (max(having)[2] if having else None)
        transaction.set_rollback(True)
    view.forget()
    _empty_the_lake()


def _empty_the_lake() -> None:
    """The transaction took the rows back, the lake knows nothing of that."""
    import shutil

    from greenroom.observations import engine

    shutil.rmtree(engine.lake(), ignore_errors=True)
