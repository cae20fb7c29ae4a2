"""A backup restored into an empty home: the same backup again, the same figures (PLT-08)."""

import json
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from greenroom.creators.models import Connection
from greenroom.observations import lake, schema
from greenroom.observations.models import Batch, Roll
from tests import postgres
from tests.backup.conftest import contents
from tests.backup.figures import figures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def rolled_in_part(living, now):
    """Some readings in the lake, some in the log."""
    for kind in schema.KINDS:
        lake.roll(kind, at=now)
    living.read(now)
    assert Batch.objects.filter(rolled_at=None).exists()
    assert Roll.objects.exclude(files=[]).count() == len(schema.KINDS)
    return living


@pytest.fixture
def other_database(tmp_path):
    """The address of an empty database of the other kind than this test's."""
    if connection.vendor == "postgresql":
        yield ""
    elif postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    else:
        with postgres.cluster() as url:
            yield url


def test_a_restored_backup_gives_the_same_bytes_and_the_same_figures(rolled_in_part, write, home, now, tmp_path):
    first = write("first")
    told = json.loads(json.dumps(figures(now), default=str))
    other = home("other", keys=",".join(settings.GREENROOM_KEYS))
    other.run("restore", str(first))
    assert contents(other.export(tmp_path / "second")) == contents(first)
    assert other.figures(now) == told
    assert sum(len(answer["rows"]) for answer in told.values()) > 1000


def test_it_goes_to_the_other_database_and_back(rolled_in_part, write, home, now, tmp_path, other_database):
    first = write("first")
    told = json.loads(json.dumps(figures(now), default=str))
    there = home("there", url=other_database)
    there.run("restore", str(first))
    assert there.figures(now) == told
    second = there.export(tmp_path / "second.zip")
    back = home("back", url=_empty_database_here())
    back.run("restore", str(second))
    assert contents(back.export(tmp_path / "third")) == contents(first)
    assert back.figures(now) == told


def _empty_database_here() -> str:
    """A database of this test's kind: on PostgreSQL a new one beside the test's, on SQLite the home's own."""
    if connection.vendor != "postgresql":
        return ""
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}@{known['HOST']}:{known['PORT']}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("drop database if exists restored")
        server.execute("create database restored")
    assert urlsplit(address).hostname
    return f"{address}/restored"


def test_the_export_does_not_depend_on_what_was_rolled(living, write, now):
    first = write("in the log")
    for kind in schema.KINDS:
        lake.roll(kind, at=now)
    second = contents(write("in the lake"))
    assert {name: held for name, held in contents(first).items() if name.startswith("readings/")} == {
        name: held for name, held in second.items() if name.startswith("readings/")
    }


def test_restored_without_its_keys_it_says_which_connections_to_renew(rolled_in_part, write, home, now):
    first = write("first")
    other = home("other")
    said = other.run("restore", str(first))
    grants = [one for one in Connection.objects.order_by("pk") if one.access_token]
    assert len(grants) >= 4
    assert [str(one) for one in grants if f"connection: {one}" not in said] == []
    assert "encryption.keys" in said
    (other.folder / "greenroom.env").write_text(
        "GREENROOM_TIKTOK_URL=http://127.0.0.1:9\nGREENROOM_TIKTOK_APP_ID=an-app\nGREENROOM_TIKTOK_APP_SECRET=its-secret\n"
    )
    assert "Connect again" in other.run("sync", "-w", "acme", ok=False)


def test_with_keys_nothing_needs_to_be_renewed(rolled_in_part, write, home, tmp_path):
    first = write("first", with_keys=True)
    other = home("other")
    assert "renew" not in other.run("restore", str(first))
    second = other.export(tmp_path / "second", "--with-keys")
    assert contents(second) == contents(first)
    assert (other.folder / "encryption.keys").stat().st_mode & 0o077 == 0


def test_what_a_backup_holds_can_be_read_without_greenroom(rolled_in_part, write):
    """Open files: JSON lines, Parquet, and the answers as they came."""
    import pyarrow.parquet as pq

    first = write("first")
    accounts = [json.loads(line) for line in (first / "tables/creators.account.jsonl").read_text().splitlines()]
    assert {one["handle"] for one in accounts} == {"ana", "ben", "brandco", "cyd", "dov"}
    posts = pq.read_table(first / "readings/post.parquet")
    assert posts.column_names == schema.arrow_schema("post").names
    assert posts.num_rows > 40
    answers = list((first / "archive").rglob("*.zst"))
    assert len(answers) > 10
    said = json.loads((first / "manifest.json").read_text())
    assert said["files"]["readings/post.parquet"]["rows"] == posts.num_rows
    assert "encryption.keys" not in "".join(said["files"])


def test_no_secret_and_no_key_is_in_it(living, write):
    everything = b"".join(contents(write("first")).values())
    tokens = [text for one in Connection.objects.all() for text in (one.access_token, one.refresh_token)]
    for secret in [*filter(None, tokens), *settings.GREENROOM_KEYS, settings.SECRET_KEY]:
        assert secret.encode() not in everything
    assert b"gAAAA" in everything  # the ciphertext is
