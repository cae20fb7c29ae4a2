"""Figures without a window: the newest known values, worked out by hand."""

from datetime import timedelta

import pytest

from greenroom.metrics.query import BadQuery, Query
from greenroom.metrics.where import UnknownSubject
from greenroom.observations import view


@pytest.fixture
def two_posts(books):
    """MET-07's posts: 10 engagements on 100 views, 10 on 1,000."""
    ana = books.account("ana", auth=True)
    small, large = books.post(ana), books.post(ana)
    books.read(small, views=100, likes=10, comments=0, shares=0)
    books.read(large, views=1000, likes=4, comments=3, shares=3)
    return small, large


def test_a_rate_is_the_ratio_of_sums_and_the_mean_of_rates_is_another_metric(books, two_posts):
    rate = books.figure("engagement_rate")
    assert (rate.top, rate.bottom, rate.n, rate.of) == (20, 1100, 2, 2)
    assert rate.value == pytest.approx(20 / 1100)
    assert rate.value == pytest.approx(0.01818, abs=1e-5)
    assert books.figure("mean_engagement_rate").value == pytest.approx(0.055)


def test_share_rate_of_50_shares_on_1000_views_is_5_percent(books):
    post = books.post(books.account("ana", auth=True))
    books.read(post, views=1000, shares=50)
    assert books.figure("share_rate").value == pytest.approx(0.05)


def test_completion_is_weighted_by_views_and_unweighted_under_another_key(books):
    ana = books.account("ana", auth=True)
    for views, rate in ((100_000, 0.2), (30_000, 0.8)):
        post = books.post(ana, basis="order")
        books.read(post, views=views, video_completion_rate=rate)
    weighted = books.figure("video_completion_rate")
    assert weighted.value == pytest.approx(44_000 / 130_000)  # 33.8 %
    assert (weighted.top, weighted.bottom) == (pytest.approx(44_000), pytest.approx(130_000))
    assert books.figure("video_completion_rate_unweighted").value == pytest.approx(0.5)


def test_ten_nothing_and_twenty_make_thirty_of_two_posts_and_average_fifteen(books):
    ana = books.account("ana", auth=True)
    for likes in (10, None, 20):
        books.read(books.post(ana), likes=likes, views=7)
    likes, average = books.figure("likes"), books.figure("derived_avg_likes")
    assert (likes.value, likes.n, likes.of, likes.state) == (30, 2, 3, "partial")
    assert (average.value, average.n, average.of, average.state) == (15, 2, 3, "derived")
    assert likes.reason == "provider_omitted"


def test_engagement_needs_all_three_parts_of_a_post(books):
    ana = books.account("ana", auth=True)
    books.read(books.post(ana), likes=5, comments=2, shares=1)
    books.read(books.post(ana), likes=100, comments=50)
    engagement = books.figure("engagement")
    assert (engagement.value, engagement.n, engagement.of) == (8, 1, 2)


def test_a_rate_counts_only_posts_that_have_numerator_and_denominator(books):
    ana = books.account("ana", auth=True)
    books.read(books.post(ana), views=100, shares=10)
    books.read(books.post(ana), views=900)
    books.read(books.post(ana), shares=77)
    rate = books.figure("share_rate")
    assert (rate.value, rate.n, rate.of) == (pytest.approx(0.1), 1, 3)


def test_nothing_to_divide_by_is_no_rate_but_a_reason(books):
    books.read(books.post(books.account("ana", auth=True)), views=0, shares=0, likes=0, comments=0)
    for name in ("share_rate", "engagement_rate", "mean_engagement_rate"):
        figure = books.figure(name)
        assert (figure.value, figure.state, figure.reason) == (None, "none", "zero_denominator")
    assert books.figure("views").value == 0  # a zero that TikTok said


def test_saves_are_in_a_rate_of_their_own_and_only_where_they_are_known(books):
    ana = books.account("ana", auth=True)
    books.read(books.post(ana), views=100, likes=1, comments=1, shares=1, favorites=7)
    books.read(books.post(ana), views=100, likes=1, comments=1, shares=1)
    with_saves = books.figure("engagement_rate_views_lcss")
    assert (with_saves.value, with_saves.n, with_saves.of) == (pytest.approx(0.1), 1, 2)
    assert books.figure("engagement_rate").value == pytest.approx(0.03)


def test_the_formula_name_is_an_alias_of_the_default_rate(books, two_posts):
    answer = books.ask("engagement_rate_views_lcs", "engagement_rate")
    assert answer.only["engagement_rate_views_lcs"] == answer.only["engagement_rate"]
    assert "engagement_rate_views_lcs@1" in answer.sql


def test_reach_missing_is_not_views_and_impressions_are_never_there(books):
    ana = books.account("ana", auth=True)
    books.read(books.post(ana, basis="order"), views=500)
    assert books.figure("reach").value is None
    assert books.figure("reach").reason == "provider_omitted"
    assert books.figure("impressions").reason == "not_in_entitlement"


def test_as_of_is_the_oldest_reading_used_and_newest_the_newest(books, at):
    ana = books.account("ana", auth=True)
    one, two = books.post(ana), books.post(ana)
    books.read(one, at - timedelta(hours=5), views=1)
    books.read(two, at - timedelta(hours=2), views=2)
    views = books.figure("views")
    assert (views.as_of, views.newest) == (at - timedelta(hours=5), at - timedelta(hours=2))


def test_a_field_left_out_later_keeps_its_value_and_its_older_time(books, at):
    post = books.post(books.account("ana", auth=True), basis="order")
    books.read(post, at - timedelta(days=9), views=10, reach=8)
    books.read(post, at, views=11)
    reach = books.figure("reach")
    assert (reach.value, reach.as_of) == (8, at - timedelta(days=9))


