"""Boosts: told by TikTok or by a person, begun rather too early than too late."""

from datetime import timedelta

import pytest

from greenroom.spark import asking, boosts, following
from greenroom.spark.models import Boost
from greenroom.spark.refusals import BadInput, NotPossible

from .conftest import BY, later, look, of


@pytest.fixture
def post(published, hand, at):
    made = published()
    asking.request(made, days=30, by=BY, at=at)
    look(at)
    hand.answer(made)
    following.look_now(of(made), at=at)
    return made


def test_a_code_in_use_is_a_boost_from_the_last_reading_without(post, hand, world, at):
    assert not Boost.objects.exists()
    quiet = later(world, at, days=1)
    look(quiet)
    hand.use(post)
    seen = later(world, at, days=2)
    look(seen)
    boost = Boost.objects.get()
    assert of(post).in_use
    assert (boost.told_by, boost.started_at, boost.ended_at) == ("tiktok", quiet, None)
    look(later(world, at, days=3))
    assert Boost.objects.count() == 1


def test_it_ends_with_the_code_though_nobody_asks_tiktok(post, hand, world, at):
    hand.use(post)
    look(later(world, at, days=1))
    world.faults.set(bad_gateway=1.0)
    look(later(world, at, days=40))
    boost, row = Boost.objects.get(), of(post)
    assert boost.ended_at == row.until
    assert not row.in_use


def test_what_a_person_noted_is_not_begun_again_nor_ended_by_tiktok(post, hand, world, at):
    now = later(world, at, days=1)
    noted = boosts.note_boost(post, started_at=at + timedelta(hours=1), by=BY, at=now)
    hand.use(post)
    look(now)
    assert list(Boost.objects.all()) == [noted]
    with pytest.raises(NotPossible) as caught:
        boosts.end_boost(noted, ended_at=now, by=BY, at=now)
    assert caught.value.code == "in_use"


def test_a_boost_that_only_a_report_told_of_goes_on_while_the_code_lies_idle(post, world, at):
    boost = Boost.objects.create(
        workspace_id=post.workspace_id, post=post, started_at=at, told_by="tiktok", by="system"
    )
    look(later(world, at, days=1))
    boost.refresh_from_db()
    assert boost.ended_at is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"started_at": timedelta(days=2)}, "started_at"),
        ({"started_at": timedelta(days=-90)}, "started_at"),
        ({"ended_at": timedelta(hours=-2)}, "ended_at"),
        ({"spend_minor": -1, "currency": "EUR"}, "spend_minor"),
        ({"spend_minor": 100}, "currency"),
        ({"currency": "EUR"}, "spend_minor"),
        ({"spend_minor": 100, "currency": "XXX"}, "currency"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(post, at, asked, field):
    given = {name: at + value if isinstance(value, timedelta) else value for name, value in asked.items()}
    with pytest.raises(BadInput) as caught:
        boosts.note_boost(post, **{"started_at": at, **given}, by=BY, at=at + timedelta(hours=1))
    assert caught.value.field == field


def test_boosts_of_a_post_do_not_overlap(post, at):
    now = at + timedelta(days=9)
    first = boosts.note_boost(post, started_at=at, ended_at=at + timedelta(days=2), by=BY, at=now)
    boosts.note_boost(post, started_at=at + timedelta(days=3), by=BY, at=now)
    with pytest.raises(NotPossible):
        boosts.note_boost(post, started_at=at + timedelta(days=5), by=BY, at=now)
    with pytest.raises(NotPossible):
        boosts.note_boost(post, started_at=at + timedelta(days=1), ended_at=at + timedelta(days=2), by=BY, at=now)
    assert Boost.objects.first() == first
