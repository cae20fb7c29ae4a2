"""Two rollers killed again and again under two writers and a reader: the sum of all the crash tests."""

import itertools
import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from greenroom.observations import lake, log, view

from .conftest import everything, reading
from .test_steps import at_once, run_elsewhere

HOUR = timedelta(hours=1)
KILLS = 8
ROLL_FOR_EVER = """
at = datetime(2026, 3, 12, tzinfo=timezone.utc)
while True:
    for _ in range(5):
        lake.roll("post", at=at)
    lake.compact("post", at=at)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rollers_killed_at_random_lose_and_double_nothing(acme, at):
    done, chance = threading.Event(), random.Random(7)
    appended: dict[int, int] = {}
    seen: list[int] = []

    def write(writer: int):
        def run() -> None:
            for number in itertools.takewhile(lambda _: not done.is_set(), itertools.count()):
                rows = [reading(writer, writer * 100 + post, at + number * HOUR, views=number) for post in range(10)]
                with transaction.atomic():
                    log.append(acme.workspace, "post", rows, key=f"{writer}-{number}", at=at)
                appended[writer] = number + 1
                time.sleep(0.01)

        return run

    def kill() -> None:
        rollers = [run_elsewhere(ROLL_FOR_EVER) for _ in range(2)]
        try:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.9, 1.8))
                place = chance.randrange(2)
                assert rollers[place].poll() is None, "a roller gave up by itself"
                rollers[place].kill()
                rollers[place].wait()
                rollers[place] = run_elsewhere(ROLL_FOR_EVER)
        finally:
            done.set()
            for roller in rollers:
                roller.kill()
                roller.wait()

    def read() -> None:
        while not done.is_set():
            [row] = view.open_view(acme.workspace).rows(
                "select count(*) as n, count(distinct (subject, observed_at)) as d from post_readings"
            )
            assert row["n"] == row["d"], "doubled"
            seen.append(row["n"])

    at_once(write(1), write(2), kill, read)
    assert seen == sorted(seen), "the count went back: something was missing for a moment"
    found = everything(acme.workspace)
    assert len(found) == len(set(found)) == 10 * sum(appended.values())
    while lake.roll("post", at=at):
        pass
    assert everything(acme.workspace) == found
