"""TikTok's ceilings hold over all processes together. Each SharedQuota here stands for one process."""

from datetime import UTC, datetime, timedelta

import pytest

from greenroom.syncs import archive, quota
from greenroom.syncs.models import QuotaBucket, Sync
from greenroom.tiktok import errors
from greenroom.tiktok.quota import BASIC, ULTIMATE

pytestmark = pytest.mark.django_db

LIST, STATUS = "business/video/list/", "tto/tcm/creator/status/get/"


class Stopwatch:
    """Time that passes when somebody waits."""

    def __init__(self, at=1_700_000_000.0):
        self.at = at

    def now(self):
        return self.at

    def sleep(self, seconds):
        self.at += seconds


@pytest.fixture
def watch():
    return Stopwatch()


def process(watch, ceilings=BASIC, **options):
    return quota.SharedQuota(ceilings, now=watch.now, sleep=watch.sleep, **options)


def pace_of(watch, processes, endpoint, *, seconds, accounts=200):
    """How many requests all processes together send in so many seconds, each waiting as it is told."""
    begin, sent, turn = watch.at, 0, 0
    starts = dict.fromkeys(range(len(processes)), begin)
    while True:
        index = min(starts, key=starts.get)
        watch.at = max(watch.at, starts[index])
        if watch.at >= begin + seconds:
            return sent
        try:
            starts[index] = watch.at + processes[index].acquire("app", f"acc{turn % accounts}", endpoint)
        except errors.Throttled as told:
            starts[index] = watch.at + told.retry_after
            continue
        sent, turn = sent + (starts[index] < begin + seconds), turn + 1


@pytest.mark.parametrize("number", [1, 2, 5])
def test_processes_together_keep_to_the_apps_pace_and_use_it(watch, number):
    processes = [process(watch) for _ in range(number)]
    sent = pace_of(watch, processes, STATUS, seconds=60)
    assert 540 <= sent <= 601


def test_one_process_reaches_fifty_a_second_at_the_highest_level(watch):
    sent = pace_of(watch, [process(watch, ULTIMATE)], STATUS, seconds=20)
    assert 980 <= sent <= 1001


def test_the_accounts_api_has_a_ceiling_of_its_own(watch):
    sent = pace_of(watch, [process(watch, ULTIMATE), process(watch, ULTIMATE)], LIST, seconds=60)
    assert 900 <= sent <= 1001


def test_one_account_gets_forty_a_minute_and_no_more_from_two_processes(watch):
    sent = pace_of(watch, [process(watch), process(watch)], LIST, seconds=60, accounts=1)
    assert 30 <= sent <= 40


def test_a_hundred_requests_cost_few_transactions(watch, django_assert_max_num_queries):
    ours = process(watch, ULTIMATE)
    ours.acquire("app", "", STATUS)
    with django_assert_max_num_queries(60):
        for _ in range(100):
            watch.sleep(ours.acquire("app", "", STATUS))


def test_a_place_too_far_away_is_refused_at_the_start_of_a_run(watch):
    ours = process(watch, longest_wait=0.5)
    with pytest.raises(errors.Throttled) as told:
        [ours.acquire("app", "acc", LIST) for _ in range(40)]
    assert told.value.window == "ours"
    assert told.value.retry_after > 0.5


def test_a_run_that_has_answers_waits_instead(watch):
    ours = process(watch, longest_wait=0.5)
    with archive.recording() as tape:
        tape.append(object())
        begun = watch.at
        for _ in range(40):
            watch.sleep(ours.acquire("app", "acc", LIST))
    assert 45 <= watch.at - begun <= 62


def test_after_tiktok_said_too_often_nobody_asks_until_the_pause_is_over(watch):
    ours, theirs = process(watch), process(watch)
    quota.block("app", until=datetime.fromtimestamp(watch.at + 300, UTC))
    for asking in (ours, theirs):
        with pytest.raises(errors.Throttled) as told:
            asking.acquire("app", "acc", LIST)
        assert 299 <= told.value.retry_after <= 301
    watch.sleep(301)
    assert ours.acquire("app", "acc", LIST) == 0


def test_the_app_of_another_install_is_not_held_back(watch):
    quota.block("app", until=datetime.fromtimestamp(watch.at + 300, UTC))
    assert process(watch).acquire("another", "acc", LIST) == 0


def test_use_is_counted_for_the_jobs_page(watch, settings):
    settings.TIKTOK_LEVEL = "basic"
    ours = process(watch)
    for _ in range(30):
        watch.sleep(ours.acquire("app", "", STATUS))
    now = datetime.fromtimestamp(watch.at, UTC)
    second = next(one for one in quota.usage("app", at=now) if one.name == "second")
    assert second.per_minute == 600
    assert 30 <= second.used_today <= 36
    assert second.blocked_until is None
    assert quota.usage("app", at=now + timedelta(days=1))[0].used_today == 0


def test_nothing_is_used_before_the_first_request(watch, settings):
    settings.TIKTOK_LEVEL = "premium"
    now = datetime.fromtimestamp(watch.at, UTC)
    assert {(one.used_today, one.busy) for one in quota.usage("app", at=now)} == {(0, 0.0)}


def test_a_schedule_that_asks_for_too_much_is_thinned_out(ana, settings):
    settings.TIKTOK_LEVEL = "basic"
    assert quota.stretch(at=datetime(2026, 1, 1, tzinfo=UTC)) == 1.0
    Sync.objects.update(requests=400, every_s=60)
    assert quota.stretch(at=datetime(2026, 1, 2, tzinfo=UTC)) == pytest.approx(400 * Sync.objects.count() / 480)


def test_levels_are_known_by_the_words_of_the_settings(settings):
    for word in ("basic", "advanced", "premium", "ultimate"):
        settings.TIKTOK_LEVEL = word
        assert quota.ceilings().level.lower() == word
    assert not QuotaBucket.objects.exists()
