"""Raw answers are kept, and the same rows can be made from them again (INT-08)."""

from datetime import UTC, datetime, timedelta

import pytest

from greenroom.core import work
from greenroom.creators import actions as creators
from greenroom.creators.models import Connection
from greenroom.observations import erasure, log, models
from greenroom.observations.models import Erasure
from greenroom.syncs import archive, running
from greenroom.syncs.models import Run, Sweep, Sync
from greenroom.tiktok import client as tiktok


def appended(run):
    """The rows a run appended, as the log holds them."""
    return {
        batch.kind: log.decode(batch.kind, bytes(batch.ipc)).to_pylist()
        for batch in models.Batch.objects.filter(key__startswith=f"sync:{run.sync_id}:")
    }


def made_again(run):
    return {
        kind: log.decode(kind, log.encode(kind, run.workspace_id, rows)).to_pylist()
        for kind, rows in running.renormalise(run).items()
    }


@pytest.fixture
def every_stream(people, workspace, at):
    """A workspace in which each stream of each surface has something to read."""
    people.connect_marketplace(workspace, at=at)
    people.consent(workspace, "ana", at=at)
    people.consent(workspace, "ben", at=at, dialect="login_kit")
    people.connect_brand(workspace, at=at)
    creators.add_account(workspace, handle="cyd", by="member:1", at=at)


def test_rows_made_again_from_the_archive_are_exactly_those_that_were_appended(every_stream, at):
    work.run_due(Sync, at=at)
    runs = list(Run.objects.all())
    assert {run.outcome for run in runs} == {"ok"}
    assert len({run.sync.stream for run in runs}) >= 9
    for run in runs:
        assert made_again(run) == appended(run), run
    assert sum(run.rows for run in runs) == sum(len(rows) for run in runs for rows in appended(run).values()) > 200


def test_rows_are_made_again_without_asking_anybody(world, ana, take, at):
    run = take(ana, "organic_posts").run
    before = appended(run)
    asked = sum(world.ledger.values())
    assert made_again(run) == before
    assert sum(world.ledger.values()) == asked


def test_a_later_reading_is_made_again_as_it_was_read(world, ana, take, at):
    take(ana, "organic_posts")
    world.clock.advance(hours=1)
    run = take(ana, "organic_posts").run
    rows = made_again(run)["post"]
    assert len(rows) == run.rows == 20
    assert {row["observed_at"] for row in rows} == {at + timedelta(hours=1)}


def test_no_token_is_in_the_archive(every_stream, at):
    work.run_due(Sync, at=at)
    secrets = {
        token
        for connection in Connection.objects.all()
        for token in (connection.access_token, connection.refresh_token)
        if token
    } | {"sandbox-secret", "sandbox-key-secret"}
    for run in Run.objects.all():
        raw = archive.read(run.archive)
        kept = repr(raw.ask) + repr([about for about, _ in raw.answers]) + repr([body for _, body in raw.answers])
        assert not [token for token in secrets if token in kept]
        assert len(raw.answers) == run.requests


def test_no_code_of_spark_ads_is_in_the_archive(at):
    """The order report tells it; with it anybody may promote the post."""
    body = b'{"data":{"videos":[{"video_id":"7","authorization_code": "#q7Lx0+a/=","n":1},{"auth_code":"#x"}]}}'
    path = "/tto/tcm/report/"
    exchange = tiktok.Exchange(at=at, method="GET", path=path, params={}, status=200, body=body, endpoint=path)
    (_, kept), *none = archive.read(archive.write({}, [exchange], owner="1-1-x", at=at)).answers
    assert none == []
    assert kept == b'{"data":{"videos":[{"video_id":"7","authorization_code": "","n":1},{"auth_code":""}]}}'


def test_the_file_is_there_before_the_rows_are(ana, take, monkeypatch):
    def fails(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(archive.os, "fsync", fails)
    took = take(ana, "organic_posts")
    assert took.run.outcome == "failed"
    assert not models.Batch.objects.exists()
    assert "disk full" in took.sync.last_error


def test_files_no_run_knows_are_swept_when_their_day_is_over(ana, take, at):
    kept = take(ana, "organic_posts").run.archive
    orphan = archive.write({}, [], owner="1-1-organic_posts", at=at)
    sweep, _ = Sweep.objects.update_or_create(pk=1, defaults={"due_at": at})
    work.run_due(Sweep, at=at)
    assert (archive.folder() / orphan).exists()
    Sweep.objects.filter(pk=sweep.pk).update(due_at=at + timedelta(days=3))
    row = Sweep.objects.get()
    work.run(row, by="", now=lambda: at + timedelta(days=3))
    assert not (archive.folder() / orphan).exists()
    assert (archive.folder() / kept).exists()


def test_files_of_an_erased_account_go_and_those_of_others_stay(people, workspace, ana, take, at):
    ben = people.consent(workspace, "ben", at=at)
    gone, stays = take(ana, "organic_posts").run, take(ben, "organic_posts").run
    now = datetime.now(UTC) + timedelta(seconds=1)
    erasure.ask(workspace, ana.account_id, reason="asked to", by="member:1", at=now)
    work.run_due(Erasure, at=now)
    Sweep.objects.update_or_create(pk=1, defaults={"due_at": now})
    work.run_due(Sweep, at=now)
    assert made_again(stays) == appended(stays)
    with pytest.raises(FileNotFoundError):
        running.renormalise(gone)
