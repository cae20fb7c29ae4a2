"""Which tables are taken along, and that a value comes back as it was."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.backup import container, sequences, tables
from greenroom.core import secrets
from greenroom.core.models import Event, User, Workspace
from greenroom.core.work import Due
from greenroom.creators.models import Connection, Creator
from greenroom.observations import lake, log, schema
from greenroom.observations.models import Batch
from tests.observations.conftest import reading


def table(name: str) -> tables.Table:
    return next(one for one in tables.kept(apps) if one.name == name)


def again(one: tables.Table) -> list[bytes]:
    """The lines of a table after it was emptied and loaded from its own lines."""
    lines = list(one.lines())
    one.clear()
    assert one.load(lines, with_values={"rolled_at": datetime.now(UTC)}) == len(lines)
    return list(one.lines())


def test_every_table_is_kept_or_left_out_with_a_reason(db):
    known = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    named = {one.name for one in tables.kept(apps)} | set(tables.LEFT_OUT)
    there = {name for name in connection.introspection.table_names() if not name.startswith("sqlite_")}
    assert {known[name]._meta.db_table for name in named if name in known} | {"django_migrations"} == there
    assert set(tables.LEFT_OUT) <= set(known)
    assert all(tables.LEFT_OUT.values())


def test_tables_come_after_what_they_point_at():
    names = [one.name for one in tables.kept(apps)]
    assert names.index("core.workspace") < names.index("creators.creator") < names.index("creators.account")
    assert names.index("creators.account") < names.index("creators.post")


def test_leases_are_not_taken_along():
    for one in tables.kept(apps):
        if issubclass(one.model, Due):
            assert not {field.name for field in one.columns} & set(tables.LEASES), one.name


def test_groups_and_permissions_of_django_are_not_used(acme):
    """They are left out, so there must be nothing in them."""
    assert not User.groups.through.objects.exists()
    assert not User.user_permissions.through.objects.exists()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(-1e15, 1e15).filter(lambda value: value == 0 or abs(value) > 1e-15).map(lambda value: value + 0.0)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcäß \u2028\n\"'"), inner),
    max_leaves=8,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    data=st.dictionaries(st.sampled_from(["a", "b", "ü"]), VALUES),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
)
def test_text_times_and_json_come_back_as_they_were(text, data, at):
    Workspace.objects.all().delete()
    workspace = Workspace.objects.create(slug="acme", name="Acme")
    Connection.objects.create(workspace=workspace, dialect="marketplace", last_error=text, connected_at=at)
    Event.objects.create(workspace=workspace, name="x.y", by="system", at=at, data=data)
    for name in ("creators.connection", "core.event"):
        before = list(table(name).lines())
        assert again(table(name)) == before
    assert (Connection.objects.get().last_error, Connection.objects.get().connected_at) == (text, at)
    assert Event.objects.get().data == data


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 3, 1, 1, 2, 3, 4, UTC), "2026-03-01T01:02:03.000004Z"),
        (datetime(2026, 3, 1, tzinfo=UTC).date(), "2026-03-01"),
        (timedelta(days=1, microseconds=1), "P1DT00H00M00.000001S"),
        (Decimal("0.10"), "0.10"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (b"\x00\xff", "AP8="),
        (memoryview(b"\x00"), "AA=="),
        (float("inf"), "inf"),
        (2**62, 2**62),
        (True, True),
        (None, None),
    ],
)
def test_values_are_written_so_that_nothing_is_lost(value, written):
    assert tables._written(value) == written


def test_secrets_are_taken_along_as_they_are_stored(acme):
    Connection.objects.create(workspace=acme.workspace, dialect="marketplace", state="active", access_token="act.plain")
    [line] = before = list(table("creators.connection").lines())
    assert b"act.plain" not in line
    assert secrets.CIPHERTEXT.encode() in line
    assert again(table("creators.connection")) == before
    assert Connection.objects.get().access_token == "act.plain"


def test_a_secret_no_key_opens_stays_what_it_is(acme, settings):
    Connection.objects.create(workspace=acme.workspace, dialect="marketplace", state="active", access_token="act.plain")
    before = list(table("creators.connection").lines())
    kept, settings.GREENROOM_KEYS = settings.GREENROOM_KEYS, ["x" * 43 + "="]
    row = Connection.objects.get()
    assert row.access_token == ""
    assert secrets.unreadable() == [f"connection: {row}"]
    row.save()
    secrets.reencrypt()
    assert list(table("creators.connection").lines()) == before
    settings.GREENROOM_KEYS = kept
    assert Connection.objects.get().access_token == "act.plain"
    assert secrets.unreadable() == []


def test_a_number_is_never_given_out_twice(acme, at):
    gone = Creator.objects.create(workspace=acme.workspace, name="Gone", created_at=at)
    last = sequences.read(tables.kept(apps))
    assert last["creators.creator"] == gone.pk
    Creator.everyone.all().delete()
    again(table("creators.creator"))
    sequences.write(tables.kept(apps), last)
    assert sequences.read(tables.kept(apps)) == last
    assert Creator.objects.create(workspace=acme.workspace, name="New", created_at=at).pk == gone.pk + 1
    sequences.write(tables.kept(apps), {})
    assert set(sequences.read(tables.kept(apps)).values()) == {0}


def test_the_same_content_gives_the_same_zip_file(tmp_path):
    for name in ("a.zip", "b.zip"):
        with container.draft(tmp_path / name) as draft, draft.open("tables/x.jsonl") as part:
            part.write(b"{}\n" * 1000)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_of_one_instant_while_others_write_roll_and_compact(acme, write, at):
    """The rows that say how many readings were appended, and the readings, agree in each of several backups."""
    stop = threading.Event()
    failed: list[Exception] = []

    def busy() -> None:
        try:
            for number in range(10_000):
                if stop.is_set():
                    return
                moment = at + timedelta(hours=number)
                rows = [
                    reading(account, 100 * account + post, moment, views=number)
                    for account in (1, 2)
                    for post in (1, 2)
                ]
                log.append(acme.workspace, "post", rows, key=f"k{number}", at=moment)
                if number % 4 == 3:
                    lake.roll("post", at=moment)
                if number % 16 == 15:
                    lake.compact("post", at=moment)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    others = threading.Thread(target=busy)
    others.start()
    try:
        while Batch.objects.count() < 20 and not failed:
            pass
        found = [_agreeing(write(f"while busy {number}")) for number in range(4)]
    finally:
        stop.set()
        others.join()
    assert failed == []
    assert found == sorted(found)
    assert found[0] < found[-1]


def _agreeing(folder: Path) -> int:
    import json

    import pyarrow.parquet as pq

    appended = [json.loads(line) for line in (folder / "tables/observations.batch.jsonl").read_bytes().splitlines()]
    held = pq.read_table(folder / "readings/post.parquet")
    assert held.num_rows == sum(one["rows"] for one in appended) > 0
    assert held.column_names == schema.arrow_schema("post").names
    return held.num_rows
