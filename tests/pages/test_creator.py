"""A creator's page: labels, the two ways out, what TikTok shares, what would be gained, audience, trend, posts."""

import re
from datetime import timedelta

from django.core import mail

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.observations import availability
from tests.living import words

COLUMNS = ("auth_non_ttcm", "auth_ttcm", "unauth_ttcm")
LEVELS = {"full": "full", "part": "limited", "none": "none"}


def page(living, olga, handle, query=""):
    account = living.account(handle)
    return olga.get(f"/w/acme/creators/{account.creator_id}/{query}")


def section(response, heading: str) -> str:
    """The markup of one region, by its heading."""
    html = response.content.decode()
    start = html.index(f">{heading}")
    return html[start : html.find("<section", start)]


def test_labels_stand_side_by_side(living, olga):
    for handle, told in {
        "ana": ["Authenticated", "Marketplace"],
        "ben": ["Authenticated", "Non-TTCM"],
        "cyd": ["Not authenticated", "Marketplace"],
        "dov": ["Not authenticated", "Non-TTCM"],
    }.items():
        html = page(living, olga, handle).content.decode()
        heading = html[html.index('<h1 class="title">') : html.index("</h1>")]
        assert re.findall(r'<span class="tag"[^>]*>(?:<svg.*?</svg>)?(.*?)</span>', heading) == told, handle


def test_send_invite_is_offered_only_outside_the_marketplace(living, olga):
    offered = {handle: "Send Invite" in words(page(living, olga, handle)) for handle in ("ana", "ben", "cyd", "dov")}
    assert offered == {"ana": False, "ben": True, "cyd": False, "dov": True}
    for handle, status in {"ana": 404, "ben": 200, "cyd": 404, "dov": 200}.items():
        assert olga.get(f"/w/acme/creators/accounts/{living.account(handle).pk}/invite/").status_code == status


def test_an_account_that_cant_be_tracked_has_two_ways_out_and_no_third(living, olga):
    accounts = section(page(living, olga, "dov"), "TikTok accounts")
    assert "This account can't be tracked" in accounts
    ways = accounts[accounts.index('class="ways"') :]
    assert re.findall(r"<div><b>(.*?)</b>", ways) == ["Send Invite", "Ask creator to authenticate"]
    assert len(re.findall(r'class="btn"', ways)) == 2


def test_asking_to_authenticate_shows_the_link_and_mails_it_where_an_address_is_known(living, olga):
    cyd = living.account("cyd")
    answer = olga.post(f"/w/acme/creators/accounts/{cyd.pk}/authenticate/")
    assert "No e-mail address is known" in words(answer)
    assert re.search(r"/join/i/[^/]+/", answer.content.decode())
    assert mail.outbox == []
    cyd.creator.email = "cyd@creators.example"
    cyd.creator.save()
    answer = olga.post(f"/w/acme/creators/accounts/{cyd.pk}/authenticate/")
    assert "Sent to cyd@creators.example" in words(answer)
    assert [letter.to for letter in mail.outbox] == [["cyd@creators.example"]]
    assert Event.objects.filter(name="account.authentication_requested").count() == 2
    cyd.refresh_from_db()
    assert not cyd.authenticated


def test_looking_at_the_invitation_page_sends_nothing(living, olga):
    before = Event.objects.count()
    told = words(olga.get(f"/w/acme/creators/accounts/{living.account('dov').pk}/invite/"))
    assert "Greenroom sends nothing of it" in told
    assert "Ask creator to authenticate" in told
    assert Event.objects.count() == before


def test_a_handle_that_is_not_in_the_list_gets_the_same_help(living, olga):
    told = words(olga.get("/w/acme/creators/invite/?handle=@stranger"))
    assert "Send Invite to @stranger" in told
    assert "/join/acme/" in told
    assert olga.get("/w/acme/creators/invite/?handle=dov").status_code == 302
    assert olga.get("/w/acme/creators/invite/").status_code == 404


