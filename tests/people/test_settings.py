"""How a workspace and a person see things: only what is shown changes, never what is kept (PLT-05)."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from greenroom.core import currencies, display, formats
from greenroom.core.models import Event, User, Workspace
from greenroom.creators.models import Creator
from tests.people.conftest import text

FORM = {"name": "Acme", "time_zone": "UTC", "currency": "USD", "language": "en"}


@pytest.fixture
def olga(acme, browser):
    return browser(acme.olga)


@pytest.fixture
def save(olga):
    return lambda **told: olga.post("/w/acme/settings/", {**FORM, **told})


def everything(tmp_path):
    """Every row of the database but sessions and what the settings themselves are."""
    path = tmp_path / "rows.json"
    skipped = ["core.user", "core.workspace", "core.event", "sessions", "usersessions", "contenttypes"]
    call_command("dumpdata", exclude=skipped, output=str(path), verbosity=0)
    return path.read_bytes()


class TestGeneral:
    def test_what_changed_is_told_before_and_after_and_the_rest_is_not(self, acme, save):
        save(name="Acme & Sons", time_zone="Asia/Kolkata")
        event = Event.objects.get(name="workspace.changed")
        assert event.data == {
            "before": {"name": "Acme", "time_zone": "UTC"},
            "after": {"name": "Acme & Sons", "time_zone": "Asia/Kolkata"},
        }
        save(name="Acme & Sons", time_zone="Asia/Kolkata")
        assert Event.objects.filter(name="workspace.changed").count() == 1

    @pytest.mark.parametrize("wrong", [{"time_zone": "Mars/X"}, {"currency": "XXX"}, {"language": "tlh"}, {"name": ""}])
    def test_what_is_on_no_list_is_refused(self, acme, save, wrong):
        assert save(**wrong).status_code == 200
        assert not Event.objects.filter(name="workspace.changed").exists()

    def test_everybody_may_look_and_only_owners_change(self, acme, browser):
        for member in (acme.mia, acme.fin, acme.ana_lyst, acme.vic):
            one = browser(member)
            page = text(one.get("/w/acme/settings/"))
            assert "Only an owner can change these" in page
            assert 'name="currency"' not in page
            assert one.post("/w/acme/settings/", FORM).status_code == 403

    def test_the_lists_are_the_worlds(self):
        assert "Europe/Madrid" in display.zones()
        assert "UTC" in display.zones()
        assert len(currencies.NAMES) > 150
        assert [currencies.digits(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]


class TestDisplayOnly:
    @pytest.fixture
    def ana(self, acme):
        moment = datetime(2025, 3, 12, 23, 30, tzinfo=UTC)
        return Creator.objects.create(workspace=acme.workspace, name="Ana", created_at=moment)

    def test_switching_changes_what_is_shown_and_no_row(self, acme, ana, olga, save, tmp_path):
        before = everything(tmp_path)
        audit = "/w/acme/settings/audit/?event=workspace.created"
        assert "14:05 UTC" in text(olga.get(audit))
        save(time_zone="Europe/Madrid", currency="EUR", language="de")
        page = text(olga.get(audit))
        assert "15:05 CET" in page
        assert 'title="Europe/Madrid"' in page
        assert everything(tmp_path) == before
        assert (
            Event.objects.get(name="workspace.created", workspace=acme.workspace)
            .at.isoformat()
            .endswith("14:05:00+00:00")
        )
        save()
        assert "14:05 UTC" in text(olga.get(audit))
        assert everything(tmp_path) == before

    def test_the_persons_own_zone_comes_before_the_workspaces(self, acme, olga, save, browser):
        save(time_zone="Europe/Madrid")
        olga.post("/accounts/you/", {"name": "Olga Owner", "time_zone": "Asia/Tokyo", "language": ""})
        audit = "/w/acme/settings/audit/?event=workspace.created"
        assert "23:05 JST" in text(olga.get(audit))
        assert "15:05 CET" in text(browser(acme.mia).get(audit))
        olga.post("/accounts/you/", {"name": "Olga Owner", "time_zone": "", "language": ""})
        assert "15:05 CET" in text(olga.get(audit))

    def test_one_request_leaves_nothing_to_the_next(self, acme, olga, save, browser):
        save(time_zone="Asia/Tokyo", language="de")
        olga.get("/w/acme/")
        assert timezone.get_current_timezone_name() == "UTC"
        assert translation.get_language() == "en"
        assert "14:05 UTC" in text(browser(acme.eve).get("/w/rival/settings/audit/"))

    def test_a_zone_this_machine_does_not_know_is_shown_as_utc(self, acme, olga):
        Workspace.objects.update(time_zone="Mars/Base")
        User.objects.update(time_zone="../../etc/passwd")
        assert "14:05 UTC" in text(olga.get("/w/acme/settings/audit/"))

    @pytest.mark.parametrize(
        ("zone", "words"),
        [("UTC", "14:05 UTC"), ("America/New_York", "10:05 EDT"), ("Asia/Tehran", "17:35 UTC+03:30")],
    )
    def test_the_zone_is_always_named(self, zone, words):
        moment = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
        with timezone.override(zone):
            assert formats.when(moment).endswith(words)
            assert formats.when(moment.replace(tzinfo=None)).endswith(words)

    def test_a_day_is_a_day_everywhere(self):
        day = datetime(2025, 3, 12, tzinfo=UTC).date()
        with timezone.override("Pacific/Honolulu"):
            there = formats.when(day)
        assert there == formats.when(day)

    def test_amounts_keep_their_currency_and_its_digits(self):
        assert formats.money(196867, "EUR") == "1,968.67 EUR"
        assert formats.money(1500, "JPY") == "1,500 JPY"
        assert formats.money(-1234567, "KWD") == "−1,234.567 KWD"


class TestYou:
    def test_a_name_must_stay(self, acme, olga):
        assert olga.post("/accounts/you/", {"name": ""}).status_code == 200
        acme.olga.user.refresh_from_db()
        assert acme.olga.user.name == "Olga Owner"

    def test_who_is_not_signed_in_is_asked_to(self, browser, db):
        for path in ("/accounts/you/", "/accounts/you/leave/1/", "/operator/"):
            assert browser().get(path)["Location"].startswith("/accounts/login/?next=")

    def test_it_lists_the_workspaces_with_the_role(self, acme, browser):
        page = text(browser(acme.vic).get("/accounts/you/"))
        assert "Leave Acme" in page
        assert "Rival" not in page
