"""How often a caller may ask, counted once for all processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from greenroom.keys import allowance


def test_a_minutes_worth_may_be_used_at_once_and_comes_back_evenly(db, at):
    left = [allowance.take("key:1", per_minute=6, at=at).remaining for _ in range(6)]
    assert left == [5, 4, 3, 2, 1, 0]
    refused = allowance.take("key:1", per_minute=6, at=at)
    assert (refused.wait_s, refused.remaining, refused.reset_s) == (10, 0, 60)
    assert allowance.take("key:1", per_minute=6, at=at + timedelta(seconds=9)).wait_s == 1
    assert allowance.take("key:1", per_minute=6, at=at + timedelta(seconds=10)).wait_s is None
    assert allowance.take("key:1", per_minute=6, at=at + timedelta(seconds=10)).wait_s == 10


def test_callers_have_places_of_their_own(db, at):
    allowance.take("key:1", per_minute=1, at=at)
    assert allowance.take("key:1", per_minute=1, at=at).wait_s == 60
    assert allowance.take("key:2", per_minute=1, at=at).wait_s is None


def test_after_a_minute_everything_is_free_again(db, at):
    for _ in range(5):
        allowance.take("key:1", per_minute=5, at=at)
    assert allowance.take("key:1", per_minute=5, at=at + timedelta(minutes=1)).remaining == 4


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_there_are(at):
    def ask(_):
        try:
            return allowance.take("key:1", per_minute=10, at=at).wait_s is None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 10
