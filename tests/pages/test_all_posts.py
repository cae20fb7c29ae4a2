"""All Posts of a workspace: found by creator, basis, campaign and date; read by whom."""

from datetime import date, timedelta

import pytest

from greenroom.campaigns.models import CampaignPost
from tests.living import words
from tests.pages.campaigning import join_in, page
from tests.pages.publishing import ALL, by_hand, publish, state


@pytest.fixture
def ana(campaign):
    [one] = join_in(campaign, "ana")
    state(one.account, authenticated=True)
    return one


class TestAllPosts:
    def test_filters_by_creator_basis_campaign_and_dates(self, olga, campaign, ana):
        [ben] = join_in(campaign, "ben")
        by_hand(campaign, publish(ana.account, "7001", days=2))
        publish(ben.account, "7002", days=10, basis="legacy")
        today = date.today()
        both = {"7001", "7002"}
        for query, seen in {
            "": both, "q=ana": {"7001"}, "basis=legacy": {"7002"}, "in=yes": {"7001"}, "in=no": {"7002"},
            f"since={today - timedelta(days=4)}": {"7001"}, f"until={today - timedelta(days=4)}": {"7002"},
            "since=nonsense&basis=x&in=y": both, "until=9999-12-31": both, "after=1-1": set(),
        }.items():  # fmt: skip
            text = olga.get(f"{ALL}?{query}").content.decode()
            assert {one for one in both if f"Film {one}" in text} == seen, query

    def test_a_client_reads_and_a_stranger_gets_404(self, client, acme, campaign):
        client.force_login(acme.eve.user)
        for path in (ALL, page(campaign, "posts/"), page(campaign, "posts/add/")):
            assert client.get(path).status_code == 404

    def test_who_may_only_read_is_offered_no_change(self, client, acme, campaign, ana):
        post = publish(ana.account, "7001")
        by_hand(campaign, post)
        client.force_login(acme.ana_lyst.user)
        told = words(client.get(page(campaign, "posts/")))
        assert "Add by hand" not in told
        for path in (f"{ALL}{post.pk}/add/", f"{ALL}{post.pk}/entry/remove/", f"{ALL}{post.pk}/entry/move/"):
            assert client.post(path).status_code == 403
        assert CampaignPost.objects.exists()
