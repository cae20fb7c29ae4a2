"""Ten questions to the demo's cast, asked by a program with the official client: each answer is what the page shows."""

import re
from datetime import timedelta
from html import unescape

import pytest

from greenroom.core import clock
from tests.living import words

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "http://127.0.0.1:8000"


class Pages:
    """The pages of workspace acme as a person sees them."""

    def __init__(self, browser) -> None:
        self.browser = browser

    def html(self, path: str) -> str:
        response = self.browser.get(f"/w/acme/{path}")
        assert response.status_code == 200
        return response.content.decode()

    def words(self, path: str) -> str:
        return words(self.browser.get(f"/w/acme/{path}"))

    def shown(self, path: str, passport: str) -> str:
        """The figure that stands beside the bulb which leads to `passport`; a dash where there is none."""
        link = re.escape(passport)
        html = self.html(path)
        cell = r'<span class="nowrap">((?:(?!class="nowrap").)*?) <a class="prov" data-a="\w+"'
        in_table = re.search(rf'{cell} href="{link}"', html, flags=re.S)
        in_list = re.search(
            rf'href="{link}"[^>]*>(?:<svg.*?</svg>)?</a></dt><dd class="v">(.*?)</dd>', html, flags=re.S
        )
        found = in_table or in_list
        assert found, f"{passport} is not on {path}"
        return unescape(re.sub(r"<[^>]+>", "", found[1])).strip()

    def told(self, passport: str) -> dict[str, str]:
        """The facts of a passport's page."""
        html = self.html(passport.removeprefix("/w/acme/"))
        return {name: unescape(value) for name, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html, flags=re.S)}


def written(figure: dict) -> str:
    """A figure of an answer as a page writes it."""
    value = figure["value"]
    if value is None:
        return "–"
    return f"{value * 100:.1f}%" if figure["unit"] == "percent" else f"{value:,}"


def path_of(figure: dict) -> str:
    assert figure["passport"].startswith(SITE)
    return figure["passport"].removeprefix(SITE)


