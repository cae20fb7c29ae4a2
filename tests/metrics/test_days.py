"""TikTok's own figures of days: windows, coverage, gaps, what may be seen, and what was known when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.metrics import passport as passports
from greenroom.metrics.query import BadQuery
from greenroom.tiktok import auth
from tests.metrics.test_properties import SLOW, undone

DAILY = {
    "daily_views": "video_views",
    "daily_profile_views": "profile_views",
    "daily_likes": "likes",
    "daily_comments": "comments",
    "daily_shares": "shares",
    "daily_new_followers": "daily_new_followers",
}


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@pytest.fixture
def ana(books):
    return books.account("ana", auth=True)


def tell(books, account, views, at=None, field="video_views"):
    """TikTok tells days of March by number."""
    books.days(account, {date(2026, 3, number): {field: count} for number, count in views.items()}, at)


@pytest.fixture
def ten(books, ana, at):
    """1 to 8 March but for the fifth, told on 11 March."""
    assert at > day(11)
    tell(books, ana, {n: n * 10 for n in (1, 2, 3, 4, 6, 7, 8)}, day(11))
    return books


def asked(books, since, until, name="daily_views", **more):
    return books.figure(name, since=since, until=until, **more)


@pytest.mark.parametrize("name", sorted(DAILY))
def test_days_of_a_window_add_up(books, ana, name):
    tell(books, ana, {1: 5, 2: 0, 3: 7}, field=DAILY[name])
    figure = asked(books, day(1), day(4), name)
    assert (figure.value, figure.state, figure.n, figure.of, figure.reason) == (12, "full", 3, 3, None)


def test_a_day_left_out_is_missing_and_lowers_coverage(ten):
    figure = asked(ten, day(1), day(9))
    assert (figure.value, figure.state, figure.n, figure.of) == (310, "partial", 7, 8)
    assert figure.reason == "provider_omitted"


def test_a_day_belongs_to_the_window_it_starts_in(ten):
    assert asked(ten, day(2), day(4)).value == 20 + 30
    assert asked(ten, day(2, 1), day(4, 1)).value == 30 + 40
    parts = [asked(ten, day(n, 7), day(n + 1, 7)).value or 0 for n in range(1, 9)]
    assert sum(parts) == asked(ten, day(1, 7), day(9, 7)).value == 300


def test_what_was_told_after_the_window_belongs_to_it(ten):
    """Every reading was made on 11 March."""
    assert asked(ten, day(1), day(3)).value == 30


def test_days_that_may_still_come_are_not_missing_yet(books, ana):
    tell(books, ana, {1: 5, 2: 6}, day(4))
    told = {now: asked(books, day(1), day(9), as_of=now) for now in (day(4, 12), day(5), day(6), day(20))}
    assert [(figure.n, figure.of) for figure in told.values()] == [(2, 2), (2, 2), (2, 3), (2, 8)]
    assert [figure.state for figure in told.values()] == ["full", "full", "partial", "partial"]
    early = asked(books, day(3), day(9), as_of=day(4, 12))
    assert (early.value, early.reason) == (None, "not_yet_available")


def test_a_day_told_early_counts_at_once(books, ana):
    tell(books, ana, {1: 5, 2: 6, 3: 7}, day(4, 1))
    figure = asked(books, day(1), day(9), as_of=day(4, 2))
    assert (figure.value, figure.n, figure.of) == (18, 3, 3)


def test_days_before_tiktok_began_are_not_counted(books, ana):
    tell(books, ana, {1: 5})
    figure = asked(books, datetime(1, 1, 1, tzinfo=UTC), day(2))
    assert (figure.value, figure.n, figure.of) == (5, 1, (date(2026, 3, 2) - date(2016, 9, 1)).days)


def test_a_day_of_the_trend_is_tiktoks_day_and_a_gap_is_no_row(ten):
    rows = ten.ask("daily_views", since=day(1), until=day(9), grain="day").rows
    assert [(row["day"].day, row["daily_views"].value) for row in rows] == [
        (n, n * 10) for n in (1, 2, 3, 4, 6, 7, 8)
    ]  # fmt: skip


def test_weeks_and_months_add_up_days(ten):
    weeks = ten.ask("daily_views", since=day(1), until=day(9), grain="week").rows
    told = [(row["day"], row["daily_views"].value, row["daily_views"].n, row["daily_views"].of) for row in weeks]
    assert told == [(date(2026, 2, 23), 10, 1, 1), (date(2026, 3, 2), 300, 6, 7)]
    (month,) = ten.ask("daily_views", since=day(1), until=day(9), grain="month").rows
    assert (month["day"], month["daily_views"].value) == (date(2026, 3, 1), 310)


def test_followers_are_those_of_the_last_day_told(books, ana):
    ben = books.account("ben", auth=True)
    tell(books, ana, {1: 100, 2: 110, 4: 105}, field="followers")
    tell(books, ben, {2: 7, 3: 8}, field="followers")
    both = asked(books, day(1), day(9), "daily_followers")
    assert (both.value, both.n, both.of, both.state) == (113, 2, 2, "full")
    assert asked(books, day(1), day(3), "daily_followers").value == 117
    weeks = books.ask("daily_followers", since=day(1), until=day(9), grain="week").rows
    assert [(row["day"].day, row["daily_followers"].value) for row in weeks] == [(23, 100), (2, 113)]


def test_without_a_window_it_is_the_newest_day_known(ten):
    newest = ten.figure("daily_views")
    assert (newest.value, newest.n, newest.of, newest.as_of) == (80, 1, 1, day(11))
    assert ten.figure("daily_views", until=day(6)).value == 40
    with pytest.raises(BadQuery, match="say since when"):
        ten.ask("daily_views", grain="day")


def test_the_newest_reading_of_a_day_counts_and_as_of_brings_back_the_older(books, ana):
    tell(books, ana, {1: 5, 2: 6}, day(4))
    tell(books, ana, {2: 8, 3: 1}, day(6))
    assert asked(books, day(1), day(9)).value == 14
    assert asked(books, day(1), day(9), as_of=day(5)).value == 11
    nothing = asked(books, day(1), day(9), as_of=day(3))
    assert (nothing.value, nothing.reason) == (None, "not_yet_available")


def test_a_later_reading_without_the_field_takes_nothing_away_and_makes_nothing_younger(books, ana):
    tell(books, ana, {1: 5}, day(4))
    tell(books, ana, {1: 3}, day(6), field="likes")
    figure = asked(books, day(1), day(2))
    assert (figure.value, figure.as_of, figure.newest) == (5, day(4), day(4))


def test_days_stand_beside_posts_and_accounts_in_one_answer(books, ana):
    tell(books, ana, {2: 9, 3: 4})
    books.read(ana, day(3, 9), followers=50)
    post = books.post(ana, posted_at=day(1))
    books.read(post, day(2, 9), views=3)
    books.read(post, day(9, 9), views=30)  # after the window
    (row,) = books.ask("daily_views", "followers", "views", by=["account"], since=day(1), until=day(5)).rows
    assert (row["daily_views"].value, row["followers"].value, row["views"].value) == (13, 50, 3)
    days = books.ask("daily_views", "views", since=day(1), until=day(5), grain="day").rows
    assert [(r["day"].day, r["daily_views"].value, r["views"].value) for r in days] == [(2, 9, 3), (3, 4, None)]


def test_only_an_account_read_with_its_owners_grant_has_days(books, four):
    """AVA-02, C-18: whatever is stored, CYD and DOV show nothing, with a reason."""
    for account in four.values():
        tell(books, account, {1: 5, 2: 6})
    for since in (None, day(1)):
        rows = books.ask("daily_views", "daily_followers", by=["account"], since=since, until=day(3)).rows
        told = {row["account_name"]: (row["daily_views"].value, row["daily_views"].reason) for row in rows}
        assert told == {
            "ana": (11 if since else 6, None),
            "ben": (11 if since else 6, None),
            "cyd": (None, "not_in_entitlement"),
            "dov": (None, "unsupported_account"),
        }
        assert (
            not books.ask("daily_views", by=["account"], since=since, where=(("account", "dov"),))
            .rows[0]["daily_views"]
            .n
        )
    whole = asked(books, day(1), day(3))
    assert (whole.value, whole.n, whole.of, whole.state) == (22, 4, 8, "partial")


def test_a_grant_without_insights_says_so(books):
    ana = books.account("ana", auth=True, scopes=[one for one in auth.ACCOUNTS_SCOPES if one != "user.insights"])
    tell(books, ana, {1: 5})
    for since in (None, day(1)):
        figure = asked(books, since, day(3))
        assert (figure.value, figure.reason) == (None, "scope_missing")


def test_new_followers_of_a_personal_account_are_left_out_by_tiktok(ten):
    figure = asked(ten, day(1), day(9), "daily_new_followers")
    assert (figure.value, figure.reason, figure.n, figure.of) == (None, "provider_omitted", 0, 8)


def test_the_passport_lists_the_days_used(ten, ana, at):
    told = passports.passport(
        ten.workspace, metric="daily_views", by="account", key="ana", since=day(1), until=day(9), at=at
    )
    assert [(one.name, one.value) for one in told.readings] == [
        (f"ana, 2026-03-0{n}", n * 10) for n in (8, 7, 6, 4, 3, 2, 1)
    ]
    assert (told.coverage, told.formula) == ("7 of 8 days", "daily_views@1")
    assert told.working == "sum of video_views"
    assert "account_days" in told.sql
    newest = passports.passport(ten.workspace, metric="daily_views", by="account", key="ana", at=at)
    assert ([one.value for one in newest.readings], newest.figure.value) == ([80], 80)
    tell(ten, ana, {8: 81}, day(12))
    again = passports.passport(ten.workspace, metric="daily_views", by="account", key="ana", since=day(7), at=at)
    assert [one.value for one in again.readings] == [81, 70]


told = st.dictionaries(st.integers(1, 10), st.none() | st.integers(1, 10_000))
"""Days of March of which TikTok tells some, tells others without the field, and leaves out the rest; none is zero."""


@SLOW
@given(first=told, second=told, start=st.integers(1, 10), length=st.integers(1, 10))
def test_no_day_left_out_becomes_a_zero_and_parts_add_up(books, first, second, start, length):
    since, until = day(start), day(start) + timedelta(days=length)
    with undone():
        for handle, days in (("ana", first), ("ben", second)):
            tell(books, books.account(handle, auth=True), days)
        whole = asked(books, since, until)
        last = asked(books, since, until, "daily_followers")
        splits = {
            "account": books.ask("daily_views", by=["account"], since=since, until=until).rows,
            "day": books.ask("daily_views", since=since, until=until, grain="day").rows,
            "week": books.ask("daily_views", since=since, until=until, grain="week").rows,
        }
        alone = [asked(books, since + timedelta(days=n), since + timedelta(days=n + 1)) for n in range(length)]
    known = [
        count
        for days in (first, second)
        for number, count in days.items()
        if count is not None and start <= number < start + length
    ]
    assert (whole.value, whole.n) == (sum(known) if known else None, len(known))
    window = range(start, start + length)
    over = [n for n in window if day(n) + timedelta(days=3) <= books.at]
    assert whole.of == sum(n in over or n in days for days in (first, second) for n in window)
    assert last.value is None
    for name, rows in splits.items():
        values = [row["daily_views"].value for row in rows]
        assert sum(value for value in values if value is not None) == sum(known), name
        assert sum(row["daily_views"].n for row in rows) == len(known)
        assert all(value is None or value > 0 for value in values)
    assert sum(figure.value or 0 for figure in alone) == sum(known)
    assert sum(figure.of for figure in alone) == whole.of
