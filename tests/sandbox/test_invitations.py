"""Invitations to the marketplace: seven rules at their edges, the inbox, and how an invitation ends."""

from datetime import timedelta

import pytest

from greenroom.sandbox import Clock, World, eligibility, invitations
from greenroom.sandbox.http import ApiError

from .conftest import NOON, hold
from .market_hand import BrandHand, control


@pytest.fixture
def brand(hand):
    return BrandHand(hand)


def invite(brand, *handles):
    return brand.done("tcm/creator/invite/", handle_names=list(handles))


def status(brand, handle):
    (one,) = brand.data("tcm/creator/status/get/", handle_names=[handle])["onboarding_status"]
    return one["status"]


def broken(world, handle):
    return [one.name for one in eligibility.rules(world, world.account(handle), at=world.clock.now()) if not one.holds]


def test_twenty_four_countries():
    assert len(set(eligibility.COUNTRIES)) == 24


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"followers": 9_999}, "followers"), ({"country": "NL"}, "country"), ({"adult": False}, "age"),
        ({"business": True}, "account_type"), ({"suitable": False}, "content"),
    ],
)  # fmt: skip
def test_each_rule_refuses_by_itself_with_its_words(brand, world, facts, rule):
    assert broken(world, "ben") == []
    world.change("ben", **facts)
    assert broken(world, "ben") == [rule]
    told = invite(brand, "ben")
    words = {one.name: one.refusal for one in eligibility.rules(world, world.account("ben"), at=NOON)}
    assert told["reject_reasons"] == {"ben": words[rule]}
    assert (told["rejected"], status(brand, "ben")) == (["ben"], "NOT_IN")
    assert control(brand.hand, "notices?handle=ben") == {"notices": [], "invitations": []}


def test_ten_thousand_followers_are_enough_in_the_us_and_a_thousand_elsewhere(world):
    world.change("ben", followers=10_000)
    world.change("dov", followers=1_000)
    assert broken(world, "ben") == broken(world, "dov") == []
    world.change("dov", followers=999)
    assert broken(world, "dov") == ["followers"]


def quiet_world():
    """A world in which BEN has published nothing before."""
    return World(clock=Clock(NOON, rate=0), throttle=False, posts=0)


def test_three_videos_in_thirty_days_to_the_second():
    world = quiet_world()
    edge = NOON - timedelta(days=30)
    for at in (edge, NOON - timedelta(days=1)):
        world.publish("ben", at=at, views=900_000)
    assert broken(world, "ben") == ["videos"]
    world.publish("ben", at=edge - timedelta(seconds=1), views=900_000)
    assert broken(world, "ben") == ["videos"]
    world.publish("ben", at=NOON - timedelta(days=2), views=900_000)
    assert broken(world, "ben") == []
    world.clock.advance(seconds=1)
    assert broken(world, "ben") == ["videos"]


def test_a_thousand_views_in_thirty_days():
    world = quiet_world()
    for day in (20, 21, 22):
        world.publish("ben", at=NOON - timedelta(days=day), views=24)
    rules = {one.name: one for one in eligibility.rules(world, world.account("ben"), at=NOON)}
    assert (rules["videos"].holds, rules["views"].holds) == (True, False)
    assert 0 < rules["views"].value < 1_000
    world.publish("ben", at=NOON - timedelta(days=19), views=50_000)
    assert broken(world, "ben") == []


def test_every_failing_rule_is_named_once(brand, world):
    world.change("ben", business=True, adult=False)
    assert invite(brand, "ben")["reject_reasons"] == {
        "ben": "The creator is under 18. The account is a business account."
    }


def test_an_invitation_arrives_is_opened_and_joined(brand, world):
    assert invite(brand, "@ben", "ana", "nobody") == {
        "in_tcm": ["ana"], "invited": ["@ben"], "rejected": ["nobody"],
        "reject_reasons": {"nobody": "The handle does not exist."},
    }  # fmt: skip
    assert invite(brand, "ben")["invited"] == ["ben"], "again is the same invitation"
    box = control(brand.hand, "notices?handle=ben")
    (notice,) = box["notices"]
    assert notice["text"] == "Brandco invited you to join TikTok Creator Marketplace."
    assert [one["state"] for one in box["invitations"]] == ["sent"]
    assert status(brand, "ben") == "INVITED"
    assert control(brand.hand, "invitation", handle="ben", action="view")["state"] == "viewed"
    assert control(brand.hand, "invitation", handle="ben", action="join")["state"] == "accepted"
    assert status(brand, "ben") == "IN"
    assert world.truth("ben")["marketplace"]
    refused = brand.hand.http.post("/_sim/invitation", json={"handle": "ben", "action": "join"})
    assert (refused.status_code, refused.json()["code"]) == (409, 40007)


def test_a_declined_or_lapsed_invitation_can_be_sent_anew(brand, world):
    invite(brand, "ben")
    invitations.decline(world, handle="ben")
    assert status(brand, "ben") == "NOT_IN"
    invite(brand, "ben")
    world.clock.advance(days=30)
    assert status(brand, "ben") == "NOT_IN"
    assert [one.state for one in invitations.of(world, "ben")] == ["declined", "expired"]
    for at in range(3):
        world.publish("ben", views=5_000, at=world.clock.now() - timedelta(days=3 + at))
    invite(brand, "ben")
    invitations.expire(world, handle="ben")
    assert [one.state for one in invitations.of(world, "ben")] == ["declined", "expired", "expired"]
    with pytest.raises(ApiError):
        invitations.view(world, handle="ben")


def test_two_brands_invite_and_one_join_answers_both(brand, world, hand):
    invite(brand, "ben")
    invite(BrandHand(hand, 1), "ben")
    assert len(control(hand, "notices?handle=ben")["notices"]) == 2
    invitations.accept(world, handle="ben")
    assert [one.state for one in invitations.of(world, "ben")] == ["accepted", "accepted"]


def test_twenty_handles_at_once_and_reasons_in_another_shape(brand, world):
    assert brand.post("tcm/creator/invite/", handle_names=["ana"] * 21)["code"] == 40002
    world.faults.set(uneven_shapes=1)
    assert invite(brand, "nobody")["reject_reasons"] == [
        {"handle_name": "nobody", "reject_reason": "The handle does not exist."}
    ]


def test_facts_of_a_person_are_changed_and_judged_by_control(hand):
    told = control(hand, "person", handle="brandco", business=False)
    assert (told["handle"], told["business"]) == ("brandco", False)
    judged = control(hand, "eligibility?handle=brandco")
    assert judged["eligible"] is True
    assert [one["rule"] for one in judged["rules"]] == [
        "followers", "country", "age", "account_type", "videos", "views", "content",
    ]  # fmt: skip
    assert hand.http.post("/_sim/person", json={"handle": "ana", "shoe_size": 40}).status_code == 400
    assert hand.http.get("/_sim/eligibility?handle=nobody").status_code == 404


def test_what_was_changed_leaves_the_posts_as_they_were():
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=False, posts=30))
    before = [post.item_id for post in hand.world.posts_of(1)]
    views = hand.world.totals(1, int(NOON.timestamp()))
    hand.world.change("ben", followers=10)
    hand.world._written.clear()
    assert [post.item_id for post in hand.world.posts_of(1)] == before
    assert hand.world.totals(1, int(NOON.timestamp())) == views
