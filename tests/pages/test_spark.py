"""Spark Ads on the pages: asking for one post and for many, the steps, boosts, Home, and who sees the code."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import following, ordering
from greenroom.campaigns.models import Deliverable, Order
from greenroom.core import clock, work
from greenroom.creators.models import Post
from greenroom.sandbox import Clock, World, uploads
from greenroom.sandbox import orders as taking
from greenroom.sandbox import spark as at_tiktok
from greenroom.spark.models import Boost, SparkAuthorization
from tests.consenting import People, mount
from tests.pages.campaigning import BRAND, join_in

ROOT = Path(__file__).parents[2] / "greenroom"


@pytest.fixture
def world(at):
    return World(accounts=20, posts=3, throttle=False, clock=Clock(at, rate=0))


@pytest.fixture
def desk(acme, world, monkeypatch, settings, at):
    """Olga at a campaign in which Ana has published one post."""
    monkeypatch.setattr(clock, "now", lambda: at)
    People(world, mount(monkeypatch, settings, world)).connect_marketplace(acme.workspace, at=at)
    told = {"by": "member:1", "at": at}
    campaign = campaigns.create_campaign(acme.workspace, name="Oat Season", mode="manual", tiktok=True, **BRAND, **told)
    campaigns.move_campaign(campaign, "active", **told)
    client = Client()
    client.force_login(acme.olga.user)
    return campaign, client


def published(world, campaign, handle, *, at, **asked) -> Post:
    people = join_in(campaign, handle)
    ordering.create_orders(campaign, people, ordering.Asked(**{"videos": 1, **asked}), by="member:1", at=at)
    while work.run_due(Order, at=at):
        pass
    order = Order.objects.get(participant=people[0])
    taking.join(world, handle=handle, link=order.invite_link)
    made = uploads.upload(world, handle=handle, link=order.invite_link, caption=f"Oats by {handle}")
    uploads.post(world, video_id=made.video_id)
    uploads.approve(world, video_id=made.video_id)
    following.follow(campaign, at=at)
    return Deliverable.objects.get(order=order).post


@pytest.fixture
def ana(desk, world, at):
    return published(world, desk[0], "ana", at=at)


def at_post(post, rest="") -> str:
    return f"/w/acme/posts/{post.pk}/{rest}"


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_post_is_requested_granted_extended_and_taken_back(desk, ana, world, at, monkeypatch):
    client = desk[1]
    assert "Request Spark Ads" in text(client.get(at_post(ana, "?tab=spark")))
    said = text(client.post(at_post(ana, "spark/request/"), {"days": "30"}, follow=True))
    assert "29 requests are left" in said
    assert "Remind the creator" in said
    at_tiktok.answer(world, video_id=ana.item_id, grant=True, days=7)
    said = text(client.post(at_post(ana, "spark/look/"), follow=True))
    code = world.market.sparks[ana.item_id].code
    assert "Authorized until" in said
    assert code in client.get(at_post(ana, "?tab=spark")).content.decode()
    said = text(client.post(at_post(ana, "spark/request/"), {"days": "60", "extend": "1"}, follow=True))
    assert "More time was asked for" in said
    at_tiktok.answer(world, video_id=ana.item_id, grant=True)
    said = text(client.post(at_post(ana, "spark/look/"), follow=True))
    assert SparkAuthorization.objects.get().until == at + timedelta(days=60)
    at_tiktok.switch(world, world.account("ana"), video_id=ana.item_id, on=False)
    page = client.post(at_post(ana, "spark/look/"), follow=True)
    assert "Revoked" in text(page)
    assert code not in page.content.decode()


def test_after_its_end_the_code_is_greyed_though_nobody_has_asked(desk, ana, world, at, monkeypatch):
    client = desk[1]
    client.post(at_post(ana, "spark/request/"), {"days": "30"})
    at_tiktok.answer(world, video_id=ana.item_id, grant=True)
    client.post(at_post(ana, "spark/look/"))
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=31))
    page = client.get(at_post(ana, "?tab=spark"))
    assert f"<s>{world.market.sparks[ana.item_id].code}</s>" in page.content.decode()
    assert "data-copy" not in page.content.decode().split('id="h-auth"')[1].split("</section>")[0]
    assert "Expired" in text(page)


def test_the_code_is_shown_to_those_only_who_run_campaigns(desk, ana, world, acme, at):
    client = desk[1]
    client.post(at_post(ana, "spark/request/"), {"days": "30"})
    at_tiktok.answer(world, video_id=ana.item_id, grant=True)
    client.post(at_post(ana, "spark/look/"))
    code = world.market.sparks[ana.item_id].code
    for member in (acme.vic, acme.ana_lyst):
        other = Client()
        other.force_login(member.user)
        assert code not in other.get(at_post(ana, "?tab=spark")).content.decode()
        assert code not in other.get(f"/w/acme/campaigns/{desk[0].pk}/spark/").content.decode()
        assert other.post(at_post(ana, "spark/request/"), {"days": "30"}).status_code == 403
        assert other.post(f"/w/acme/campaigns/{desk[0].pk}/spark/", {"post": ana.pk}).status_code == 403


def test_many_posts_are_requested_and_each_has_its_own_outcome(desk, ana, world, at):
    campaign, client = desk
    cyd = published(world, campaign, "cyd", at=at)
    at_tiktok.switch(world, world.account("cyd"), video_id=cyd.item_id, on=True)
    client.post(at_post(cyd, "spark/request/"), {"days": "30"})
    page = client.post(f"/w/acme/campaigns/{campaign.pk}/spark/", {"post": [ana.pk, cyd.pk], "days": "60"})
    said = text(page)
    assert "1 of 2 requested" in said
    assert "authorized the post already" in said
    assert work.run_due(SparkAuthorization, at=at) == 1
    listed = text(client.get(f"/w/acme/campaigns/{campaign.pk}/spark/"))
    assert listed.index(cyd.item_id) < listed.index(ana.item_id)  # what ends next comes first
    assert "Requested" in listed
    nothing = client.post(f"/w/acme/campaigns/{campaign.pk}/spark/", {"days": "30"})
    assert nothing.status_code == 422


def test_steps_are_ticked_and_the_progress_is_kept(desk, ana, world, acme):
    client = desk[1]
    assert "In TikTok Ads Manager" not in text(client.get(at_post(ana, "?tab=spark")))
    client.post(at_post(ana, "spark/request/"), {"days": "30"})
    at_tiktok.answer(world, video_id=ana.item_id, grant=True)
    client.post(at_post(ana, "spark/look/"))
    for step in "12":
        client.post(at_post(ana, "spark/step/"), {"step": step, "done": "1"})
    client.post(at_post(ana, "spark/step/"), {"step": "1", "done": "0"})
    said = text(client.get(at_post(ana, "?tab=spark")))
    assert "1 of 5 steps done" in said
    assert "Done by Olga Owner" in said
    assert "Choose a step from 1 to 5" in text(
        client.post(at_post(ana, "spark/step/"), {"step": "9", "done": "1"}, follow=True)
    )


def test_home_says_once_what_ends_within_a_week(desk, ana, world, at, monkeypatch):
    client = desk[1]
    client.post(at_post(ana, "spark/request/"), {"days": "30"})
    at_tiktok.answer(world, video_id=ana.item_id, grant=True)
    client.post(at_post(ana, "spark/look/"))
    assert "Ask for more time" not in text(client.get("/w/acme/"))
    later = at + timedelta(days=23, minutes=1)
    world.clock.set(later)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert text(client.get("/w/acme/")).count("Ask for more time") == 1
    client.post(at_post(ana, "spark/request/"), {"days": "30", "extend": "1"})
    assert "Ask for more time" not in text(client.get("/w/acme/"))


def test_a_boost_is_noted_with_what_was_spent_and_ended(desk, ana, at, monkeypatch):
    client = desk[1]
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=3))
    form = {"started_on": f"{at:%Y-%m-%d}", "spend": "12.34", "currency": "EUR"}
    assert "Noted the boost" in text(client.post(at_post(ana, "boosts/"), form, follow=True))
    boost = Boost.objects.get()
    assert (boost.started_at, boost.spend_minor, boost.currency) == (ana.posted_at, 1234, "EUR")
    assert "boosted at that time already" in text(client.post(at_post(ana, "boosts/"), form, follow=True))
    assert "is over" in text(client.post(at_post(ana, "boosts/"), {"end": boost.pk}, follow=True))
    boost.refresh_from_db()
    assert boost.ended_at == at + timedelta(days=3)
    early = {"started_on": f"{at - timedelta(days=9):%Y-%m-%d}"}
    assert "not out yet" in text(client.post(at_post(ana, "boosts/"), early, follow=True))


def test_the_creator_sees_what_was_asked_until_when_and_how_to_take_it_back(desk, ana, world, at):
    from greenroom.pages import portal_spark

    client, mine = desk[1], ana.entry.participant
    client.post(at_post(ana, "spark/request/"), {"days": "30"})
    [line] = portal_spark.lines(mine, brand="Pebblewick", at=at)
    assert line.words.startswith("Pebblewick asks to advertise it for 30 days.")
    at_tiktok.answer(world, video_id=ana.item_id, grant=True, days=7)
    client.post(at_post(ana, "spark/look/"))
    [line] = portal_spark.lines(mine, brand="Pebblewick", at=at)
    assert line.works
    assert "until" in line.words
    [line] = portal_spark.lines(mine, brand="Pebblewick", at=at + timedelta(days=8))
    assert line.state == "Over"


def test_the_product_says_spark_ads_and_never_the_other_word():
    shown = [*ROOT.rglob("*.html"), *ROOT.rglob("*.md"), *ROOT.rglob("*.po"), *ROOT.rglob("*.py"), *ROOT.rglob("*.js")]
    assert len(shown) > 300
    assert [str(one) for one in shown if re.search(r"smart[\s_-]*ads?\b", one.read_text(), re.I)] == []
