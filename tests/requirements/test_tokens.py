"""PLT-04: after consents, readings, pages and exports no TikTok token can be read anywhere."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection as database

from greenroom.core import clock
from greenroom.creators import connections
from greenroom.creators.models import Connection
from greenroom.observations import lake
from tests.living import Living

PAGES = ["", "creators/", "connections/", "jobs/", "provenance/followers/account/ana/"]


@pytest.fixture
def watched(acme, people, monkeypatch, caplog):
    """Every token TikTok gave to a workspace that lives, whose log lines are all kept; and the secrets of our apps."""
    caplog.set_level(logging.DEBUG)
    given = set()
    store = connections.store

    def noted(connection, grant, *, at):
        given.update(token for token in (grant.access_token, grant.refresh_token) if token)
        store(connection, grant, at=at)

    monkeypatch.setattr(connections, "store", noted)
    people.world.faults.set(expired_token=2)
    Living(acme.workspace, people, by=acme.olga.by)
    assert len(given) > 2 * Connection.objects.count() - 2  # the marketplace's has none to refresh; some were renewed
    return given | {settings.TIKTOK_APP[1], settings.TIKTOK_LOGIN_KIT[1]}


def found(secrets, text):
    return [secret[:6] for secret in secrets if secret in text]


def test_in_no_log_export_page_file_or_column(watched, olga, run, caplog, tmp_path):
    secrets = watched
    at = clock.now() + timedelta(days=1)
    assert lake.roll("account", at=at) or lake.roll("post", at=at)
    said = {f"page {page}": olga.get(f"/w/acme/{page}").content.decode() for page in PAGES}
    said["measure"] = run("measure", "followers", "views", "--by", "account", "-w", "acme", "--json")
    said["availability"] = run("availability", "--json")
    said["sync"] = run("sync", "-w", "acme")
    dump = tmp_path / "dump.json"
    call_command("dumpdata", output=str(dump), verbosity=0)
    said["dump"] = dump.read_text()
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"select * from {database.ops.quote_name(table)}")
            said[f"table {table}"] = " ".join(
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            )
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("lake" in str(path) for path in files)
    assert any("archive" in str(path) for path in files)
    said |= {f"file {path}": readable(path) for path in files}
    said["log"] = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    assert "ana" in said["dump"]
    assert any("display_name" in text for where, text in said.items() if "archive" in where)  # they were unpacked
    assert {where: leaked for where, text in said.items() if (leaked := found(secrets, text))} == {}


def readable(path) -> str:
    """A file's bytes as text, unpacked when it is packed."""
    raw = path.read_bytes()
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        raw = pa.CompressedInputStream(pa.BufferReader(raw), "zstd").read()
    if raw[:2] == b"\x1f\x8b":
        import gzip

        raw = gzip.decompress(raw)
    return raw.decode("latin-1")
