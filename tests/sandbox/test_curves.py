"""Posts grow the way posts grow, whatever the draw."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.sandbox import audience, curves

YEAR = curves.FROZEN_AFTER
drawn = st.builds(
    lambda seed, place, followers: curves.draw(seed, place, followers=followers),
    st.integers(0, 10**6),
    st.integers(0, 10**4),
    st.integers(0, 10**8),
)
ages = st.integers(0, 3 * YEAR)


@settings(max_examples=300, deadline=None)
@given(drawn, ages, ages)
def test_no_counter_ever_falls(curve, one, other):
    earlier, later = sorted((one, other))
    assert all(a <= b for a, b in zip(curves.counters(curve, earlier), curves.counters(curve, later), strict=True))


@settings(max_examples=300, deadline=None)
@given(drawn, ages)
def test_counters_are_integers_and_reach_never_exceeds_views(curve, age):
    count = curves.counters(curve, age)
    assert all(type(number) is int and number >= 0 for number in count)
    assert count.reach <= count.views
    assert count.likes <= count.views


@settings(max_examples=300, deadline=None)
@given(drawn)
def test_likes_per_view_stay_in_the_range_seen_on_tiktok(curve):
    assert 0.019 <= curve.like <= 0.245


@settings(max_examples=200, deadline=None)
@given(drawn, st.integers(0, YEAR))
def test_figures_stop_changing_after_365_days(curve, extra):
    assert curves.counters(curve, YEAR + extra) == curves.counters(curve, YEAR)


@settings(max_examples=200, deadline=None)
@given(drawn)
def test_a_post_begins_with_nothing(curve):
    assert sum(curves.counters(curve, 0)) == 0


@settings(max_examples=200, deadline=None)
@given(drawn, st.integers())
def test_retention_falls_from_one_and_ends_at_completion(curve, key):
    points = curves.retention(curve, key)
    shares = [share for _, share in points]
    assert points[0] == (0, 1.0)
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    assert 0 < curve.completion <= shares[0]
    assert 0 < curve.average_watch <= curve.duration


@settings(max_examples=200, deadline=None)
@given(st.integers())
def test_audiences_are_fractions_that_add_up_to_one(key):
    for found in (audience.ages(key), audience.genders(key), audience.countries("GB", key), audience.sources(key)):
        assert abs(sum(share for _, share in found) - 1) < 1e-9
        assert all(0 < share <= 1 for _, share in found)
        assert len({name for name, _ in found}) == len(found)


def test_views_are_heavy_tailed_and_some_posts_come_back():
    drawn_curves = [curves.draw("tail", n, followers=20_000) for n in range(4_000)]
    views = sorted(curve.views for curve in drawn_curves)
    assert views[-1] > 50 * views[2_000]
    waves = [curve for curve in drawn_curves if curve.wave]
    assert 0.15 < len(waves) / len(drawn_curves) < 0.30
    wave = max(waves, key=lambda curve: curve.wave)
    day = curves.DAY

    def gained(start: float) -> int:
        return curves.counters(wave, (start + 1) * day).views - curves.counters(wave, start * day).views

    assert gained(wave.wave_at + 0.2) > gained(wave.wave_at - 1.2)


def test_the_hours_of_the_day_show_in_the_growth():
    curve = curves.draw("rhythm", 3, followers=500_000)
    hours = [curves.counters(curve, h * 3600).views for h in range(0, 73)]
    steps = [b - a for a, b in pairwise(hours)]
    assert any(later > earlier for earlier, later in pairwise(steps)), "growth only ever slows down"
