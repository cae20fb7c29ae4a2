"""The list of creators: states, filters, order, and who may be added how."""

import re

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators.models import Account, Creator
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words

PAGE = "/w/acme/creators/"


def handles(response) -> list[str]:
    """The accounts of the table, in its order."""
    return re.findall(r'<th scope="row"><a class="who"[^>]*>.*?<b>@(.*?)</b>', response.content.decode())


def row(response, handle: str) -> str:
    html = response.content.decode()
    return next(part for part in html.split("<tr>") if f"<b>@{handle}</b>" in part)


STATES = {
    "ana": ["Authenticated", "Marketplace"],
    "ben": ["Authenticated", "Non-TTCM"],
    "cyd": ["Not authenticated", "Marketplace"],
    "dov": ["Not authenticated", "Non-TTCM"],
}


def test_both_attributes_stand_side_by_side(living, olga):
    answer = olga.get(PAGE)
    for handle, told in STATES.items():
        assert re.findall(r'<span class="tag"[^>]*>(?:<svg.*?</svg>)?(.*?)</span>', row(answer, handle)) == told, handle


def test_the_figures_are_those_of_measure(living, olga):
    told = words(olga.get(PAGE))
    asked = ("followers", "posts", "views")
    rows = metrics.measure(Query(asked, by=("account",), where=(("account", "ana"),)), living.workspace).rows
    for name in asked:
        assert rows[0][name].value is not None
        assert f"{rows[0][name].value:,}" in told


def test_a_figure_that_is_missing_is_a_dash_with_its_reason_and_never_zero(living, olga):
    cyd = row(olga.get(PAGE), "cyd")
    cell = re.search(r'<td class="n">((?:(?!</td>).)*Engagement rate(?:(?!</td>).)*)</td>', cyd)[1]
    assert ">–</span>" in cell
    assert "Engagement rate: not available. TikTok does not report this for this kind of account or post." in cell


def test_a_limited_figure_says_so(living, olga):
    assert "Followers: partly available" in row(olga.get(PAGE), "cyd")
    assert "Followers: available" in row(olga.get(PAGE), "ana")


def test_an_account_that_cant_be_tracked_offers_two_ways_and_no_third(living, olga):
    dov = row(olga.get(PAGE), "dov")
    assert "Can't be tracked" in dov
    assert re.findall(r'class="linkbtn"[^>]*>(.*?)<', dov) == ["Send Invite", "Ask creator to authenticate"]
    assert 'class="prov"' not in dov


def test_the_coverage_row_counts_what_is_available(living, olga):
    answer = olga.get(PAGE)
    told = {handle: re.search(r'aria-label="([^"]* metrics available[^"]*)"', row(answer, handle))[1] for handle in
            ("ana", "ben", "cyd", "dov")}  # fmt: skip
    assert told["ana"].startswith("15 of 15")
    assert told["cyd"] == "3 of 15 metrics available, 4 partly"
    assert told["dov"] == "0 of 15 metrics available"


EVERYBODY = {"ana", "ben", "cyd", "dov", "brandco"}
FILTERED = {
    "reason=unsupported_account": {"dov"},
    "reason=not_in_entitlement": {"ben", "brandco", "cyd"},
    "read=day": EVERYBODY - {"dov"},
    "read=never&support=cannot": {"dov"},
    "label=none&list=none&field_1=2": EVERYBODY,
    "support=cannot": {"dov"},
    "support=can": EVERYBODY - {"dov"},
    "authentication=yes": {"ana", "ben", "brandco"},
    "membership=marketplace": {"ana", "cyd"},
    "membership=non_ttcm&authentication=yes&purpose=creator": {"ben"},
    "purpose=brand": {"brandco"},
    "q=CY": {"cyd"},
    "q=%40ana": {"ana"},
    "q=nobody": set(),
    "authentication=perhaps": EVERYBODY,
}


def test_filters_narrow_the_list(living, olga):
    assert {query: set(handles(olga.get(f"{PAGE}?{query}"))) for query in FILTERED} == FILTERED


def test_each_filter_in_force_is_a_chip_that_removes_it(living, olga):
    html = olga.get(f"{PAGE}?authentication=yes&purpose=brand&sort=-views").content.decode()
    assert re.findall(r'<a class="x" href="([^"]*)"', html) == [
        "?purpose=brand&amp;sort=-views",
        "?authentication=yes&amp;sort=-views",
    ]
    assert "Clear all" in html


