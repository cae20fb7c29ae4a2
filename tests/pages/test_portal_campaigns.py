"""The Campaign Details Page: what is asked, own links only, where each video stands, and what the creator says."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import documents, ordering, participants
from greenroom.campaigns.models import Acceptance, Campaign, Deliverable, Order
from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.observations import log
from greenroom.pages.post_performance import SIX
from greenroom.sandbox import uploads
from tests.campaigns.conftest import SETTINGS, Phone, run, take_part
from tests.living import words

BY = "member:1"
BRIEF = {"text": "One real breakfast a video.", "checklist": "Show the carton.\nSay that it is paid."}
AGREEMENT = {
    "terms": "Posts stay up for six months.",
    "fee": "600 dollars a video.",
    "deliverables": "Three videos.",
    "dates": "March and April.",
    "data_access": "The figures you share in Greenroom.",
    "renewal": "",
}


@pytest.fixture
def ana(people, workspace):
    people.connect_marketplace(workspace, at=clock.now())
    return people.consent(workspace, "ana", at=clock.now())


@pytest.fixture
def campaign(workspace, ana):
    at = clock.now()
    made = campaigns.create_campaign(
        workspace,
        name="Oat Season",
        by=BY,
        at=at,
        mode="manual",
        required=2,
        deliverables=["Overnight jar"],
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 4, 30),
        requirements="Say what you like about it.",
        **SETTINGS,
    )
    campaigns.move_campaign(made, "active", by=BY, at=at)
    return made


@pytest.fixture
def inside(phone, ana):
    """ANA's browser, in by her link."""
    browser = phone()
    browser.post("/me/" + links.portal_token(ana.account.creator, at=clock.now()) + "/")
    return browser


@pytest.fixture
def part(campaign):
    return take_part(campaign, "ana", at=clock.now())[0]


@pytest.fixture
def asked(campaign, part):
    """ANA has an order of two."""
    return order(campaign, part)


@pytest.fixture
def app(world):
    return Phone(world)


def order(campaign, part) -> Order:
    ordering.create_orders(campaign, [part], by=BY, at=clock.now())
    run(clock.now())
    return Order.objects.select_related("account", "participant").get(participant=part, number=1)


def page_of(part) -> str:
    return f"/me/campaigns/{part.pk}/"


def look_again(world) -> None:
    """Half an hour later, when every review is through."""
    at = clock.now() + timedelta(minutes=30)
    world.clock.set(at)
    world.settle()
    follow(at)


def follow(at=None) -> None:
    at = at or clock.now()
    Campaign.objects.update(due_at=at)
    run(at)