def table_of(response, heading="What TikTok shares, by kind of account"):
    """{label: ([levels of the four kinds], place of the marked one, what stands under "now")} of the table."""
    html = section(response, heading)
    rows = {}
    for label, rest in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html, flags=re.S):
        cells = re.findall(r'<td class="av( mine)?" data-a="(\w+)"', rest)
        rows[label] = ([LEVELS[level] for _, level in cells], [bool(mine) for mine, _ in cells].index(True), rest)
    return rows


def test_the_availability_table_is_the_table(living, olga):
    shipped = availability.shipped("account").rows
    for handle, mine in {"ben": 0, "ana": 1, "cyd": 2, "dov": 3}.items():
        rows = table_of(page(living, olga, handle))
        assert len(rows) == 25
        for row in shipped:
            levels, marked, _ = rows[row.label]
            assert levels == [*(row.cells[column] for column in COLUMNS), "none"], (handle, row.label)
            assert marked == mine


def test_what_only_the_former_source_had_is_folded_away(living, olga):
    html = section(page(living, olga, "ana"), "What TikTok shares, by kind of account")
    before, after = html.split("<details")
    assert "10 retired metrics" in after
    for label in ("Total posts", "Average likes", "Follower credibility", "Audience gender and age"):
        assert f">{label}<" not in before
        assert f">{label}<" in after


def test_no_value_is_shown_where_the_table_says_none(living, olga):
    """AVA-02: the sandbox sends more than the account is entitled to; the page shows a dash and the reason."""
    for handle, column in {"ben": "auth_non_ttcm", "cyd": "unauth_ttcm"}.items():
        rows = table_of(page(living, olga, handle))
        for row in availability.shipped("account").rows:
            if row.cells[column] == "none":
                assert "–" in rows[row.label][2], (handle, row.label)
                assert "TikTok does not report this for this kind of account or post." in rows[row.label][2]


def test_the_account_that_cant_be_tracked_shows_no_figure_at_all(living, olga):
    answer = page(living, olga, "dov")
    assert all("can&#x27;t be tracked" in rest for _, _, rest in table_of(answer).values())
    assert not re.search(r'<dd class="v">[^<]*\d', answer.content.decode())
    assert "derived" in answer.content.decode()


def test_what_would_be_gained(living, olga):
    """AVA-09: for CYD exactly the eight cells from none and the four from limited."""
    told = words(page(living, olga, "cyd"))
    new = "Audience locales, Average views, Engagement rate, Completion rate, Creator rate, Audience countries, "
    assert f"8 figures become available {new}Audience genders, Audience ages" in told
    whole = "Profile image, Display name, Follower count, Like count"
    assert f"4 figures go from partly to fully available {whole}" in told
    assert "If the account joins the Marketplace" not in told
    assert "Nothing more: this account is authenticated and in the Marketplace" in words(page(living, olga, "ana"))
    assert "If the account joins the Marketplace 4 figures become available" in words(page(living, olga, "ben"))


def test_audience_is_drawn_for_who_shares_it_and_explained_for_who_does_not(living, olga):
    """GOV-10."""
    ana, cyd = (section(page(living, olga, handle), "Audience countries") for handle in ("ana", "cyd"))
    assert re.search(r'<dl class="hbars">.*?<dd class="x">\d+\.\d%</dd>', ana, flags=re.S)
    assert "hbars" not in cyd
    assert "TikTok does not report this for this kind of account or post." in cyd


def days_of(answer, heading):
    """What the table below the chart says of each day."""
    return re.findall(
        r'<tr><th scope="row">[^<]*</th><td class="n">(.*?)</td></tr>', section(answer, f"{heading}</h2>")
    )


