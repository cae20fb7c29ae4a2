"""Help as readers meet it: index, search, articles, votes; and the links that lead there."""

import re

import pytest

from greenroom.core.models import Event, User
from greenroom.creators import links
from greenroom.creators.models import Creator
from greenroom.help.models import Vote
from tests.living import words

PAGE = "/w/acme/help/"


def said(answer) -> str:
    return re.search(r"\d+ of \d+ found this helpful", words(answer))[0]


def test_every_member_may_read(acme, client):
    for name in ("olga", "mia", "fin", "ana_lyst", "vic"):
        client.force_login(getattr(acme, name).user)
        assert "Account types and authentication" in words(client.get(PAGE))
        assert client.get(f"{PAGE}account-types/").status_code == 200


def test_the_index_has_sections_and_none_of_the_creators_articles(olga):
    told = words(olga.get(PAGE))
    assert "First steps" in told
    assert "Campaigns on TikTok" in told
    assert "Stop sharing" not in told
    assert olga.get(f"{PAGE}stop-sharing/").status_code == 404


def test_search_finds_and_marks(olga):
    html = olga.get(f"{PAGE}?q=zero divide").content.decode()
    assert "Why a figure is missing" in html
    assert "<mark>" in html
    assert "No article holds all of these words" in words(olga.get(f"{PAGE}?q=zebra"))


