"""Erasure: nothing of an account is left, in the log, the newest values, the lake or on disk."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.observations import engine, erasure, lake, models, steps, view

from .conftest import everything, on_disk, reading
from .test_steps import DIE, run_elsewhere

HOUR = timedelta(hours=1)
ANA, BEN = 1, 2
TRACE = "trace-of-ana"


@pytest.fixture
def read(acme, at, append):
    """Readings of two accounts: some in the lake, some in the log, in batches of their own and in mixed ones."""
    for hour in range(3):
        moment = at + hour * HOUR
        append("account", reading(ANA, ANA, moment, bio=TRACE, followers=hour), key=f"a{hour}")
        append("post", reading(ANA, 10, moment, views=hour), reading(BEN, 20, moment, views=hour), key=f"p{hour}")
        day = (at - timedelta(days=2)).date()
        append("account_day", reading(ANA, ANA, moment, date=day, likes=hour), key=f"d{hour}")
        if hour < 2:
            for kind in ("account", "account_day", "post"):
                lake.roll(kind, at=at)
    append("post", reading(ANA, 10, at, surface="legacy", source_class="legacy", views=9, shares=7), key="legacy")


def ask(acme, at, **kinds) -> models.Erasure:
    return erasure.ask(acme.workspace, ANA, reason="the creator asked", by=acme.mia.by, at=at, **kinds)


class TestErase:
    def test_no_trace_is_left_anywhere(self, acme, at, read):
        assert TRACE in on_disk()
        assert erasure.carry_out(ask(acme, at), at=at) == {"account": 3, "account_day": 3, "post": 4}
        assert everything(acme.workspace) == [(20, at + hour * HOUR, hour) for hour in range(3)]
        assert everything(acme.workspace, "account") == everything(acme.workspace, "account_day") == []
        assert not models.Latest.objects.filter(account=ANA).exists()
        assert TRACE not in on_disk()
        assert "'account': 1," not in on_disk()
        assert not any(TRACE.encode() in bytes(ipc) for ipc in models.Batch.objects.values_list("ipc", flat=True))

    def test_the_due_row_does_it_once_and_says_how_much_went(self, acme, at, read):
        row = ask(acme, at)
        assert work.run_due(models.Erasure, at=at) == 1
        row.refresh_from_db()
        assert (row.due_at, row.last_error) == (None, "")
        assert row.done_at is not None
        assert row.removed == {"account": 3, "account_day": 3, "post": 4}

    def test_what_hangs_on_the_readings_is_told_and_the_audit_knows_once(self, acme, at, read, monkeypatch):
        told = []
        monkeypatch.setattr(erasure, "ON_ERASE", [lambda row, at: told.append(row.account)])
        row = ask(acme, at)
        erasure.carry_out(row, at=at)
        erasure.carry_out(row, at=at)
        assert told == [ANA, ANA]
        [event] = Event.objects.within(acme.workspace).filter(name="account.data_erased")
        assert (event.subject, event.by, event.data["removed"]["post"]) == ("account:1", acme.mia.by, 4)

    def test_doing_it_twice_changes_nothing_and_keeps_the_counts(self, acme, at, read):
        row = ask(acme, at)
        erasure.carry_out(row, at=at)
        left = everything(acme.workspace)
        assert erasure.carry_out(row, at=at) == {"account": 3, "account_day": 3, "post": 4}
        assert everything(acme.workspace) == left

    def test_the_same_account_number_in_another_workspace_stays(self, acme, at, read, append):
        append("post", reading(ANA, 10, at, views=5), key="rival", workspace=acme.rival)
        erasure.carry_out(ask(acme, at), at=at)
        assert everything(acme.rival) == [(10, at, 5)]

    def test_an_append_tried_again_does_not_bring_it_back(self, acme, at, read, append):
        erasure.carry_out(ask(acme, at), at=at)
        assert append("post", reading(ANA, 10, at, views=1), key="p0") == 0
        assert append("post", reading(ANA, 10, at, views=1), key="p2") == 0
        assert append("account", reading(ANA, ANA, at, bio=TRACE), key="a2") == 0

    def test_an_empty_store_is_no_trouble(self, acme, at):
        assert erasure.carry_out(ask(acme, at), at=at) == {"account": 0, "account_day": 0, "post": 0}
        assert not Path(engine.lake()).exists()

    def test_it_goes_on_rolling_afterwards(self, acme, at, read, append):
        erasure.carry_out(ask(acme, at), at=at)
        append("post", reading(BEN, 21, at, views=1), key="later")
        lake.roll("post", at=at)
        assert len(everything(acme.workspace)) == 4


class TestOnlyOneSourceClass:
    def test_other_readings_stay_and_the_newest_values_are_made_of_them(self, acme, at, read):
        removed = erasure.carry_out(ask(acme, at, source_class="legacy"), at=at)
        assert removed == {"account": 0, "account_day": 0, "post": 1}
        seen = view.open_view(acme.workspace)
        assert seen.rows("select views, shares from post_latest where subject = 10") == [{"views": 2, "shares": None}]
        sql = "select * from account_latest"
        assert seen.rows(sql) == seen.as_of(at + 9 * HOUR).rows(sql)
        assert seen.rows("select count(*) as n from post_readings where account = 1") == [{"n": 3}]

    def test_new_readings_go_on_updating_the_rebuilt_values(self, acme, at, read, append):
        erasure.carry_out(ask(acme, at, source_class="legacy"), at=at)
        append("post", reading(ANA, 10, at + 5 * HOUR, views=50), key="next")
        seen = view.open_view(acme.workspace)
        assert seen.rows("select views from post_latest where subject = 10") == [{"views": 50}]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "event"), [("_erase", "call"), ("_erase", "return"), ("finish", "call")])
def test_an_erasure_killed_anywhere_is_completed_by_the_next_run(acme, at, read, name, event):
    row = ask(acme, at)
    again = f"from greenroom.observations import erasure, models; row = models.Erasure.objects.get(pk={row.pk})"
    call = "erasure.carry_out(row, at=datetime(2026, 3, 12, tzinfo=timezone.utc))"
    process = run_elsewhere(again, DIE.format(name=name, event=event), call)
    assert process.wait(60) == -signal.SIGKILL
    work.run_due(models.Erasure, at=at)
    row.refresh_from_db()
    assert row.last_error == ""
    assert row.removed == {"account": 3, "account_day": 3, "post": 4}
    assert everything(acme.workspace) == [(20, at + hour * HOUR, hour) for hour in range(3)]
    assert TRACE not in on_disk()
    assert steps.state("account").doing is None


@pytest.fixture
def imported(acme, at, append):
    """Readings of an import beside those of TikTok: of ana some each, of zed nothing else."""
    for hour in range(3):
        moment = at + hour * HOUR
        append("account", reading(ANA, ANA, moment, followers=hour), key=f"a{hour}")
        lake.roll("account", at=at)
    before = snapshot(acme.workspace)
    typed = {"surface": "file", "source_class": "user_entered", "import_id": 7}
    append("account", reading(ANA, ANA, at + 9 * HOUR, bio=TRACE, followers=900, **typed), key="i1")
    lake.roll("account", at=at)
    append("account", reading(26, 26, at, bio=TRACE, followers=5, **typed), key="i2")
    append("post", reading(26, 260, at, views=5, **typed), key="i3")
    return before


def snapshot(workspace) -> tuple:
    """Everything a question could see: all readings and all newest values."""
    kinds = ("account", "account_day", "post")
    newest = view.open_view(workspace).rows("select subject, followers, bio, followers_at from account_latest")
    return [everything(workspace, kind) for kind in kinds], newest


class TestForgetAnImport:
    def test_everything_is_as_if_it_had_never_been_made(self, acme, at, imported):
        assert snapshot(acme.workspace) != imported
        assert TRACE in on_disk()
        erasure.forget_import(acme.workspace, 7, at=at)
        assert snapshot(acme.workspace) == imported
        assert TRACE not in on_disk()
        assert not any(TRACE.encode() in bytes(ipc) for ipc in models.Batch.objects.values_list("ipc", flat=True))
        assert not models.Latest.objects.filter(account=26).exists()

    def test_twice_and_of_an_unknown_import_nothing_happens(self, acme, at, imported):
        erasure.forget_import(acme.workspace, 7, at=at)
        erasure.forget_import(acme.workspace, 7, at=at)
        erasure.forget_import(acme.workspace, 8, at=at)
        assert snapshot(acme.workspace) == imported

    def test_an_import_of_the_same_number_elsewhere_stays(self, acme, at, imported, append):
        row = reading(26, 26, at, followers=5, surface="file", source_class="user_entered", import_id=7)
        append("account", row, key="other", workspace=acme.rival)
        erasure.forget_import(acme.workspace, 7, at=at)
        assert everything(acme.rival, "account") == [(26, at, 5)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("begin", "call"),
        ("begin", "return"),
        ("_erase", "return"),
        ("finish", "return"),
        ("_remake", "call"),
        ("_sweep", "return"),
    ],
)
def test_forgetting_killed_anywhere_is_completed_by_the_next_run(acme, at, imported, name, event):
    first = "from greenroom.observations import erasure"
    call = f"erasure.forget_import({acme.workspace.pk}, 7, at=datetime(2026, 3, 12, tzinfo=timezone.utc))"
    process = run_elsewhere(first, DIE.format(name=name, event=event), call)
    assert process.wait(60) == -signal.SIGKILL
    erasure.forget_import(acme.workspace, 7, at=at)
    assert snapshot(acme.workspace) == imported
    assert TRACE not in on_disk()