class TestWhatIsShown:
    def test_it_says_what_is_asked_by_whom_and_until_when(self, inside, part, asked):
        told = words(inside.get(page_of(part)))
        assert "Pebblewick · Campaign Details Page Oat Season" in told
        assert SETTINGS["description"] in told
        assert "Say what you like about it." in told
        assert "Content Video" in told
        assert "1 Mar 2027 to 30 Apr 2027" in told
        assert "Deadline 30 Apr 2027" in told
        assert "Overnight jar" in told
        assert "Video 2" in told

    def test_the_link_comes_first_and_the_code_under_link_not_used(self, inside, part, asked):
        html = inside.get(page_of(part)).content.decode()
        link, fold = html.index(f'href="{asked.invite_link}"'), html.index("Link not used?")
        assert link < fold < html.index(asked.code)
        assert "Open in TikTok" in html[link:fold]
        assert "Campaign Code" in html[fold:]
        assert "Join Campaign" in html

    def test_the_portal_leads_there(self, inside, part, asked):
        html = inside.get("/me/").content.decode()
        assert f'href="{page_of(part)}"' in html
        assert "Your turn: join" in html

    def test_twelve_videos_have_two_links_with_their_ranges(self, inside, campaign, part):
        participants.require(part, 12, by=BY, at=clock.now())
        part.refresh_from_db()
        order(campaign, part)
        told = inside.get(page_of(part)).content.decode()
        assert re.findall(r'<h2 id="ask-\d+">(.*?)</h2>', told) == ["Videos 1 to 10", "Videos 11 to 12"]
        for one in Order.objects.all():
            assert f'href="{one.invite_link}"' in told

    def test_the_link_as_a_picture(self, inside, part, asked):
        found = inside.get(f"{page_of(part)}orders/{asked.pk}/qr.svg")
        assert found["Content-Type"] == "image/svg+xml"
        assert found.content.startswith(b"<svg")
        assert "script-src 'self'" in found["Content-Security-Policy"]

    def test_before_tiktok_made_it_there_is_no_link_and_no_picture(self, inside, campaign, part):
        ordering.create_orders(campaign, [part], by=BY, at=clock.now())
        waiting = Order.objects.get()
        told = words(inside.get(page_of(part)))
        assert "Your link is on its way" in told
        assert "Open in TikTok" not in told
        assert inside.get(f"{page_of(part)}orders/{waiting.pk}/qr.svg").status_code == 404

    def test_what_tiktok_refused_is_said_without_its_words(self, inside, part, asked):
        Order.objects.update(state="refused", refusal="40002: budget of the brand is gone", invite_link="")
        told = words(inside.get(page_of(part)))
        assert "Your link is not ready" in told
        assert "budget" not in told

    def test_videos_in_words(self, inside, part, asked, app, world):
        made = app.upload(asked)
        follow()
        assert "Uploaded Not public yet" in words(inside.get(page_of(part)))
        uploads.post(world, video_id=made.video_id)
        follow()
        assert "Posted, in TikTok's review" in words(inside.get(page_of(part)))
        uploads.approve(world, video_id=made.video_id)
        look_again(world)
        told = words(inside.get(page_of(part)))
        assert "Live" in told
        assert "The Branded Content Toggle is on." in told
        assert "Videos 1 of 2" in told

    def test_an_id_that_is_late_is_no_zero(self, inside, part, asked, app, world):
        app.publish(asked, late_hours=40)
        look_again(world)
        told = words(inside.get(page_of(part)))
        assert "TikTok has not passed on the video's number yet" in told
        assert "0 views" not in told

    def test_a_lost_video_says_why_and_asks_for_another(self, inside, part, asked, app, world):
        made = app.upload(asked)
        uploads.post(world, video_id=made.video_id)
        look_again(world)
        uploads.reject(world, video_id=made.video_id, reason="A health claim")
        look_again(world)
        told = words(inside.get(page_of(part)))
        assert "Did not pass TikTok's review" in told
        assert "TikTok says: A health claim." in told
        assert "Upload another one" in told

    def test_views_are_the_brands_figure_with_its_passport(self, inside, part, asked, app, world, acme, client):
        app.publish(asked)
        look_again(world)
        post = Deliverable.objects.get(place=1).post
        address = f"/me/posts/{post.pk}/views/"
        html = inside.get(page_of(part)).content.decode()
        assert f'href="{address}"' in html  # before the first reading it is a dash with its reason
        assert "Views: not available." in html
        seen = {"account": post.account_id, "observed_at": clock.now(), "source_class": "sandbox"}
        reading = {**seen, "surface": "accounts_api", "subject": post.pk, "views": 163_222}
        log.append(part.workspace, "post", [reading], key="views", at=clock.now())
        assert "163,222 views" in words(inside.get(page_of(part)))
        assert "sees the same figure" in words(inside.get(address))
        client.force_login(acme.olga.user)
        assert "163,222" in words(client.get(f"/w/acme/provenance/views/post/{post.pk}/"))

    def test_the_six_figures_of_a_post_are_those_the_brand_sees(self, inside, part, asked, app, world, acme, client):
        """FUL-09: value by value, as the post's own page has them."""
        app.publish(asked)
        look_again(world)
        post = Deliverable.objects.get(place=1).post
        seen = {"account": post.account_id, "observed_at": clock.now(), "source_class": "sandbox"}
        told = {"views": 163_222, "likes": 9_000, "comments": 400, "shares": 600, "reach": 120_044}
        watched = {"video_completion_rate": 0.39, "avg_play_time": 14.2}
        reading = {**seen, "surface": "order_report", "subject": post.pk, **told, **watched}
        log.append(part.workspace, "post", [reading], key="report", at=clock.now())
        client.force_login(acme.olga.user)
        brand, own = client.get(f"/w/acme/posts/{post.pk}/"), inside.get(page_of(part))
        head = re.search(r'<dl class="stats"(.*?)</dl>', brand.content.decode(), flags=re.S)[1]
        figures = dict(
            re.findall(r'<div class="stat"><dt>(.*?) <a .*?<dd class="v">(.*?)</dd>', head, flags=re.S),
        )
        assert list(figures) == list(SIX.values())
        assert figures["Reach"] == "120,044"
        assert figures["Engagement rate"] == "6.1%"
        lines = re.findall(r"<li><span>([^<]*)<span.*?<span class=\"n\"><span[^>]*>(.*?) <a ", own.content.decode())
        assert dict(lines) == figures
        assert inside.get(f"/me/posts/{post.pk}/reach/").status_code == 200
        assert inside.get(f"/me/posts/{post.pk}/creator_rate/").status_code == 404

    def test_what_is_done_needs_no_link(self, inside, part, asked):
        Deliverable.objects.update(state="published")
        Order.objects.update(state="fulfilled")
        html = inside.get(page_of(part)).content.decode()
        assert "All videos are in" in html
        assert asked.invite_link not in html

    def test_a_draft_is_not_shown(self, inside, campaign, part):
        Campaign.objects.update(state="draft")
        assert inside.get(page_of(part)).status_code == 404
        assert "Oat Season" not in words(inside.get("/me/"))

    def test_hostile_words_stay_words(self, inside, campaign, part, asked):
        Campaign.objects.update(requirements="<script>alert(1)</script>")
        assert b"<script>alert" not in inside.get(page_of(part)).content

    def test_the_page_costs_the_same_however_much_it_shows(self, inside, campaign, part, asked):
        def cost() -> int:
            with CaptureQueriesContext(
                connection,
            ) as told:
                inside.get(page_of(part))
            return len(told)

        cost()
        one = cost()
        participants.require(part, 40, by=BY, at=clock.now())
        part.refresh_from_db()
        ordering.create_orders(campaign, [part], by=BY, at=clock.now())
        assert Order.objects.count() > 3
        assert cost() == one


