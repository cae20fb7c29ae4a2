"""Asking a creator for their leave, and what becomes of it at TikTok."""

from datetime import timedelta

import pytest

from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.sandbox import spark as at_tiktok
from greenroom.spark import asking, following
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import BadInput, NotPossible

from .conftest import BY, later, look, of


@pytest.fixture
def soon(at):
    return at + timedelta(minutes=20)


def told(row) -> list[str]:
    rows = Event.objects.filter(subject=f"sparkauthorization:{row.pk}").order_by("pk")
    return [one.name.partition(".")[2] for one in rows]


def test_a_creator_is_asked_and_grants_other_days_than_asked(published, hand, world, soon):
    post = published()
    assert asking.why_not(post, at=soon) == ""
    row = asking.request(post, days=30, by=BY, at=soon)
    look(soon)
    row = of(post)
    assert (row.state, row.wish, row.requests_left, row.code) == ("requested", "", 29, "")
    assert row.due_at == soon + timedelta(hours=1)
    hand.answer(post, days=7)
    at = later(world, soon, hours=1)
    look(at)
    row = of(post)
    assert (row.state, row.days_asked, row.days_given) == ("authorized", 30, 7)
    assert row.code == world.market.sparks[post.item_id].code
    assert abs(row.until - world.market.sparks[post.item_id].until) < timedelta(seconds=1)
    assert row.works(at)
    assert told(row)[:2] == ["requested", "authorized"]


def test_no_event_ever_tells_the_code(published, hand, world, soon):
    post = published()
    asking.request(post, days=30, by=BY, at=soon)
    look(soon)
    hand.answer(post)
    look(later(world, soon, hours=1))
    code = of(post).code
    assert code.startswith("#")
    assert all(code not in str(one.data) for one in Event.objects.all())


def test_what_was_requested_with_the_order_is_noticed_by_itself(published, world, soon):
    post = published(spark_days=60)
    look(soon)
    row = of(post)
    assert (row.state, row.days_asked, row.days_given) == ("authorized", 60, 60)
    assert row.code
    assert told(row) == ["requested", "authorized"]
    run_again = later(world, soon, hours=2)
    look(run_again)
    assert SparkAuthorization.objects.count() == 1


def test_a_creator_who_declines_can_be_asked_again(published, hand, world, soon):
    post = published()
    asking.request(post, days=30, by=BY, at=soon)
    look(soon)
    hand.answer(post, grant=False)
    at = later(world, soon, hours=1)
    look(at)
    row = of(post)
    assert (row.state, row.due_at, row.state_label) == ("declined", None, "Declined")
    asking.request(post, days=7, by=BY, at=at)
    look(at)
    row = of(post)
    assert (row.state, row.requests_left) == ("requested", 29)
    hand.answer(post)
    look(at + timedelta(hours=1))
    assert of(post).state == "authorized"


def test_thirty_requests_and_no_more(published, hand, world, soon):
    post, at = published(), soon
    for sent in range(1, 31):
        asking.request(post, days=30, by=BY, at=at)
        look(at)
        assert of(post).requests_left == 30 - sent
        at += timedelta(minutes=1)
    assert "30 requests" in asking.why_not(post, at=at)
    with pytest.raises(NotPossible) as caught:
        asking.request(post, days=30, by=BY, at=at)
    assert caught.value.code == "no_requests_left"
    assert hand.requests(post) == 30


def test_two_clicks_are_one_request(published, hand, soon):
    post = published()
    for _ in range(3):
        asking.request(post, days=30, by=BY, at=soon)
    look(soon)
    assert hand.requests(post) == 1


@pytest.mark.parametrize("fault", ["lost_answer", "bad_gateway"])
def test_a_request_whose_answer_was_lost_is_not_sent_twice(published, hand, world, soon, fault, monkeypatch):
    post = published()
    asking.request(post, days=30, by=BY, at=soon)
    ask = following.ways.ThroughOrder.ask

    def lose(self, *args, **named):
        world.faults.set(**{fault: 1})
        return ask(self, *args, **named)

    monkeypatch.setattr(following.ways.ThroughOrder, "ask", lose)
    look(soon)
    monkeypatch.setattr(following.ways.ThroughOrder, "ask", ask)
    row = of(post)
    assert (row.wish, row.left_before, row.state) == ("ask", 30, "requested")
    at = row.due_at
    look(at)
    row = of(post)
    assert (row.wish, row.requests_left) == ("", 29)
    assert hand.requests(post) == 1


def test_a_creator_who_gave_the_code_before_is_not_bothered(published, hand, soon):
    post = published()
    hand.switch(post, on=True, days=60)
    asking.request(post, days=30, by=BY, at=soon)
    look(soon)
    row = of(post)
    assert (row.state, row.days_given) == ("authorized", 60)
    assert hand.requests(post) == 0


def test_what_tiktok_does_not_take_is_said_in_its_words(published, hand, world, soon):
    post = published()
    asking.request(post, days=30, by=BY, at=soon)
    for _ in range(30):  # somebody asked in TikTok One meanwhile
        at_tiktok.ask(world, made=world.market.ties[post.item_id], days=30)
    look(soon)
    row = of(post)
    assert (row.state, row.requests_left, row.wish) == ("requested", 0, "")
    assert "no authorization requests left" in row.refusal


def test_other_days_than_tiktok_knows_are_refused(published, soon):
    with pytest.raises(BadInput):
        asking.request(published(), days=14, by=BY, at=soon)


def test_a_post_of_nobody_who_can_be_asked_says_what_would_help(published, campaign, soon):
    tied = published()
    loose = Post.objects.create(
        workspace=tied.workspace, account=tied.account, item_id="7000000000000000001", posted_at=soon,
        first_seen_at=soon, last_seen_at=soon,
    )  # fmt: skip
    words = asking.why_not(loose, at=soon)
    assert "tied to no order" in words
    assert "Campaign Code" in words
    outcomes = asking.request_many([tied, loose], days=30, by=BY, at=soon)
    assert [one.done for one in outcomes] == [True, False]
    assert outcomes[1].words == words


def test_many_are_asked_by_the_workers(published, hand, soon):
    posts = [published(handle) for handle in ("ana", "cyd")]
    outcomes = asking.request_many(posts, days=30, by=BY, at=soon)
    assert all(one.done for one in outcomes)
    assert not hand.world.market.sparks
    look(soon)
    assert sorted(one.item_id for one in posts) == sorted(hand.world.market.sparks)