def test_ten_questions_are_answered_as_the_pages_answer_them(living, acme, client, key_of, agent):
    since = (clock.now() - timedelta(days=7)).isoformat()

    async def script(one):
        return {
            "ana": await one.ask("get_creator", creator="@ana"),
            "roster": await one.ask("measure", metrics=["followers", "views", "engagement_rate"], by=["account"]),
            "programme": await one.ask(
                "measure", metrics=["posts", "views", "engagement", "engagement_rate", "share_rate"]
            ),
            "week": await one.ask("measure", metrics=["views", "engagement"], since=since),
            "posts": await one.ask("list_posts", account="ana", order="-views"),
            "ben": await one.ask("explain_figure", metric="completion_rate", by="account", key="ben"),
            "dov": await one.ask("explain_figure", metric="views", by="account", key="dov"),
            "cyd": await one.ask("explain_figure", metric="followers", by="account", key="cyd"),
            "rate": await one.ask("explain_figure", metric="engagement_rate", by="account", key="ana"),
            "gains": await one.ask("availability", account="cyd"),
            "sources": await one.ask("source_health"),
        }

    told = agent(key_of("analyst"), script)
    client.force_login(acme.olga.user)
    pages = Pages(client)

    # 1 Who is ANA, and what are her figures?
    mine = told["ana"]["creator"]
    page = f"creators/{mine['creator_id']}/"
    assert [(one["handle"], one["account_type"], one["marketplace"]) for one in mine["accounts"]] == [
        ("ana", "tiktok_creator", "Marketplace")
    ]
    for name in ("followers", "views", "engagement_rate", "completion_rate", "derived_followers_growth"):
        figure = told["ana"]["figures"]["ana"][name]
        assert pages.shown(page, path_of(figure)) == written(figure)
    # 2 What are followers, views and engagement rate of each account?
    assert {row["about"]["account"] for row in told["roster"]["rows"]} == {"ana", "ben", "cyd", "dov", "brandco"}
    for row in told["roster"]["rows"]:
        for figure in row["figures"].values():
            if row["about"]["account"] == "dov":  # whose row shows the ways out instead
                assert (figure["value"], figure["reason"]) == (None, "unsupported_account")
            else:
                assert pages.shown("creators/", path_of(figure)) == written(figure)
    # 3 How does the whole programme do?
    [row] = told["programme"]["rows"]
    for figure in row["figures"].values():
        assert pages.shown("", path_of(figure)) == written(figure)
    # 4 What did it gain in the last 7 days?
    [row] = told["week"]["rows"]
    for name, figure in row["figures"].items():
        assert figure["value"] > 0
        assert pages.shown("?period=7", f"/w/acme/provenance/{name}/workspace/acme/?days=7") == written(figure)
    # 5 Which of ANA's posts has the most views, and how did each do?
    assert len(told["posts"]["posts"]) == told["posts"]["total"] == 4
    views = [post["figures"]["views"]["value"] for post in told["posts"]["posts"]]
    known = [value for value in views if value is not None]
    assert views == [*sorted(known, reverse=True), *[None] * (len(views) - len(known))]
    assert known
    for post in told["posts"]["posts"]:
        for name in ("views", "likes", "engagement_rate"):
            assert pages.shown(page, path_of(post["figures"][name])) == written(post["figures"][name])
    # 6 Why is there no completion rate of BEN's?
    assert told["ben"]["figure"]["value"] is None
    for part in (told["ben"]["figure"]["why"], told["ben"]["way_out"]):
        assert part in pages.words("provenance/completion_rate/account/ben/")
    # 7 How many views has DOV, whom nobody may read?
    assert (told["dov"]["figure"]["value"], told["dov"]["figure"]["reason"]) == (None, "unsupported_account")
    assert told["dov"]["figure"]["why"] in pages.words("provenance/views/account/dov/")
    # 8 How sure are CYD's followers?
    facts = pages.told("/w/acme/provenance/followers/account/cyd/")
    assert told["cyd"]["figure"]["state"] == "limited"
    assert facts["Availability"].startswith(told["cyd"]["availability"])
    assert written(told["cyd"]["figure"]) in pages.words("provenance/followers/account/cyd/")
    # 9 Where does ANA's engagement rate come from?
    facts = pages.told(path_of(told["rate"]["figure"]))
    assert facts["Source"] == told["rate"]["sources"][0]
    assert facts["Surface"] == told["rate"]["surfaces"][0]
    assert facts["Coverage"] == told["rate"]["coverage"]
    assert told["rate"]["working"] in facts["Formula"]
    assert told["rate"]["figure"]["formula_version"] in facts["Formula"]
    assert told["rate"]["consents"][0]["who"] in facts["Consent"]
    # 10 What would CYD gain by authenticating, and are the sources on time?
    labels = {one["figure"]: one["label"] for one in told["gains"]["has"]}
    gains = [labels[one["figure"]] for one in told["gains"]["if_it_authenticates"]]
    of_cyd = pages.words(f"creators/{living.account('cyd').creator_id}/")
    assert len(gains) > 5
    assert [label for label in gains if label not in of_cyd] == []
    rail = pages.words("sources/")
    for source in told["sources"]["sources"]:
        assert source["source"] in rail
        assert source["state"] == "on_time"


def test_every_missing_value_has_a_reason_and_every_value_a_source(living, key_of, agent):
    async def script(one):
        listed = await one.ask("list_metrics")
        return [
            await one.ask("measure", metrics=[metric["key"]], by=["account"], limit=50) for metric in listed["metrics"]
        ]

    figures = [
        figure for answer in agent(key_of(), script) for row in answer["rows"] for figure in row["figures"].values()
    ]
    assert len(figures) > 200
    assert [one for one in figures if one["value"] is None and not (one["reason"] and one["why"])] == []
    assert [one for one in figures if one["value"] is not None and one["source"] != ["sandbox"]] == []
    assert sum(one["value"] is not None for one in figures) > 50
