"""What counters gained in a window, and figures over time."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@pytest.fixture
def ana(books):
    return books.account("ana", auth=True)


def gained(books, since, until, name="views", **more):
    return books.figure(name, since=since, until=until, **more)


def test_a_post_published_in_the_window_counts_from_zero(books, ana):
    post = books.post(ana, posted_at=day(3))
    books.read(post, day(4), views=100)
    books.read(post, day(5), views=250)
    assert gained(books, day(1), day(9)).value == 250


def test_the_first_reading_of_a_post_already_public_is_where_counting_starts(books, ana):
    post = books.post(ana, posted_at=day(1) - timedelta(days=300))
    books.read(post, day(4), views=9000)
    only = gained(books, day(1), day(9))
    assert (only.value, only.reason, only.n, only.of) == (None, "not_yet_available", 0, 1)
    books.read(post, day(5), views=9040)
    assert gained(books, day(1), day(9)).value == 40


def test_the_last_reading_before_the_window_is_the_baseline(books, ana):
    post = books.post(ana, posted_at=day(1))
    for number, views in ((2, 100), (4, 160), (6, 200), (8, 500)):
        books.read(post, day(number), views=views)
    assert gained(books, day(3), day(7)).value == 100
    assert gained(books, day(3), day(8)).value == 100  # the window does not hold its end
    assert gained(books, day(4), day(7)).value == 100  # but its start: baseline 100, then 160 and 200
    assert gained(books, day(3), None).value == 400


def test_windows_side_by_side_add_up_to_the_whole(books, ana):
    post = books.post(ana, posted_at=day(1))
    for number, views in ((1, 3), (2, 100), (4, 160), (6, 150), (8, 500)):
        books.read(post, day(number, 13), views=views)
    parts = [gained(books, day(number), day(number + 1)).value or 0 for number in range(1, 9)]
    assert sum(parts) == gained(books, day(1), day(9)).value == 500


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_order_of_arrival_and_repetition_change_nothing(books, ana, order):
    post = books.post(ana, posted_at=day(1) - timedelta(days=9))
    readings = [(day(2), 100), (day(3), 140), (day(4), 130), (day(5), 170)]
    for place in (*order, *order[:2]):
        at, views = readings[place]
        books.read(post, at, views=views)
    assert gained(books, day(1), day(9)).value == 70
    assert [(row["day"].day, row["views"].value) for row in by_day(books, "views")] == [(3, 40), (4, -10), (5, 40)]


def test_a_correction_downwards_is_kept(books, ana):
    post = books.post(ana, posted_at=day(1) - timedelta(days=9))
    books.read(post, day(2), views=100)
    books.read(post, day(3), views=90)
    assert gained(books, day(1), day(9)).value == -10


def test_a_reading_without_the_field_does_not_reset_it(books, ana):
    post = books.post(ana, posted_at=day(1) - timedelta(days=9))
    books.read(post, day(2), views=100, likes=1)
    books.read(post, day(3), likes=4)
    books.read(post, day(4), views=120, likes=6)
    assert (gained(books, day(1), day(9)).value, gained(books, day(1), day(9), "likes").value) == (20, 5)


def test_a_rate_over_a_window_divides_what_was_gained(books, ana):
    post = books.post(ana, posted_at=day(1) - timedelta(days=9))
    books.read(post, day(2), views=1000, shares=500)
    books.read(post, day(3), views=1100, shares=510)
    rate = gained(books, day(1), day(9), "share_rate")
    assert (rate.top, rate.bottom, rate.value) == (10, 100, pytest.approx(0.1))


def test_posts_published_after_the_window_are_not_part_of_it(books, ana):
    books.read(books.post(ana, posted_at=day(2)), day(3), views=10)
    books.read(books.post(ana, posted_at=day(20)), day(21), views=99)
    figure = gained(books, day(1), day(9))
    assert (figure.value, figure.n, figure.of) == (10, 1, 1)
    assert gained(books, day(1), day(9), "posts").value == 1


def test_a_post_without_a_reading_in_the_window_is_missing_and_not_zero(books, ana):
    books.read(books.post(ana, posted_at=day(2)), day(3), views=10)
    silent = books.post(ana, posted_at=day(2))
    figure = gained(books, day(1), day(9))
    assert (figure.value, figure.state, figure.n, figure.of) == (10, "partial", 1, 2)
    rows = {row["post"]: row["views"] for row in books.ask("views", by=["post"], since=day(1), until=day(9)).rows}
    assert (rows[silent.pk].value, rows[silent.pk].reason) == (None, "not_yet_available")


def test_as_of_hides_what_was_read_later(books, ana):
    post = books.post(ana, posted_at=day(1))
    books.read(post, day(2), views=10)
    books.read(post, day(6), views=60)
    assert books.figure("views", as_of=day(5)).value == 10
    assert books.figure("views", as_of=day(6)).value == 60
    assert gained(books, day(1), day(9), as_of=day(5)).value == 10
    assert books.figure("views").value == 60


def test_until_without_since_is_the_total_known_by_then(books, ana):
    post = books.post(ana, posted_at=day(1))
    books.read(post, day(2), views=10)
    books.read(post, day(6), views=60)
    assert books.figure("views", until=day(6)).value == 10


def test_completion_in_a_window_is_the_newest_weighted_by_all_views(books, ana):
    post = books.post(ana, posted_at=day(1), basis="order")
    books.read(post, day(2), views=10, video_completion_rate=0.9)
    books.read(post, day(6), views=60, video_completion_rate=0.5)
    books.read(post, day(20), views=90, video_completion_rate=0.1)
    figure = gained(books, day(4), day(9), "video_completion_rate")
    assert (figure.value, figure.bottom) == (pytest.approx(0.5), 60)


def by_day(books, *names, grain="day", **more):
    return books.ask(*names, since=day(1, 0), until=day(28, 0), grain=grain, **more).rows


def test_an_outage_is_a_gap_and_not_a_row_of_zeros(books, ana):
    post = books.post(ana, posted_at=day(1))
    for number, views in ((1, 5), (2, 10), (6, 60), (7, 60)):
        books.read(post, day(number, 13), views=views)
    rows = by_day(books, "views")
    assert [(row["day"], row["views"].value) for row in rows] == [
        (date(2026, 3, 1), 5),
        (date(2026, 3, 2), 5),
        (date(2026, 3, 6), 50),
        (date(2026, 3, 7), 0),  # read, and nothing was gained
    ]


def test_weeks_start_on_monday_and_months_on_the_first(books, ana):
    post = books.post(ana, posted_at=day(1))
    for number, views in ((2, 10), (8, 30), (9, 70)):  # 2026-03-02 and 2026-03-09 are Mondays
        books.read(post, day(number), views=views)
    weeks = by_day(books, "views", grain="week")
    assert [(row["day"], row["views"].value) for row in weeks] == [(date(2026, 3, 2), 30), (date(2026, 3, 9), 40)]
    (month,) = by_day(books, "views", grain="month")
    assert (month["day"], month["views"].value) == (date(2026, 3, 1), 70)


def test_followers_of_a_day_are_its_last_reading(books, ana):
    for number, hour, followers in ((2, 9, 100), (2, 20, 105), (3, 9, 90)):
        books.read(ana, day(number, hour), followers=followers)
    rows = by_day(books, "followers", "derived_followers_growth")
    assert [(row["day"].day, row["followers"].value, row["derived_followers_growth"].value) for row in rows] == [
        (2, 105, None),  # growth is from day to day, and there is no day before
        (3, 90, -15),
    ]


def test_views_of_a_back_filled_post_are_no_peak_on_the_day_we_first_looked(books, ana):
    ana.official_since = day(4)
    ana.save()
    old, new = books.post(ana, posted_at=day(1)), books.post(ana, posted_at=day(5))
    for number, views in ((5, 1000), (6, 1030)):
        books.read(old, day(number), views=views)
    books.read(new, day(6), views=7)
    assert [(row["day"].day, row["views"].value) for row in by_day(books, "views")] == [(6, 37)]
    assert gained(books, day(1, 0), day(9)).value == 1037  # both were published in the window, so all of it was gained


def test_a_day_counts_only_posts_that_were_public_by_then(books, ana):
    first, second = books.post(ana, posted_at=day(1)), books.post(ana, posted_at=day(5))
    books.read(first, day(2), views=10)
    books.read(first, day(6), views=20)
    books.read(second, day(6), views=7)
    assert [
        (row["day"].day, row["views"].value, row["views"].n, row["views"].of) for row in by_day(books, "views")
    ] == [
        (2, 10, 1, 1),
        (6, 17, 2, 2),
    ]


def test_days_of_accounts_and_of_posts_stand_side_by_side(books, ana):
    books.read(ana, day(2), followers=9)
    books.read(books.post(ana, posted_at=day(3)), day(4), views=7)
    rows = by_day(books, "followers", "views", "posts", by=["account"])
    told = [(row["day"].day, row["followers"].value, row["views"].value, row["posts"].value) for row in rows]
    assert told == [(2, 9, None, None), (3, None, None, 1), (4, None, 7, None)]