def test_the_trend_opens_with_tiktoks_own_days_from_before_the_account_was_connected(living, olga):
    """The account was connected two days ago; what TikTok does not tell yet stays open."""
    answer = page(living, olga, "ana")
    days = days_of(answer, "Views by day")
    assert len(days) == 28
    late = sum(day == "–" for day in days)
    assert 1 <= late <= 3
    assert all(day == "–" for day in days[28 - late :])
    assert f"{late} of 28 days have no figure from TikTok and are left open." in words(answer)
    assert "TikTok fills a day in 24 to 48 hours after it ended." in words(answer)


def test_the_trend_offers_days_of_tiktok_only_where_the_owner_granted_them(living, olga):
    offered = {
        handle: re.findall(r'hx-get="[^"]*trend=(\w+)"', page(living, olga, handle).content.decode())
        for handle in ("ana", "cyd")
    }
    assert offered == {
        "ana": ["daily_views", "daily_followers", "views", "engagement"],
        "cyd": ["views", "followers", "engagement"],
    }


def test_the_trend_leaves_days_without_a_reading_open(living, olga):
    answer = page(living, olga, "cyd", "?trend=followers")
    days = days_of(answer, "Followers")
    assert len(days) == 28
    assert [day == "–" for day in days] == [True] * 25 + [False] * 3
    assert "25 of 28 days have no reading and are left open." in words(answer)


def test_the_trend_is_what_measure_says_of_each_day(living, olga):
    since = clock.now() - timedelta(days=27)
    for name in ("daily_views", "daily_followers"):
        query = Query((name,), where=(("account", "ana"),), since=since, grain="day")
        rows = metrics.measure(query, living.workspace).rows
        shown = words(page(living, olga, "ana", f"?trend={name}"))
        assert len(rows) >= 24
        assert all(f"{row[name].value:,}" in shown for row in rows)


def test_the_trend_alone_for_htmx(living, olga):
    ana = living.account("ana")
    url = f"/w/acme/creators/{ana.creator_id}/trend/?account={ana.pk}&trend=daily_followers"
    part = olga.get(url, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"data-chart=" in part.content
    assert b"<html" in olga.get(url).content
    assert olga.get(f"/w/acme/creators/{living.account('ben').creator_id}/trend/?account={ana.pk}").status_code == 404


def test_posts_come_with_figures_or_reasons(living, olga):
    ana, cyd = (section(page(living, olga, handle), "Recent posts") for handle in ("ana", "cyd"))
    assert len(re.findall(r'<tr><th scope="row">', ana)) == 4
    assert "Engagement rate: available" in ana
    assert "Engagement rate: not available. TikTok does not report this" in cyd
    assert "Likes: available" in cyd


def test_consents_are_told_in_words_and_with_their_end(living, olga):
    ana = living.account("ana")
    html = section(page(living, olga, "ana"), "Consents of @ana")
    assert "application form" in html
    assert "Account analytics" in html
    creators.withdraw(ana.connections.get(), by="member:1", at=clock.now())
    assert "Ended" in section(page(living, olga, "ana"), "Consents of @ana")


def test_history_tells_what_changed_and_why(living, olga):
    told = words(page(living, olga, "ana"))
    history = told[told.index("State history") :]
    assert "@ana became authenticated application form" in history
    assert "@ana is in the Marketplace" in history


def test_the_account_looked_at_can_be_chosen(living, olga):
    ana, cyd = living.account("ana"), living.account("cyd")
    cyd.creator = ana.creator
    cyd.save()
    base = f"/w/acme/creators/{ana.creator_id}/"
    assert "@ana now" in words(olga.get(base))
    assert "@cyd now" in words(olga.get(f"{base}?account={cyd.pk}"))
    assert "@ana now" in words(olga.get(f"{base}?account=999999"))


def test_another_workspaces_creator_is_not_there(living, acme, client):
    client.force_login(acme.eve.user)
    ana = living.account("ana")
    assert client.get(f"/w/rival/creators/{ana.creator_id}/").status_code == 404
    assert client.get(f"/w/rival/creators/accounts/{ana.pk}/invite/").status_code == 404
    assert client.post(f"/w/rival/creators/accounts/{ana.pk}/authenticate/").status_code == 404
