"""The log: appends that happen once, and the newest values they leave behind."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from greenroom.observations import log, models

from .conftest import everything, reading


def latest(subject: int, kind: str = "post") -> log.Newest:
    return log.read(kind, [subject])[subject]


class TestAppend:
    def test_it_returns_how_many_were_kept(self, acme, at, append):
        assert append("post", reading(1, 10, at, views=5), reading(1, 11, at, views=6), key="a") == 2
        assert everything(acme.workspace) == [(10, at, 5), (11, at, 6)]

    def test_a_known_key_is_a_no_op(self, acme, at, append):
        append("post", reading(1, 10, at, views=5), key="a")
        assert append("post", reading(1, 10, at, views=9), key="a") == 0
        assert everything(acme.workspace) == [(10, at, 5)]
        assert latest(10).fields == {"views": 5}

    def test_nothing_to_append_leaves_no_trace(self, acme, at):
        assert log.append(acme.workspace, "post", [], key="a", at=at) == 0
        assert not models.Batch.objects.exists()

    def test_it_stands_or_falls_with_the_callers_transaction(self, acme, at, append):
        with transaction.atomic():
            append("post", reading(1, 10, at, views=5), key="a")
            transaction.set_rollback(True)
        assert everything(acme.workspace) == []
        assert not models.Latest.objects.exists()
        assert append("post", reading(1, 10, at, views=5), key="a") == 1

    def test_a_duplicate_does_not_spoil_the_callers_transaction(self, acme, at, append):
        append("post", reading(1, 10, at, views=5), key="a")
        with transaction.atomic():
            assert append("post", reading(1, 10, at, views=5), key="a") == 0
            assert append("post", reading(1, 10, at + timedelta(hours=1), views=6), key="b") == 1
        assert len(everything(acme.workspace)) == 2

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"veiws": 1}, "no field veiws"),
            ({"views": "many"}, "post views"),
            ({"views": 1.5}, "post views"),
            ({"surface": None}, "need surface"),
            ({"workspace": 7}, "no field workspace"),
            ({"source_class": "scraped"}, "may not come in as scraped"),
            ({"audience_ages": [{"key": "18-24", "share": "half"}]}, "post audience_ages"),
        ],
    )
    def test_a_bad_reading_is_refused_with_its_column(self, acme, at, append, wrong, words):
        with pytest.raises(log.BadReading, match=words):
            append("post", reading(1, 10, at) | wrong, key="a")
        assert not models.Batch.objects.exists()

    def test_lists_dates_and_times_come_back_as_they_went_in(self, acme, at, append):
        shares = [{"key": "US", "share": 0.7}, {"key": "DE", "share": 0.1}]
        hours = [{"hour": 0, "count": 12}, {"hour": 23, "count": 4}]
        day = reading(1, 1, at, date=date(2026, 3, 10), likes=3, audience_activity=hours, consent=4)
        append("account_day", day, key="d")
        append("account", reading(1, 1, at, audience_countries=shares, is_business=False), key="a")
        found = log.decode("account_day", bytes(models.Batch.objects.get(key="d").ipc)).to_pylist()[0]
        assert {key: found[key] for key in day} == day
        assert latest(1, "account").fields == {"audience_countries": shares, "is_business": False}


class TestMissing:
    def test_a_field_left_out_stays_null_everywhere(self, acme, at, append):
        append("post", reading(1, 10, at, views=0, likes=None), key="a")
        held = log.decode("post", bytes(models.Batch.objects.get().ipc)).to_pylist()[0]
        assert held["views"] == 0
        assert held["likes"] is None
        assert held["reach"] is None
        assert latest(10).fields == {"views": 0}

    def test_missing_never_overwrites_what_was_known(self, acme, at, append):
        later = at + timedelta(days=8)
        append("post", reading(1, 10, at, views=5, reach=4), key="a")
        append("post", reading(1, 10, later, views=6), key="b")
        assert latest(10).fields == {"views": 6, "reach": 4}
        assert latest(10).origin_of("reach") == (log.microseconds(at), "accounts_api", None)
        assert latest(10).origin_of("views") == (log.microseconds(later), "accounts_api", None)

    def test_a_late_arrival_fills_gaps_and_overwrites_nothing_newer(self, acme, at, append):
        append("post", reading(1, 10, at, views=6), key="b")
        append("post", reading(1, 10, at - timedelta(hours=1), views=5, reach=4, consent=3), key="a")
        assert latest(10).fields == {"views": 6, "reach": 4}
        assert latest(10).origin_of("reach")[2] == 3
        assert latest(10).origin == (log.microseconds(at), "accounts_api", None)

    def test_one_batch_may_hold_several_readings_of_a_subject(self, acme, at, append):
        rows = [reading(1, 10, at + timedelta(hours=hour), views=hour) for hour in (2, 0, 1)]
        append("post", *rows, key="a")
        assert latest(10).fields == {"views": 2}


NAMES = st.sampled_from(["views", "likes", "reach"])
START = datetime(2026, 1, 1, tzinfo=UTC)
ONE = st.tuples(
    st.integers(0, 5), st.sampled_from(["accounts_api", "display_api"]), st.dictionaries(NAMES, st.integers(0, 99))
)


@given(st.lists(ONE, min_size=1, max_size=8, unique_by=lambda one: one[:2]), st.randoms())
def test_merge_gives_the_newest_value_of_each_field_in_whatever_order_readings_come(readings, chance):
    arriving = readings[:]
    chance.shuffle(arriving)
    known = None
    for hour, surface, values in arriving:
        known = log.merge(known, (hour, surface, None), values)
    assert known is not None
    assert known.origin[:2] == max((hour, surface) for hour, surface, _ in readings)
    for name in ("views", "likes", "reach"):
        having = [(hour, surface, values[name]) for hour, surface, values in readings if name in values]
        assert (name in known.fields) == bool(having)
        if having:
            newest = max(having)
            assert known.fields[name] == newest[2]
            assert known.origin_of(name)[:2] == newest[:2]


def together(*calls) -> list:
    """Run the calls at once, each in a thread with its own connection; their results, or what they raised."""
    ready = threading.Barrier(len(calls))
    results: list = [None] * len(calls)

    def run(place: int) -> None:
        ready.wait()
        try:
            results[place] = calls[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_appends_with_one_key_exactly_one_is_kept(self, acme, at):
        def one():
            with transaction.atomic():
                kept = log.append(acme.workspace, "post", [reading(1, 10, at, views=5)], key="same", at=at)
                models.Batch.objects.count()  # the caller's transaction is still of use
                return kept

        assert sorted(together(*[one] * 6)) == [0, 0, 0, 0, 0, 1]
        assert everything(acme.workspace) == [(10, at, 5)]

    def test_appends_for_one_subject_never_lose_the_newer_value(self, acme, at):
        def one(hour: int):
            moment = at + timedelta(hours=hour)
            field = "views" if hour % 2 else "likes"
            return lambda: log.append(
                acme.workspace, "post", [reading(1, 10, moment, **{field: hour})], key=f"k{hour}", at=at
            )

        for first in (0, 8, 16):
            assert together(*[one(first + hour) for hour in range(8)]) == [1] * 8
            assert latest(10).fields == {"likes": first + 6, "views": first + 7}
