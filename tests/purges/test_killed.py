"""SIGKILL anywhere in a purge, then going on: the same end as if nothing had happened (MIG-16)."""

import json
import os
import shutil
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from greenroom.purges.running import STEPS

ROOT = Path(__file__).parents[2]


def play(what: str, home: Path, *more: object) -> subprocess.CompletedProcess:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM", "DATABASE_URL"))}
    command = [sys.executable, "-m", "tests.purges.killed", what, str(home), *map(str, more)]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def played(what: str, home: Path, *more: object) -> str:
    done = play(what, home, *more)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.xdist_group("siege")
def test_killed_anywhere_it_ends_as_if_nothing_had_happened(tmp_path):
    first = tmp_path / "first"
    played("prepare", first)

    def copied(name: str) -> Path:
        shutil.copytree(first, tmp_path / name)
        return tmp_path / name

    calm = copied("calm")
    told = json.loads(played("run", calm, 0))
    expected = json.loads(played("end", calm))
    assert expected["found"] == []
    assert (expected["state"], expected["holds"], expected["legacy"]) == ("done", [], {})
    assert list(told["began"]) == [step.key for step in STEPS]
    edges = [*told["began"].values(), told["effects"]]
    # Amid each step, before the first effect of all and before the last.
    numbers = {1, told["effects"], *((first + after) // 2 for first, after in pairwise(edges))}
    assert len(numbers) > len(STEPS)
    wrong = {}
    for number in sorted(numbers):
        home = copied(f"killed-{number}")
        assert play("run", home, number).returncode == -signal.SIGKILL, number
        played("run", home, 0)
        if (found := json.loads(played("end", home))) != expected:
            wrong[number] = found
        shutil.rmtree(home)
    assert wrong == {}