class TestOthers:
    @pytest.fixture
    def ben(self, campaign, people, workspace):
        people.consent(workspace, "ben", at=clock.now())
        row = take_part(campaign, "ben", at=clock.now())[0]
        return SimpleNamespace(part=row, order=order(campaign, row))

    def test_another_creators_page_link_and_picture_are_not_there(self, inside, part, asked, ben):
        assert ben.order.invite_link not in inside.get(page_of(part)).content.decode()
        assert inside.get(page_of(ben.part)).status_code == 404
        assert inside.get(f"{page_of(ben.part)}orders/{ben.order.pk}/qr.svg").status_code == 404
        assert inside.get(f"{page_of(part)}orders/{ben.order.pk}/qr.svg").status_code == 404

    def test_nor_the_views_of_another_creators_post(self, inside, ben, app, world):
        app.publish(ben.order)
        look_again(world)
        post = Deliverable.objects.get(order=ben.order, place=1).post
        assert inside.get(f"/me/posts/{post.pk}/views/").status_code == 404

    def test_nobody_speaks_for_somebody_else(self, inside, campaign, part, asked, ben):
        brief = documents.publish(campaign, "brief", BRIEF, by=BY, at=clock.now())
        for path in (
            f"{page_of(part)}orders/{ben.order.pk}/moves/",
            f"{page_of(ben.part)}orders/{ben.order.pk}/moves/",
        ):
            assert inside.post(path, to="declined").status_code == 404
        assert inside.post(f"{page_of(ben.part)}accept/{brief.pk}/", line=["1", "2"]).status_code == 404
        ben.order.refresh_from_db()
        assert ben.order.state == "created"
        assert Acceptance.objects.count() == 0

    def test_the_papers_of_another_campaign_are_not_there(self, inside, workspace, part):
        other = campaigns.create_campaign(workspace, name="Other", by=BY, at=clock.now())
        brief = documents.publish(other, "brief", BRIEF, by=BY, at=clock.now())
        assert inside.post(f"{page_of(part)}accept/{brief.pk}/", line=["1", "2"]).status_code == 404

    @pytest.mark.parametrize("rest", ["", "orders/1/moves/", "orders/1/qr.svg", "accept/1/"])
    def test_a_stranger_is_asked_for_their_link(self, phone, db, rest):
        assert phone().post(f"/me/campaigns/1/{rest}")["Location"] == "/me/link/"


