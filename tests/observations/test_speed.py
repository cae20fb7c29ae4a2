"""How fast the store is, on 100,000 readings; the floors are far below what two quiet cores do."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from greenroom.observations import engine, lake, log, steps, view

from .conftest import reading

HOUR = timedelta(hours=1)
POSTS, BATCHES = 200, 500


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_readings_are_appended_rolled_and_asked_quickly(acme, at, record_property):
    batches = [
        [
            reading(batch % 50, (batch % 50) * 1000 + post, at + batch * HOUR, age_s=3600 * batch, views=batch * post,
                    likes=post, comments=3, shares=2, favorites=1, reach=batch * post, total_play_time=1.5 * post,
                    avg_play_time=4.25, video_completion_rate=0.25, consent=3, basis="manual")
            for post in range(POSTS)
        ]
        for batch in range(BATCHES)
    ]  # fmt: skip
    told = {}

    started = time.process_time()
    for number, rows in enumerate(batches):
        with transaction.atomic():
            log.append(acme.workspace, "post", rows, key=f"k{number}", at=at)
    told["append, rows per CPU second"] = POSTS * BATCHES / (time.process_time() - started)

    totals = "select count(*) as n, sum(views) as views from post_readings"
    started = time.perf_counter()
    before = view.open_view(acme.workspace).rows(totals)
    told["first question over the log, ms"] = 1000 * (time.perf_counter() - started)

    started = time.perf_counter()
    while lake.roll("post", at=at):
        pass
    told["roll, rows per second"] = POSTS * BATCHES / (time.perf_counter() - started)

    started = time.perf_counter()
    assert view.open_view(acme.workspace).rows(totals) == before
    told["first question over the lake, ms"] = 1000 * (time.perf_counter() - started)
    for name, sql in (
        ("totals", totals),
        ("one account", "select max(views) as views from post_readings where account = 7"),
        ("newest values of all posts", "select count(views) as n from post_latest"),
        ("daily gains", "select day, sum(gain) as gain from (select date_trunc('day', observed_at) as day,"
                        " views - lag(views, 1, 0) over (partition by subject order by observed_at) as gain"
                        " from post_readings) group by day"),
    ):  # fmt: skip
        started = time.perf_counter()
        for _ in range(3):
            view.open_view(acme.workspace).rows(sql)
        told[f"{name}, ms"] = 1000 * (time.perf_counter() - started) / 3
    files = steps.state("post").files
    told["bytes a reading in the lake"] = sum((Path(engine.lake()) / file).stat().st_size for file in files) / 100_000

    for name, value in told.items():
        record_property(name, round(value, 1))
        print(f"{name}: {value:,.1f}")
    assert before == [{"n": POSTS * BATCHES, "views": sum(b * p for b in range(BATCHES) for p in range(POSTS))}]
    assert told["append, rows per CPU second"] > 5_000
    assert told["roll, rows per second"] > 20_000
    assert told["daily gains, ms"] < 2_000
