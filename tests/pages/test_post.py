"""A post's own page: its figures with their reasons, who watches, whether it may be advertised, what became of it."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.campaigns import ordering
from greenroom.campaigns.models import Campaign, CampaignPost, Order
from greenroom.core import clock, events, work
from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.observations import availability, log
from greenroom.sandbox import uploads
from greenroom.spark.models import Boost, SparkAuthorization
from greenroom.syncs import actions as syncs
from tests.living import words
from tests.pages.campaigning import join_in, run

TABS = ("performance", "audience", "spark", "history")
NOT_REPORTED = "TikTok does not report this for this kind of account or post."


def address(post, **query) -> str:
    return f"/w/acme/posts/{post.pk}/" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def newest(living, handle) -> Post:
    return Post.objects.filter(account=living.account(handle)).order_by("-posted_at")[0]


def oldest(living, handle) -> Post:
    return Post.objects.filter(account=living.account(handle)).order_by("posted_at")[0]


def rows(answer) -> dict[str, tuple[str, str, str]]:
    """The table of figures: label -> (value, state, why)."""
    html = re.search(r'aria-label="Figures table">(.*?)</table>', answer.content.decode(), flags=re.S)[1]
    found = {}
    for label, why, rest in re.findall(
        r'<tr><th scope="row">([^<]*)(?:<span class="sub">(.*?)</span>)?</th>(.*?)</tr>', html, flags=re.S
    ):
        value, state = (re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<td.*?</td>", rest, re.S))
        found[label] = (value, state, why)
    return found


def enter(post, campaign, *, how="hand", at=None, **more) -> CampaignPost:
    at = at or clock.now()
    told = {"workspace": post.workspace, "campaign": campaign, "post": post, "how": how, "posted_at": post.posted_at}
    return CampaignPost.objects.create(**told, added_at=at, by="member:1", **more)


class TestFigures:
    @pytest.mark.parametrize(("handle", "column"), [("ana", "manual_auth"), ("cyd", "manual_unauth_ttcm")])
    def test_each_of_the_sixteen_rows_has_a_value_or_a_reason(self, living, olga, handle, column):
        """ORD-21, PVA-05..09: what the table marks X has no value, and the page says why."""
        told = rows(olga.get(address(oldest(living, handle))))
        assert list(told) == [row.label for row in availability.shipped("post").rows]
        for row in availability.shipped("post").rows:
            value, state, why = told[row.label]
            if row.cells[column] == "none":
                assert (value[0], state, why) == ("–", "Not available", NOT_REPORTED), row.key
            else:
                assert value[0] != "–", row.key
                assert not why

    def test_the_numbers_are_those_of_measure(self, living, olga):
        post = oldest(living, "ana")
        asked = Query(("views", "engagement_rate"), by=("post",), where=(("post", post.pk),))
        [row] = metrics.measure(asked, living.workspace).rows
        told = rows(olga.get(address(post)))
        assert told["Video views"][0].split()[0] == f"{row['views'].value:,}"
        assert told["Engagement rate"][0].startswith(f"{100 * row['engagement_rate'].value:.1f}%")

    def test_every_figure_leads_to_its_passport(self, living, olga):
        post = oldest(living, "ana")
        html = olga.get(address(post)).content.decode()
        for row in availability.shipped("post").rows:
            key = {"video_views": "views", "total_engagements": "engagement"}.get(row.key, row.key)
            assert f"/w/acme/provenance/{key}/post/{post.pk}/" in html
        assert olga.get(f"/w/acme/provenance/reach/post/{post.pk}/").status_code == 200

    def test_a_post_that_nothing_was_read_of_shows_no_zero(self, living, olga):
        """Its id came late: figures follow, and until then there are none."""
        ana = living.account("ana")
        now = clock.now()
        late = Post.objects.create(
            workspace=ana.workspace, account=ana, item_id="7999", posted_at=now - timedelta(hours=50),
            basis="order", first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
        answer = olga.get(address(late))
        told = rows(answer)
        assert {value[0] for value, _, _ in told.values()} == {"–"}
        assert {state for _, state, _ in told.values()} == {"Not available"}
        assert "0" not in [value for value, _, _ in told.values()]
        assert all(why for _, _, why in told.values())
        assert "0 of 16 figures are here now" in words(answer)

    def test_a_total_that_tiktok_withholds_is_derived_only_on_request(self, living, olga):
        """C-17: off by default, badged, never for pay; not offered where TikTok gives the total."""
        post = oldest(living, "cyd")
        before = olga.get(address(post))
        assert "Show a derived total" in words(before)
        assert "derived_engagements" not in before.content.decode()
        told = words(olga.get(address(post, derived=1)))
        parts = [int(rows(before)[label][0].replace(",", "").split()[0]) for label in ("Likes", "Comments", "Shares")]
        assert f"{sum(parts):,}" in told
        assert "Derived Not usable for pay" in told
        assert rows(olga.get(address(post, derived=1)))["Total engagements"][:2] != (f"{sum(parts):,}", "Available")
        assert "derived total" not in words(olga.get(address(oldest(living, "ana"), derived=1)))

    def test_the_audience_of_a_post_that_nothing_ties_says_why_it_is_missing(self, living, olga):
        told = words(olga.get(address(oldest(living, "ana"), tab="audience")))
        assert told.count(NOT_REPORTED) >= 4
        assert [name for name in ("Ages", "Genders", "Countries", "Places") if name in told] == [
            "Ages", "Genders", "Countries", "Places",
        ]  # fmt: skip


class TestTiedByCode:
    """PVA-03, PVA-04: the same record goes from the manual column to the order's, whoever the author is."""

    def test_a_code_added_afterwards_opens_the_order_column_on_the_same_record(self, living, olga, campaign, world):
        post = oldest(living, "cyd")
        before = olga.get(address(post))
        assert "Not tied, author not authenticated: 4 of 16" in words(before)
        order = tie_by_code(living, world, campaign, post)
        after = olga.get(address(post))
        told = rows(after)
        assert "Tied to an order: " in words(after)
        missing = {label for label, (value, _, _) in told.items() if value[0] == "–"}
        assert missing <= {"Video view retention", "Audience geography"}
        assert all(told[label][2] for label in missing)
        assert told["Retention rate vs. Second"][1] == "Limited"
        assert "Deliverable 1 of 1" in words(after)
        assert "Branded Content Toggle on, by campaign code" in words(after)
        assert "Compliant: code added afterwards" in words(after)
        assert [one.pk for one in Post.objects.filter(item_id=post.item_id)] == [post.pk]
        said = words(olga.get(address(post, tab="history")))
        assert f"Greenroom saw TikTok tie the post to {order.campaign.name}, by campaign code" in said
        assert "Female" in words(olga.get(address(post, tab="audience")))

    def test_the_curve_is_limited_and_seconds_that_tiktok_leaves_out_stay_open(self, living, olga, campaign, world):
        """PVA-07, PVA-08."""
        post = oldest(living, "cyd")
        tie_by_code(living, world, campaign, post)
        curve = [{"second": s, "share": 0.9 - s / 10} for s in (0, 1, 4)]
        told = {"account": post.account_id, "subject": post.pk, "surface": "order_report", "source_class": "sandbox"}
        told |= {"observed_at": clock.now() + timedelta(hours=1), "retention_by_second": curve}
        log.append(living.workspace, "post", [told], key="curve", at=clock.now())
        said = words(olga.get(address(post)))
        assert "2 of 5 seconds are not told and are left open" in said
        assert "Limited" in said


