"""Whatever drops out, nothing turns into zero; and parts add up to the whole."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.metrics import definitions
from greenroom.metrics.query import Query
from greenroom.observations import view
from greenroom.tiktok import auth

SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
FIELDS = ("views", "likes", "comments", "shares", "favorites")
NOTHING_PAID = ("paid_views", "paid_engagement")  # of posts that were never boosted: truly none
POST_METRICS = [m.key for m in definitions.METRICS.values() if m.grain == "post" and m.unit in ("count", "percent")]
SUMS = ("views", "likes", "comments", "shares", "engagement")

readings = st.lists(
    st.fixed_dictionaries({field: st.none() | st.integers(1, 10_000) for field in FIELDS}), min_size=1, max_size=5
)
"""Posts of which TikTok sends some counters and leaves out others; none of them is zero."""


@contextmanager
def undone() -> Iterator[None]:
    """What is written within is gone afterwards, for the next example."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    view.forget()


def put_down(books, posts, *, auth_scopes=auth.ACCOUNTS_SCOPES, basis="order"):
    ana = books.account("ana", auth=True, scopes=list(auth_scopes))
    for fields in posts:
        post = books.post(ana, basis=basis)
        if any(value is not None for value in fields.values()):
            books.read(post, **fields)
    return ana


@SLOW
@given(posts=readings)
def test_no_counter_left_out_becomes_a_zero(books, posts):
    with undone():
        put_down(books, posts)
        figures = books.ask(*POST_METRICS).only
    for name, figure in figures.items():
        assert figure.value is None or figure.value > 0 or name in NOTHING_PAID, name
        nothing = figure.n == 0 or figure.reason == "zero_denominator"
        assert (figure.value is None) == (figure.state == "none") == nothing, name
        assert (figure.reason is None) == (figure.n == figure.of and figure.value is not None), name
    for field in FIELDS:
        known = [fields[field] for fields in posts if fields[field] is not None]
        assert (figures[field].value, figures[field].n) == (sum(known) if known else None, len(known))


@SLOW
@given(posts=readings, data=st.data())
def test_taking_away_never_makes_a_zero_nor_more_coverage(books, posts, data):
    """A reading, a field, a scope or the tie to an order drops out: every figure has as much coverage or less."""
    gone = data.draw(st.sampled_from(["reading", "field", "scope", "order"]))
    less = [dict(fields) for fields in posts]
    scopes, basis = list(auth.ACCOUNTS_SCOPES), "order"
    if gone == "reading":
        less[data.draw(st.integers(0, len(less) - 1))] = dict.fromkeys(FIELDS)
    elif gone == "field":
        less[data.draw(st.integers(0, len(less) - 1))][data.draw(st.sampled_from(FIELDS))] = None
    elif gone == "scope":
        scopes.remove(data.draw(st.sampled_from(scopes)))
    else:
        basis = "manual"
    with undone():
        put_down(books, posts)
        before = books.ask(*POST_METRICS).only
    with undone():
        put_down(books, less, auth_scopes=scopes, basis=basis)
        after = books.ask(*POST_METRICS).only
    for name in POST_METRICS:
        assert after[name].n <= before[name].n, (gone, name)
        assert after[name].value is None or after[name].value > 0 or name in NOTHING_PAID, (gone, name)


@SLOW
@given(posts=readings)
def test_the_parts_add_up_to_the_whole(books, posts):
    with undone():
        put_down(books, posts)
        whole = books.ask(*SUMS).only
        for split in ("post", "account", "creator", "media_type", "basis"):
            rows = books.ask(*SUMS, by=[split]).rows
            for name in SUMS:
                values = [row[name].value for row in rows if row[name].value is not None]
                assert (sum(values) if values else None) == whole[name].value, (split, name)
                assert sum(row[name].n for row in rows) == whole[name].n
                assert sum(row[name].of for row in rows) == whole[name].of


@pytest.mark.parametrize("name", sorted(definitions.METRICS))
def test_with_nothing_read_at_all_every_metric_is_nothing_with_a_reason(books, four, name):
    books.post(four["ana"])
    for by in ((), ("account",), ("creator",)):
        for row in books.ask(name, by=by).rows:
            figure = row[name]
            if name == "posts" and figure.value is not None:
                assert figure.value == 1
            else:
                assert (figure.value, figure.state, figure.n) == (None, "none", 0)
                assert figure.reason


def test_a_stream_of_readings_gains_what_its_ends_differ_by(books, at):
    """The window's total is its last reading less the one before it, whatever lies between."""
    from datetime import timedelta

    @SLOW
    @given(values=st.lists(st.integers(0, 1000), min_size=2, max_size=8), since=st.integers(0, 7))
    def holds(values, since):
        with undone():
            ana = books.account("ana", auth=True)
            post = books.post(ana, posted_at=at - timedelta(days=100))
            for hour, views in enumerate(values):
                books.read(post, at + timedelta(hours=hour), views=views)
            figure = books.ask("views", since=at + timedelta(hours=since)).only["views"]
        inside = values[since:]
        base = values[since - 1] if since and since <= len(values) else None
        first = base if base is not None else (inside[0] if inside else None)
        steps = len(inside) - (0 if base is not None else 1)
        assert figure.value == (inside[-1] - first if inside and steps > 0 else None)

    holds()


def test_queries_are_values():
    assert Query(("views",)) == Query(("views",))
    assert hash(Query(("views",), by=("post",), where=(("post", 1),)))
