"""A world of any size is a pure function of its seed."""

import tracemalloc
from datetime import timedelta

import pytest

from greenroom.sandbox import Clock, World
from greenroom.sandbox import people as people_module

from .conftest import NOON


def still(**options) -> World:
    return World(clock=Clock(NOON, rate=0), **options)


def test_the_first_five_accounts_are_the_fixtures(world):
    accounts = [world.account_at(index) for index in range(5)]
    assert [one.handle for one in accounts] == ["ana", "ben", "cyd", "dov", "brandco"]
    assert [world.membership(one) for one in accounts] == ["IN", "NOT_IN", "IN", "NOT_IN", "NOT_IN"]
    assert [one.business for one in accounts] == [False, False, False, False, True]
    assert [one.display_name for one in accounts] == ["Ana", "Ben", "Cyd", "Dov", "Brandco"]


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    one, same, other = still(accounts=50), still(accounts=50), still(accounts=50, seed=8)
    handle = one.account_at(30).handle
    assert one.truth(handle) == same.truth(handle)
    assert one.truth(handle) != other.truth(handle)


def test_a_hundred_thousand_accounts_cost_nothing_until_they_are_looked_at():
    tracemalloc.start()
    try:
        world = still(accounts=100_000)
        handles = {world.account_at(index).handle for index in range(0, 100_000, 997)}
        far = world.account_at(99_999)
        assert world.truth(far.handle)["posts"]
        assert tracemalloc.get_traced_memory()[0] < 5_000_000
    finally:
        tracemalloc.stop()
    assert len(handles) == len(range(0, 100_000, 997))


def test_every_handle_leads_back_to_its_account():
    world = still(accounts=100_000)
    for index in (0, 4, 5, 17, 2_627, 2_628, 54_321, 99_999):
        assert world.account(people_module.handle_of(index)).index == index
        assert world.account(world.open_id(index, "sandbox-app")).index == index
        assert world.account(world.open_id(index, "sandbox-key")).index == index
    for nobody in ("", "nobody", "mira.bakes99999", "mira.bakes1", world.open_id(3, "sandbox-app")[:-1] + "x"):
        with pytest.raises(KeyError):
            world.account(nobody)


def test_further_accounts_are_a_believable_crowd():
    world = still(accounts=5_000)
    crowd = [world.account_at(index) for index in range(5, 5_000)]
    followers = sorted(one.followers for one in crowd)
    assert 0.56 < sum(one.in_marketplace for one in crowd) / len(crowd) < 0.64
    assert 0.08 < sum(one.business for one in crowd) / len(crowd) < 0.12
    assert followers[-1] > 100 * followers[len(followers) // 2]
    assert len({one.country for one in crowd}) > 10
    assert len({one.handle for one in crowd}) == len(crowd)


@pytest.mark.parametrize("count", [0, 1, 2, 50, 200])
def test_the_number_of_posts_is_exactly_what_was_asked_for(count):
    world = still(posts=count)
    assert [len(world.posts_of(index)) for index in range(5)] == [count] * 5


def test_posts_go_back_over_a_year_and_the_fixtures_have_fresh_ones():
    world = still(posts=60)
    ages = [(NOON.timestamp() - post.created) / 86_400 for post in world.posts_of(0)]
    assert ages == sorted(ages)
    assert ages[0] < 1
    assert sum(age < 10 for age in ages) >= 5
    assert ages[-1] > 365


def test_ids_have_19_digits_and_differ():
    world = still(posts=200, accounts=20)
    ids = [post.item_id for index in range(20) for post in world.posts_of(index)]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 19 and int(one) > 2**53 for one in ids)


def test_a_published_post_is_the_newest_and_shares_no_second_with_another(world):
    made = [world.publish("ana", caption="one #new"), world.publish("ana"), world.publish("ana")]
    newest = world.posts_of(0)[:3]
    assert {post.item_id for post in newest} == {post.item_id for post in made}
    assert len({post.created for post in newest}) == 3
    assert len(world.posts_of(0)) == 33


def test_a_removed_post_is_gone_and_a_later_one_not_there_yet(world):
    first = world.posts_of(0)[0]
    world.remove(first.item_id)
    later = world.publish("ana", at=NOON + timedelta(hours=2))
    assert first.item_id not in world.truth("ana")["posts"]
    assert later.item_id not in world.truth("ana")["posts"]
    assert later.item_id in world.truth("ana", NOON + timedelta(hours=3))["posts"]


def test_the_clock_stands_runs_and_jumps():
    clock = Clock(NOON, rate=0)
    assert clock.now() == NOON
    assert clock.advance(days=2, hours=1) == NOON + timedelta(days=2, hours=1)
    assert clock.set(NOON) == NOON
    clock.run(3600)
    assert clock.now() > NOON
    assert Clock(NOON).now() >= NOON
