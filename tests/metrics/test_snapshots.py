"""The history of one post: readings as they were, gaps as gaps, and nothing that may not be shown (PUB-07)."""

from datetime import timedelta

import pytest

from greenroom.metrics.query import BadQuery
from greenroom.metrics.snapshots import snapshots
from greenroom.spark.models import Boost

HOUR = timedelta(hours=1)


@pytest.fixture
def young(books):
    """A post of ANA's, read every hour, but for six hours in between in which TikTok did not answer."""
    ana = books.account("ana", auth=True, member=True)
    post = books.post(ana, posted_at=books.at - 20 * HOUR, basis="order")
    for hour in (*range(1, 8), *range(13, 21)):
        at = books.at - (20 - hour) * HOUR
        books.read(post, at, views=100 * hour, likes=10 * hour, comments=hour, shares=hour, reach=90 * hour)
    return post


def told(rows, key):
    return [(row.at, row.figures[key].value) for row in rows if key in row.figures and not row.gap]


def test_an_outage_is_a_gap_and_no_flat_line(books, young):
    rows = snapshots(young, ["views", "engagement_rate"], books.workspace, at=books.at)
    (gap,) = [row for row in rows if row.gap]
    assert (gap.at, gap.until) == (books.at - 12 * HOUR, books.at - 7 * HOUR)
    assert {key: (figure.value, figure.reason) for key, figure in gap.figures.items()} == {
        "views": (None, "not_read"), "engagement_rate": (None, "not_read"),
    }  # fmt: skip
    assert [value for _, value in told(rows, "views")] == [100 * hour for hour in (*range(1, 8), *range(13, 21))]
    assert {value for _, value in told(rows, "engagement_rate")} == {0.12}
    assert rows == sorted(rows, key=lambda row: row.at)


def test_a_gap_goes_on_until_there_is_a_reading(books, young):
    rows = snapshots(young, ["views"], books.workspace, at=books.at + 5 * HOUR)
    assert (rows[-1].gap, rows[-1].at, rows[-1].until) == (True, books.at + HOUR, None)
    assert not snapshots(young, ["views"], books.workspace, at=books.at + HOUR)[-1].gap


def test_old_posts_are_read_seldom_and_that_is_no_gap(books):
    ana = books.account("ana", auth=True)
    post = books.post(ana, posted_at=books.at - timedelta(days=60))
    for days in (40, 39, 38, 35, 34):
        books.read(post, books.at - timedelta(days=days), views=1000 - days)
    rows = snapshots(post, ["views"], books.workspace, at=books.at - timedelta(days=33))
    assert [(row.at, row.until) for row in rows if row.gap] == [
        (books.at - timedelta(days=37), books.at - timedelta(days=35))
    ]


def test_what_may_not_be_shown_has_one_row_with_the_reason(books, young):
    young.basis = "manual"
    young.save()
    rows = snapshots(young, ["views", "reach"], books.workspace, at=books.at)
    assert [(row.at, row.figures["reach"].reason) for row in rows if "reach" in row.figures] == [
        (books.at, "not_in_entitlement")
    ]
    assert len(told(rows, "views")) == 15


def test_organic_paid_and_total_of_a_boosted_post(books, young):
    start = books.at - 5 * HOUR
    Boost.objects.create(workspace=books.workspace, post=young, started_at=start, told_by="person", by="member:1")
    other = books.post(young.account, posted_at=books.at - 3 * HOUR)
    books.read(other, views=5)
    rows = snapshots(young, ["views", "organic_views", "paid_views"], books.workspace, at=books.at)
    after = [row.figures for row in rows if row.at >= start and not row.gap]
    assert {figures["organic_views"].value for figures in after} == {1400}
    assert {(figures["organic_views"].state, figures["organic_views"].reason) for figures in after} == {
        ("derived", "baseline_frozen")
    }
    for row in rows:
        if not row.gap:
            total, organic, paid = (row.figures[key].value for key in ("views", "organic_views", "paid_views"))
            assert total == organic + paid
            assert row.at >= start or paid == 0
    plain = snapshots(other, ["organic_views", "paid_views"], books.workspace, at=books.at)
    assert [(one.figures["organic_views"].value, one.figures["paid_views"].value) for one in plain] == [(5, 0)]


def test_not_everything_has_a_history(books, young):
    for key in ("followers", "posts", "impressions", "audience_gender", "boost_cost", "retention_by_second"):
        with pytest.raises(BadQuery):
            snapshots(young, [key], books.workspace, at=books.at)
    with pytest.raises(BadQuery):
        snapshots(young, [], books.workspace, at=books.at)


def test_the_newest_snapshot_is_what_measure_says(books, young):
    keys = ["views", "reach", "engagement", "mean_engagement_rate", "share_rate", "organic_views", "derived_avg_likes"]
    rows = snapshots(young, keys, books.workspace, at=books.at)
    for key in keys:
        now = books.figure(key, where=(("post", young.pk),))
        last = [row for row in rows if key in row.figures][-1].figures[key]
        assert (last.value, last.state, last.reason, last.as_of) == (now.value, now.state, now.reason, now.as_of), key
