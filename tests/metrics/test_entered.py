"""Figures that people entered: shown where TikTok gives none, marked as theirs, never a way around what may be seen."""

from datetime import timedelta

import pytest

from greenroom.creators import history
from greenroom.imports.models import Import
from greenroom.metrics import passport


@pytest.fixture
def typed(books, at):
    """Zed's account came from a file: TikTok tells nothing of it."""
    told = {"kind": "creators", "file_name": "creators.csv", "sha256": "0" * 64, "size": 1, "uploaded_by": "member:1"}
    Import.objects.create(
        workspace=books.workspace, pk=7, state="finished", uploaded_at=at, started_at=at - timedelta(days=3), **told
    )
    account = books.account("zed", member=None)
    account.import_id = 7
    account.save()
    post = books.post(account, posted_at=at - timedelta(days=9))
    post.import_id = 7
    post.save()
    enter(books, account, at - timedelta(days=3), followers=1000, avg_likes=12.5)
    enter(books, post, at - timedelta(days=3), views=100, likes=9, comments=1, shares=0)
    return account, post


def enter(books, subject, at, **fields):
    """One reading from a file."""
    books.read(subject, at, surface="file", source_class="user_entered", import_id=7, **fields)


def test_are_shown_and_say_so(books, typed):
    figures = books.ask("followers", "views", "engagement_rate", "posts").only
    assert {name: one.value for name, one in figures.items()} == {
        "followers": 1000,
        "views": 100,
        "engagement_rate": pytest.approx(0.1),
        "posts": 1,
    }
    assert {one.state for one in figures.values()} == {"entered"}


def test_what_was_not_entered_is_missing_for_tiktoks_reason(books, typed):
    figures = books.ask("reach", "audience_ages", "retention_by_second", "impressions", by=("account",)).rows[0]
    for name in ("reach", "audience_ages", "retention_by_second"):
        assert (figures[name].value, figures[name].reason) == (None, "unsupported_account"), name


def test_what_tiktok_told_before_consent_ended_does_not_come_back_with_a_file(books, typed, at):
    """The account was readable once: its old readings stay hidden beside the entered ones."""
    account, post = typed
    books.read(account, at - timedelta(days=20), likes=777_777)
    books.read(post, at - timedelta(days=20), favorites=555_555)
    figures = books.ask("like_count", "favorites", "engagement_lcss").only
    assert [one.value for one in figures.values()] == [None, None, None]
    books.read(post, at - timedelta(days=1), views=999_999)  # newer than the file, and not to be seen
    figure = books.figure("views")
    assert (figure.value, figure.reason) == (None, "unsupported_account")


def test_a_gain_from_tiktoks_reading_to_an_entered_one_is_not_shown(books, typed, at):
    _, post = typed
    books.read(post, at - timedelta(days=5), views=40)
    since = at - timedelta(days=4)
    assert books.figure("views", since=since).value is None
    enter(books, post, at - timedelta(days=2), views=130)
    assert books.figure("views", since=at - timedelta(days=2, hours=12)).value == 30


def test_gains_between_entered_readings(books, typed, at):
    _, post = typed
    enter(books, post, at - timedelta(days=1), views=160, likes=15, comments=1, shares=0)
    figures = books.ask("views", "engagement_rate", since=at - timedelta(days=2)).only
    assert (figures["views"].value, figures["views"].state) == (60, "entered")
    assert figures["engagement_rate"].value == pytest.approx(6 / 60)
    rows = books.ask("views", by=("day",), since=at - timedelta(days=8), grain="day").rows
    assert [row["views"].value for row in rows if row["views"].value is not None] == [60]


def test_followers_over_time(books, typed, at):
    account, _ = typed
    enter(books, account, at - timedelta(days=1), followers=1100)
    rows = books.ask("followers", by=("day",), since=at - timedelta(days=8), grain="day").rows
    assert [(row["followers"].value, row["followers"].state) for row in rows] == [(1000, "entered"), (1100, "entered")]


def test_days_of_accounts(books, typed, at):
    account, _ = typed
    told = {(at - timedelta(days=n)).date(): {"video_views": n, "posts": 1} for n in (5, 6)}
    books.days(account, told, at - timedelta(days=1), surface="file", source_class="user_entered", import_id=7)
    books.days(account, {(at - timedelta(days=7)).date(): {"video_views": 50_000}}, at - timedelta(days=1))
    figures = books.ask("daily_views", "daily_posts", "daily_likes", since=at - timedelta(days=8)).only
    assert (figures["daily_views"].value, figures["daily_views"].state) == (11, "entered")
    assert figures["daily_posts"].value == 2
    assert figures["daily_likes"].value is None


def test_beside_tiktoks_readings_the_newest_counts_and_a_sum_says_that_some_was_entered(books, typed, at):
    ana = books.account("ana", auth=True)
    hers = books.post(ana)
    books.read(hers, at - timedelta(days=2), views=1000)
    whole = books.figure("views")
    assert (whole.value, whole.state, whole.n) == (1100, "entered", 2)
    by = {row["account_name"]: row["views"] for row in books.ask("views", by=("account",)).rows}
    assert (by["ana"].state, by["zed"].state) == ("full", "entered")
    enter(books, hers, at - timedelta(days=1), views=1200)
    assert books.figure("views", where=(("account", "ana"),)).state == "entered"


def test_once_tiktok_supports_the_account_its_rules_hold_and_what_it_keeps_back_may_still_be_entered(books, typed, at):
    account, _ = typed
    books.marketplace()
    history.note_membership(account, True, at=at)
    enter(books, account, at - timedelta(hours=1), completion_rate=0.4)
    books.read(account, at, surface="marketplace_tto", followers=1234)
    figures = books.ask("followers", "completion_rate", by=("account",), where=(("account", "zed"),)).rows[0]
    assert (figures["followers"].value, figures["followers"].state) == (1234, "limited")
    assert (figures["completion_rate"].value, figures["completion_rate"].state) == (0.4, "entered")


def test_the_passport_names_the_file_as_its_source(books, typed, acme, at):
    told = passport.passport(acme.workspace, metric="followers", by="account", key="zed", at=at)
    assert told.sources == ("user_entered",)
    assert told.surfaces == ("file",)
    assert [reading.value for reading in told.readings] == [1000]
    assert [one.file_name for one in told.imports] == ["creators.csv"]
    assert told.availability.startswith("Entered by people")


def test_another_workspace_is_not_asked_to_tell_apart(books, typed, acme):
    from greenroom.metrics import relations

    assert relations.entered(acme.workspace)
    assert not relations.entered(acme.rival)
