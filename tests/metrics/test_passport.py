"""What a figure says about itself."""

from datetime import timedelta

import pytest

from greenroom.metrics import passport as passports
from greenroom.metrics.where import UnknownSubject


@pytest.fixture
def ask(books):
    def ask(metric, by, key, **more):
        return passports.passport(books.workspace, metric=metric, by=by, key=key, at=books.at, **more)

    return ask


def test_all_six_fields_of_provenance_are_there(books, ask, at):
    """GOV-02."""
    ana = books.account("ana", auth=True)
    consent = ana.connections.get().consents.get()
    post = books.post(ana)
    seen = at - timedelta(hours=1)
    books.read(post, seen, views=200, likes=10, comments=5, shares=5, consent=consent.pk)
    told = ask("engagement_rate", "post", post.pk)
    assert told.sources == ("sandbox",)
    assert told.surface_words == "TikTok Accounts API"
    assert told.read_at == seen
    assert [(one.who, one.at, one.scopes) for one in told.consents] == [("ana", consent.at, tuple(consent.scopes))]
    assert told.basis_words == "Manual"
    assert told.formula == "engagement_rate_views_lcs@1"
    assert told.working == "20 ÷ 200"
    assert (told.coverage, told.availability) == ("1 of 1 post", "Available")
    assert told.figure.value == pytest.approx(0.1)
    assert told.subject == post.item_id
    assert told.sql == books.ask("engagement_rate", by=["post"], where=(("post", post.pk),)).sql
    assert sorted((one.field, one.value) for one in told.readings) == [
        ("comments", 5),
        ("likes", 10),
        ("shares", 5),
        ("views", 200),
    ]


def test_a_missing_figure_says_why_and_the_way_out_and_lists_no_reading(books, four, ask):
    books.read(four["dov"], surface="legacy", followers=1234)
    told = ask("followers", "account", "dov")
    assert (told.figure.reason, told.availability) == ("unsupported_account", "Not available")
    assert told.figure.why == "Non-authenticated, non-TTCM accounts can't be tracked."
    assert "Send invite" in told.figure.way_out
    assert (told.readings, told.readings_total, told.sources) == ((), 0, ())


def test_the_readings_of_a_total_hold_nothing_that_may_not_be_seen(books, four, ask):
    for account, followers in zip(four.values(), (1, 10, 100, 1000), strict=True):
        books.read(account, followers=followers)
    told = ask("followers", "workspace", "")
    assert sorted((one.name, one.value) for one in told.readings) == [("ana", 1), ("ben", 10), ("cyd", 100)]
    assert told.coverage == "3 of 4 accounts"


def test_a_total_rests_on_the_newest_reading_of_each_post_and_a_gain_on_all_of_its_window(books, ask, at):
    ana = books.account("ana", auth=True)
    post = books.post(ana, posted_at=at - timedelta(days=9))
    for days, views in ((8, 1), (3, 5), (1, 9)):
        books.read(post, at - timedelta(days=days), views=views)
    assert [one.value for one in ask("views", "account", ana.pk).readings] == [9]
    window = ask("views", "account", ana.pk, since=at - timedelta(days=4))
    assert ([one.value for one in window.readings], window.figure.value) == ([9, 5], 8)


def test_no_more_than_twenty_readings_are_listed_and_all_are_counted(books, ask, at):
    ana = books.account("ana", auth=True)
    for number in range(23):
        books.read(books.post(ana), at - timedelta(minutes=number), views=number)
    told = ask("views", "account", ana.pk)
    assert (len(told.readings), told.readings_total) == (20, 23)
    assert told.readings[0].observed_at == at


def test_a_passport_of_the_past_shows_what_was_known_then(books, ask, at):
    ana = books.account("ana", auth=True)
    post = books.post(ana)
    books.read(post, at - timedelta(days=2), views=5)
    books.read(post, at, views=9)
    told = ask("views", "post", post.item_id, as_of=at - timedelta(days=1))
    assert (told.figure.value, [one.value for one in told.readings]) == (5, [5])


def test_counts_and_absent_metrics_have_a_passport_too(books, ask):
    post = books.post(books.account("ana", auth=True))
    assert ask("posts", "account", "ana").figure.value == 1
    assert ask("impressions", "post", post.pk).figure.reason == "not_in_entitlement"


def test_a_stranger_has_no_passport(books, ask, acme):
    stranger = type(books)(acme.rival, books.at).account("rita", auth=True)
    with pytest.raises(UnknownSubject):
        ask("followers", "account", stranger.pk)
