"""What the clock does: reminders, the end, more time, taking back; and how often TikTok is asked."""

from datetime import timedelta

import pytest

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.creators.models import Connection
from greenroom.sandbox import uploads
from greenroom.spark import asking, following
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import NotPossible

from .conftest import BY, later, look, of

DAY = timedelta(days=1)


def events_of(post, verb) -> int:
    return Event.objects.filter(subject=f"sparkauthorization:{of(post).pk}", name=f"sparkauthorization.{verb}").count()


@pytest.fixture
def granted(published, hand, at):
    """A post with a code for 30 days from `at` on, and a little."""
    post = published()
    asking.request(post, days=30, by=BY, at=at)
    look(at)
    hand.answer(post)
    following.look_now(of(post), at=at)
    assert of(post).state == "authorized"
    return post


def day_by_day(world, at, days: int) -> None:
    for n in range(1, days + 1):
        look(later(world, at, days=n))


def test_seven_days_before_the_end_it_is_told_and_only_once(granted, world, at):
    until = of(granted).until
    day_by_day(world, at, 22)
    assert events_of(granted, "ends_soon") == 0
    assert not of(granted).ends_soon(later(world, at, days=22))
    assert of(granted).due_at <= until - 7 * DAY
    look(later(world, at, days=23))
    assert events_of(granted, "ends_soon") == 1
    day_by_day(world, at, 29)
    assert events_of(granted, "ends_soon") == 1


def test_at_its_end_it_is_over_also_when_tiktok_cannot_be_asked(granted, world, at):
    world.faults.set(bad_gateway=1.0)
    over = later(world, at, days=30, minutes=1)
    assert not of(granted).works(over)
    SparkAuthorization.objects.update(due_at=over)
    look(over)
    row = of(granted)
    assert row.state == "expired"
    assert row.code  # greyed, not forgotten
    assert row.last_error


def test_it_ends_without_any_grant(granted, world, at):
    Connection.objects.update(state="revoked")
    over = later(world, at, days=31)
    look(over)
    assert of(granted).state == "expired"
    assert of(granted).due_at is None


def test_more_time_lengthens_the_same_code_and_is_told_again(granted, hand, world, at):
    before = of(granted)
    soon = later(world, at, days=24)
    look(soon)
    asking.extend(of(granted), days=60, by=BY, at=soon)
    asking.extend(of(granted), days=60, by=BY, at=soon)
    look(soon)
    row = of(granted)
    assert (row.state, row.more_asked_at, row.code) == ("authorized", soon, before.code)
    assert hand.requests(granted) == 1
    hand.answer(granted, days=60)
    following.look_now(row, at=soon)
    row = of(granted)
    assert (row.code, row.more_asked_at) == (before.code, None)
    assert row.until == soon.replace(microsecond=0) + 60 * DAY
    assert events_of(granted, "extended") == 1
    assert events_of(granted, "ends_soon") == 1
    look(later(world, soon, days=53, minutes=1))
    assert events_of(granted, "ends_soon") == 2


def test_a_creator_who_gives_no_more_time_leaves_the_code_as_it_is(granted, hand, world, at):
    asking.extend(of(granted), days=60, by=BY, at=at)
    look(at)
    hand.answer(granted, grant=False)
    following.look_now(of(granted), at=at + timedelta(hours=1))
    row = of(granted)
    assert (row.state, row.more_asked_at) == ("authorized", None)
    assert events_of(granted, "extension_declined") == 1
    assert row.works(at)


def test_more_time_granted_after_the_end_revives_the_code(granted, hand, world, at):
    last = later(world, at, days=29)
    asking.extend(of(granted), days=30, by=BY, at=last)
    look(last)
    over = later(world, at, days=31)
    look(over)
    assert of(granted).state == "expired"
    assert of(granted).due_at == over + DAY
    hand.answer(granted)
    look(over + DAY)
    assert of(granted).state == "authorized"


def test_an_expired_one_can_be_requested_anew(granted, hand, world, at):
    over = later(world, at, days=31)
    with pytest.raises(NotPossible):
        asking.extend(of(granted), days=30, by=BY, at=over)
    asking.request(granted, days=7, by=BY, at=over)  # nobody has looked since it ended
    look(over)
    row = of(granted)
    assert (row.state, row.works(over)) == ("requested", False)
    assert [events_of(granted, verb) for verb in ("expired", "requested")] == [1, 2]
    hand.answer(granted)
    look(over + timedelta(hours=1))
    assert of(granted).state == "authorized"


def test_what_the_creator_took_back_is_revoked_and_its_code_forgotten(granted, hand, world, at):
    old = of(granted).code
    hand.switch(granted, on=False)
    look(later(world, at, days=1))
    row = of(granted)
    assert (row.state, row.code, row.due_at) == ("revoked", "", None)
    at = later(world, at, days=2)
    asking.request(granted, days=30, by=BY, at=at)
    look(at)
    assert of(granted).state == "requested"
    hand.answer(granted)
    look(at + timedelta(hours=1))
    row = of(granted)
    assert row.state == "authorized"
    assert row.code not in ("", old)


def test_a_post_that_left_its_order_is_not_ours_to_advertise(granted, hand, world, at):
    uploads.reject(world, video_id=granted.item_id, reason="", by="ad")
    look(later(world, at, days=1))
    assert of(granted).state == "revoked"


def test_requested_is_asked_every_hour_for_a_week_and_then_daily(published, world, at):
    post = published()
    asking.request(post, days=30, by=BY, at=at)
    look(at)
    assert of(post).due_at == at + timedelta(hours=1)
    week = later(world, at, days=7)
    look(week)
    assert of(post).due_at == week + DAY


def test_authorized_is_asked_daily_and_shortly_before_its_end(granted, world, at):
    assert of(granted).due_at == at + DAY
    near = later(world, at, days=29, hours=12)
    look(near)
    assert of(granted).due_at == of(granted).until - timedelta(hours=1)


def test_what_rests_is_not_asked(granted, world, at):
    look(later(world, at, days=31))
    world.ledger.clear()
    look(later(world, at, days=60))
    assert not world.ledger


def test_an_older_reading_changes_nothing(granted, at):
    row = of(granted)
    assert not following.note(row, following.Told(gone=True), at=at - timedelta(minutes=5))
    assert of(granted).state == "authorized"


def test_tiktok_away_is_tried_again_and_says_so(published, world, at):
    post = published()
    asking.request(post, days=30, by=BY, at=at)
    world.faults.set(throttled=1.0)
    assert work.run_due(SparkAuthorization, at=at) == 1
    row = of(post)
    assert (row.state, row.wish) == ("requested", "ask")
    assert row.last_error
    assert row.due_at > at
