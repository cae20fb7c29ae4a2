"""Nothing is lost and nothing doubled, whatever TikTok does and whoever is killed (ACC-22, INT-13)."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests import postgres

# Both sieges belong to one process of a parallel run, and the pass on PostgreSQL need not repeat them.
pytestmark = [pytest.mark.xdist_group("siege"), pytest.mark.sqlite_only]

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def besiege(home, database_url=""):
    """Begin a siege of an install of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    env |= {"GREENROOM_HOME": str(home), "DATABASE_URL": database_url, "PYTHONPATH": ROOT, "GREENROOM_LOG": "CRITICAL"}
    command = [sys.executable, "-m", "tests.syncs.siege"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def sieges(tmp_path_factory):
    """Both at the same time: they wait more than they work."""
    with ExitStack() as stack:
        going = {"sqlite": besiege(tmp_path_factory.mktemp("sqlite"))}
        if postgres.programs() is not None:
            url = stack.enter_context(postgres.cluster())
            going["postgresql"] = besiege(tmp_path_factory.mktemp("postgresql"), url)
        yield going
        for process in going.values():
            process.terminate()
            process.wait(60)


def outcome(siege):
    """What came of a siege."""
    told, errors = siege.communicate(timeout=420)
    assert siege.returncode == 0, errors[-4000:]
    found = json.loads(told.strip().splitlines()[-1])
    print(json.dumps(found, indent=1))
    return found


def judge(found):
    assert (found["accounts"], found["posts"], found["kills"]) == (200, 10_000, 21)
    assert found["interrupted"] >= 40  # rows that were being run when their worker died
    assert min(found["faults"][code] for code in ("40100", "50002", "502", "40102")) > 5
    assert found["rolled"] > 0
    assert found["read_least"] >= found["rounds"] >= 2
    assert found["readings"] >= 10_000 * found["rounds"]
    assert (found["missing"], found["doubled"], found["unaccounted"], found["wrong"]) == (0, 0, 0, 0)
    assert found["takeovers"]
    assert all(0 <= wait < 5 for wait in found["takeovers"])


@pytest.mark.slow
@pytest.mark.timeout(450)
def test_on_sqlite(sieges):
    judge(outcome(sieges["sqlite"]))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(450)
def test_on_postgresql(sieges):
    if "postgresql" not in sieges:
        assert not os.environ.get("CI"), "PostgreSQL is not installed"
        pytest.skip("PostgreSQL is not installed")
    judge(outcome(sieges["postgresql"]))
