"""The command palette: what it finds, for whom, and how quickly; the same as a page without script."""

import re
import statistics
import time
from html import unescape

import pytest

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators.models import Account, Creator, Label, List
from greenroom.imports.models import Import
from tests.living import words

PAGE = "/w/acme/search/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def three(acme):
    for handle, name in (("oatorbit", "Ola Orbit"), ("nightoat", "Nia Night"), ("velvet", "Oatis Brown")):
        creator = Creator.objects.create(workspace=acme.workspace, name=name, created_at=clock.now())
        Account.objects.create(
            workspace=acme.workspace, creator=creator, handle=handle, origin="crm", created_at=clock.now()
        )


def found(client, asked, page=PAGE) -> list[str]:
    """The words of each option, without its note and keys."""
    html = client.get(page, {"q": asked}, headers=HTMX).content.decode()
    options = re.findall(r'role="option".*?<span>(.*?)</span>', html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", one)) for one in options]


def test_nothing_typed_shows_where_one_can_go_and_what_one_can_do(acme, olga):
    told = found(olga, "")
    assert told[:2] == ["Home", "Creators"]
    assert "Add creator" in told


def test_a_creator_is_found_by_handle_and_by_name_those_that_begin_so_first(three, olga):
    assert found(olga, "oat") == ["@oatorbit", "@nightoat", "@velvet"]
    assert found(olga, "@OATORB") == ["@oatorbit"]
    assert found(olga, "nia night") == ["@nightoat"]


def test_what_fits_is_marked(three, olga):
    html = olga.get(PAGE, {"q": "oat"}, headers=HTMX).content.decode()
    assert "@<mark>oat</mark>orbit" in html


def test_pages_actions_and_articles_are_found_by_what_they_are_about(acme, olga):
    assert "Jobs" in found(olga, "queue")
    assert "Add creator" in found(olga, "new account")
    assert "Why a figure is missing" in found(olga, "zero")
    assert "Light theme" in found(olga, "light")
    assert "Keyboard shortcuts" in found(olga, "keyb")


def test_only_what_ones_role_opens_is_there(acme, three, client):
    client.force_login(acme.vic.user)
    told = found(client, "")
    assert "Creators" in told
    assert not {"Connections", "Jobs", "Add creator", "Import a file", "Invite a member", "API keys"} & set(told)
    assert found(client, "oatorbit") == ["@oatorbit"]
    client.force_login(acme.ana_lyst.user)
    told = found(client, "")
    assert "Connections" in told
    assert not {"Add creator", "Connect a business account"} & set(told)


def test_every_option_leads_where_this_member_may_go(acme, three, client):
    """For each role: nothing in the palette answers 403 or 404."""
    for name in ("olga", "mia", "fin", "ana_lyst", "vic"):
        client.force_login(getattr(acme, name).user)
        html = client.get(PAGE, headers=HTMX).content.decode()
        hrefs = re.findall(r'role="option"[^>]*href="([^"]+)"', html)
        assert hrefs
        assert {href: client.get(href).status_code for href in hrefs if client.get(href).status_code != 200} == {}


def test_another_workspaces_creators_are_not_found(acme, three, client):
    client.force_login(acme.eve.user)
    assert found(client, "oatorbit", "/w/rival/search/") == []
    assert client.get(PAGE).status_code == 404


def test_nothing_found_says_so_and_is_no_empty_list_box(acme, olga):
    html = olga.get(PAGE, {"q": "zzz"}, headers=HTMX).content.decode()
    assert "Nothing found." in html
    assert "0 results" in html
    assert "listbox" not in html


def test_without_script_it_is_a_page_of_links(acme, three, olga):
    answer = olga.get(PAGE, {"q": "oat"})
    assert 'href="/w/acme/creators/' in answer.content.decode()
    assert "Ola Orbit" in words(answer)
    assert f'href="{PAGE}"' in olga.get("/w/acme/").content.decode()


def test_the_theme_changes_from_the_page_too(acme, olga):
    html = olga.get(PAGE, {"q": "dark"}).content.decode()
    assert 'name="theme" value="dark"' in html
    assert olga.post("/theme/", {"theme": "dark", "next": PAGE})["Location"] == PAGE


def test_what_is_typed_stays_text(acme, olga):
    for asked in ("<script>x</script>", "%_'\"", "\\", "(" * 90):
        html = olga.get(PAGE, {"q": asked}, headers=HTMX).content.decode()
        assert "<script" not in html


def test_with_500_creators_it_answers_in_150_ms(acme, olga):
    """The slowest but one of twenty answers."""
    at = clock.now()
    made = Creator.objects.bulk_create(
        Creator(workspace=acme.workspace, name=f"Creator {n}", created_at=at) for n in range(500)
    )
    Account.objects.bulk_create(
        Account(workspace=acme.workspace, creator=one, handle=f"handle{n}", origin="crm", created_at=at)
        for n, one in enumerate(made)
    )
    asked = ["c", "ha", "handle4", "creator 49", "miss", "import", "zzz", "handle499", "a", "e"] * 2
    found(olga, "warm")
    took = []
    for one in asked:
        began = time.perf_counter()
        found(olga, one)
        took.append(time.perf_counter() - began)
    assert statistics.quantiles(took, n=20)[-1] < 0.15


def test_the_add_action_leads_to_a_form_that_works(acme, people, olga):
    people.connect_marketplace(acme.workspace, at=clock.now())
    html = olga.get(PAGE, {"q": "add creator"}, headers=HTMX).content.decode()
    href = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*<mark>Add', html, re.S)[1]
    olga.post(href, {"handle": "cyd"})
    assert creators.find(acme.workspace, "cyd") is not None


def test_labels_lists_and_imports_lead_to_what_is_in_them(acme, three, client):
    at = clock.now()
    tagged = Creator.objects.get(name="Nia Night")
    label = Label.objects.create(workspace=acme.workspace, name="Nocturnal", created_at=at)
    tagged.labels.add(label)
    List.objects.create(workspace=acme.workspace, name="Nocturne launch", created_at=at)
    Import.objects.create(
        workspace=acme.workspace, kind="posts", file_name="nocturnal.csv", sha256="0" * 64, size=1, state="new",
        uploaded_by=acme.olga.by, uploaded_at=at,
    )  # fmt: skip
    client.force_login(acme.olga.user)
    assert found(client, "noctur") == ["Nocturnal", "Nocturne launch", "nocturnal.csv"]
    html = client.get(PAGE, {"q": "nocturnal"}, headers=HTMX).content.decode()
    href = re.search(r'href="([^"]+label=\d+)"', html)[1]
    told = words(client.get(href))
    assert "@nightoat" in told
    assert "@oatorbit" not in told
    client.force_login(acme.vic.user)
    assert found(client, "noctur") == ["Nocturnal", "Nocturne launch"]
