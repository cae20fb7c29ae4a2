"""Fixed observations, the exact SQL text, and the numbers worked out by hand.

After a wanted change of the text: `GOLDEN=write pytest tests/metrics/test_golden.py`, and read the difference.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenroom.metrics import sql
from greenroom.metrics.query import Query

GOLDEN = Path(__file__).parent / "golden"


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


QUESTIONS = {
    "latest_by_account": Query(("followers", "views", "engagement_rate", "posts"), by=("account",)),
    "latest_by_post": Query(("views", "retention_by_second"), by=("post",), order="-views", limit=10),
    "mean_and_weighted": Query(("mean_engagement_rate", "video_completion_rate", "derived_avg_likes")),
    "window": Query(("views", "share_rate"), since=day(1), until=day(8), where=(("basis", "manual"),)),
    "trend": Query(("views", "followers"), by=("account",), since=day(1), until=day(8), grain="day"),
    "days": Query(("daily_views", "daily_followers"), by=("account",), since=day(1), until=day(6)),
    "days_by_week": Query(("daily_views", "views"), since=day(1), until=day(6), grain="week"),
    "newest_day": Query(("daily_views", "daily_followers"), until=day(4)),
    "as_of": Query(("followers", "posts"), by=("creator",), as_of=day(5)),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_text_is_the_one_that_was_reviewed(name):
    query = QUESTIONS[name].checked()
    text = sql.text(query, {key: (value,) for key, value in query.where}) + "\n"
    kept = GOLDEN / f"{name}.sql"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")


def test_numbers_of_the_newest_totals_by_account(story):
    query = QUESTIONS["latest_by_account"]
    ana, ben = story.ask(*query.metrics, by=query.by).rows
    assert (ana["followers"].value, ben["followers"].value) == (140, 30)
    assert (ana["views"].value, ben["views"].value) == (2000, 700)
    assert (ana["posts"].value, ben["posts"].value) == (2, 1)
    assert ana["engagement_rate"].value == pytest.approx((140 + 50) / 2000)
    assert (ben["engagement_rate"].value, ben["engagement_rate"].reason) == (None, "provider_omitted")


def test_numbers_of_the_whole_workspace(story):
    figures = story.ask("views", "engagement", "engagement_rate", "mean_engagement_rate", "derived_avg_likes").only
    assert figures["views"].value == 2700
    assert (figures["engagement"].value, figures["engagement"].n, figures["engagement"].of) == (190, 2, 3)
    assert figures["engagement_rate"].value == pytest.approx(190 / 2000)
    assert figures["mean_engagement_rate"].value == pytest.approx((140 / 1500 + 50 / 500) / 2)
    assert figures["derived_avg_likes"].value == pytest.approx((120 + 40 + 7) / 3)


def test_numbers_of_the_window(story):
    query = QUESTIONS["window"]
    figures = story.ask(*query.metrics, since=query.since, until=query.until, where=query.where).only
    views, rate = figures["views"], figures["share_rate"]
    assert (views.value, views.n, views.of) == (500 + 500, 2, 3)  # 1000 -> 1500; 0 -> 500; Ben's is only a baseline
    assert (views.state, views.reason) == ("partial", "not_yet_available")
    assert (rate.top, rate.bottom, rate.value) == (5 + 5, 1000, pytest.approx(0.01))


def test_numbers_of_the_trend(story):
    query = QUESTIONS["trend"]
    rows = story.ask(*query.metrics, by=query.by, since=query.since, until=query.until, grain="day").rows
    told = [(row["account_name"], row["day"].day, row["views"].value, row["followers"].value) for row in rows]
    assert told == [
        ("ana", 2, 100, 100),
        ("ana", 3, 200, None),
        ("ana", 4, 400 + 300, 140),
        ("ben", 6, None, 30),
    ]


def test_numbers_of_days(story):
    query = QUESTIONS["days"]
    ana, ben = story.ask(*query.metrics, by=query.by, since=query.since, until=query.until).rows
    views, followers = ana["daily_views"], ana["daily_followers"]
    assert (views.value, views.n, views.of, views.reason) == (10 + 20 + 40, 3, 5, "provider_omitted")
    assert (followers.value, followers.n, followers.of) == (140, 1, 1)
    assert (ben["daily_views"].value, ben["daily_views"].n, ben["daily_views"].of) == (12, 2, 5)
    assert ben["daily_followers"].value == 30  # of the second, the last of his days with followers


def test_numbers_of_weeks_of_days(story):
    query = QUESTIONS["days_by_week"]
    first, second = story.ask(*query.metrics, since=query.since, until=query.until, grain="week").rows
    told = [(row["day"].isoformat(), row["daily_views"].value, row["daily_views"].n) for row in (first, second)]
    assert told == [("2026-02-23", 10, 1), ("2026-03-02", 20 + 40 + 7 + 5, 4)]  # the second of March is a Monday
    assert (first["views"].value, second["views"].value) == (None, 500 + 500)


def test_numbers_of_the_newest_day(story):
    figures = story.ask("daily_views", "daily_followers", until=day(4)).only
    assert (figures["daily_views"].value, figures["daily_views"].n, figures["daily_views"].of) == (20 + 7, 2, 2)
    assert figures["daily_followers"].value == 100 + 30


def test_numbers_as_of_a_day(story):
    query = QUESTIONS["as_of"]
    ana, ben = story.ask(*query.metrics, by=query.by, as_of=query.as_of).rows
    assert (ana["followers"].value, ana["posts"].value) == (140, 2)
    assert (ben["followers"].value, ben["followers"].reason) == (None, "not_yet_available")
