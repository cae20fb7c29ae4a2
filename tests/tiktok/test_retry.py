"""When to ask again."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from greenroom.tiktok import errors, retry

PATIENCE = retry.Patience()
KNOWN = {"code": 0, "endpoint": "business/get/"}

throttled = st.builds(
    lambda window: errors.Throttled("", **KNOWN, retry_after=1.0, window=window),
    st.sampled_from(["second", "minute", "day", "ours", "unknown"]),
)
unavailable = st.builds(
    lambda code, sent: errors.Unavailable("", code=code, endpoint="", sent=sent),
    st.sampled_from([502, 50000, 50002, 51002, 52000, 40202, 60001, 61000, "network"]),
    st.booleans(),
)
final = st.sampled_from(
    [errors.Unauthorized, errors.TokenExpired, errors.ScopeMissing, errors.Revoked, errors.Rejected, errors.NotFound]
).map(lambda kind: kind("", **KNOWN))
any_error = throttled | unavailable | final
attempts = st.integers(min_value=1, max_value=12)
seconds = st.floats(min_value=0, max_value=100)
dice = st.floats(min_value=0, max_value=1, exclude_max=True)


def verdict(error, *, attempt=1, repeatable=True, elapsed=0.0, dice=0.5, patience=PATIENCE):
    return retry.decide(error, attempt=attempt, repeatable=repeatable, elapsed=elapsed, dice=dice, patience=patience)


class TestDecide:
    @given(error=any_error, attempt=attempts, repeatable=st.booleans(), elapsed=seconds, dice=dice)
    def test_no_decision_outlasts_patience(self, error, attempt, repeatable, elapsed, dice):
        decided = verdict(error, attempt=attempt, repeatable=repeatable, elapsed=elapsed, dice=dice)
        if isinstance(decided, retry.Retry):
            assert attempt < PATIENCE.attempts
            assert 0 <= decided.after <= PATIENCE.longest
            assert elapsed + decided.after <= PATIENCE.seconds

    @given(error=final, attempt=attempts, repeatable=st.booleans(), dice=dice)
    def test_a_no_is_never_asked_again(self, error, attempt, repeatable, dice):
        assert verdict(error, attempt=attempt, repeatable=repeatable, dice=dice) == retry.GiveUp()

    @given(error=unavailable, dice=dice)
    def test_a_write_that_may_have_happened_is_never_repeated(self, error, dice):
        assume(error.sent)
        assert isinstance(verdict(error, repeatable=False, dice=dice), retry.GiveUp)

    @given(error=throttled, repeatable=st.booleans(), dice=dice)
    def test_a_throttled_write_is_repeated_like_a_read(self, error, repeatable, dice):
        decided = verdict(error, repeatable=repeatable, dice=dice)
        assert isinstance(decided, retry.Retry) == (error.window in ("second", "unknown"))

    def test_a_write_that_never_left_is_repeated(self):
        error = errors.Unavailable("", code="network", endpoint="", sent=False)
        assert isinstance(verdict(error, repeatable=False), retry.Retry)

    @pytest.mark.parametrize("code", [60001, 61000])
    def test_maintenance_is_not_waited_for(self, code):
        assert verdict(errors.Unavailable("", code=code, endpoint="")) == retry.GiveUp()

    def test_the_span_doubles_until_the_longest_wait(self):
        error = errors.Unavailable("", code=50002, endpoint="")
        patience = retry.Patience(attempts=10, seconds=1000)
        waits = [verdict(error, attempt=n, dice=0.5, patience=patience).after for n in range(1, 8)]
        assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]

    def test_a_limit_that_outlasts_patience_asks_for_the_five_minutes_of_the_minute_limit(self):
        error = errors.Throttled("", **KNOWN, retry_after=1.0)
        assert verdict(error, attempt=PATIENCE.attempts) == retry.GiveUp(errors.MINUTE_PAUSE)


class TestPersist:
    def persist(self, answers, *, repeatable=True, took=0.0):
        left, slept, now = list(answers), [], [0.0]

        def send():
            now[0] += took
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        try:
            told = retry.persist(
                send,
                repeatable=repeatable,
                sleep=slept.append,
                stopwatch=lambda: now[0],
                dice=lambda: 0.5,
                patience=PATIENCE,
            )
        except errors.TikTokError as error:
            told = error
        return told, slept, len(answers) - len(left)

    def busy(self, times):
        return [errors.Unavailable("", code=50002, endpoint="") for _ in range(times)]

    def test_the_answer_after_two_failures_comes_through(self):
        assert self.persist([*self.busy(2), "answer"]) == ("answer", [0.25, 0.5], 3)

    def test_it_asks_six_times_and_raises_the_last_error(self):
        failures = self.busy(9)
        told, slept, asked = self.persist(failures)
        assert told is failures[5]
        assert (asked, len(slept)) == (6, 5)

    def test_slow_failures_use_up_patience_too(self):
        _, _, asked = self.persist(self.busy(9), took=15.0)
        assert asked == 2

    def test_a_long_storm_ends_in_a_pause_of_five_minutes(self):
        storm = [errors.Throttled("", **KNOWN, retry_after=1.0) for _ in range(9)]
        told, _, asked = self.persist(storm)
        assert (told.retry_after, asked) == (errors.MINUTE_PAUSE, 6)

    def test_a_bug_is_not_retried(self):
        with pytest.raises(ZeroDivisionError):
            self.persist([ZeroDivisionError(), "answer"])
