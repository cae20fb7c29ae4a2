"""A backup from before a purge, restored anywhere, is purged again before anything of it is served (MIG-15)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from greenroom.purges import certificate, journal

from .conftest import MARKS
from .scan import find
from .test_killed import played

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


def greenroom(home: Path, *command: str, code: int = 0) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM", "DATABASE_URL"))}
    env["GREENROOM_HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", *command], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A home that was purged, a backup of it from before, and one from before that lay inside the home."""
    home = tmp_path_factory.mktemp("left") / "home"
    played("prepare", home)
    backup = home.parent / "before.zip"
    greenroom(home, "export", "--all", str(backup), "--with-keys")
    greenroom(home, "export", "--all", str(home / "backups" / "inside"))
    assert find(home.parent, MARKS)
    told = greenroom(home, "purge", "run", "--name", "Acme")
    assert "nothing is left" in told
    return home, backup


def test_the_command_line_leaves_nothing_in_the_home_folder(left):
    home, _ = left
    assert find(home, MARKS) == []
    assert not (home / "backups" / "inside").exists()


def test_its_certificate_holds_and_knows_of_the_older_backups(left, tmp_path):
    home, _ = left
    file = tmp_path / "certificate.json"
    file.write_text(greenroom(home, "purge", "certificate"))
    assert "ok   Purged legacy of acme" in greenroom(home, "verify-purge", str(file))
    told = json.loads(file.read_text())
    assert len(told["backups"]) == 2
    told["stores"][0]["before"] += 1
    file.write_text(json.dumps(told))
    assert "chain breaks" in greenroom(home, "verify-purge", str(file), code=1)


def test_without_a_word_about_it_the_older_backup_is_refused(left, tmp_path):
    _, backup = left
    new = tmp_path / "new"
    assert "--never-purged" in greenroom(new, "restore", str(backup), code=2)
    assert find(new, MARKS) == []


@pytest.mark.parametrize("proof", ["journal", "certificate"])
def test_restored_into_a_new_home_it_is_purged_there_too(left, tmp_path, proof):
    home, backup = left
    new, file = tmp_path / "new", home / journal.NAME
    if proof == "certificate":
        file = tmp_path / "certificate.json"
        file.write_text(greenroom(home, "purge", "certificate"))
    assert "Purged again" in greenroom(new, "restore", str(backup), "--purged", str(file))
    assert find(new, MARKS) == []
    assert certificate.check(json.loads(greenroom(new, "purge", "certificate"))) == []
    ends = [json.loads(played("end", one)) for one in (home, new)]
    for name in ("posts", "stones", "latest", "entries", "legacy", "accounts"):
        assert ends[0][name] == ends[1][name], name


def test_a_database_put_back_by_hand_is_purged_when_the_worker_starts(left, tmp_path):
    """Not by `greenroom restore`: the journal is in the home, the database knows nothing of it."""
    home, backup = left
    new = tmp_path / "new"
    greenroom(new, "restore", str(backup), "--never-purged")
    assert find(new, MARKS)
    (new / journal.NAME).write_bytes((home / journal.NAME).read_bytes())
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM", "DATABASE_URL"))}
    command = [sys.executable, "-m", "greenroom", "work", "--parent", str(os.getpid())]
    worker = subprocess.Popen(
        command, env=env | {"GREENROOM_HOME": str(new)}, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        assert "Purged again" in worker.stderr.readline()
    finally:
        worker.terminate()
        worker.wait(30)
    assert find(new, MARKS) == []


def test_a_journal_cut_short_by_a_crash_still_tells_the_rest(left, tmp_path):
    home, _ = left
    file = tmp_path / "cut.jsonl"
    file.write_text((home / journal.NAME).read_text() + '{"uid": "half')
    assert len(list(journal.read(file))) == 1
    assert greenroom(tmp_path / "x", "restore", str(file), "--purged", str(tmp_path / "none"), code=2)
