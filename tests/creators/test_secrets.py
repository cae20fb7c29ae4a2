"""Tokens are in one place: two encrypted columns. Not in events, logs, reprs, errors or the database file."""

import json
import logging
from datetime import timedelta

import httpx2
import pytest
from django.db import connection as database

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.models import Authorization, Connection
from greenroom.tiktok import errors
from tests.consenting import finish
from tests.tiktok import consent


def everything_stored():
    """Every value of every row of every table, as the database holds it."""
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"select * from {database.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (f"{table}: {value}" for value in row if isinstance(value, str | bytes | memoryview))


@pytest.fixture
def life(people, workspace, at, caplog):
    """A connection's whole life with every log line kept; gives the secrets that went by."""
    caplog.set_level(logging.DEBUG)
    seen = set()
    visit, url = creators.begin_authorization(
        workspace, dialect="login_kit", how="creator portal", redirect_uri="https://g.example/cb/", at=at
    )
    seen.add(visit.verifier)
    with httpx2.Client(transport=people.transport) as http:
        told = consent.play(http, url, handle="ana")
    light = finish({**told, "state": visit.state}, at=at)
    full = people.consent(workspace, "ana", at=at)
    brand = people.connect_marketplace(workspace, at=at)
    for one in (light, full, brand):
        seen |= {one.access_token, one.refresh_token}
    later = people.later(at, hours=20)
    creators.refresh(full, at=later)
    seen |= {full.access_token, full.refresh_token}
    people.world.withdraw("ana")
    with pytest.raises(errors.Unauthorized) as refused:
        creators.refresh(full, at=later + timedelta(hours=1))
    assert not any(secret in str(refused.value) + repr(refused.value) for secret in seen if secret)
    seen |= {told["code"], "sandbox-secret", "sandbox-key-secret"}
    return {secret for secret in seen if secret}


def test_nothing_in_the_database_reads_as_a_secret(life, people, workspace, at):
    kept = people.consent(workspace, "cyd", at=at)
    secrets = life | {kept.access_token, kept.refresh_token}
    assert len(secrets) >= 9
    dump = list(everything_stored())
    assert any("application form" in line for line in dump)  # the dump really has the rows
    assert [line[:80] for line in dump for secret in secrets if secret in line] == []


def test_nothing_is_logged(life, caplog):
    assert [record.name for record in caplog.records for secret in life if secret in record.getMessage()] == []


def test_nothing_is_in_events_or_reprs(life):
    events = json.dumps(list(Event.objects.values_list("data", flat=True)))
    rows = [repr(row) + str(row) for model in (Connection, Authorization) for row in model.objects.all()]
    assert not any(secret in text for secret in life for text in [events, *rows])


def test_a_dump_holds_ciphertext_or_nothing(people, workspace, at):
    people.consent(workspace, "cyd", at=at)
    with database.cursor() as cursor:
        cursor.execute("select access_token, refresh_token from creators_connection")
        [(access, refresh)] = cursor.fetchall()
    assert access.startswith("gAAAA")
    assert refresh.startswith("gAAAA")


def test_a_finished_visit_keeps_no_verifier(people, workspace, at):
    people.consent(workspace, "ana", at=at, dialect="login_kit")
    assert Authorization.objects.get().verifier == ""
