"""An answer as data and as text."""

import json
from datetime import timedelta

from greenroom.metrics import definitions, tabulate


def test_json_has_rows_by_tiktoks_post_id_and_the_sql(books, at):
    ana = books.account("ana", auth=True)
    known, unknown = books.post(ana, "7300000000000000001"), books.post(ana, "7300000000000000002")
    books.read(known, at - timedelta(hours=1), views=200, shares=1)
    answer = books.ask("views", "share_rate", by=["post"])
    assert json.loads(json.dumps(tabulate.as_json(answer))) == {
        "rows": [
            {
                "post": "7300000000000000001",
                "views": {"value": 200, "state": "full", "reason": None, "as_of": "2026-03-12T13:05:00Z"},
                "share_rate": {"value": 0.005, "state": "full", "reason": None, "as_of": "2026-03-12T13:05:00Z"},
            },
            {
                "post": unknown.item_id,
                "views": {"value": None, "state": "none", "reason": "not_yet_available", "as_of": None},
                "share_rate": {"value": None, "state": "none", "reason": "not_yet_available", "as_of": None},
            },
        ],
        "median": {"views": {"value": 200, "n": 1}, "share_rate": {"value": 0.005, "n": 1}},
        "sql": answer.sql,
    }


def test_the_median_is_over_the_rows_that_have_a_number(books, at):
    for handle, views in (("ana", 10), ("ben", 20), ("cyd", 60), ("dov", None)):
        post = books.post(books.account(handle, auth=True))
        if views:
            books.read(post, views=views)
    answer = books.ask("views", "retention_by_second", by=["account"])
    assert tabulate.medians(answer) == {"views": {"value": 20, "n": 3}}
    assert "\nmedian of views: 20 (3 rows)\n" in tabulate.as_text(answer)
    assert tabulate.medians(books.ask("views")) == {}


def test_accounts_go_by_handle_creators_by_name_and_days_by_date(books, at):
    ana = books.account("ana", auth=True)
    books.read(ana, followers=5)
    (row,) = tabulate.as_json(books.ask("followers", by=["account", "creator", "day"]))["rows"]
    assert (row["account"], row["creator"], row["creator_id"], row["day"]) == (
        "ana",
        "Ana",
        ana.creator_id,
        "2026-03-12",
    )


def test_every_metric_can_be_written_as_json_and_text(books, four):
    post = books.post(four["ana"], basis="order")
    curve = [{"second": 0, "share": 1.0}]
    books.read(post, views=4, retention_by_second=curve, total_play_time=61.5, video_completion_rate=0.25)
    books.read(four["ana"], display_name="Ana", audience_countries=[{"key": "US", "share": 0.5}])
    answer = books.ask(*definitions.METRICS, by=["account"])
    json.dumps(tabulate.as_json(answer))
    text = tabulate.as_text(answer)
    for part in ("US 50.0%", "25.0%", "1 min 2 s", "– (unsupported account)", "0 100.0% (limited)"):
        assert part in text, part
    assert text.endswith(answer.sql)


def test_coverage_and_badges_are_said_beside_the_value(books, four):
    books.read(books.post(four["ana"]), likes=1500)
    books.post(four["ana"])
    books.read(four["cyd"], surface="marketplace_tto", followers=77)
    row = {row["account_name"]: row for row in books.ask("likes", "followers", by=["account"]).rows}
    likes, followers = definitions.find("likes"), definitions.find("followers")
    assert tabulate.words(likes, row["ana"]["likes"]) == "1,500 (1 of 2 posts)"
    assert tabulate.words(followers, row["cyd"]["followers"]) == "77 (limited)"
    assert tabulate.words(followers, row["dov"]["followers"]) == "– (unsupported account)"
