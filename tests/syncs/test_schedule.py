from datetime import UTC, datetime, timedelta

import pytest

from greenroom.syncs import schedule
from greenroom.syncs.schedule import DEFAULT, LIVE, Source

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
LATE = Source(delay=timedelta(hours=48), fastest=timedelta(hours=1))


def days(*numbers):
    return [timedelta(days=number) for number in numbers]


def plan(ages, *, source=LIVE, marks=None, read_back=None, stretch=1.0):
    return schedule.plan(marks or {}, ages, read_back=read_back, steps=DEFAULT, source=source, at=NOW, stretch=stretch)


class TestTheNextReading:
    @pytest.mark.parametrize(
        ("age", "minutes"),
        [
            (timedelta(hours=1), 15),
            (timedelta(hours=5, minutes=59), 15),
            (timedelta(hours=7), 60),
            (timedelta(days=3), 60),  # a new post must be noticed within the hour, whatever the old ones want
        ],
    )
    def test_comes_by_the_age_of_the_youngest_post(self, age, minutes):
        assert plan([age, timedelta(days=200)]).due_at == NOW + timedelta(minutes=minutes)

    def test_is_no_denser_than_the_source_changes(self):
        assert plan([timedelta(hours=1)], source=LATE).due_at >= NOW + timedelta(minutes=54)

    def test_is_thinned_out_to_stay_within_the_quota(self):
        assert plan([timedelta(hours=1)], stretch=4.0).due_at == NOW + timedelta(hours=1)

    def test_of_an_account_without_posts_still_looks_for_the_first(self):
        assert plan([]).due_at == NOW + timedelta(hours=1)


class TestHowFarBack:
    def depth_after(self, elapsed, *, source=LIVE):
        first = plan(days(0.1, 1, 5, 40, 200), source=source)
        return schedule.depth(first.marks, steps=DEFAULT, source=source, at=NOW + elapsed)

    def test_the_first_reading_takes_everything(self):
        assert schedule.depth({}, steps=DEFAULT, source=LIVE, at=NOW) is None

    @pytest.mark.parametrize(
        ("elapsed", "reach"),
        [
            (timedelta(minutes=5), timedelta(0)),
            (timedelta(minutes=15), timedelta(hours=6)),
            (timedelta(hours=1), timedelta(hours=48)),
            (timedelta(hours=6), timedelta(days=10)),
            (timedelta(hours=24), timedelta(days=90)),
            (timedelta(days=7), timedelta(days=365)),
        ],
    )
    def test_later_ones_go_back_to_the_oldest_post_that_is_due(self, elapsed, reach):
        assert self.depth_after(elapsed) == reach

    def test_late_figures_keep_a_post_in_its_dense_steps_for_longer(self):
        assert self.depth_after(timedelta(hours=1), source=LATE) == timedelta(hours=96)

    def test_nothing_is_read_that_tiktok_has_frozen(self):
        assert self.depth_after(timedelta(days=300), source=LATE) == timedelta(days=367)

    def test_a_shallow_reading_does_not_count_for_older_posts(self):
        first = plan(days(0.1, 40))
        second = schedule.plan(
            first.marks,
            days(0.1, 40),
            read_back=timedelta(hours=6),
            steps=DEFAULT,
            source=LIVE,
            at=NOW + timedelta(hours=23),
        )
        reach = schedule.depth(second.marks, steps=DEFAULT, source=LIVE, at=NOW + timedelta(hours=24))
        assert reach == timedelta(days=90)


class TestAScheduleOfOnesOwn:
    def test_is_read_from_hours_and_minutes(self):
        steps = schedule.parse([[6, 30], [240, 720]])
        assert steps[1] == schedule.Step(timedelta(days=10), timedelta(hours=12))

    @pytest.mark.parametrize("steps", [[], [[6, 0.5]], [[6, 30], [5, 60]], [[6, 30], [48, 15]]])
    def test_is_refused_when_it_makes_no_sense(self, steps):
        with pytest.raises(ValueError, match="step"):
            schedule.parse(steps)


def test_plans_within_the_ceiling_are_not_thinned_and_double_plans_are_halved():
    assert schedule.stretch(480, 600) == 1.0
    assert schedule.stretch(960, 600) == 2.0
