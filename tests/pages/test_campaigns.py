"""Campaigns on staff's pages: list, settings, orders alone and in bulk, refusals in words, nobody else's campaign."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import documents, participants
from greenroom.campaigns.models import Acceptance, Bulk, Campaign, Deliverable, Order, Participant
from greenroom.core import clock, work
from greenroom.creators import actions as creators
from greenroom.creators import labels
from greenroom.creators.models import Account
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from tests.living import words

BRAND = {"brand_name": "Pebblewick", "description": "Show one real breakfast with oat drink."}
AT = "/w/acme/campaigns/"


@pytest.fixture
def olga(acme, client):
    client.force_login(acme.olga.user)
    return client


@pytest.fixture
def campaign(workspace, people) -> Campaign:
    """Active and named, orders made by hand, in a workspace that has the marketplace connected."""
    at = clock.now() - timedelta(minutes=5)
    people.connect_marketplace(workspace, at=at)
    told = {"by": "member:1", "at": at}
    made = campaigns.create_campaign(workspace, name="Oat Season", tiktok=True, mode="manual", **BRAND, **told)
    campaigns.move_campaign(made, "active", **told)
    return made


def join_in(campaign, *handles) -> list[Participant]:
    told = {"by": "member:1", "at": clock.now()}
    accounts = [
        Account.objects.filter(workspace=campaign.workspace, handle=one).first()
        or creators.record_legacy(campaign.workspace, handle=one, **told)
        for one in handles
    ]
    participants.add(campaign, accounts, **told)
    rows = {one.account.handle: one for one in campaign.participants.select_related("account", "campaign")}
    return [rows[handle] for handle in handles]


def page(campaign, rest="") -> str:
    return f"{AT}{campaign.pk}/{rest}"


def create(client, campaign, *people, **form):
    told = {"participant": [one.pk for one in people], **form}
    return client.post(page(campaign, "orders/create/"), told, follow=True)


def run() -> None:
    while work.run_due(Order, at=clock.now()):
        pass


class TestSettingUp:
    def test_a_campaign_is_added_and_begins_as_a_draft(self, olga, acme):
        assert "No campaigns yet" in words(olga.get(AT))
        answer = olga.post(AT + "add/", {"name": "Oat Season", "required": 2, "tiktok": "on"}, follow=True)
        made = Campaign.objects.get()
        assert (made.name, made.state, made.required, made.tiktok) == ("Oat Season", "draft", 2, True)
        assert answer.redirect_chain[-1][0] == page(made, "settings/")
        assert "Oat Season" in words(olga.get(AT))

    def test_what_does_not_fit_is_said_and_nothing_is_made(self, olga):
        told = {"name": "Oat", "required": 1, "starts_on": "2026-03-29", "ends_on": "2026-03-02"}
        answer = olga.post(AT + "add/", told)
        assert answer.status_code == 422
        assert "before the first one" in words(answer)
        assert not Campaign.objects.exists()

    def test_settings_are_kept(self, olga, campaign):
        told = {
            "name": "Oats", "content": "photo", "required": 3, "mode": "manual", "strict": "on", "tiktok": "on",
            "starts_on": "2026-03-02", "ends_on": "2026-03-29", "deliverables": "Breakfast\nBike", "spark_days": "30",
            "requirements": "Say it is paid.",
        }  # fmt: skip
        olga.post(page(campaign, "settings/"), told)
        campaign.refresh_from_db()
        kept = (campaign.name, campaign.content, campaign.required, campaign.strict, campaign.spark_days)
        assert kept == ("Oats", "photo", 3, True, 30)
        assert campaign.deliverables == ["Breakfast", "Bike"]
        assert (campaign.starts_on.isoformat(), campaign.ends_on.isoformat()) == ("2026-03-02", "2026-03-29")
        assert 'value="2026-03-02"' in olga.get(page(campaign, "settings/")).content.decode()

    def test_two_names_alike_are_refused_at_their_field(self, olga, campaign):
        told = {"name": "Oats", "content": "video", "required": 2, "mode": "manual", "deliverables": "A\na"}
        answer = olga.post(page(campaign, "settings/"), told)
        assert answer.status_code == 422
        assert "Two videos have the name" in words(answer)

    def test_keyword_detection_is_not_offered_and_why_is_said(self, olga, campaign):
        told = olga.get(page(campaign, "settings/"))
        assert "TikTok does not allow posts to be found by keyword" in words(told)
        assert not re.search(r'name="[^"]*keyword', told.content.decode())

    def test_with_tiktok_off_there_are_no_orders_and_no_links(self, olga, campaign):
        """CMP-01."""
        [ana] = join_in(campaign, "ana")
        create(olga, campaign, ana)
        on = olga.get(page(campaign, "settings/marketplace/"))
        link = Order.objects.get().invite_link
        assert link in on.content.decode()
        campaigns.change_campaign(campaign, tiktok=False, by="member:1", at=clock.now())
        off = olga.get(page(campaign, "settings/marketplace/"))
        assert "TikTok is off." in words(off)
        assert link not in off.content.decode()
        assert "Create Order" not in words(off)
        assert "Accounts & Orders" not in words(off)

    def test_the_section_has_its_name(self, olga, campaign):
        """CMP-02, CMP-04."""
        join_in(campaign, "ana", "dov")
        told = words(olga.get(page(campaign, "settings/marketplace/")))
        assert "TikTok Creator Marketplace" in told
        assert "Accounts & Orders" in told
        assert told.count("Create Order for @") == 2

    def test_the_life_of_a_campaign_is_a_row_of_buttons(self, olga, campaign):
        assert "Pause" in words(olga.get(page(campaign)))
        olga.post(page(campaign, "moves/"), {"to": "paused"})
        campaign.refresh_from_db()
        assert campaign.state == "paused"
        told = words(olga.post(page(campaign, "moves/"), {"to": "archived"}, follow=True))
        assert "not possible any more" in told
        campaign.refresh_from_db()
        assert campaign.state == "paused"


class TestInfluencers:
    def test_accounts_come_in_by_tick_by_label_and_all_at_once(self, olga, campaign, workspace):
        told = {"by": "member:1", "at": clock.now()}
        made = [creators.record_legacy(workspace, handle=one, **told) for one in ("ana", "ben", "cyd", "dov")]
        label = labels.make(workspace, name="food", hue=1, **told)
        labels.put(label, [made[1].creator], **told)
        olga.post(page(campaign, "influencers/add/"), {"account": [made[0].pk]})
        assert list(campaign.participants.values_list("account__handle", flat=True)) == ["ana"]
        shown = words(olga.get(page(campaign, f"influencers/add/?label={label.pk}")))
        assert "@ben" in shown
        assert "@cyd" not in shown
        olga.post(page(campaign, f"influencers/add/?label={label.pk}"), {"all": "1"})
        assert campaign.participants.count() == 2
        olga.post(page(campaign, "influencers/add/"), {"all": "1"})
        assert campaign.participants.count() == 4
        assert "Nobody is left to add" in words(olga.get(page(campaign, "influencers/add/")))

    def test_required_posts_differ_for_one_and_empty_means_as_of_the_others(self, olga, campaign):
        [ana] = join_in(campaign, "ana")
        at = page(campaign, f"influencers/{ana.pk}/required/")
        olga.post(at, {"required": "12"})
        assert Participant.objects.get().required == 12
        assert "1 to 100" in words(olga.post(at, {"required": "0"}, follow=True))
        assert Participant.objects.get().required == 12
        olga.post(at, {"required": ""})
        assert Participant.objects.get().required is None

    def test_a_creator_goes_and_one_with_an_order_stays_for_what_may_come(self, olga, campaign):
        ana, ben = join_in(campaign, "ana", "ben")
        create(olga, campaign, ben)
        olga.post(page(campaign, f"influencers/{ana.pk}/remove/"))
        told = words(olga.post(page(campaign, f"influencers/{ben.pk}/remove/"), follow=True))
        assert "the row stays" in told
        assert list(campaign.participants.values_list("account__handle", flat=True)) == ["ben"]
        assert Order.objects.get().state == "cancelled"

    def test_an_account_that_cant_be_tracked_has_a_warning(self, olga, campaign):
        """ORD-03: by default a warning, in a strict campaign a refusal."""
        [dov] = join_in(campaign, "dov")
        assert "can be tracked, the account can't" in words(olga.get(page(campaign, "influencers/")))
        assert "can be tracked, the account can't" in words(
            olga.get(page(campaign, f"orders/create/?participant={dov.pk}"))
        )
        campaigns.change_campaign(campaign, strict=True, by="member:1", at=clock.now())
        told = words(olga.get(page(campaign, "settings/marketplace/")))
        assert "Non-authenticated, non-TTCM accounts can't be tracked" in told
        assert "Create Order for @dov" not in told
        create(olga, campaign, dov)
        assert not Order.objects.exists()


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
        assert told.index("Link not used?") < told.index("Campaign Code")
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
        Order.objects.update(due_at=clock.now())
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


class TestDocuments:
    def test_a_brief_has_versions_and_who_accepted_which(self, olga, campaign):
        """CMP-11."""
        [ana] = join_in(campaign, "ana")
        at = page(campaign, "settings/documents/brief/")
        olga.post(at, {"text": "Your kitchen.", "checklist": "Say it is paid\nNo health claims"})
        first = documents.current(campaign, "brief")
        assert first.content["checklist"] == ["Say it is paid", "No health claims"]
        documents.accept(first, ana, who="Ana", by="account:1", at=clock.now())
        assert "Version 1" in words(olga.get(at))
        same = {"text": "Your kitchen.", "checklist": "Say it is paid\nNo health claims"}
        assert "no new version" in words(olga.post(at, same, follow=True))
        olga.post(at, {"text": "Your kitchen, your pace."})
        assert "Version 1, asked again" in words(olga.get(at))
        assert Acceptance.objects.count() == 1

    def test_an_agreement_needs_its_parts(self, olga, campaign):
        """CMP-13."""
        at = page(campaign, "settings/documents/agreement/")
        assert olga.post(at, {"terms": "We agree."}).status_code == 422
        told = {"terms": "We agree.", "fee": "600 EUR", "deliverables": "2", "dates": "March", "data_access": "Posts"}
        assert "Version 1 is out." in words(olga.post(at, told, follow=True))
        assert olga.get(page(campaign, "settings/documents/poem/")).status_code == 404


class TestWhoMay:
    def test_a_client_sees_and_changes_nothing(self, campaign, acme, client):
        [ana] = join_in(campaign, "ana")
        client.force_login(acme.vic.user)
        for one in ("", "influencers/"):
            shown = client.get(page(campaign, one))
            assert shown.status_code == 200
            assert '<form method="post" action="/w/acme/campaigns/' not in shown.content.decode()
        for one in ("settings/", "settings/marketplace/", "influencers/add/", f"orders/create/?participant={ana.pk}"):
            assert client.get(page(campaign, one)).status_code == 403
        assert client.post(page(campaign, "orders/create/"), {"participant": ana.pk}).status_code == 403

    def test_another_workspace_has_none_of_it(self, campaign, acme, client):
        [ana] = join_in(campaign, "ana")
        told = {"by": "member:1", "at": clock.now()}
        from greenroom.campaigns import ordering

        made = ordering.create_orders(campaign, [ana], **told)
        order = made.orders.get()
        client.force_login(acme.eve.user)
        rival = f"/w/{acme.rival.slug}/campaigns/"
        for one in (
            f"{campaign.pk}/",
            f"{campaign.pk}/influencers/",
            f"{campaign.pk}/settings/",
            f"orders/{order.pk}/",
        ):
            assert client.get(rival + one).status_code == 404
        for one in (f"bulks/{made.pk}/cancel/", f"orders/{order.pk}/moves/", f"{campaign.pk}/orders/create/"):
            assert client.post(rival + one, {"to": "cancelled", "all": "1"}).status_code == 404
        assert Order.objects.get().state == "not_created"


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
