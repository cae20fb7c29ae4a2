"""Campaigns on staff's pages: list, settings, who takes part, documents, nobody else's campaign."""

import re

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import adding, documents
from greenroom.campaigns.models import Acceptance, Campaign, Order, Participant
from greenroom.core import clock, formats
from greenroom.creators import actions as creators
from greenroom.creators import labels
from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words
from tests.pages.campaigning import AT, create, join_in, page


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


class TestWhatIsKnownOfTheAccounts:
    def test_the_audience_of_who_authenticated_is_there_and_of_nobody_else(self, living, olga):
        """GOV-10: authenticating opens the same figures in the campaign as in the creator's profile."""
        at = clock.now()
        made = campaigns.create_campaign(living.workspace, name="LAUNCH", tiktok=True, by="member:1", at=at)
        ana = join_in(made, "ana", "cyd")[0]
        html = olga.get(page(made)).content.decode()
        told = {one: next(part for part in html.split("<tr>") if f"@{one}" in part) for one in ("ana", "cyd")}
        assert re.search(r">[A-Z]{2} \d+%", told["ana"])
        assert not re.search(r">[A-Z]{2} \d+%", told["cyd"])
        assert re.search(r'aria-label="Audience countries: [^"]*not', told["cyd"])
        assert "Audience countries" in words(olga.get(f"/w/acme/creators/{ana.account.creator_id}/"))

    def test_the_totals_are_those_of_measure_over_the_campaigns_posts(self, living, olga):
        at = clock.now()
        made = campaigns.create_campaign(living.workspace, name="LAUNCH", tiktok=True, by="member:1", at=at)
        assert "Figures of the campaign's posts" not in olga.get(page(made)).content.decode()
        posts = Post.objects.filter(account__handle="ana").order_by("posted_at")[:3]
        for post in posts:
            adding.add_post(made, post, branded=True, by="member:1", at=at)
        html = olga.get(page(made)).content.decode()
        told = metrics.measure(Query(("views",), where=(("post", tuple(one.pk for one in posts)),)), living.workspace)
        assert formats.num(told.only["views"].value) in html
        passport = olga.get(f"/w/acme/provenance/views/campaign/{made.pk}/")
        assert (passport.status_code, "LAUNCH" in words(passport)) == (200, True)
