"""Published Posts and All Posts: what is shown, what is said to be missing, what comes in and goes by hand."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order
from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.observations import availability
from greenroom.spark.models import SparkAuthorization
from tests.living import words
from tests.pages.campaigning import create, join_in, page, run
from tests.pages.publishing import ALL, by_hand, publish, read, state, tied


@pytest.fixture
def ana(campaign):
    [one] = join_in(campaign, "ana")
    state(one.account, authenticated=True)
    return one


class TestGallery:
    def test_tab_and_sub_view_have_their_names(self, olga, campaign, ana):
        """PUB-01, ORD-18."""
        by_hand(campaign, publish(ana.account, "7001"))
        told = olga.get(page(campaign, "posts/"))
        text = told.content.decode()
        assert "Published Posts" in words(told)
        assert re.search(r'aria-current="page">TikTok <span class="count">1<', text)
        assert ">All Posts</a>" in text
        assert "Film 7001" in words(told)
        assert f"/w/acme/posts/{Post.objects.get().pk}/?campaign={campaign.pk}" in text

    def test_a_post_of_an_order_and_a_manual_one_say_how_and_what_is_never_there(self, olga, campaign, ana):
        """PUB-05: the badge, and on it the list of what the table denies."""
        tied(olga, campaign, ana)
        by_hand(campaign, publish(ana.account, "7001"))
        text = olga.get(page(campaign, "posts/")).content.decode()
        assert "Never there: Reach, Total play time" in text
        assert text.count("Never there: Reach") == 2  # in the title and opened; the order's post lacks nothing
        told = words(olga.get(page(campaign, "posts/?view=table")))
        assert "Order" in told
        assert "Manual" in told

    def test_without_a_reading_there_is_a_reason_and_no_0(self, olga, campaign, ana):
        by_hand(campaign, publish(ana.account, "7001"))
        text = olga.get(page(campaign, "posts/")).content.decode()
        tile = text[text.index('class="tile"') : text.index("</li>", text.index('class="tile"'))]
        assert "Video views: not available." in tile
        assert not re.search(r">0%?<", tile)

    def test_figures_stand_with_their_bulbs(self, olga, campaign, living):
        [ana] = join_in(campaign, "ana")
        post = Post.objects.filter(account=ana.account).first()
        by_hand(campaign, post)
        text = olga.get(page(campaign, "posts/?view=table")).content.decode()
        assert f"/provenance/views/post/{post.pk}/" in text
        assert "Video views: available." in text

    def test_a_post_whose_number_follows_is_told_of_without_a_0(self, olga, campaign, ana):
        create(olga, campaign, ana)
        run()
        Deliverable.objects.update(state="published_pending_id")
        told = words(olga.get(page(campaign, "posts/")))
        assert "TikTok has not passed on the video's number yet." in told
        assert "No posts yet" in told
        pending = told[told.index("No figures yet") : told.index("See the order")]
        assert not re.search(r"\b0\b", pending)

    def test_filters_by_mode_compliance_spark_and_name(self, olga, campaign, ana):
        tied(olga, campaign, ana, "7100", set_by="code")
        [ben] = join_in(campaign, "ben")
        hand = by_hand(campaign, publish(ben.account, "7200"))
        told = {"days_asked": 30, "by": "member:1", "state": "authorized"}
        SparkAuthorization.objects.create(workspace=campaign.workspace, post=hand.post, **told)
        of_order, of_hand = {"Film 7100"}, {"Film 7200"}
        for query, seen in {
            "mode=code": of_order, "mode=manual": of_hand, "mode=order": set(), "compliance=at_risk_unlinked": of_hand,
            "compliance=compliant_code_retro": of_order, "compliance=none": set(), "spark=authorized": of_hand,
            "spark=none": of_order, "q=@ben": of_hand, "q=nobody": set(), "mode=nonsense": of_order | of_hand,
            "view=table&mode=manual": of_hand, "after=nonsense": of_order | of_hand, "q=%00": of_order | of_hand,
        }.items():  # fmt: skip
            answer = olga.get(page(campaign, f"posts/?{query}"))
            assert answer.status_code == 200
            shown = {one for one in (*of_order, *of_hand) if f">{one}<" in answer.content.decode()}
            assert shown == seen, query

    def test_pages_go_by_key_and_miss_and_repeat_nothing(self, olga, campaign, ana):
        posts = [publish(ana.account, f"8{n:03}", days=1 + n // 3) for n in range(60)]
        same = posts[0].posted_at
        Post.objects.filter(item_id__gt="8040").update(posted_at=same)  # many of one moment
        for post in Post.objects.all():
            by_hand(campaign, post)
        seen, address = [], page(campaign, "posts/")
        while address:
            text = olga.get(address).content.decode()
            seen += re.findall(r">Film (8\d{3})<", text)
            older = re.search(r'href="(\?[^"]*)">Older', text)
            address = page(campaign, "posts/") + older[1].replace("&amp;", "&") if older else ""
        assert sorted(seen) == sorted(post.item_id for post in posts)

    def test_a_hidden_post_is_nowhere(self, olga, campaign, ana):
        """PUB-04, MIG-03."""
        post = publish(ana.account, "7001")
        by_hand(campaign, post)
        Post.objects.filter(pk=post.pk).update(hidden_at=clock.now(), basis="legacy")
        for path in (page(campaign, "posts/"), page(campaign, "posts/?view=table"), ALL, page(campaign, "posts/add/")):
            assert "Film 7001" not in words(olga.get(path))
        assert "at risk" not in words(olga.get("/w/acme/"))
        assert olga.get(f"{ALL}{post.pk}/add/").status_code == 404
        assert olga.get(f"{ALL}{post.pk}/entry/remove/").status_code == 404

    def test_a_removed_post_stays_and_says_so(self, olga, campaign, ana):
        entry = by_hand(campaign, publish(ana.account, "7001"))
        CampaignPost.objects.filter(pk=entry.pk).update(removed_at=clock.now(), removed_why="Hidden advertising")
        told = words(olga.get(page(campaign, "posts/?view=table")))
        assert "Removed" in told
        assert "Hidden advertising" in told


class TestUnsupported:
    def test_it_is_said_why_with_two_ways_out_and_an_order_by_one_click(self, olga, campaign):
        """MIG-05, MIG-06, MIG-07, PUB-04."""
        ana, dov = join_in(campaign, "ana", "dov")
        state(ana.account, authenticated=True)
        publish(dov.account, "7001", hidden_at=clock.now(), basis="legacy")
        told = olga.get(page(campaign, "posts/"))
        text, said = told.content.decode(), words(told)
        assert "@dov is not authenticated and not in the Marketplace, so" in said
        assert "1 old post of the former source is hidden" in said
        assert "@ana is not" not in said
        assert f'href="/w/acme/creators/accounts/{dov.account_id}/invite/"' in text
        assert f'action="/w/acme/creators/accounts/{dov.account_id}/authenticate/"' in text
        href = page(campaign, f"orders/create/?participant={dov.pk}")
        assert f'href="{href}"' in text
        assert "Create Order" in words(olga.get(href))
        create(olga, campaign, dov)
        run()
        after = olga.get(page(campaign, "posts/"))
        assert href not in after.content.decode()
        assert "Send link or code" in words(after)


class TestAtRisk:
    def test_it_is_a_task_with_the_right_code_in_a_ready_message(self, olga, campaign):
        """ORD-16: who has an order gets their own code; who has none is told apart."""
        ana, ben, cyd = join_in(campaign, "ana", "ben", "cyd")
        Campaign.objects.update(starts_on=date.today() - timedelta(days=9))
        create(olga, campaign, ana, ben)
        run()
        codes = dict(Order.objects.values_list("account__handle", "code"))
        for n, one in enumerate((ana, ben, cyd)):
            by_hand(campaign, publish(one.account, f"700{n}"))
        home = olga.get("/w/acme/")
        assert "Oat Season has 3 branded posts without link or code" in words(home)
        letter = re.search(r'href="([^"]*messages/write/[^"]*)"[^>]*>Send the code', home.content.decode())[1]
        letter = letter.replace("&amp;", "&")
        assert sorted(parse_qs(urlsplit(letter).query)["participant"]) == sorted([str(ana.pk), str(ben.pk)])
        shown = olga.get(letter)
        form = {"subject": "x", "channel": "copy", "action": "preview", "participant": [ana.pk, ben.pk]}
        form["body"] = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", shown.content.decode(), re.S)[1])
        assert "{{campaign_code}}" in form["body"]
        previewed = olga.post(letter.split("?")[0], form).content.decode()
        assert codes["ana"] != codes["ben"]
        assert codes["ana"] in previewed
        assert codes["ben"] in previewed
        panel = olga.get(page(campaign, "posts/"))
        assert "3 posts at risk" in words(panel)
        assert "@cyd has no order with a code yet." in words(panel)
        assert letter in panel.content.decode().replace("&amp;", "&")

    def test_it_is_gone_once_the_code_is_in(self, olga, campaign, ana):
        by_hand(campaign, publish(ana.account, "7001"), branded=False)
        assert "without link or code" not in words(olga.get("/w/acme/"))

    def test_a_post_that_may_be_meant_is_suggested_and_never_added_by_itself(self, olga, campaign, ana):
        create(olga, campaign, ana)
        run()
        Campaign.objects.update(starts_on=date.today() - timedelta(days=9))
        post = publish(ana.account, "7001")
        told = olga.get(page(campaign, "posts/"))
        assert "Meant for this campaign?" in words(told)
        assert f"{ALL}{post.pk}/add/?campaign={campaign.pk}" in told.content.decode()
        assert not CampaignPost.objects.exists()


class TestAdding:
    @pytest.mark.parametrize(
        ("attributes", "column", "count"),
        [
            ({"authenticated": True}, "manual_auth", 10),
            ({"authenticated": False, "in_marketplace": True}, "manual_unauth_ttcm", 12),
        ],
    )
    def test_what_will_be_missing_is_said_before_it_is_confirmed(self, olga, campaign, attributes, column, count):
        """PVA-05, from the availability table: P-MAN-A and P-MAN-U."""
        [ana] = join_in(campaign, "ana")
        post = publish(state(ana.account, **attributes), "7001")
        told = words(olga.get(f"{ALL}{post.pk}/add/?campaign={campaign.pk}"))
        assert f"{count} figures will be missing" in told
        said = told[told.index("figures will be missing") : told.index("Branded content")]
        denied = [row.label for row in availability.shipped("post").rows if row.cells[column] == "none"]
        assert len(denied) == count
        assert all(label in said for label in denied)
        assert not CampaignPost.objects.exists()

    def test_a_newer_table_changes_what_is_said(self, olga, campaign, ana):
        post = publish(ana.account, "7001")
        availability.load("post", {"reach": {"manual_auth": "full"}}, clock.now() - timedelta(days=1))
        told = words(olga.get(f"{ALL}{post.pk}/add/?campaign={campaign.pk}"))
        assert "9 figures will be missing" in told

    def test_whether_it_is_branded_must_be_said(self, olga, campaign, ana):
        post = publish(ana.account, "7001")
        answer = olga.post(f"{ALL}{post.pk}/add/", {"campaign": campaign.pk})
        assert answer.status_code == 422
        assert "Say whether it is branded content." in words(answer)
        olga.post(f"{ALL}{post.pk}/add/", {"campaign": campaign.pk, "branded": "no"})
        assert CampaignPost.objects.get().branded is False

    def test_branded_content_is_at_risk_and_the_code_to_send_is_shown(self, olga, campaign, ana):
        create(olga, campaign, ana)
        run()
        post = publish(ana.account, "7001")
        told = olga.get(f"{ALL}{post.pk}/add/?campaign={campaign.pk}")
        assert "it is at risk" in words(told)
        assert Order.objects.get().code in told.content.decode()

    def test_it_comes_in_as_manual(self, olga, campaign, ana):
        """PUB-02, MIG-09: All Posts, Add to campaign."""
        post = publish(ana.account, "7001")
        assert "Add to campaign" in words(olga.get(ALL))
        assert "Choose" in words(olga.get(f"{ALL}{post.pk}/add/"))
        answer = olga.post(f"{ALL}{post.pk}/add/", {"campaign": campaign.pk, "branded": "yes"}, follow=True)
        assert answer.redirect_chain[-1][0] == page(campaign, "posts/")
        entry = CampaignPost.objects.get()
        assert (entry.how, entry.mode, entry.participant) == ("hand", "Manual", ana)
        assert Event.objects.filter(name="campaignpost.added", by__startswith="member:").exists()
        again = olga.get(f"{ALL}{post.pk}/add/?campaign={campaign.pk}")
        assert "It is in a campaign already" in words(again)

    @pytest.mark.parametrize(
        "pasted",
        ["https://www.tiktok.com/@ana/video/7000000000000000001?is_copy=1", "7000000000000000001",
         "tiktok.com/@ana/photo/7000000000000000001"],
    )  # fmt: skip
    def test_a_pasted_address_finds_it(self, olga, campaign, ana, pasted):
        post = publish(ana.account, "7000000000000000001")
        answer = olga.get(page(campaign, "posts/add/"), {"url": pasted})
        assert answer["Location"] == f"{ALL}{post.pk}/add/?campaign={campaign.pk}"

    @pytest.mark.parametrize("pasted", ["https://www.tiktok.com/@ana/video/7999999999999999999", "what?", "9" * 400])
    def test_an_unknown_address_is_said_to_be_and_leads_to_why(self, olga, campaign, pasted):
        answer = olga.get(page(campaign, "posts/add/"), {"url": pasted})
        assert answer.status_code == 404
        assert "No post of this workspace has this address" in words(answer)
        assert "/w/acme/posts/missing/?url=" in answer.content.decode()

    def test_the_campaigns_list_offers_posts_of_who_takes_part_and_of_everybody(self, olga, campaign, ana, living):
        publish(living.account("cyd"), "7002")
        publish(ana.account, "7001")
        assert "Film 7002" not in words(olga.get(page(campaign, "posts/add/")))
        told = olga.get(page(campaign, "posts/add/?who=everybody"))
        assert "Film 7002" in words(told)
        assert f"/add/?campaign={campaign.pk}" in told.content.decode()


class TestEntry:
    def test_it_is_taken_out_after_asking(self, olga, campaign, ana):
        post = publish(ana.account, "7001")
        by_hand(campaign, post)
        assert "stay in All Posts" in words(olga.get(f"{ALL}{post.pk}/entry/remove/"))
        assert CampaignPost.objects.exists()
        olga.post(f"{ALL}{post.pk}/entry/remove/")
        assert not CampaignPost.objects.exists()
        assert olga.post(f"{ALL}{post.pk}/entry/remove/").status_code == 404

    def test_what_an_order_has_stays(self, olga, campaign, ana):
        entry = tied(olga, campaign, ana)
        at = f"{ALL}{entry.post_id}/entry/remove/"
        assert "an order has this post" in words(olga.get(at))
        assert "An order has this post" in words(olga.post(at, follow=True))
        assert CampaignPost.objects.exists()

    def test_it_moves_to_another_campaign(self, olga, campaign, ana):
        launch = campaigns.create_campaign(campaign.workspace, name="LAUNCH", by="member:1", at=clock.now())
        post = publish(ana.account, "7001")
        by_hand(campaign, post)
        at = f"{ALL}{post.pk}/entry/move/"
        assert "LAUNCH" in words(olga.get(at))
        assert olga.post(at, {"campaign": "nonsense"}).status_code == 422
        assert olga.post(at, {"campaign": campaign.pk}).status_code == 422
        olga.post(at, {"campaign": launch.pk})
        assert CampaignPost.objects.get().campaign == launch

    def test_an_orders_post_moves_to_the_open_place_of_another_order(self, olga, campaign, ana):
        """ORD-20."""
        entry = tied(olga, campaign, ana)
        Campaign.objects.update(required=2)
        create(olga, campaign, ana, videos=1)
        run()
        other = Deliverable.objects.exclude(pk=entry.deliverable_id).exclude(order=entry.deliverable.order).first()
        at = f"{ALL}{entry.post_id}/entry/move/"
        assert other.name in words(olga.get(at))
        assert "Oat Season" in words(olga.get(at))
        assert olga.post(at, {"deliverable": entry.deliverable_id}).status_code == 422
        assert olga.post(at, {"campaign": campaign.pk}).status_code == 422
        olga.post(at, {"deliverable": other.pk})
        entry.refresh_from_db()
        assert entry.deliverable == other
        assert Event.objects.filter(name="campaignpost.moved", by__startswith="member:").count() == 1


@pytest.mark.parametrize("rest", ["campaigns/{pk}/posts/", "campaigns/{pk}/posts/?view=table", "posts/", ""])
def test_more_posts_cost_no_more_queries(olga, campaign, rest):
    path = f"/w/acme/{rest.format(pk=campaign.pk)}"
    ana, ben = join_in(campaign, "ana", "ben")
    state(ana.account, authenticated=True)

    def asked(first: int, last: int) -> int:
        for n in range(first, last):
            post = publish((ana, ben)[n % 2].account, f"8{n:03}")
            read(post, views=n)
            by_hand(campaign, post)
            SparkAuthorization.objects.create(workspace=campaign.workspace, post=post, days_asked=7, state="requested")
        olga.get(path)
        with CaptureQueriesContext(connection) as told:
            assert olga.get(path).status_code == 200
        return len(told)

    few = asked(0, 4)
    assert asked(4, 24) == few <= 50
