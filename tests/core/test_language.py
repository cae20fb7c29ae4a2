"""Display language: the catalogue is whole, the person's wish goes first, numbers follow, nothing leaks."""

import ast
import gettext
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

from greenroom.core import formats
from greenroom.core.models import User, Workspace
from tests.living import words

PACKAGE = Path(__file__).parents[2] / "greenroom"
FOLDER = PACKAGE / "locale/de/LC_MESSAGES"
MARKS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "_"}
# What must read in every language as TikTok writes it. "Search" is also an everyday word, and translated as such.
LITERAL = {
    "Marketplace", "Non-TTCM", "Send Invite", "View More", "Join", "System Notifications", "Campaign Settings",
    "TikTok Creator Marketplace", "Accounts & Orders", "Create Order", "Add deliverables",
    "Customize deliverable names", "Apply for Spark Ads", "Order Created", "Campaign Code", "Influencers",
    "Published Posts", "TikTok", "All Posts", "Join Campaign", "Spark Ads", "Asset", "Creative", "Spark Ads posts",
    "Apply for Authorization", "Confirm", "Ad Settings", "Ad Name", "Use TikTok account to deliver Spark Ads",
    "Use other authorized account or post", "Submit", "Invite Links", "Campaign Details Page",
    "Branded Content Toggle", "Marketing Dashboards", "Custom Metrics", "Data Exports", "results", "tiktok_creator",
}  # fmt: skip