def test_htmx_gets_the_hits_alone(olga):
    part = olga.get(f"{PAGE}?q=spark", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"Spark Ads" in part.content


def test_what_is_typed_stays_text(olga):
    assert b"<b>x</b>" not in olga.get(f"{PAGE}?q=<b>x</b>").content


def test_the_help_of_a_page_names_the_articles_about_it(olga):
    told = words(olga.get(f"{PAGE}?page=connections"))
    assert "About the page you came from Connecting a business account" in told
    assert f"{PAGE}?page=connections" in olga.get("/w/acme/connections/").content.decode()


def test_links_in_an_article_lead_into_this_workspace(olga):
    html = olga.get(f"{PAGE}account-types/").content.decode()
    assert f'href="{PAGE}inviting/"' in html
    assert "article:" not in html
    assert 'href="/w/acme/jobs/"' in olga.get(f"{PAGE}missing-figures/").content.decode()


def test_a_page_ones_role_does_not_open_is_named_and_not_linked(acme, client):
    client.force_login(acme.vic.user)
    answer = client.get(f"{PAGE}missing-figures/")
    assert 'href="/w/acme/jobs/"' not in answer.content.decode()
    assert "look at Jobs;" in words(answer)


class TestVotes:
    """HLP-03."""

    def test_nobody_has_voted_yet(self, olga):
        assert said(olga.get(f"{PAGE}orders/")) == "0 of 0 found this helpful"

    def test_a_vote_changes_both_numbers(self, olga):
        answer = olga.post(f"{PAGE}orders/vote/", {"helpful": "yes"}, follow=True)
        assert said(answer) == "1 of 1 found this helpful"
        assert 'value="yes" aria-pressed="true"' in answer.content.decode()

    def test_one_vote_a_reader_who_may_change_their_mind(self, olga):
        for _ in range(2):
            olga.post(f"{PAGE}orders/vote/", {"helpful": "yes"})
        answer = olga.post(f"{PAGE}orders/vote/", {"helpful": "no"}, follow=True)
        assert said(answer) == "0 of 1 found this helpful"
        assert Vote.objects.count() == 1

    def test_every_reader_counts_and_other_workspaces_do_not(self, acme, client):
        for member, helpful in ((acme.olga, "yes"), (acme.mia, "no"), (acme.vic, "yes")):
            client.force_login(member.user)
            client.post(f"{PAGE}orders/vote/", {"helpful": helpful})
        client.force_login(acme.eve.user)
        client.post("/w/rival/help/orders/vote/", {"helpful": "yes"})
        assert said(client.get("/w/rival/help/orders/")) == "1 of 1 found this helpful"
        client.force_login(acme.mia.user)
        assert said(client.get(f"{PAGE}orders/")) == "2 of 3 found this helpful"
        assert said(client.get(f"{PAGE}fulfilment/")) == "0 of 0 found this helpful"

    def test_htmx_gets_the_form_alone(self, olga):
        part = olga.post(f"{PAGE}orders/vote/", {"helpful": "no"}, headers={"HX-Request": "true"})
        assert b"<html" not in part.content
        assert said(part) == "0 of 1 found this helpful"
        assert f'hx-post="{PAGE}orders/vote/"' in part.content.decode()

    def test_the_change_is_kept_with_before_and_after(self, acme, olga):
        olga.post(f"{PAGE}orders/vote/", {"helpful": "yes"})
        olga.post(f"{PAGE}orders/vote/", {"helpful": "yes"})
        olga.post(f"{PAGE}orders/vote/", {"helpful": "no"})
        kept = Event.objects.filter(name="vote.cast").order_by("pk")
        assert [(one.data["was"], one.data["helpful"]) for one in kept] == [(None, True), (True, False)]
        assert kept[0].by == acme.olga.by

    @pytest.mark.parametrize("answer", ["", "maybe"])
    def test_anything_else_is_no_vote(self, olga, answer):
        olga.post(f"{PAGE}orders/vote/", {"helpful": answer})
        assert not Vote.objects.exists()

    def test_there_is_nothing_to_vote_on_where_there_is_no_article(self, olga):
        assert olga.post(f"{PAGE}nothing/vote/", {"helpful": "yes"}).status_code == 404


class TestPortal:
    @pytest.fixture
    def ana(self, acme, client, at):
        from greenroom.core import clock

        ana = Creator.objects.create(workspace=acme.workspace, name="Ana", created_at=at)
        client.post(f"/me/{links.portal_token(ana, at=clock.now())}/")
        return client

    def test_a_creator_has_a_few_articles_of_their_own(self, ana):
        told = words(ana.get("/me/help/"))
        assert "Stop sharing" in told
        assert "API keys" not in told
        assert ana.get("/me/help/stop-sharing/").status_code == 200
        assert ana.get("/me/help/api-and-webhooks/").status_code == 404
        assert "What you share" in words(ana.get("/me/help/?q=never names"))

    def test_the_page_links_to_help(self, ana):
        assert 'href="/me/help/"' in ana.get("/me/").content.decode()

    def test_a_creator_votes_too(self, ana):
        answer = ana.post("/me/help/stop-sharing/vote/", {"helpful": "yes"}, follow=True)
        assert said(answer) == "1 of 1 found this helpful"
        assert Event.objects.get(name="vote.cast").by.startswith("creator:")

    def test_nobody_else_gets_in(self, client, db):
        assert client.get("/me/help/")["Location"] == "/me/link/"
        assert client.post("/me/help/stop-sharing/vote/", {"helpful": "yes"})["Location"] == "/me/link/"


def test_a_person_in_two_workspaces_votes_in_each(acme, client):
    from greenroom.core.models import Member

    Member.objects.create(workspace=acme.rival, user=User.objects.get(pk=acme.olga.user.pk), role="analyst")
    client.force_login(acme.olga.user)
    for workspace in ("acme", "rival"):
        client.post(f"/w/{workspace}/help/orders/vote/", {"helpful": "yes"})
    assert Vote.objects.count() == 2


class TestWhereItIsNeeded:
    """HLP-01, TCM-20, CON-09: articles open from the pages they explain."""

    PLACES = {
        "connections/": ["business-account", "four-foundations"],
        "creators/add/": ["adding-creators"],
        "creators/accounts/{dov}/invite/": ["account-types", "inviting"],
        "provenance/completion_rate/account/dov/": ["missing-figures"],
        "creators/{creator}/": ["missing-figures"],
        "settings/": ["language-and-time"],
        "settings/members/": ["roles-and-security"],
        "settings/keys/": ["api-and-webhooks"],
    }

    @pytest.mark.parametrize("page", PLACES)
    def test_the_page_links_to_its_article_which_opens(self, acme, olga, at, page):
        from greenroom.creators import actions as creators

        dov = creators.record_legacy(acme.workspace, handle="dov", by=acme.olga.by, at=at)
        html = olga.get(f"/w/acme/{page.format(dov=dov.pk, creator=dov.creator_id)}").content.decode()
        for slug in self.PLACES[page]:
            assert re.search(rf'class="learn" href="{PAGE}{slug}/(#[\w-]+)?"', html)
            assert olga.get(f"{PAGE}{slug}/").status_code == 200
