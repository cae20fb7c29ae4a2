"""SIGKILL before every effect of creating orders in turn: after a restart all is as if nothing had happened."""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests import postgres

ROOT = Path(__file__).parents[2]


def play(home, database_url):
    """Run the killings in an install of their own; what came of them."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    env |= {"GREENROOM_HOME": str(home), "DATABASE_URL": database_url, "GREENROOM_LOG": "CRITICAL"}
    command = [sys.executable, "-m", "tests.campaigns.killed"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.sqlite_only  # the pass on PostgreSQL need not repeat it
@pytest.mark.xdist_group("siege")
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_worker_killed_at_any_step_makes_each_order_once(database, tmp_path):
    if database == "postgresql" and postgres.programs() is None:
        assert not os.environ.get("CI"), "PostgreSQL is not installed"
        pytest.skip("PostgreSQL is not installed")
    with nullcontext("") if database == "sqlite" else postgres.cluster() as url:
        found = play(tmp_path, url)
    calm = found["expected"]
    assert [order[2] for order in calm["orders"]] == ["created"]
    assert calm["same"] == [True]
    assert all(count == 1 for names in calm["events"][1:] for count in Counter(names).values())
    effects = " ".join(found["effects"])
    assert "asks tcm/order/create/v2/" in effects
    assert "has the answer of tcm/order/create/v2/" in effects
    assert found["steps"] >= 30
    print(found["steps"], "steps")
    assert found["killed"] == found["steps"]
    assert found["wrong"] == {}
    assert found["at_tiktok"] == found["steps"] + 1