def test_followers_of_accounts_add_up_and_shares_of_accounts_do_not(books):
    for handle, followers in (("ana", 100), ("ben", 50)):
        account = books.account(handle, auth=True)
        books.read(account, followers=followers, audience_countries=[{"key": "US", "share": 0.5}])
    assert books.figure("followers").value == 150
    assert (books.figure("audience_countries").value, books.figure("audience_countries").reason) == (
        None,
        "not_additive",
    )
    (ana, _) = books.ask("audience_countries", by=["account"]).rows
    assert ana["audience_countries"].value == [{"key": "US", "share": 0.5}]


def test_a_curve_of_one_post_comes_back_with_its_gaps(books):
    post = books.post(books.account("ana", auth=True), basis="order")
    curve = [{"second": 0, "share": 1.0}, {"second": 3, "share": 0.4}]
    books.read(post, retention_by_second=curve)
    (row,) = books.ask("retention_by_second", by=["post"]).rows
    assert row["retention_by_second"].value == curve
    assert row["retention_by_second"].state == "limited"


def test_posts_counts_the_posts_we_know_and_video_count_is_tiktoks(books):
    ana = books.account("ana", auth=True)
    books.post(ana), books.post(ana)
    books.read(ana, posts=31)
    answer = books.ask("posts", "video_count").only
    assert (answer["posts"].value, answer["video_count"].value) == (2, 31)


def test_without_any_post_there_is_no_count_rather_than_zero(books):
    books.account("ana", auth=True)
    figure = books.figure("posts")
    assert (figure.value, figure.reason) == (None, "not_yet_available")


def test_every_account_has_a_row_whatever_is_known_of_it(books, four):
    assert [row["account_name"] for row in books.ask("views", "followers", by=["account"]).rows] == [
        "ana",
        "ben",
        "cyd",
        "dov",
    ]


def test_a_creator_with_two_accounts_gets_one_figure(books):
    ana = books.account("ana", auth=True)
    other = books.account("ana.second", auth=True, creator=ana.creator)
    books.read(ana, followers=10)
    books.read(other, followers=5)
    (row,) = books.ask("followers", by=["creator"]).rows
    assert (row["creator_name"], row["followers"].value, row["followers"].of) == ("Ana", 15, 2)


def test_order_and_limit_put_the_unknown_last(books):
    ana = books.account("ana", auth=True)
    unknown, low, high = books.post(ana), books.post(ana), books.post(ana)
    books.read(low, views=1)
    books.read(high, views=9)
    rows = books.ask("views", by=["post"], order="-views").rows
    assert [row["post"] for row in rows] == [high.pk, low.pk, unknown.pk]
    assert [row["post"] for row in books.ask("views", by=["post"], order="views", limit=2).rows] == [low.pk, high.pk]


def test_filters_take_ids_handles_names_and_tiktoks_post_ids(books, four):
    ana, ben = four["ana"], four["ben"]
    mine, other = books.post(ana, "7312345678901234567"), books.post(ben, media_type="PHOTO")
    books.read(mine, views=3)
    books.read(other, views=5)
    for where in (
        ("account", "@ANA"),
        ("account", ana.pk),
        ("account", ana),
        ("creator", "ana"),
        ("creator", ana.creator_id),
        ("post", "7312345678901234567"),
        ("post", mine.pk),
        ("post", (mine.pk,)),
        ("media_type", "video"),
    ):
        assert books.figure("views", where=(where,)).value == 3, where
    assert books.figure("views", where=(("account", (ana.pk, "ben")),)).value == 8
    assert books.figure("views", where=(("account", ("ana", "ben")), ("account", "ben"))).value == 5


def test_another_workspaces_account_cannot_be_named(books, acme):
    stranger = type(books)(acme.rival, books.at).account("rita", auth=True)
    for name in (stranger.pk, "rita", str(stranger.pk), "' or 1=1 --"):
        with pytest.raises(UnknownSubject):
            books.ask("followers", where=(("account", name),))


def test_another_workspaces_readings_are_not_counted(books, acme):
    theirs = type(books)(acme.rival, books.at)
    rita = theirs.account("rita", auth=True)
    theirs.read(theirs.post(rita), views=1000)
    books.read(books.post(books.account("ana", auth=True)), views=1)
    assert (books.figure("views").value, theirs.figure("views").value) == (1, 1000)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(()), "at least one metric"),
        (Query(("views",), by=("planet",)), "not a dimension"),
        (Query(("views",), where=(("day", 1),)), "cannot be filtered"),
        (Query(("followers",), by=("post",)), "about accounts"),
        (Query(("followers",), where=(("basis", "order"),)), "about accounts"),
        (Query(("views",), order="likes"), "Order by"),
        (Query(("views",), by=("day",)), "since when"),
        (Query(("views",), limit=0), "at least 1"),
        (Query(("retention_by_second",), grain="day"), "over time"),
        (Query(("nonsense",)), "No metric"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(query, said):
    with pytest.raises(ValueError, match=said):
        query.checked()


def test_a_word_that_is_no_basis_is_refused(books):
    with pytest.raises(BadQuery, match="is not a basis"):
        books.ask("views", where=(("basis", "x' or 'a'='a"),))


def test_the_sql_of_the_answer_can_be_run_again_as_it_is(books, two_posts, acme):
    answer = books.ask("views")
    from greenroom.metrics import relations

    metrics = [metric for _, metric in answer.query.found]
    tables = relations.tables(metrics, acme.workspace, as_of=None, at=books.at)
    assert view.open_view(acme.workspace).rows(answer.sql, tables=tables)[0]["views"] == 1100
    assert answer.sql == books.ask("views").sql
