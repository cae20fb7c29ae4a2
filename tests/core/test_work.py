"""Due rows: claimed once, leased, retried, taken over. `Roll` stands for any due row: it needs no workspace."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from greenroom.core import work
from greenroom.observations.models import Roll


@pytest.fixture
def ran(monkeypatch):
    """Let Roll rows run a list of outcomes; returns what was run."""
    seen: list[str] = []

    def run(row, *, at):
        seen.append(row.kind)
        if row.kind == "broken":
            raise ValueError("no such thing")
        if row.kind == "later":
            raise work.Later("TikTok is busy", due_at=at + timedelta(minutes=5))
        if row.kind == "stop":
            raise work.Stop("ask the creator to reconnect")
        return at + timedelta(hours=1)

    monkeypatch.setitem(work.QUEUES, Roll, work.Queue(Roll, run))
    return seen


@pytest.fixture
def due(db, at):
    Roll.objects.all().delete()

    def make(kind="fine", **fields):
        return Roll.objects.create(kind=kind, due_at=at - timedelta(minutes=1), **fields)

    return make


class TestClaiming:
    def test_a_claimed_row_is_not_claimed_again_while_its_lease_runs(self, due, at):
        due()
        assert len(work.claim(Roll, by="one", at=at, limit=9)) == 1
        assert work.claim(Roll, by="two", at=at + work.LEASE / 2, limit=9) == []

    def test_a_lapsed_lease_makes_the_row_due_again(self, due, at):
        due()
        work.claim(Roll, by="killed", at=at, limit=9)
        assert len(work.claim(Roll, by="other", at=at + work.LEASE, limit=9)) == 1

    def test_a_renewed_lease_holds(self, due, at):
        row = due()
        work.claim(Roll, by="one", at=at, limit=9)
        work.renew(Roll, [row.pk], by="one", at=at + work.LEASE / 2)
        assert work.claim(Roll, by="two", at=at + work.LEASE, limit=9) == []

    def test_the_longest_waiting_row_comes_first(self, due, at):
        due("young")
        due(
            "old",
        )
        Roll.objects.filter(kind="old").update(due_at=at - timedelta(days=1))
        assert [row.kind for row in work.claim(Roll, by="one", at=at, limit=1)] == ["old"]

    def test_rows_not_due_yet_stay(self, due, at):
        due()
        assert work.claim(Roll, by="one", at=at - timedelta(hours=1), limit=9) == []

    @pytest.mark.django_db(transaction=True)
    def test_four_claimants_at_once_never_get_the_same_row(self, at):
        Roll.objects.all().delete()
        for n in range(60):
            Roll.objects.create(kind=f"k{n}", due_at=at - timedelta(seconds=n))
        got: list[list[str]] = [[], [], [], []]
        start = Barrier(4)

        def claimant(n):
            start.wait()
            for _ in range(30):
                got[n] += [row.kind for row in work.claim(Roll, by=f"w{n}", at=at, limit=2)]
            connections.close_all()

        threads = [Thread(target=claimant, args=(n,)) for n in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        everything = [kind for kinds in got for kind in kinds]
        assert len(everything) == len(set(everything)) == 60


class TestRunning:
    def test_a_row_that_ran_has_its_next_time_and_no_lease(self, due, at, ran):
        row = due()
        assert work.run_due(Roll, at=at) == 1
        row.refresh_from_db()
        assert (row.due_at, row.leased_until, row.last_error) == (row.last_ran_at + timedelta(hours=1), None, "")

    def test_a_failure_backs_off_and_says_why(self, due, at, ran):
        row = due("broken")
        work.run_due(Roll, at=at)
        row.refresh_from_db()
        assert row.failures == 1
        assert "no such thing" in row.last_error
        assert row.due_at > row.last_ran_at

    def test_each_failure_in_a_row_waits_longer_up_to_an_hour(self):
        waits = [work.backoff(n) for n in range(1, 20)]
        assert waits == sorted(waits)
        assert waits[0] == timedelta(seconds=10)
        assert waits[-1] == timedelta(hours=1)

    def test_later_is_not_a_failure(self, due, at, ran):
        row = due("later")
        work.run_due(Roll, at=at)
        row.refresh_from_db()
        assert (row.failures, row.last_error) == (0, "TikTok is busy")
        assert row.due_at == row.last_ran_at + timedelta(minutes=5)

    def test_stop_waits_for_somebody_to_act(self, due, at, ran):
        row = due("stop")
        work.run_due(Roll, at=at)
        row.refresh_from_db()
        assert row.due_at is None
        assert row.last_error == "ask the creator to reconnect"

    def test_who_lost_the_lease_writes_nothing(self, due, at, ran):
        due()
        [row] = work.claim(Roll, by="slow", at=at, limit=1)
        work.claim(Roll, by="quick", at=at + work.LEASE, limit=1)
        assert work.run(row, by="slow") is False
        row.refresh_from_db()
        assert row.leased_by == "quick"


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_what_is_due_and_stops_when_told(at, ran):
    Roll.objects.all().delete()
    for n in range(20):
        Roll.objects.create(kind=f"k{n}", due_at=at)
    worker = work.Worker(threads=4)
    thread = Thread(target=worker.work)
    thread.start()
    for _ in range(200):
        if len(ran) == 20:
            break
        thread.join(0.05)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert sorted(ran) == sorted(f"k{n}" for n in range(20))
    assert not Roll.objects.filter(leased_until__isnull=False).exists()
