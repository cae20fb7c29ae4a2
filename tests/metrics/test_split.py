"""Organic, paid, total (SPK-06, SPK-07, SPK-08, C-24), worked out by hand and over many random stories."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.metrics.figure import REASONS
from greenroom.metrics.passport import passport
from greenroom.spark.models import Boost

PARTS = ("views", "organic_views", "paid_views")


def boost(books, post, started_at, *, spend=None, currency=""):
    return Boost.objects.create(
        workspace=books.workspace, post=post, started_at=started_at, told_by="person", spend_minor=spend,
        currency=currency, by="member:1",
    )  # fmt: skip


def values(books, *names, **more):
    return [books.ask(*names, **more).only[name].value for name in names]


@pytest.fixture
def ana(books):
    return books.account("ana", auth=True, at=books.at - timedelta(days=60))


@pytest.fixture
def boosted(books, ana):
    """A post with 100 views when its boost begins, ten days ago, and 1,000 now."""
    post = books.post(ana, posted_at=books.at - timedelta(days=20))
    for days, views, likes in ((15, 60, 6), (11, 100, 10), (9, 400, 30), (1, 1000, 80)):
        books.read(post, books.at - timedelta(days=days), views=views, likes=likes, comments=0, shares=0)
    boost(books, post, books.at - timedelta(days=10))
    return post


def test_without_a_boost_all_views_are_organic(books, ana):
    post = books.post(ana)
    books.read(post, views=1000, likes=50, comments=5, shares=5)
    assert values(books, *PARTS, "organic_engagement", "paid_engagement") == [1000, 1000, 0, 60, 0]
    assert books.figure("organic_views").state == "full"
    assert books.figure("boost_cost").reason == books.figure("cost_per_paid_view").reason == "not_boosted"


def test_without_a_split_the_organic_part_is_frozen_and_says_so(books, boosted):
    assert values(books, *PARTS, "organic_engagement", "paid_engagement") == [1000, 100, 900, 10, 70]
    figure = books.figure("organic_views")
    assert (figure.state, figure.reason) == ("derived", "baseline_frozen")
    assert "frozen" in figure.why
    assert books.figure("views").state == "full", "the total is what TikTok says"
    shown = passport(books.workspace, metric="organic_views", by="post", key=boosted.pk, at=books.at)
    assert "frozen" in shown.figure.why
    assert "frozen" in shown.metric.definition
    assert [reading.value for reading in shown.readings] == [100], "the reading it was frozen at"


def test_the_organic_series_does_not_jump(books, boosted):
    rows = books.ask(*PARTS, since=books.at - timedelta(days=16), grain="day").rows
    told = [(row["views"].value, row["organic_views"].value, row["paid_views"].value) for row in rows]
    assert told == [(40, 40, 0), (300, 0, 300), (600, 0, 600)], "where counting starts nothing was gained"
    window = values(books, *PARTS, since=books.at - timedelta(days=12))
    assert window == [940, 40, 900]


def test_before_the_boost_began_nothing_was_frozen(books, boosted):
    known = books.at - timedelta(days=10, hours=1)
    assert values(books, *PARTS, as_of=known) == [100, 100, 0]
    assert books.ask("organic_views", as_of=known).only["organic_views"].state == "full"


def test_a_boost_of_a_post_never_read_before_has_no_baseline(books, ana):
    post = books.post(ana)
    books.read(post, views=500)
    boost(books, post, books.at - timedelta(days=1))
    assert values(books, *PARTS) == [500, None, None]
    assert books.figure("organic_views").reason == "provider_omitted"


def test_what_tiktok_tells_goes_before_what_was_frozen(books):
    books.marketplace()
    cyd = books.account("cyd", member=True)
    post = books.post(cyd, basis="order", posted_at=books.at - timedelta(days=20))
    for days, views, organic in ((12, 100, 100), (9, 400, 150), (1, 1000, 250)):
        at = books.at - timedelta(days=days)
        books.read(post, at, surface="marketplace_tto", views=views)
        books.read(post, at, surface="order_report", views_organic=organic, views_paid=views - organic)
    boost(books, post, books.at - timedelta(days=10))
    assert values(books, *PARTS) == [1000, 250, 750]
    assert books.figure("organic_views").state == "full"
    assert values(books, *PARTS, since=books.at - timedelta(days=10)) == [900, 150, 750]
    post.basis = "manual"
    post.save()
    assert values(books, *PARTS) == [1000, 100, 900], "a post that is not tied any more shows no report"


def test_cost_and_result_of_the_boosted_part(books, ana, boosted):
    assert books.figure("boost_cost").reason == "provider_omitted", "boosted, but nobody said what it cost"
    Boost.objects.update(spend_minor=4500, currency="EUR")
    assert values(books, "boost_cost", "cost_per_paid_view") == [45.0, 45 / 900]
    assert books.figure("cost_per_paid_engagement").value == 45 / 70
    other = books.post(ana)
    books.read(other, books.at - timedelta(days=5), views=10)
    books.read(other, books.at, views=110)
    boost(books, other, books.at - timedelta(days=4), spend=500, currency="EUR")
    assert values(books, "boost_cost", "cost_per_paid_view") == [50.0, 50 / 1000]
    Boost.objects.filter(post=other).update(currency="JPY")
    assert books.figure("boost_cost").reason == books.figure("cost_per_paid_view").reason == "not_additive"
    by_post = {row["post"]: row["boost_cost"].value for row in books.ask("boost_cost", by=("post",)).rows}
    assert by_post == {boosted.pk: 45.0, other.pk: 500.0}, "the yen has no hundredths"


def test_the_reasons_are_known_to_the_page():
    from greenroom.core import reasons

    assert {"not_boosted", "baseline_frozen"} <= set(REASONS) & set(reasons.WORDS)


growing = st.lists(st.integers(0, 50), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gains=growing, began=st.integers(0, 8), told=st.booleans(), lag=st.integers(0, 2), late=st.integers(0, 2))
def test_parts_never_exceed_the_total_and_organic_stands_still_once_frozen(books, ana, gains, began, told, lag, late):
    basis = "order" if told else "manual"
    post = books.post(ana, basis=basis, posted_at=books.at - timedelta(days=20))
    total, paid, seen, start = 0, 0, [], books.at - timedelta(days=15 - began, hours=1)
    for day, gain in enumerate(gains):
        at = books.at - timedelta(days=15 - day)
        total, paid = total + gain, paid + (gain // 2 if at >= start else 0)
        seen.append((total, paid))
        books.read(post, at, views=seen[max(0, day - late)][0])
        if told:  # the report and the post's own figures lag behind each other
            views, bought = seen[max(0, day - lag)]
            books.read(post, at, surface="order_report", views_organic=views - bought, views_paid=bought)
    boost(books, post, start)
    before = None
    for day in range(len(gains)):
        at = books.at - timedelta(days=15 - day)
        whole, organic, bought = values(books, *PARTS, where=(("post", post.pk),), as_of=at)
        assert whole == seen[max(0, day - late)][0]
        if at < start:
            assert (organic, bought) == (whole, 0) or told
        if organic is not None:
            assert 0 <= organic <= whole
            assert 0 <= bought <= whole - organic
        if at >= start and not told:
            assert organic == before, "frozen"
            assert organic is None or organic + bought == whole
        before = organic
