"""Steps of the lake: nothing is lost or doubled, whoever dies and whoever races, not even for a moment."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from deltalake import CommitProperties, Transaction
from deltalake.exceptions import DeltaError
from django.conf import settings
from django.db import connection, transaction

from greenroom.observations import engine, lake, log, models, steps, view

from .conftest import everything, reading

HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    """What another process needs to work on this test's database and lake."""
    held = connection.settings_dict
    if connection.vendor == "postgresql":
        url = f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}?host={held['HOST']}&port={held['PORT']}"
    else:
        url = f"sqlite:///{held['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "GREENROOM_LAKE": engine.lake(),
        "GREENROOM_HOME": str(settings.GREENROOM_HOME),
        "DJANGO_SETTINGS_MODULE": "greenroom.settings",
    }


def run_elsewhere(*lines: str) -> subprocess.Popen:
    """Run Python in a process of its own on the same database and lake."""
    start = "import django; django.setup(); from datetime import *; from greenroom.observations import lake"
    return subprocess.Popen([sys.executable, "-c", "\n".join([start, *lines])], env=environment(), cwd=ROOT)


DIE = """
import os, signal, sys
def watch(frame, event, arg):
    if frame.f_code.co_name == {name!r} and event == {event!r} and "observations" in frame.f_code.co_filename:
        os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(watch)
"""
ROLL = 'lake.roll("post", at=datetime(2026, 3, 12, tzinfo=UTC))'
COMPACT = 'lake.compact("post", at=datetime(2026, 3, 12, tzinfo=UTC))'


@pytest.mark.django_db(transaction=True)
class TestKilled:
    @pytest.mark.parametrize(
        ("name", "event"),
        [
            ("begin", "call"),  # nothing written down
            ("begin", "return"),  # written down, not begun
            ("_append", "call"),  # batches decoded
            ("_append", "return"),  # in the lake, not counted
            ("finish", "call"),
            ("finish", "return"),  # all done
        ],
    )
    def test_a_roll_killed_anywhere_loses_and_doubles_nothing(self, acme, at, append, fill, name, event):
        fill(at, batches=3)
        lake.roll("post", at=at)
        fill(at + HOUR, batches=3, key="second")
        before = everything(acme.workspace)
        process = run_elsewhere(DIE.format(name=name, event=event), ROLL)
        assert process.wait(60) == -signal.SIGKILL
        assert everything(acme.workspace) == before, "while nobody has come by yet"
        fill(at + 2 * HOUR, batches=1, key="third")
        after = everything(acme.workspace)
        assert len(after) == len(before) + 20
        lake.roll("post", at=at)
        assert everything(acme.workspace) == after
        lake.roll("post", at=at)
        assert not models.Batch.objects.filter(rolled_at=None).exists()
        assert everything(acme.workspace) == after

    @pytest.mark.parametrize(("name", "event"), [("_compact", "return"), ("_sweep", "return"), ("_compact", "call")])
    def test_a_compaction_killed_anywhere_loses_and_doubles_nothing(self, acme, at, append, name, event):
        for hour in range(9):
            append("post", reading(1, 1, at + hour * HOUR, views=hour), key=f"k{hour}")
            lake.roll("post", at=at)
        before = everything(acme.workspace)
        process = run_elsewhere(DIE.format(name=name, event=event), COMPACT)
        assert process.wait(60) == -signal.SIGKILL
        assert everything(acme.workspace) == before
        lake.compact("post", at=at)
        assert everything(acme.workspace) == before
        assert len(steps.state("post").files) == 1


def at_once(*calls) -> None:
    """Run the calls in threads of their own; what one raises fails the test."""
    raised: list[Exception] = []

    def run(call) -> None:
        try:
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


@pytest.mark.django_db(transaction=True)
class TestRacing:
    def test_rollers_writers_and_readers_at_once_lose_and_double_nothing(self, acme, at):
        seen: list[int] = []
        done = threading.Event()

        def write(writer: int):
            def run() -> None:
                for number in range(15):
                    moment = at + number * HOUR
                    rows = [reading(writer, writer * 100 + post, moment, views=number) for post in range(10)]
                    with transaction.atomic():
                        log.append(acme.workspace, "post", rows, key=f"{writer}-{number}", at=at)

            return run

        def roll() -> None:
            while not done.is_set():
                lake.roll("post", at=at)

        def read() -> None:
            while not done.is_set():
                [row] = view.open_view(acme.workspace).rows(
                    "select count(*) as n, count(distinct (subject, observed_at)) as d from post_readings"
                )
                assert row["n"] == row["d"], "doubled"
                seen.append(row["n"])

        def writers() -> None:
            try:
                at_once(write(1), write(2))
            finally:
                done.set()

        at_once(writers, roll, roll, read)
        assert seen == sorted(seen), "the count went back: something was missing for a moment"
        assert all(count % 10 == 0 for count in seen), "half a batch was seen"
        lake.roll("post", at=at)
        everything_now = everything(acme.workspace)
        assert len(everything_now) == len(set(everything_now)) == 300

    def test_a_batch_that_commits_late_with_a_smaller_id_is_rolled_later_and_not_lost(self, acme, at, append):
        if connection.vendor != "postgresql":
            # SQLite has one writer: a second append waits for the first, so ids become visible in order.
            append("post", reading(1, 1, at, views=1), key="early")
        inserted, rolled = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                log.append(acme.workspace, "post", [reading(1, 1, at, views=1)], key="early", at=at)
                inserted.set()
                assert rolled.wait(30)

        def quick() -> None:
            assert inserted.wait(30)
            if connection.vendor == "postgresql":
                log.append(acme.workspace, "post", [reading(2, 2, at, views=2)], key="late", at=at)
                assert lake.roll("post", at=at) == 1
                assert everything(acme.workspace) == [(2, at, 2)]
            rolled.set()

        at_once(slow, quick)
        if connection.vendor == "postgresql":
            ids = dict(models.Batch.objects.values_list("key", "pk"))
            assert ids["early"] < ids["late"]
            assert everything(acme.workspace) == [(1, at, 1), (2, at, 2)], "in the moment before it is rolled"
        lake.roll("post", at=at)
        assert (1, at, 1) in everything(acme.workspace)
        assert not models.Batch.objects.filter(rolled_at=None).exists()

    @pytest.mark.parametrize("first", [True, False], ids=["the first roll", "a later roll"])
    def test_a_roller_that_wakes_up_late_can_commit_nothing(self, acme, at, fill, first):
        if not first:
            fill(at, batches=1)
            lake.roll("post", at=at)
        fill(at, batches=1, key="second")
        waiting = list(models.Batch.objects.filter(rolled_at=None).values_list("pk", flat=True))
        assert steps.begin(steps.state("post"), {"what": "roll", "batches": waiting})
        row, stale = steps.state("post"), steps.open_table("post")
        lake.roll("post", at=at)  # somebody else finishes its step
        before = everything(acme.workspace)
        commit = CommitProperties(app_transactions=[Transaction(steps.APP, row.step)], max_commit_retries=0)
        late = log.decode("post", log.encode("post", acme.workspace.pk, [reading(1, 1, at, views=1)]))
        with pytest.raises(DeltaError):
            lake._append(stale, "post", late, commit)
        steps.finish(row, stale, at=at)  # and its finish counts for nothing
        assert everything(acme.workspace) == before
        assert len(before) == (20 if first else 40)
