"""Home: the first day, what needs somebody, the programme's figures."""

import re
from datetime import timedelta

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators.models import Connection
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.syncs.models import Sync
from tests.living import words

PAGE = "/w/acme/"


def needs_you(response) -> str:
    """The part of the page that says what needs somebody."""
    told = words(response)
    return told[told.index("Needs you") : told.index("Sources", told.index("Needs you"))]


def test_the_first_day_has_one_next_step(people, acme, olga):
    html = olga.get(PAGE).content.decode()
    assert re.findall(r'<li data-s="(done|now)"><span>(.*?)<', html) == [
        ("done", "Add the TikTok developer app"),
        ("now", "Connect the TikTok Creator Marketplace"),
    ]
    assert re.findall(r'data-kind="primary"[^>]*>(.*?)<', html) == ["Connect the marketplace"]


def test_the_steps_go_on_and_end_with_the_first_reading(people, acme, olga):
    at = clock.now()
    people.connect_marketplace(acme.workspace, at=at)
    assert 'data-s="now"><span>Bring in your creators' in olga.get(PAGE).content.decode()
    people.consent(acme.workspace, "ana", at=at)
    assert 'data-s="now"><span>Read the first figures' in olga.get(PAGE).content.decode()


def test_a_step_shows_its_button_only_to_those_who_may_press_it(people, acme, client):
    client.force_login(acme.vic.user)
    html = client.get(PAGE).content.decode()
    assert "Connect the TikTok Creator Marketplace" in html
    assert "Connect the marketplace</button>" not in html


def test_once_something_was_read_the_steps_give_way_to_figures(living, olga):
    told = words(olga.get(PAGE))
    assert "Get to the first reading" not in told
    assert "4 of 5 accounts tracked" in told


def test_the_figures_are_those_of_measure(living, olga):
    (row,) = metrics.measure(Query(("posts", "views", "engagement")), living.workspace).rows
    told = words(olga.get(PAGE))
    for name in ("posts", "views", "engagement"):
        assert f"{row[name].value:,}" in told
    assert f"{row['engagement'].n} of {row['engagement'].of}" in told


def test_a_period_asks_for_what_was_gained_in_it(living, olga):
    since = clock.now() - timedelta(days=7)
    (row,) = metrics.measure(Query(("views",), since=since), living.workspace).rows
    assert f"{row['views'].value:,}" in words(olga.get(f"{PAGE}?period=7"))
    assert row["views"].value != metrics.measure(Query(("views",)), living.workspace).only["views"].value


def test_an_account_that_cant_be_tracked_needs_somebody_with_both_ways_out(living, olga):
    told = needs_you(olga.get(PAGE))
    assert "@dov can't be tracked: not authenticated and not in the Marketplace." in told
    assert re.findall("Send Invite|Ask creator to authenticate", told) == ["Send Invite", "Ask creator to authenticate"]


def test_a_lapsed_grant_says_what_it_means_and_who_can_help(living, olga):
    ana = Connection.objects.get(account__handle="ana")
    creators.lapse(ana, reason="TikTok refused to renew it.", at=clock.now())
    told = needs_you(olga.get(PAGE))
    assert "@ana is not read any more: TikTok refused to renew it. Figures stay where they are." in told
    assert "Ask creator to reconnect" in told


def test_a_grant_that_ends_soon_is_named_with_its_day(living, olga):
    ends = clock.now() + timedelta(days=5, hours=1)
    ben = Connection.objects.get(account__handle="ben")
    ben.refresh_expires_at = ends
    ben.save()
    ben.move("expiring", by="system", at=clock.now())
    told = needs_you(olga.get(PAGE))
    assert "In 5 days @ben must be renewed by" in told


def test_a_failing_source_needs_somebody(living, olga):
    sync = Sync.objects.get(stream="organic_posts", account__handle="ana")
    Sync.objects.filter(pk=sync.pk).update(failures=3, last_error="TikTok said: internal error (50002)")
    answer = olga.get(PAGE)
    assert "internal error (50002)" in needs_you(answer)
    assert "2 of 3 on time" in words(answer)


def test_a_live_install_asks_for_the_policies_first(acme, olga, settings):
    settings.TIKTOK_URL, settings.TIKTOK_APP = "", ("app", "secret")
    assert not clients.is_sandbox()
    assert "TikTok's policies are not recorded" in needs_you(olga.get(PAGE))
    olga.post("/w/acme/connections/policy/", {"version": "2026-01-15"})
    assert "TikTok's policies" not in needs_you(olga.get(PAGE))


def test_all_is_well_when_nothing_needs_anybody(acme, people, olga):
    assert "Nothing needs you right now." in needs_you(olga.get(PAGE))


def test_the_newest_posts_come_with_their_figures(living, olga):
    html = olga.get(PAGE).content.decode()
    table = html[html.index('aria-label="Newest posts table"') : html.index("Needs you")]
    assert len(re.findall("<tr>", table)) == 1 + 8
    assert "Video views: available" in table


def test_the_rail_gets_its_lines_and_a_browser_without_script_a_page(living, olga):
    part = olga.get("/w/acme/sources/", headers={"HX-Request": "true"})
    assert words(part).strip() == "3 of 3 sources on time"
    assert "Are the sources on time?" in words(olga.get("/w/acme/sources/"))
