"""HLP-11: the four foundations with their live state, on Home and beside the article."""

import re

import pytest

from greenroom.core import clock
from greenroom.pages import foundations
from greenroom.pages.foundations import ABSENT, DOING, DONE, NOT_YET, Facts
from greenroom.syncs.models import Sync
from tests.living import words

READY = Facts(keys=True, policy=True, accounts=5, authenticated=3, streams=9, reads=9)


def states(facts: Facts) -> list[str]:
    return [one.state for one in foundations.decide(facts).all]


class TestDecide:
    def test_there_are_four_in_this_order(self):
        assert [one.title for one in foundations.decide(Facts()).all] == [
            "Developer access",
            "Creator authorisation",
            "Data aggregation layer",
            "Attribution infrastructure",
        ]

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            (Facts(), [NOT_YET, NOT_YET, NOT_YET, ABSENT]),
            (Facts(keys=True), [DOING, NOT_YET, NOT_YET, ABSENT]),
            (Facts(keys=True, sandbox=True), [DONE, NOT_YET, NOT_YET, ABSENT]),
            (Facts(keys=True, policy=True), [DONE, NOT_YET, NOT_YET, ABSENT]),
            (Facts(accounts=2), [NOT_YET, DOING, NOT_YET, ABSENT]),
            (Facts(accounts=2, imported=2), [NOT_YET, DOING, DOING, ABSENT]),
            (Facts(accounts=2, authenticated=1, streams=3), [NOT_YET, DONE, DOING, ABSENT]),
            (READY, [DONE, DONE, DONE, ABSENT]),
            (Facts(keys=True, policy=True, accounts=1, authenticated=1, reads=4, stale=1), [DONE, DONE, DOING, ABSENT]),
        ],
    )
    def test_each_state_follows_from_the_facts(self, facts, expected):
        assert states(facts) == expected

    def test_nothing_is_claimed_for_attribution(self):
        told = foundations.decide(READY)
        assert told.all[3].word == "Not available yet"
        assert told.complete
        assert told.done == 3

    def test_one_that_is_missing_keeps_it_open(self):
        assert not foundations.decide(Facts(keys=True, policy=True)).complete

    def test_each_says_what_to_do_and_where(self):
        for facts in (Facts(), Facts(keys=True), Facts(accounts=1), READY):
            for one in foundations.decide(facts).all:
                assert one.text.endswith((".", "work.", "?"))
                assert one.page
                assert one.way

    def test_it_counts_in_words(self):
        assert "3 of 5 accounts authorised. The others show what is public or imported." in [
            one.text for one in foundations.decide(READY).all
        ]


class TestLive:
    def test_the_first_day(self, acme, people, olga):
        told = words(olga.get("/w/acme/"))
        assert "Four foundations 1 of 4 in place Developer access In place" in told
        assert "Creator authorisation Not begun" in told
        assert "Attribution infrastructure Not available yet" in told

    def test_it_follows_what_happens(self, acme, people, olga):
        people.consent(acme.workspace, "ana", at=clock.now())
        told = words(olga.get("/w/acme/"))
        assert "Creator authorisation In place 1 of 1 account authorised." in told
        assert "Data aggregation layer Under way" in told
        Sync.objects.update(last_ok_at=clock.now())
        assert "Four foundations" not in words(olga.get("/w/acme/"))

    def test_a_worker_that_stands_still_brings_it_back(self, living, olga):
        assert "Four foundations" not in words(olga.get("/w/acme/"))
        long_ago = clock.now() - foundations.LATE * 2
        Sync.objects.filter(due_at__isnull=False).update(last_ok_at=long_ago)
        assert re.search(r"\d+ of \d+ sources have not been read for a day", words(olga.get("/w/acme/")))

    def test_the_article_shows_the_same(self, living, olga):
        told = words(olga.get("/w/acme/help/four-foundations/"))
        assert "3 of 4 in place" in told
        assert "of 5 accounts authorised" in told or "of 4 accounts authorised" in told

    def test_who_may_not_open_a_page_gets_no_link_to_it(self, acme, people, client):
        client.force_login(acme.vic.user)
        html = client.get("/w/acme/").content.decode()
        assert "Four foundations" in html
        assert 'href="/w/acme/connections/#join"' not in html
        assert 'href="/w/acme/help/four-foundations/#attribution-infrastructure"' in html
