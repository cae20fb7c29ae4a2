"""The audit log: everything in order, narrowed, in pages that cost the same at any depth, taken away as a file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from greenroom.core import events
from greenroom.core.models import Event
from greenroom.creators.models import Creator
from greenroom.people import audit
from tests.people.conftest import text

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
LOG = "/w/acme/settings/audit/"


@pytest.fixture
def olga(acme, browser):
    return browser(acme.olga)


def happen(acme, count, *, name="account.renamed", by=None, **data):
    """So many events, a minute apart."""
    rows = [
        Event(
            workspace=acme.workspace, name=name, by=by or acme.mia.by, subject=f"account:{n % 7}",
            at=MIDNIGHT + timedelta(minutes=n), data={"was": f"a{n}", "handle": f"b{n}", **data},
        )
        for n in range(count)
    ]  # fmt: skip
    Event.objects.bulk_create(rows, batch_size=5000)


def ids(found):
    return [line.event.pk for line in found.lines]


class TestOrder:
    def test_the_newest_comes_first_and_every_event_exactly_once(self, acme):
        happen(acme, 130)
        seen, after = [], ""
        while True:
            found = audit.page(acme.workspace, audit.Wanted(), after=after)
            seen += ids(found)
            after = found.older
            if not after:
                break
        told = list(Event.objects.within(acme.workspace).order_by("-at", "-pk").values_list("pk", flat=True))
        assert seen == told
        assert len(told) == 131  # and the making of the workspace

    def test_events_of_the_same_moment_are_all_shown(self, acme, at):
        for _ in range(7):
            events.note(acme.workspace, "sync.finished", by="system", at=at)
        wanted = audit.Wanted(name="sync.finished")
        first = audit.page(acme.workspace, wanted, size=4)
        rest = audit.page(acme.workspace, wanted, after=first.older, size=4)
        assert len({*ids(first), *ids(rest)}) == 7
        assert rest.older == ""

    def test_what_happens_meanwhile_moves_nothing_on_the_next_page(self, acme, at):
        happen(acme, 8)
        first = audit.page(acme.workspace, audit.Wanted(), size=4)
        second = ids(audit.page(acme.workspace, audit.Wanted(), after=first.older, size=4))
        happen(acme, 3, name="account.added")
        events.note(acme.workspace, "member.joined", by="system", at=datetime(2026, 4, 1, tzinfo=UTC))
        later = ids(audit.page(acme.workspace, audit.Wanted(), after=first.older, size=99))
        assert [pk for pk in later if pk in second] == second
        assert not {*later} & {*ids(first)}

    @pytest.mark.parametrize("cursor", ["x", "-", "1-", "9" * 20 + "-1", "1-" + "9" * 20, "-1--1", "٣-٤"])
    def test_a_cursor_that_is_none_means_the_newest(self, acme, olga, cursor):
        assert olga.get(LOG, {"after": cursor}).status_code == 200

    def test_another_workspace_s_events_are_never_in_it(self, acme, olga):
        events.note(acme.rival, "member.invited", by=acme.eve.by, at=MIDNIGHT, email="secret@rival.example")
        assert "secret@rival.example" not in text(olga.get(LOG))
        assert "Eve Stranger" not in text(olga.get(LOG, {"actor": acme.eve.by}))

    def test_any_depth_costs_the_same_number_of_queries(self, acme, olga):
        happen(acme, 60)
        olga.get(LOG)

        def cost(query):
            with CaptureQueriesContext(connection) as asked:
                assert olga.get(LOG, query).status_code == 200
            return len(asked)

        few = cost({})
        happen(acme, 3000)
        deep = parse_qs(olga.get(LOG).context["older"][1:])["after"][0]
        assert cost({}) == cost({"after": deep}) == cost({"q": "b2999"}) - 1 == few <= 14


class TestWords:
    def test_a_change_shows_who_what_before_and_after(self, acme, olga, at):
        change = {"before": {"role": "client"}, "after": {"role": "analyst"}}
        events.record(acme.vic, "role_changed", by=acme.olga.by, at=at, **change)
        page = text(olga.get(LOG, {"event": "member.role_changed"}))
        assert "Olga Owner" in page
        assert "Member: role changed" in page
        assert "<span>role: client</span>" in page
        assert "<b>role: analyst</b>" in page

    def test_moments_are_shown_in_the_zone_of_who_looks(self, acme, olga, at):
        acme.workspace.time_zone = "Europe/Madrid"
        acme.workspace.save()
        events.note(acme.workspace, "operator.entered", by="system", at=at, until=at.isoformat(), note="2026-99-99T9")
        page = text(olga.get(LOG, {"event": "operator.entered"}))
        assert "until: 12 Mar, 15:05 CET, note: 2026-99-99T9" in page

    def test_moves_of_states_are_before_and_after_too(self, acme, at):
        events.note(acme.workspace, "connection.revoked", by="system", at=at, was="active", at_tiktok=True)
        [line] = audit.page(acme.workspace, audit.Wanted(name="connection.revoked")).lines
        assert (line.before, line.after, line.details) == ("active", "revoked", {"at_tiktok": True})

    def test_every_kind_of_actor_is_named(self, acme, at):
        ana = Creator.objects.create(workspace=acme.workspace, name="Ana Sol", created_at=at)
        for by in ("system", acme.mia.by, f"creator:{ana.pk}", "creator:99999", "member:99999", "nonsense"):
            events.note(acme.workspace, "account.added", by=by, at=at)
        lines = audit.page(acme.workspace, audit.Wanted(name="account.added")).lines
        assert [line.actor for line in reversed(lines)] == [
            "Greenroom", "Mia", "Ana Sol", "Creator 99999", "Member 99999", "Nonsense",
        ]  # fmt: skip

    def test_a_creator_of_another_workspace_is_not_named(self, acme, at):
        other = Creator.objects.create(workspace=acme.rival, name="Hidden Person", created_at=at)
        events.note(acme.workspace, "account.added", by=f"creator:{other.pk}", at=at)
        [line] = audit.page(acme.workspace, audit.Wanted(name="account.added")).lines
        assert line.actor == f"Creator {other.pk}"

    def test_what_somebody_typed_is_never_markup(self, acme, olga, at):
        events.note(acme.workspace, "account.renamed", by="system", at=at, was="<script>1</script>", handle="<b>x")
        page = text(olga.get(LOG))
        assert "<script>1" not in page
        assert "&lt;script&gt;1" in page


class TestNarrowing:
    @pytest.fixture(autouse=True)
    def _events(self, acme):
        happen(acme, 10)
        happen(acme, 4, name="member.joined", by="creator:5", city="Málaga")

    def found(self, olga, **query):
        return [row.line for row in olga.get(LOG, query).context["rows"]]

    def test_by_who(self, acme, olga):
        assert len(self.found(olga, actor=acme.mia.by)) == 10
        assert len(self.found(olga, actor="creator")) == 4
        assert len(self.found(olga, actor="creator:5")) == 4

    def test_by_what(self, olga):
        assert {line.event.name for line in self.found(olga, event="member.joined")} == {"member.joined"}
        assert len(self.found(olga, event="account")) == 10

    def test_by_what_it_is_about(self, olga):
        assert {line.event.subject for line in self.found(olga, subject="account:3")} == {"account:3"}

    @pytest.mark.parametrize(
        "words", ["Málaga", "málaga", "MáLAGA", "laga", "b7", "member joined", "Member: joined", "mia@acme", "Mia"]
    )
    def test_by_anything_it_says(self, olga, words):
        assert self.found(olga, q=words), words

    def test_search_words_are_no_patterns(self, olga):
        assert self.found(olga, q="%") == []
        assert self.found(olga, q="_9999") == []

    def test_by_days_in_the_zone_of_who_looks(self, acme, olga):
        Event.objects.within(acme.workspace).filter(name="member.joined").delete()
        assert len(self.found(olga, event="account", since="2026-03-01", until="2026-03-01")) == 10
        acme.workspace.time_zone = "America/New_York"  # midnight in UTC is still the 28th there
        acme.workspace.save()
        assert self.found(olga, event="account", since="2026-03-01", until="2026-03-01") == []
        assert len(self.found(olga, event="account", since="2026-02-28", until="2026-02-28")) == 10

    @pytest.mark.parametrize("query", [{"actor": "x"}, {"event": "x.y"}, {"since": "soon"}, {"until": "2026-99-99"},
                                       {"since": "0001-01-01"}, {"until": "9999-12-31"}])  # fmt: skip
    def test_nonsense_narrows_nothing(self, acme, olga, query):
        acme.workspace.time_zone = "Pacific/Auckland"  # the first of all days began before it did in UTC
        acme.workspace.save()
        assert len(self.found(olga, **query)) == 15


class TestFile:
    def take(self, olga, form, **query):
        answer = olga.post(f"{LOG}export/", {"format": form, **query})
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)

    def test_csv_has_every_event_that_fits_and_nothing_runs(self, acme, olga):
        happen(acme, 2300)
        happen(acme, 1, name="account.added", note="=HYPERLINK(1)")
        events.note(acme.workspace, "account.renamed", by="system", at=MIDNIGHT, was="=1+1", handle="@SUM(1)")
        rows = list(csv.DictReader(io.StringIO(self.take(olga, "csv", event="account").decode("utf-8-sig"))))
        assert len(rows) == 2302
        evil = next(row for row in rows if row["by"] == "system")
        assert (evil["before"], evil["after"]) == ("'=1+1", "'@SUM(1)")

    def test_a_workbook_opens_and_holds_no_formula(self, acme, olga):
        events.note(acme.workspace, "account.renamed", by="system", at=MIDNIGHT, was="=1+1", handle="a\x07b")
        sheet = load_workbook(io.BytesIO(self.take(olga, "xlsx"))).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        assert "'=1+1" in [cell.value for cell in cells]

    def test_json_has_one_event_a_line(self, acme, olga):
        happen(acme, 3)
        told = [json.loads(line) for line in self.take(olga, "json", event="account").splitlines()]
        assert [one["before"] for one in told] == ["a2", "a1", "a0"]
        assert {one["actor"] for one in told} == {"Mia"}

    def test_taking_it_is_an_event_of_its_own_told_once(self, acme, olga):
        self.take(olga, "csv", actor="creator")
        event = Event.objects.get(name="audit.exported")
        assert (event.by, event.data) == (acme.olga.by, {"format": "csv", "filters": {"actor": "creator"}})

    def test_who_may_not_read_it_may_not_take_it(self, acme, browser):
        for member in (acme.ana_lyst, acme.vic):
            assert browser(member).post(f"{LOG}export/", {"format": "csv"}).status_code == 403
        assert not Event.objects.filter(name="audit.exported").exists()

    def test_looking_at_the_address_takes_nothing(self, olga):
        assert olga.get(f"{LOG}export/").status_code == 405

    def test_too_many_for_a_workbook_is_said_and_nothing_is_told(self, acme, olga, monkeypatch):
        monkeypatch.setattr("greenroom.people.exports.XLSX_MOST", 5)
        happen(acme, 10)
        page = olga.post(f"{LOG}export/", {"format": "xlsx"}, follow=True)
        assert "Too many events for one workbook" in text(page)
        assert not Event.objects.filter(name="audit.exported").exists()


def test_the_names_in_use_are_found_by_one_query(acme, at, django_assert_num_queries):
    happen(acme, 200)
    events.note(acme.rival, "secret.thing", by="system", at=at)
    with django_assert_num_queries(1):
        assert audit.names_used(acme.workspace) == ["account.renamed", "workspace.created"]