def tie_by_code(living, world, campaign, post) -> Order:
    """The author adds the order's code to a post that is out; workers look, and the report is read."""
    [one] = join_in(campaign, post.account.handle)
    ordering.create_orders(campaign, [one], by="member:1", at=clock.now())
    run()
    order = Order.objects.select_related("campaign").get()
    world.clock.set(clock.now())
    uploads.enter_code(world, handle=post.account.handle, code=order.code, video_id=post.item_id)
    uploads.approve(world, video_id=post.item_id)
    Campaign.objects.update(due_at=clock.now())
    work.run_due(Campaign, at=clock.now())
    list(syncs.sync_now(living.workspace, at=clock.now(), threads=1))
    return order


class TestHead:
    def test_it_says_how_the_post_came_into_the_campaign(self, living, olga, campaign):
        """PUB-05."""
        post = oldest(living, "ana")
        assert "Not in a campaign" in words(olga.get(address(post)))
        entry = enter(post, campaign, branded=False)
        told = words(olga.get(address(post)))
        assert "Manual" in told
        assert "Not branded content" in told
        CampaignPost.objects.filter(pk=entry.pk).update(branded=True)
        assert "At risk: no link or code" in words(olga.get(address(post)))
        CampaignPost.objects.filter(pk=entry.pk).update(how="code")
        told = words(olga.get(address(post)))
        assert "Code" in told
        assert "Compliant: code added afterwards" in told

    def test_within_a_campaign_it_has_neighbours_and_a_way_back(self, living, olga, campaign):
        first, second, third = Post.objects.filter(account=living.account("ana")).order_by("-posted_at")[:3]
        for one in (first, second, third):
            enter(one, campaign)
        html = olga.get(address(second, campaign=campaign.pk)).content.decode()
        assert re.search(rf'rel="prev" href="/w/acme/posts/{first.pk}/\?campaign={campaign.pk}', html)
        assert re.search(rf'rel="next" href="/w/acme/posts/{third.pk}/\?campaign={campaign.pk}', html)
        assert 'rel="next"' not in olga.get(address(third, campaign=campaign.pk)).content.decode()
        assert 'rel="prev"' not in olga.get(address(second)).content.decode()

    @pytest.mark.parametrize("strange", ["0", "x", "9" * 30, "-1", "%00"])
    def test_a_campaign_it_is_not_in_gives_no_neighbours(self, living, olga, campaign, strange):
        post = newest(living, "ana")
        enter(post, campaign)
        answer = olga.get(address(post, campaign=strange, tab=strange))
        assert answer.status_code == 200
        assert b"rel=" not in answer.content.split(b"<main")[1].split(b"<header")[0]

    def test_posts_published_at_the_same_moment_are_each_passed_once(self, living, olga, campaign):
        mine = list(Post.objects.filter(account=living.account("ana")).order_by("-posted_at")[:4])
        Post.objects.filter(pk__in=[one.pk for one in mine]).update(posted_at=mine[0].posted_at)
        for one in mine:
            one.refresh_from_db()
            enter(one, campaign)
        here, passed = mine[-1].pk, [mine[-1].pk]
        for _ in range(3):
            html = olga.get(f"/w/acme/posts/{here}/?campaign={campaign.pk}").content.decode()
            here = int(re.search(r'rel="next" href="/w/acme/posts/(\d+)/', html)[1])
            passed.append(here)
        assert sorted(passed) == sorted(one.pk for one in mine)


