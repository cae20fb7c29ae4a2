"""A living workspace to back up, and empty homes to restore into: other processes, as in life."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenroom import sandbox
from greenroom.backup import export as backup
from greenroom.core import clock, events
from tests.consenting import People, mount
from tests.living import Living

AT = "2026-05-04T08:00:00Z"
ROOT = Path(__file__).parents[2]


@dataclass
class Home:
    """An install of its own."""

    folder: Path
    url: str = ""
    keys: str = ""

    def run(self, *command: str, ok: bool = True, program: tuple[str, ...] = ("-m", "greenroom")) -> str:
        """Run a command there; gives what it printed, with errors when it should fail."""
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GREENROOM_") and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
        }
        env |= {"GREENROOM_HOME": str(self.folder), "DATABASE_URL": self.url, "GREENROOM_KEYS": self.keys}
        done = subprocess.run(
            [sys.executable, *program, *command], env=env, capture_output=True, text=True, cwd=ROOT, timeout=240
        )
        assert (done.returncode == 0) is ok, done.stdout + done.stderr
        return done.stdout if ok else done.stdout + done.stderr

    def export(self, target: Path, *more: str) -> Path:
        self.run("export", "--all", str(target), "--at", AT, *more)
        return target

    def figures(self, at: datetime) -> dict:
        """Every metric, by account and by post, as tests/backup/figures.py asks for them."""
        return json.loads(self.run(at.isoformat(), program=("tests/backup/figures.py",)))


@pytest.fixture
def home(tmp_path):
    """Makes empty homes."""

    def made(name: str, **given) -> Home:
        return Home(tmp_path / name, **given)

    return made


@pytest.fixture
def living(acme, monkeypatch, settings):
    """Workspace acme, read on three days up to now from a sandbox: readings in lake and log, answers in the archive."""
    world = sandbox.World(accounts=12, posts=4, throttle=False)
    people = People(world, mount(monkeypatch, settings, world))
    return Living(acme.workspace, people, by=acme.olga.by)


@pytest.fixture
def write(tmp_path):
    """Writes a backup of this process's install."""

    def written(name: str, **given) -> Path:
        told = {"by": events.SYSTEM, "at": datetime.fromisoformat(AT), "tell": lambda *_: None, **given}
        backup.export(tmp_path / name, **told)
        return tmp_path / name

    return written


@pytest.fixture
def now():
    return clock.now().astimezone(UTC)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a backup."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