class TestSaying:
    def test_i_joined(self, inside, part, asked, ana):
        told = inside.site.post(f"{page_of(part)}orders/{asked.pk}/moves/", {"to": "joined"}, follow=True)
        assert "Noted that you joined." in words(told)
        asked.refresh_from_db()
        assert asked.state == "joined"
        assert Event.objects.get(name="order.joined").by == f"creator:{ana.account.creator_id}"
        assert "I joined" not in words(inside.get(page_of(part)))

    def test_i_cant_take_part(self, inside, part, asked):
        inside.post(f"{page_of(part)}orders/{asked.pk}/moves/", to="declined")
        asked.refresh_from_db()
        assert asked.state == "declined"
        told = inside.get(page_of(part)).content.decode()
        assert "You said no" in told
        assert asked.invite_link not in told

    def test_a_second_yes_after_a_no_is_told_how_it_stands(self, inside, part, asked):
        path = f"{page_of(part)}orders/{asked.pk}/moves/"
        inside.post(path, to="declined")
        again = inside.site.post(path, {"to": "joined"}, follow=True)
        assert "This has changed meanwhile." in words(again)

    @pytest.mark.parametrize("to", ["cancelled", "fulfilled", "not_created", ""])
    def test_creators_say_nothing_else(self, inside, part, asked, to):
        assert inside.post(f"{page_of(part)}orders/{asked.pk}/moves/", to=to).status_code == 404

    def test_after_handing_in_there_is_no_way_to_say_no(self, inside, part, asked, app, world):
        app.upload(asked)
        look_again(world)
        assert "can't take part" not in words(inside.get(page_of(part)))


class TestPapers:
    def test_the_brief_is_read_line_by_line(self, inside, campaign, part):
        brief = documents.publish(campaign, "brief", BRIEF, by=BY, at=clock.now())
        html = inside.get(page_of(part)).content.decode()
        assert html.count('name="line"') == 2
        accept = f"{page_of(part)}accept/{brief.pk}/"
        told = words(inside.site.post(accept, {"line": ["1"]}, follow=True))
        assert "Tick every line" in told
        assert Acceptance.objects.count() == 0
        told = words(inside.site.post(accept, {"line": ["1", "2"]}, follow=True))
        assert "You read this on" in told
        assert "Show the carton." in told
        assert documents.accepted(brief, part) is not None

    def test_the_agreement_goes_with_the_consent(self, inside, campaign, part, ana):
        made = documents.publish(campaign, "agreement", AGREEMENT, by=BY, at=clock.now())
        told = words(inside.get(page_of(part)))
        for text in AGREEMENT.values():
            assert text in told
        told = words(inside.site.post(f"{page_of(part)}accept/{made.pk}/", follow=True))
        assert "You accepted this on" in told
        assert "With it goes your consent of" in told
        row = Acceptance.objects.get()
        assert (row.document, row.consent, row.who) == (made, ana.consents.get(), "Ana")

    def test_a_new_version_asks_again_and_the_old_one_takes_no_yes(self, inside, campaign, part):
        first = documents.publish(campaign, "agreement", AGREEMENT, by=BY, at=clock.now())
        inside.post(f"{page_of(part)}accept/{first.pk}/")
        second = documents.publish(campaign, "agreement", {**AGREEMENT, "fee": "700"}, by=BY, at=clock.now())
        told = words(inside.get(page_of(part)))
        assert "This has changed." in told
        assert "Accept the agreement" in told
        assert "Agreement to read" in words(inside.get("/me/"))
        inside.post(f"{page_of(part)}accept/{second.pk}/")
        assert "Accept the agreement" not in words(inside.get(page_of(part)))
        assert Acceptance.objects.count() == 2

    def test_a_yes_to_a_page_that_was_open_too_long_is_refused(self, inside, campaign, part):
        first = documents.publish(campaign, "agreement", AGREEMENT, by=BY, at=clock.now())
        documents.publish(campaign, "agreement", {**AGREEMENT, "fee": "700"}, by=BY, at=clock.now())
        told = words(inside.site.post(f"{page_of(part)}accept/{first.pk}/", follow=True))
        assert "There is a newer version." in told
        assert Acceptance.objects.count() == 0

    def test_without_a_consent_it_says_so(self, inside, campaign, part, ana):
        creators.withdraw(ana, by=BY, at=clock.now())
        made = documents.publish(campaign, "agreement", AGREEMENT, by=BY, at=clock.now())
        told = words(inside.site.post(f"{page_of(part)}accept/{made.pk}/", follow=True))
        assert "No TikTok consent goes with it: @ana was not connected then." in told