class TestSpark:
    @pytest.fixture
    def post(self, living):
        return oldest(living, "ana")

    @staticmethod
    def given(post, *, left=20, of=30, **more) -> SparkAuthorization:
        now = clock.now()
        told = {"workspace": post.workspace, "post": post, "state": "authorized", "days_asked": 30, "days_given": of}
        told |= {"code": "#q7Lx0secret=", "until": now + timedelta(days=left), "by": "member:1", **more}
        return SparkAuthorization.objects.create(since=told["until"] - timedelta(days=of), **told)

    def test_nobody_asked_yet(self, post, olga):
        assert "Not asked for" in words(olga.get(address(post, tab="spark")))

    def test_a_running_one_shows_its_days_and_its_code(self, post, olga):
        """SPK-04."""
        self.given(post, left=53, of=60)
        answer = olga.get(address(post, tab="spark"))
        told, html = words(answer), answer.content.decode()
        assert "Authorized" in told
        assert "53 of 60 days left" in told
        assert "Days asked 30 Days given 60" in told
        assert "#q7Lx0secret=" in told
        assert "data-copy" in html

    @pytest.mark.parametrize("who", ["vic", "ana_lyst", "fin"])
    def test_who_may_not_run_campaigns_never_gets_the_code(self, post, acme, client, who):
        self.given(post)
        client.force_login(getattr(acme, who).user)
        for tab in TABS:
            assert b"q7Lx0secret" not in client.get(address(post, tab=tab)).content
        assert "shown to those who run campaigns" in words(client.get(address(post, tab="spark")))

    def test_when_it_is_over_the_code_is_grey_and_cannot_be_copied(self, post, olga):
        self.given(post, left=-1)
        answer = olga.get(address(post, tab="spark"))
        told = words(answer)
        assert "Expired" in told
        assert "0 of 30 days left" in told
        assert "It does not work any more" in told
        assert b"Copy the video" not in answer.content

    def test_boosts_are_listed_with_what_was_spent(self, post, olga):
        started = clock.now() - timedelta(days=2)
        told = {"workspace": post.workspace, "post": post, "started_at": started, "by": "member:1"}
        Boost.objects.create(**told, told_by="person", spend_minor=14_000, currency="USD")
        assert "$140.00 spent" in words(olga.get(address(post, tab="spark")))


class TestHistory:
    def test_what_was_done_with_it_is_told_in_words(self, living, olga, campaign, acme):
        post = oldest(living, "ana")
        entry = enter(post, campaign)
        told = {"by": acme.olga.by, "at": clock.now(), "campaign": campaign.pk, "video": post.item_id}
        events.record(entry, "added", **told)
        events.record(entry, "removed", **told)
        entry.delete()  # what happened is told of the row that is gone, too
        said = words(olga.get(address(post, tab="history")))
        assert "Olga Owner added the post to Oat Season by hand" in said
        assert "Olga Owner took the post out of Oat Season" in said
        other = newest(living, "ana")
        assert "took the post out" not in words(olga.get(address(other, tab="history")))


