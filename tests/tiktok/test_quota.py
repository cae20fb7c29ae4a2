"""TikTok's ceilings."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.tiktok import errors, quota

READ = "business/video/list/"


class Watch:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def watch():
    return Watch()


class TestPace:
    @given(
        limit=st.integers(min_value=1, max_value=60),
        burst=st.integers(min_value=1, max_value=60),
        window=st.sampled_from([1.0, 60.0]),
        gaps=st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=150),
    )
    def test_no_window_ever_holds_more_than_its_limit(self, limit, burst, window, gaps):
        pace = quota.Pace(limit, window, burst=min(burst, limit))
        now, marks, went = 0.0, {}, []
        for gap in gaps:
            now += gap
            wait, marks = quota.reserve(marks, {("app",): pace}, now)
            went.append(now + wait)
        assert went == sorted(went)
        for first in range(len(went) - limit):
            assert went[first + limit] - went[first] >= window * (1 - 1e-9)

    def test_after_a_rest_the_burst_goes_at_once(self):
        pace, marks, waits = {("a",): quota.Pace(40, 60, burst=10)}, {}, []
        for _ in range(12):
            wait, marks = quota.reserve(marks, pace, 0.0)
            waits.append(round(wait, 2))
        assert waits == [0.0] * 10 + [1.94, 3.87]

    def test_refusing_the_wait_leaves_the_place_free(self):
        marks = {("a",): 5.0}
        wait, _ = quota.reserve(marks, {("a",): quota.Pace(1, 1)}, 0.0)
        assert (wait, marks) == (5.0, {("a",): 5.0})


class TestCeilings:
    @pytest.mark.parametrize(
        ("level", "per_second", "per_minute", "accounts"),
        [
            ("Basic", 10, 600, 600),
            ("Advanced", 20, 1200, 1000),
            ("Premium", 30, 1800, 1000),
            ("Ultimate", 50, 3000, 1000),
        ],
    )
    def test_every_level_has_the_figures_of_the_page(self, level, per_second, per_minute, accounts):
        paces = quota.LEVELS[level].paces("app", "ana", READ)
        assert {(pace.limit, pace.seconds) for pace in paces.values()} == {
            (per_second, 1),
            (per_minute, 60),
            (accounts, 60),
            (40, 60),
        }

    def test_a_marketplace_call_counts_for_the_app_only(self):
        assert set(quota.BASIC.paces("app", "ana", "tto/creator/authorized/")) == {("app", "second"), ("app", "minute")}

    def test_the_platform_counts_each_endpoint_by_itself(self):
        assert quota.BASIC.paces("app", "ana", "v2/user/info/") == {("app", "v2/user/info/"): quota.Pace(600, 60)}


class TestLocalQuota:
    def test_one_account_does_not_use_up_the_places_of_another(self, watch):
        ceilings = quota.Ceilings("Test", 1000, 60_000, 60_000)
        ours = quota.LocalQuota(ceilings, longest_wait=1.0, stopwatch=watch)
        for _ in range(10):
            ours.acquire("app", "ana", READ)
        with pytest.raises(errors.Throttled):
            ours.acquire("app", "ana", READ)
        assert ours.acquire("app", "ben", READ) < 0.1
        assert ours.acquire("app", "ana", "business/get/") < 0.1

    def test_a_place_too_far_away_is_refused_with_the_time_and_stays_free(self, watch):
        ours = quota.LocalQuota(quota.ULTIMATE, longest_wait=0.5, stopwatch=watch)
        for _ in range(10):
            ours.acquire("app", "ana", READ)
            watch.now += 0.1
        refusals = []
        for _ in range(3):
            with pytest.raises(errors.Throttled) as caught:
                ours.acquire("app", "ana", READ)
            refusals.append(caught.value)
        assert {round(error.retry_after, 6) for error in refusals} == {round(refusals[0].retry_after, 6)}
        assert refusals[0].window == "ours"
        watch.now += refusals[0].retry_after
        assert ours.acquire("app", "ana", READ) == pytest.approx(0, abs=1e-6)

    def test_two_apps_do_not_share(self, watch):
        ours = quota.LocalQuota(quota.BASIC, stopwatch=watch)
        assert ours.acquire("one", "", "tto/tcm/creator/public/") == 0
        assert ours.acquire("two", "", "tto/tcm/creator/public/") == 0
        assert ours.acquire("one", "", "tto/tcm/creator/public/") == pytest.approx(0.1)

    def test_the_ledger_forgets_buckets_at_rest(self, watch, monkeypatch):
        monkeypatch.setattr(quota, "FULL_LEDGER", 50)
        ours = quota.LocalQuota(quota.Ceilings("Test", 1000, 60_000, 60_000), stopwatch=watch)
        for account in range(500):
            ours.acquire("app", str(account), READ)
            watch.now += 1
        assert len(ours._marks) < 120

    def test_threads_together_reach_fifty_a_second_and_not_more(self):
        ours = quota.LocalQuota(quota.ULTIMATE)
        began, went, lock = time.monotonic(), [], threading.Lock()

        def ask():
            for _ in range(10):
                wait = ours.acquire("app", "", "tto/tcm/creator/public/")
                time.sleep(wait)
                with lock:
                    went.append(time.monotonic() - began)

        threads = [threading.Thread(target=ask) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(went) == 100
        assert 1.9 <= max(went) <= 2.6
