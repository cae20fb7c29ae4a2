"""A question about a few accounts or posts reads only what concerns them, and says what the wide question says."""

from datetime import timedelta

import pytest

from greenroom.metrics import relations
from greenroom.metrics.query import Query


@pytest.mark.parametrize("since", [None, 5])
def test_a_row_of_the_wide_question_is_the_answer_to_the_narrow_one(story, at, since):
    start = at - timedelta(days=since + 5) if since else None
    asked = {"by": ["account"], "since": start}
    wide = {row["account"]: row for row in story.ask("followers", "views", "share_rate", "posts", **asked).rows}
    assert len(wide) == 2
    for account, row in wide.items():
        narrow = story.ask("followers", "views", "share_rate", "posts", where=(("account", account),), **asked)
        assert narrow.rows == [row]


def test_only_the_accounts_and_posts_in_question_are_read(story, at):
    wide = story.ask("views", by=["account"])
    account = wide.rows[0]["account"]
    metrics = [metric for _, metric in Query(("views",)).found]
    told = relations.tables(metrics, story.workspace, where={"account": (account,)}, as_of=None, at=at)
    assert told["accounts"].column("account").to_pylist() == [account]
    assert set(told["posts"].column("account").to_pylist()) == {account}


def test_a_window_of_one_account_skips_the_readings_of_others(story, at):
    account = story.ask("views", by=["account"]).rows[0]["account"]
    answer = story.ask("views", since=at - timedelta(days=10), where=(("account", account),))
    assert f"and r.account in ({account})" in answer.sql