class TestReadings:
    def test_each_reading_is_there_and_an_outage_is_a_gap(self, living, olga):
        """PUB-07: six hours without a reading of a young post are a gap, not a flat line."""
        ana = living.account("ana")
        now = clock.now()
        out = now - timedelta(hours=20)
        young = Post.objects.create(
            workspace=ana.workspace, account=ana, item_id="7998", posted_at=out, first_seen_at=out, last_seen_at=now
        )
        for number, hours in enumerate((2, 3, 4, 10, 11)):
            row = {"account": ana.pk, "subject": young.pk, "observed_at": out + timedelta(hours=hours)}
            row |= {"surface": "accounts_api", "source_class": "sandbox", "views": 100 * hours, "likes": 7}
            log.append(living.workspace, "post", [row], key=f"young {number}", at=now)
        answer = olga.get(address(young, tab="history"))
        told = words(answer)
        assert "5 readings, 2 gaps" in told
        assert "No reading until" in told
        assert "No reading since" in told  # and none after the last one either
        assert "1,100" in told
        spec = json.loads(unescape(re.search(r"data-chart='(.*?)'>", answer.content.decode(), flags=re.S)[1]))
        drawn = [one["value"] for one in spec["data"]["values"]]
        assert drawn == [200, 300, 400, None, 1000, 1100, None]

    def test_organic_views_stand_still_when_a_boost_begins_and_both_are_drawn_apart(self, living, olga):
        """SPK-07: where TikTok tells no split, organic is frozen, and the page says so."""
        post = oldest(living, "ana")
        now = clock.now()
        before = metrics.measure(Query(("views",), where=(("post", post.pk),)), living.workspace, at=now).only["views"]
        told = {"workspace": post.workspace, "post": post, "told_by": "person", "by": "member:1"}
        Boost.objects.create(**told, started_at=now - timedelta(minutes=1), spend_minor=14_000, currency="USD")
        row = {"account": post.account_id, "subject": post.pk, "observed_at": now, "surface": "accounts_api"}
        row |= {"source_class": "sandbox", "views": before.value + 31_250}
        log.append(living.workspace, "post", [row], key="boosted", at=now)
        answer = olga.get(address(post))
        html = answer.content.decode()
        table = re.search(r'aria-label="Organic and paid table">(.*?)</table>', html, flags=re.S)[1]
        views = re.findall(r'<span class="nowrap">([^<]*) ', table)[:3]
        assert views == [f"{before.value + 31_250:,}", f"{before.value:,}", "31,250"]
        assert "140 USD" in table
        assert "The organic part is frozen as it was when the boost began" in words(answer)
        assert "organic and paid are drawn apart" in words(answer)
        drawn = unescape(re.search(r"data-chart='(.*?)'>", html, flags=re.S)[1])
        assert {one["kind"] for one in json.loads(drawn)["data"]["values"]} == {"All views", "Organic", "Paid"}
        said = words(olga.get(address(post, tab="history")))
        assert f"{before.value + 31_250:,}" in said
        assert "31,250" in said


class TestReaching:
    def test_a_stranger_and_a_hidden_post_get_404(self, living, olga, acme, client):
        post = oldest(living, "ana")
        Post.objects.filter(pk=post.pk).update(hidden_at=clock.now())
        assert olga.get(address(post)).status_code == 404
        Post.everything.filter(pk=post.pk).update(hidden_at=None)
        client.force_login(acme.eve.user)
        assert client.get(address(post)).status_code == 404

    def test_tabs_are_links_that_work_without_script(self, living, olga):
        post = oldest(living, "ana")
        html = olga.get(address(post)).content.decode()
        for tab in TABS:
            [href] = re.findall(rf'<a href="(\?tab={tab})"', html)
            assert olga.get(address(post) + href).status_code == 200

    @pytest.mark.parametrize("tab", TABS)
    def test_a_tab_costs_the_same_however_much_there_is(self, living, olga, campaign, tab):
        mine = list(Post.objects.filter(account=living.account("ana")).order_by("posted_at"))
        entry = enter(mine[0], campaign)
        enter(mine[1], campaign)
        events.record(entry, "added", by="member:1", at=clock.now(), campaign=campaign.pk, video=mine[0].item_id)
        before = cost(olga, address(mine[0], tab=tab, campaign=campaign.pk))
        for one in Post.objects.filter(entry=None):
            enter(one, campaign)
        for _ in range(5):
            events.record(entry, "moved", by="member:1", at=clock.now(), campaign=campaign.pk, video=mine[0].item_id)
        assert cost(olga, address(mine[0], tab=tab, campaign=campaign.pk)) == before


def cost(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(asked)