def test_what_has_no_value_comes_last_in_either_direction(living, olga):
    for sort in ("engagement_rate", "-engagement_rate", "completion_rate", "-followers"):
        key = sort.removeprefix("-")
        rows = metrics.measure(Query((key,), by=("account",)), living.workspace).rows
        values = {one["account_name"]: one[key].value for one in rows}
        told = [values[handle] for handle in handles(olga.get(f"{PAGE}?sort={sort}"))]
        known = [value for value in told if value is not None]
        assert known == sorted(known, reverse=sort.startswith("-")), sort
        assert told == known + [None] * (len(values) - len(known)), sort
        assert None in told, sort


def test_followers_are_not_the_default_order(living, olga):
    assert handles(olga.get(PAGE)) == handles(olga.get(f"{PAGE}?sort=-engagement_rate"))
    assert handles(olga.get(PAGE)) != handles(olga.get(f"{PAGE}?sort=-followers"))
    assert (
        'aria-sort="descending"><a class="sort" href="?sort=engagement_rate">Engagement'
        in olga.get(PAGE).content.decode()
    )


def test_htmx_gets_the_list_alone_and_everybody_else_the_page(living, olga):
    whole, part = olga.get(PAGE), olga.get(PAGE, headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert handles(part) == handles(whole)
    assert part["Vary"] == "HX-Request" or "HX-Request" in part["Vary"]


def test_fifty_to_a_page(acme, olga, at):
    creator = Creator.objects.create(workspace=acme.workspace, name="Many", created_at=at)
    Account.objects.bulk_create(
        Account(workspace=acme.workspace, creator=creator, handle=f"many{n:03}", origin="crm", in_marketplace=True,
                created_at=at)
        for n in range(120)
    )  # fmt: skip
    pages = [handles(olga.get(f"{PAGE}?page={n}")) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({handle for page in pages for handle in page}) == 120
    assert handles(olga.get(f"{PAGE}?page=99")) == pages[2]
    assert "51 to 100 of 120" in words(olga.get(f"{PAGE}?page=2"))


def test_an_empty_list_says_how_creators_come_in(acme, olga):
    told = words(olga.get(PAGE))
    assert "Nobody is here yet" in told
    assert "Share the join page" in told


def test_a_client_sees_figures_but_no_way_to_write(living, acme, client):
    client.force_login(acme.vic.user)
    html = client.get(PAGE).content.decode()
    assert "@ana" in html
    assert "Add creator" not in html
    assert "Ask creator to authenticate" not in html


def test_a_member_of_the_marketplace_is_added_by_handle(living, olga, acme):
    Account.objects.filter(handle="cyd").delete()
    answer = olga.post(f"{PAGE}add/", {"handle": " https://www.tiktok.com/@cyd?lang=en "})
    cyd = living.account("cyd")
    assert answer["Location"] == f"/w/acme/creators/{cyd.creator_id}/"
    assert (cyd.in_marketplace, cyd.authenticated, cyd.origin) == (True, False, "crm")


def test_anybody_else_is_refused_with_a_reason_and_exactly_two_next_steps(people, acme, olga):
    people.connect_marketplace(acme.workspace, at=clock.now())
    answer = olga.post(f"{PAGE}add/", {"handle": "ben"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Non-authenticated, non-TTCM accounts can&#x27;t be tracked." in html
    problem = html[html.index('class="problem') : html.index("<form class", html.index('class="problem'))]
    assert re.findall(r'<a class="btn"[^>]*>(?:<svg.*?</svg>)(.*?)</a>', problem) == [
        "Send Invite",
        "Ask creator to authenticate",
    ]
    assert not Account.objects.filter(handle="ben").exists()
    assert Event.objects.filter(name="account.refused", data__handle="ben").count() == 1


def test_a_second_account_is_added_to_a_known_creator(living, olga):
    ben = living.account("ben")
    Account.objects.filter(handle="cyd").delete()
    olga.post(f"{PAGE}add/?creator={ben.creator_id}", {"handle": "cyd"})
    assert living.account("cyd").creator_id == ben.creator_id


def test_nobody_is_added_to_a_strangers_creator(living, olga, acme, at):
    theirs = Creator.objects.create(workspace=acme.rival, name="Theirs", created_at=at)
    assert olga.get(f"{PAGE}add/?creator={theirs.pk}").status_code == 404
