"""Every figure can say where it comes from."""

import re

from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words

ROOT = "/w/acme/provenance"


def test_the_six_facts_of_a_figure(living, olga):
    """GOV-02: connector, surface, fetch time, consent, tracking mode, formula version."""
    html = olga.get(f"{ROOT}/engagement_rate/account/ana/").content.decode()
    told = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, flags=re.S))
    assert told["Source"] == "Sandbox, a pretend TikTok"
    assert told["Surface"] == "TikTok Accounts API"
    assert re.fullmatch(r"<time [^>]+>\d+ \w+, \d\d:\d\d UTC</time>", told["Fetched"])
    assert "Ana (@ana)" in told["Consent"]
    assert told["Tracked by"] == "Manual"
    assert told["Formula"].startswith("engagement_rate_views_lcs@1")
    assert re.search(r"[\d,]+ ÷ [\d,]+", told["Formula"])
    figure = metrics.measure(Query(("engagement_rate",), where=(("account", "ana"),)), living.workspace).only
    assert told["Coverage"] == f"{figure['engagement_rate'].n} of 4 posts"


def test_the_sql_is_exactly_what_ran(living, olga):
    query = Query(("views",), by=("account",), where=(("account", living.account("ana").pk),))
    sql = metrics.measure(query, living.workspace).sql
    html = olga.get(f"{ROOT}/views/account/{living.account('ana').pk}/").content.decode()
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, flags=re.S)[1]
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'").strip() == sql.strip()


def test_the_readings_used_are_listed(living, olga):
    html = olga.get(f"{ROOT}/views/account/ana/").content.decode()
    rows = re.findall(r'<tr><th scope="row">\d+</th><td>views</td><td class="n">([\d,]+)</td>', html)
    views = metrics.measure(Query(("views",), where=(("account", "ana"),)), living.workspace).only["views"]
    assert len(rows) == views.n > 0
    assert sum(int(row.replace(",", "")) for row in rows) == views.value


def test_htmx_gets_what_fits_beside_the_figure(living, olga):
    part = olga.get(f"{ROOT}/followers/account/ana/", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<h3 aria-level="2">Followers')
    assert b"<textarea" not in part.content
    assert b"#sql" in part.content


def test_a_missing_figure_says_why_and_what_to_do(living, olga):
    told = words(olga.get(f"{ROOT}/completion_rate/account/ben/"))
    assert "Not available" in told
    assert "TikTok does not report this for this kind of account or post." in told
    assert "joining the Marketplace" in told
    assert words(olga.get(f"{ROOT}/views/account/dov/")).count("can't be tracked") >= 1


def test_a_limited_and_a_derived_figure_are_badged(living, olga):
    assert "Limited" in words(olga.get(f"{ROOT}/followers/account/cyd/"))
    assert "Derived by Greenroom" in words(olga.get(f"{ROOT}/derived_followers_growth/account/ana/"))


def test_the_whole_workspace_and_a_window(living, olga):
    told = words(olga.get(f"{ROOT}/views/workspace/acme/?days=7"))
    assert "All of Acme" in told
    assert "Gained in the last 7 days" in told


def test_every_bulb_leads_to_a_passport(living, olga):
    account = living.account("ana")
    seen = set()
    for page in ("/w/acme/", "/w/acme/creators/", f"/w/acme/creators/{account.creator_id}/"):
        html = olga.get(page).content.decode()
        links = set(re.findall(r'class="prov" data-a="\w+" href="([^"]*)"', html))
        assert len(links) >= 5, page
        seen |= {link.replace("&amp;", "&") for link in links}
    assert {link: olga.get(link).status_code for link in seen} == dict.fromkeys(seen, 200)


def test_what_is_not_there_is_404(living, olga, acme, client):
    for path in ("nonsense/account/ana", "views/account/nobody", "views/planet/earth", "followers/post/1"):
        assert olga.get(f"{ROOT}/{path}/").status_code == 404, path
    client.force_login(acme.eve.user)
    assert client.get(f"/w/rival/provenance/views/account/{living.account('ana').pk}/").status_code == 404
