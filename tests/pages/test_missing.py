"""The page that says why a post is missing, and the operation that does."""

import html

import pytest
from django.test import Client

from greenroom.campaigns import missing
from greenroom.core import clock
from greenroom.keys import actions as keys
from tests.campaigns.absent import INJECTED, Desk, link_forgotten, publish, tied_here, url
from tests.living import words

PAGE = "/w/acme/posts/missing/"


@pytest.fixture(autouse=True)
def _nobody_else_knows(monkeypatch):
    monkeypatch.setattr(missing, "ON_MISSING", [])


@pytest.fixture
def desk(campaign):
    return Desk(campaign, clock.now())


def ask(client, pasted, campaign=None):
    return client.get(PAGE, {"url": pasted} | ({"campaign": campaign.pk} if campaign else {}))


@pytest.mark.parametrize("inject", INJECTED, ids=INJECTED.values())
def test_each_cause_has_its_page_with_one_way_on(olga, desk, inject):
    answer = ask(olga, inject(desk), desk.campaign)
    page = answer.content.decode()
    assert f'data-cause="{INJECTED[inject]}"' in page
    href = answer.context["href"]
    assert html.escape(href) in page
    assert answer.context["told"].label in words(answer)
    if href.startswith("/"):
        assert olga.get(href).status_code in (200, 302)


def test_the_form_is_there_before_anything_is_asked(olga, acme):
    answer = olga.get(PAGE)
    assert answer.status_code == 200
    assert "data-cause" not in answer.content.decode()
    assert "data-cause" not in ask(olga, "   ").content.decode()


def test_the_code_is_shown_to_be_copied(olga, desk):
    assert "GR-ANA-1" in words(ask(olga, link_forgotten(desk), desk.campaign))


def test_what_was_pasted_comes_back_as_text(olga, acme):
    page = ask(olga, '"><script>alert(1)</script>\x00').content.decode()
    assert "<script>alert" not in page
    assert 'data-cause="not_a_post"' in page


def test_who_may_not_do_it_is_not_led_there(olga, desk, acme):
    viewer = Client()
    viewer.force_login(acme.vic.user)
    pasted = link_forgotten(desk)
    assert "Send the code" in words(ask(olga, pasted, desk.campaign))
    answer = ask(viewer, pasted, desk.campaign)
    if answer.status_code == 200:
        assert "Ask somebody" in words(answer)
    else:
        assert answer.status_code == 403


def test_a_campaign_of_nobody_or_of_others_is_not_found(olga, desk, acme):
    assert olga.get(PAGE, {"url": "x", "campaign": 99999}).status_code == 404
    assert olga.get(PAGE, {"url": "x", "campaign": "9" * 40}).status_code == 200
    stranger = Client()
    stranger.force_login(acme.eve.user)
    assert stranger.get(PAGE).status_code == 404


class TestOperation:
    @pytest.fixture
    def program(self, acme):
        told = {"name": "Reader", "role": "manager", "by": acme.olga.by, "at": clock.now()}
        made = keys.make_key(acme.workspace, permissions=acme.olga.permissions, **told)
        return Client(headers={"authorization": f"Bearer {made.text}"})

    def ask(self, program, **query):
        return program.get("/api/v1/w/acme/missing-post", query)

    def test_one_cause_and_the_rows_it_is_about(self, program, desk):
        told = self.ask(program, url=link_forgotten(desk), campaign=str(desk.campaign.pk)).json()
        assert (told["cause"], told["code"], told["action"]) == ("link_unused", "GR-ANA-1", "Send the code")
        assert (told["order"], told["participant"]) == (str(desk.order.pk), str(desk.participant.pk))
        assert told["next_at"] is None

    def test_bad_questions_are_refused_in_words(self, program, desk):
        assert self.ask(program).status_code == 422
        assert self.ask(program, url="a\x00b").status_code == 422
        assert self.ask(program, url="x" * 2001).status_code == 422
        assert self.ask(program, url="x", campaign="999999").status_code == 404
        assert self.ask(program, url="x", other=1).status_code == 422
        assert self.ask(program, url=tied_here(desk)).json()["cause"] == "here"
        assert self.ask(program, url=url("ana", publish(desk.ana, desk.at, item_id="71").item_id)).status_code == 200