def unquoted(lines: str) -> str:
    return "".join(ast.literal_eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', lines))


def written() -> dict[str, list[str]]:
    """{msgid: its translations} of the .po file."""
    found = {}
    for entry in (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]:
        told = dict(re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', entry, re.M))
        said = [unquoted(text) for key, text in told.items() if key.startswith("msgstr")]
        found[unquoted(told["msgid"])] = said
    return found


def of_python(source: str) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if getattr(call.func, "id", "") in MARKS]
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def of_template(source: str) -> set[str]:
    marked = re.findall(r"(?:gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", templatize(source))
    return {ast.literal_eval(text) for text in marked}


def marked() -> set[str]:
    """Everything in the code that asks for a translation."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if "django.utils.translation" in (source := path.read_text(encoding="utf-8")):
            found |= of_python(source)
    for path in PACKAGE.rglob("templates/**/*.*"):
        found |= of_template(path.read_text(encoding="utf-8"))
    return found


class TestCatalogue:
    def test_every_marked_text_is_in_it_and_no_other(self):
        assert sorted(marked() ^ set(written())) == []

    def test_every_text_is_translated(self):
        assert [text for text, said in written().items() if not all(said)] == []
        assert "fuzzy" not in (FOLDER / "django.po").read_text(encoding="utf-8")

    def test_placeholders_stay_the_same(self):
        holes = re.compile(r"%\(\w+\)s")
        wrong = {
            text: said
            for text, told in written().items()
            for said in told
            if sorted(holes.findall(text)) != sorted(holes.findall(said))
        }
        assert wrong == {}

    def test_what_is_loaded_is_what_is_written(self):
        with (FOLDER / "django.mo").open("rb") as file:
            loaded = gettext.GNUTranslations(file)._catalog
        told: dict[str, list[str]] = {}
        for key, said in loaded.items():
            if key:
                told.setdefault(key[0] if isinstance(key, tuple) else key, []).append(said)
        assert told == written()

    def test_tiktoks_own_words_are_never_translated(self):
        assert LITERAL & set(written()) == set()


class TestNumbers:
    AT = datetime(2019, 3, 12, 14, 5, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("call", "english", "german"),
        [
            (lambda: formats.num(3412880), "3,412,880", "3.412.880"),
            (lambda: formats.num(-1.5), "−1.50", "−1,50"),
            (lambda: formats.percent(0.0789), "7.9%", "7,9\N{NO-BREAK SPACE}%"),
            (lambda: formats.short(3412880), "3.4M", "3,4 Mio."),
            (lambda: formats.money(196867, "USD"), "$1,968.67", "1.968,67 $"),
            (lambda: formats.money(196867, "EUR"), "1,968.67 EUR", "1.968,67 EUR"),
            (lambda: formats.duration(7.25), "7.2 s", "7,2 s"),
            (lambda: formats.when(TestNumbers.AT), "12 Mar 2019, 14:05 UTC", "12. Mär 2019, 14:05 UTC"),
            (lambda: formats.num(None), "", ""),
        ],
    )
    def test_they_follow_the_language(self, call, english, german):
        assert call() == english
        with translation.override("de"):
            assert call() == german


class TestWhose:
    def test_the_workspaces_language_is_for_those_without_a_wish(self, acme, client):
        Workspace.objects.filter(pk=acme.workspace.pk).update(language="de")
        client.force_login(acme.olga.user)
        answer = client.get("/w/acme/")
        assert '<html lang="de"' in answer.content.decode()
        assert "Suchen, springen" in words(answer)

    def test_the_persons_wish_goes_first(self, acme, client):
        Workspace.objects.filter(pk=acme.workspace.pk).update(language="de")
        User.objects.filter(pk=acme.olga.user.pk).update(language="en")
        client.force_login(acme.olga.user)
        assert "Search or jump to" in words(client.get("/w/acme/"))

    def test_it_is_chosen_in_the_account_menu_and_stays(self, acme, client):
        client.force_login(acme.olga.user)
        assert client.post("/language/", {"language": "de", "next": "/w/acme/help/"})["Location"] == "/w/acme/help/"
        assert "Hilfe durchsuchen" in client.get("/w/acme/help/").content.decode()
        acme.olga.user.refresh_from_db()
        assert acme.olga.user.language == "de"

    @pytest.mark.parametrize("wanted", ["", "xx", "../../etc"])
    def test_a_language_we_do_not_speak_changes_nothing(self, acme, client, wanted):
        client.force_login(acme.olga.user)
        client.post("/language/", {"language": wanted})
        acme.olga.user.refresh_from_db()
        assert acme.olga.user.language == ""

    def test_one_that_was_stored_and_is_no_more_is_english(self, acme, client):
        User.objects.filter(pk=acme.olga.user.pk).update(language="tlh")
        client.force_login(acme.olga.user)
        assert '<html lang="en"' in client.get("/w/acme/").content.decode()

    def test_it_leads_to_no_foreign_site(self, acme, client):
        assert client.post("/language/", {"language": "de", "next": "https://evil.example/"})["Location"] == "/"

    def test_a_stranger_reads_the_way_in_as_their_browser_asks(self, db, client):
        german = {"Accept-Language": "de-AT,de;q=0.9"}
        assert "Passwort vergessen?" in words(client.get("/accounts/login/", headers=german))
        assert "Forgot your password?" in words(client.get("/accounts/login/"))
        answer = client.post("/accounts/login/", {"login": "", "password": "x"}, headers=german)
        assert "Dieses Feld ist zwingend erforderlich." in words(answer)

    def test_pages_that_are_not_translated_say_that_they_are_english(self, acme, client):
        User.objects.filter(pk=acme.olga.user.pk).update(language="de")
        client.force_login(acme.olga.user)
        html = client.get("/w/acme/connections/").content.decode()
        assert '<html lang="de"' in html
        assert re.search(r'<main [^>]*lang="en"', html)
        assert re.search(r'<main [^>]*lang="de"', client.get("/w/acme/").content.decode())

    def test_creators_pages_are_english(self, acme, client):
        html = client.get("/join/acme/", headers={"Accept-Language": "de"}).content.decode()
        assert '<html lang="en"' in html

    def test_no_language_leaks_into_the_next_request(self, acme, client):
        User.objects.filter(pk=acme.olga.user.pk).update(language="de")
        client.force_login(acme.olga.user)
        client.get("/w/acme/")
        assert formats.num(1000) == "1,000"
        assert translation.get_language() == "en"
