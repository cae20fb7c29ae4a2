"""Orders on staff's pages: one by one and in bulk, refusals in words, a constant number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import participants, placing
from greenroom.campaigns.models import Bulk, Campaign, Deliverable, Order
from greenroom.core import clock, work
from greenroom.creators.models import Account
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from tests.living import words
from tests.pages.campaigning import AT, BRAND, create, join_in, page, run


class TestOneOrder:
    def test_it_is_created_at_once_and_its_link_can_be_copied(self, olga, campaign, world):
        """ORD-02, ORD-05, ORD-06, ORD-15."""
        [ana] = join_in(campaign, "ana")
        answer = create(olga, campaign, ana, videos=2, name=["Breakfast", "Bike"], spark_days="30", due_on="2026-03-22")
        order = Order.objects.get()
        assert (order.state, order.spark_days, order.due_on.isoformat()) == ("created", 30, "2026-03-22")
        theirs = world.market.orders[order.tiktok_id].campaign
        assert [one.name for one in theirs.deliverables] == ["Breakfast", "Bike"]
        told, html = words(answer), answer.content.decode()
        assert "Order Created" in told
        assert f"<span>{order.invite_link}</span><button" in html
        assert "Link not used? Campaign Code" in told
        assert order.code in told
        assert "0 of 2" in told

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"videos": 0}, "greater than or equal to 1"),
            ({"videos": 11}, "less than or equal to 10"),
            ({"videos": 2, "name": ["A", "a"]}, "Two videos have the name"),
            ({"videos": 1, "spark_days": "8"}, "Select a valid choice"),
        ],
    )
    def test_what_tiktok_would_not_take_is_said_in_the_dialog(self, olga, campaign, form, said):
        [ana] = join_in(campaign, "ana")
        answer = create(olga, campaign, ana, **form)
        assert answer.status_code == 422
        assert said in words(answer)
        assert not Order.objects.exists()

    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            ({"tiktok": False}, "Turn TikTok on"),
            ({"brand_name": ""}, "Save the brand name and the campaign description first"),
            ({"description": ""}, "Save the brand name and the campaign description first"),
        ],
    )
    def test_before_it_is_ready_the_reason_is_said_and_nothing_is_made(self, olga, campaign, missing, said):
        """CMP-01, CMP-03."""
        [ana] = join_in(campaign, "ana")
        campaigns.change_campaign(campaign, by="member:1", at=clock.now(), **missing)
        answer = create(olga, campaign, ana, videos=1)
        assert answer.status_code == 409
        assert said in words(answer)
        assert not Order.objects.exists()
        html = olga.get(page(campaign, "settings/marketplace/")).content.decode()
        assert f"participant={ana.pk}" not in html

    def test_more_than_ten_take_two_links(self, olga, campaign):
        [ana] = join_in(campaign, "ana")
        participants.require(ana, 12, by="member:1", at=clock.now())
        create(olga, campaign, ana)
        assert list(Order.objects.values_list("videos", "state")) == [(10, "created"), (2, "created")]
        assert len(set(Order.objects.values_list("invite_link", flat=True))) == 2

    def test_when_tiktok_is_away_the_order_waits_and_says_so(self, olga, campaign, world):
        [ana] = join_in(campaign, "ana")
        world.faults.set(bad_gateway=1)
        told = words(create(olga, campaign, ana, videos=1))
        order = Order.objects.get()
        assert (order.state, order.leased_until) == ("not_created", None)
        assert order.due_at > clock.now() - timedelta(seconds=60)
        assert "It is kept and tried again by itself" in told
        world.faults.set(bad_gateway=0)
        assert order.asked_at is not None  # it may have been made all the same, so it is looked for after a minute
        Order.objects.update(due_at=clock.now(), asked_at=order.asked_at - placing.LAG)
        run()
        assert Order.objects.get().state == "created"

    def test_what_tiktok_refuses_is_shown_and_tried_again(self, olga, campaign):
        [one] = join_in(campaign, "nobody_at_all")
        told = words(create(olga, campaign, one, videos=1))
        assert "TikTok refused the order for @nobody_at_all" in told
        order = Order.objects.get()
        assert "Refused by TikTok" in words(olga.get(page(campaign, "settings/marketplace/")))
        Account.objects.filter(handle="nobody_at_all").update(handle="ben")
        olga.post(f"{AT}orders/{order.pk}/moves/", {"to": "not_created"})
        assert Order.objects.get().state == "created"

    def test_moves_are_noted_by_hand_and_others_are_refused_in_words(self, olga, campaign):
        [ana] = join_in(campaign, "ana")
        create(olga, campaign, ana, videos=1)
        order = Order.objects.get()
        at = f"{AT}orders/{order.pk}/"
        assert "Joined, I heard" in words(olga.get(at))
        olga.post(at + "moves/", {"to": "joined"})
        assert Order.objects.get().state == "joined"
        assert "Joined, I heard" not in words(olga.get(at))
        assert "not possible any more" in words(olga.post(at + "moves/", {"to": "fulfilled"}, follow=True))
        back = page(campaign, "settings/marketplace/")
        assert olga.post(at + "moves/", {"to": "cancelled", "back": back})["Location"] == back
        elsewhere = olga.post(at + "moves/", {"to": "cancelled", "back": "//evil.example/w/acme/"})
        assert elsewhere["Location"] == at

    def test_the_panel_shows_posts_their_state_and_what_happened(self, olga, campaign, world):
        [ana] = join_in(campaign, "ana")
        create(olga, campaign, ana, videos=2, name=["Breakfast", ""])
        order = Order.objects.select_related("account").get()
        assert "The creator to join" in words(olga.get(page(campaign)))
        taking.join(world, handle="ana", link=order.invite_link)
        made = uploads.upload(world, handle="ana", link=order.invite_link)
        Campaign.objects.update(due_at=clock.now())
        work.run_due(Campaign, at=clock.now())
        told = words(olga.get(f"{AT}orders/{order.pk}/"))
        assert "Breakfast Uploaded, in review" in told
        assert "1 of 2 uploaded, 0 published" in told
        assert "Olga Owner asked for the order" in told
        assert "Greenroom saw TikTok create the order" in told
        assert "1 of 2" in words(olga.get(page(campaign, "settings/marketplace/")))
        assert Deliverable.objects.filter(video_id=made.video_id).exists()


class TestBulk:
    def test_errors_are_listed_and_only_those_are_tried_again(self, olga, campaign):
        """ORD-24."""
        people = join_in(campaign, "ana", "ben", "nobody_at_all", "dov")
        Account.objects.exclude(handle="dov").update(in_marketplace=True)
        campaigns.change_campaign(campaign, strict=True, by="member:1", at=clock.now())
        answer = create(olga, campaign, all="1")
        made = Bulk.objects.get()
        assert answer.redirect_chain[-1][0] == f"{AT}bulks/{made.pk}/"
        assert "0 of 3 created" in words(answer)
        assert "every 2s" in answer.content.decode()
        run()
        done = olga.get(f"{AT}bulks/{made.pk}/")
        told = words(done)
        assert "2 of 3 created" in told
        assert "2 without success" in told
        assert "every 2s" not in done.content.decode()
        assert "@dov is not authenticated and not in the marketplace" in told
        links = dict(Order.objects.exclude(invite_link="").values_list("pk", "invite_link"))
        Account.objects.filter(handle="nobody_at_all").update(handle="cyd")
        assert "2 tried again" in words(olga.post(f"{AT}bulks/{made.pk}/retry/", follow=True))
        run()
        assert Order.objects.filter(state="created").count() == 3
        assert links.items() <= dict(Order.objects.values_list("pk", "invite_link")).items()
        made.refresh_from_db()
        assert [one["handle"] for one in made.errors] == ["dov"]
        assert len(people) == 4

    def test_what_is_not_made_yet_can_be_cancelled(self, olga, campaign):
        people = join_in(campaign, "ana", "ben")
        create(olga, campaign, *people, videos=1)
        made = Bulk.objects.get()
        assert "2 cancelled" in words(olga.post(f"{AT}bulks/{made.pk}/cancel/", follow=True))
        run()
        assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}

    def test_nobody_ticked_is_said(self, olga, campaign):
        assert "Tick who is to get an order" in words(create(olga, campaign))

    def test_somebody_of_another_campaign_is_not_among_them(self, olga, campaign, workspace):
        told = {"by": "member:1", "at": clock.now()}
        other = campaigns.create_campaign(workspace, name="Other", tiktok=True, mode="manual", **BRAND, **told)
        [stranger] = join_in(other, "ana")
        create(olga, campaign, stranger, videos=1)
        assert not Order.objects.exists()


def cost(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize("rest", ["", "influencers/", "settings/marketplace/"])
def test_a_page_costs_the_same_however_many_orders_it_shows(olga, campaign, rest):
    from greenroom.campaigns import ordering

    told = {"by": "member:1", "at": clock.now()}
    few = join_in(campaign, "p1", "p2")
    participants.require(few[1], 11, **told)
    few[1].refresh_from_db()
    ordering.create_orders(campaign, few, **told)
    before = cost(olga, page(campaign, rest))
    many = join_in(campaign, *[f"q{n}" for n in range(20)])
    ordering.create_orders(campaign, many, ordering.Asked(videos=3), **told)
    assert cost(olga, page(campaign, rest)) == before


def test_the_order_screen_leads_to_three_articles_about_links(olga, campaign):
    """HLP-06: benefits, how-to, questions."""
    [ana] = join_in(campaign, "ana")
    create(olga, campaign, ana, videos=1)
    for screen in (page(campaign, "settings/marketplace/"), f"{AT}orders/{Order.objects.get().pk}/"):
        html = olga.get(screen).content.decode()
        for slug in ("link-benefits", "link-how-to", "link-questions"):
            assert f'href="/w/acme/help/{slug}/"' in html
            assert olga.get(f"/w/acme/help/{slug}/").status_code == 200


def test_names_in_the_dialog_are_the_campaigns_and_left_alone_they_go_on_over_several_orders(olga, campaign):
    campaigns.change_campaign(campaign, deliverables=["A", "B"], by="member:1", at=clock.now())
    [ana] = join_in(campaign, "ana")
    participants.require(ana, 12, by="member:1", at=clock.now())
    html = olga.get(page(campaign, f"orders/create/?participant={ana.pk}")).content.decode()
    assert 'value="A"' in html
    create(olga, campaign, ana, videos="", name=["A", "B", "", "", "", "", "", "", "", ""])
    first, second = Order.objects.order_by("number")
    assert list(first.deliverables.values_list("name", flat=True))[:3] == ["A", "B", "Video 3"]
    assert list(second.deliverables.values_list("name", flat=True)) == ["Video 11", "Video 12"]


def test_the_dialog_answers_a_script_in_place_and_then_leads_the_page_on(olga, campaign):
    [ana] = join_in(campaign, "ana")
    at, script = page(campaign, "orders/create/"), {"HX-Request": "true", "HX-Target": "dialog"}
    wrong = olga.post(at, {"participant": ana.pk, "videos": 11}, headers=script)
    assert wrong.status_code == 200
    assert "less than or equal to 10" in words(wrong)
    assert "<main" not in wrong.content.decode()
    done = olga.post(at, {"participant": ana.pk, "videos": 1}, headers=script)
    assert (done.status_code, done["HX-Redirect"]) == (204, page(campaign, "settings/marketplace/"))
