"""PVA-10 and AVA-02: page, command line, passport and `measure()` give one answer, and only what is entitled."""

import re
from datetime import timedelta
from html import unescape

import pytest

from greenroom.core import clock, formats
from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions, tabulate
from greenroom.metrics.query import Query
from greenroom.observations import availability, log
from greenroom.pages.cells import UNITS
from greenroom.pages.profile import OF_POSTS
from greenroom.syncs import archive
from greenroom.syncs.models import Run
from tests.living import words

TABLE = [definitions.of_row("post", row.key).key for row in availability.shipped("post").rows]
SENT = ("0.3141", "31.4%", "12345", "12,345", "0.0815")  # what the sandbox slips in beside what was asked for


@pytest.fixture
def five(living):
    """P-LINK, P-CODE, P-MAN-A, P-MAN-U and P-OLD. The order report has been read for the first two."""
    ana = list(Post.objects.filter(account=living.account("ana")).order_by("-posted_at"))
    cyd = Post.objects.filter(account=living.account("cyd")).first()
    posts = {"P-LINK": ana[0], "P-CODE": ana[1], "P-MAN-A": ana[2], "P-MAN-U": cyd, "P-OLD": ana[3]}
    for name, basis in {"P-LINK": "order", "P-CODE": "order", "P-OLD": "legacy"}.items():
        posts[name].basis = basis
        posts[name].save()
    at = clock.now()
    for name, reach in {"P-LINK": 4321, "P-CODE": 987, "P-MAN-U": 555}.items():
        post = posts[name]
        row = {"account": post.account_id, "subject": post.pk, "observed_at": at, "read_at": at, "reach": reach}
        row |= {"source_class": "sandbox", "surface": "order_report", "avg_play_time": 7.5}
        log.append(living.workspace, "post", [row], key=f"report of {name}", at=at)
    return posts


def on_the_page(html: str, post: Post) -> dict[str, tuple[str, str]]:
    """{metric: (value as written, what the bulb says)} of a post's row on the profile."""
    link = rf'href="/w/acme/provenance/(\w+)/post/{post.pk}/"'
    found = re.findall(rf'<span class="nowrap">(.*?) <a class="prov"[^>]*?{link}[^>]*?aria-label="([^"]*)"', html)
    return {key: (re.sub("<[^>]*>", "", value), unescape(says)) for value, key, says in found}


def test_of_all_five_posts_page_command_line_passport_and_measure_say_the_same(five, living, olga, run_json):
    where = (("post", tuple(post.pk for post in five.values())),)
    names = tuple(dict.fromkeys((*TABLE, *OF_POSTS)))
    truth = {
        row["post"]: row for row in metrics.measure(Query(names, by=("post",), where=where), living.workspace).rows
    }
    printed = {row["post"]: row for row in run_json("measure", *names, "--by", "post", "-w", "acme")["rows"]}
    pages = {
        account: olga.get(f"/w/acme/creators/{living.account(account).creator_id}/").content.decode()
        for account in ("ana", "cyd")
    }
    compared = 0
    for post in five.values():
        row = truth[post.pk]
        assert {key: printed[post.item_id][key] for key in names} == {key: tabulate.cell(row[key]) for key in names}
        shown = on_the_page(pages[post.account.handle], post)
        assert set(shown) == set(OF_POSTS)
        for key, (value, says) in shown.items():
            figure, unit = row[key], UNITS.get(definitions.find(key).unit, "")
            assert value == ("–" if figure.value is None else formats.by_unit(figure.value, unit))
            assert ("not available" in says) is (figure.value is None)
            assert figure.why in says
            compared += 1
    assert compared == 5 * len(OF_POSTS)
    for name, key in (("P-LINK", "reach"), ("P-MAN-A", "reach"), ("P-MAN-U", "engagement_rate"), ("P-OLD", "likes")):
        figure = truth[five[name].pk][key]
        told = words(olga.get(f"/w/acme/provenance/{key}/post/{five[name].pk}/"))
        assert (figure.why or formats.by_unit(figure.value, "")) in told, (name, key)


def test_the_column_of_each_of_the_five_posts_is_the_tables(five, living):
    """PVA-03, PVA-04, PVA-06: an order opens the full set whoever wrote the post; nothing else opens reach."""
    query = Query(("reach", "avg_play_time", "engagement", "likes"), by=("post",))
    rows = {row["post"]: row for row in metrics.measure(query, living.workspace).rows}
    shown = {name: rows[post.pk] for name, post in five.items()}
    assert (shown["P-LINK"]["reach"].value, shown["P-CODE"]["reach"].value) == (4321, 987)
    for name in ("P-MAN-A", "P-MAN-U", "P-OLD"):
        for key in ("reach", "avg_play_time"):
            assert (shown[name][key].value, shown[name][key].reason) == (None, "not_in_entitlement"), (name, key)
    assert shown["P-MAN-U"]["engagement"].reason == "not_in_entitlement"
    five["P-MAN-U"].basis = "order"
    five["P-MAN-U"].save()
    now = metrics.measure(query, living.workspace).rows
    assert next(row for row in now if row["post"] == five["P-MAN-U"].pk)["reach"].value == 555
    assert len(now) == len(rows)  # the same post, no new one


def test_what_tiktok_slips_in_for_ben_is_in_the_archive_and_nowhere_else(living, olga, run, run_json):
    """AVA-02."""
    living.people.world.faults.set(extra_fields=True)
    assert all(step.ok for step in living.read(clock.now() + timedelta(hours=7)))
    newest = Run.objects.filter(sync__account__handle="ben", sync__stream="organic_profile").latest("pk")
    assert "0.3141" in repr(archive.read(newest.archive))
    names = ("completion_rate", "avg_views", "account_engagement_rate", "audience_locales")
    asked = ("measure", *names, "--by", "account", "-w", "acme")
    (ben,) = run_json(*asked, "--where", "account=ben")["rows"]
    assert {(ben[key]["value"], ben[key]["state"], ben[key]["reason"]) for key in names} == {
        (None, "none", "not_in_entitlement")
    }
    pages = [run(*asked, "--where", "account=ben"), words(olga.get("/w/acme/creators/"))]
    pages += [words(olga.get(f"/w/acme/creators/{living.account('ben').creator_id}/"))]
    pages += [words(olga.get(f"/w/acme/provenance/{key}/account/ben/")) for key in names]
    assert [value for page in pages[2:] for value in SENT if value in page] == []
    assert "– (not in entitlement)" in pages[0]


def test_the_three_marks_are_explained_where_they_are_used(living, olga):
    """C-13: the source had no legend; every page with bulbs has."""
    assert "available partly entered by your team not available" in words(olga.get("/w/acme/creators/"))
    for handle in ("ana", "cyd"):
        table = olga.get(f"/w/acme/creators/{living.account(handle).creator_id}/").content.decode()
        for word in ("Available", "Partly", "Not available"):
            assert f">{word}</span>" in table
