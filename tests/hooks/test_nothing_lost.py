"""A worker that is killed in the middle loses no event, and whoever is told twice can tell."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import postgres
from tests.hooks.receiver import listening

ROOT = Path(__file__).parents[2]
COUNT = 200


def until(done, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.05)
    return done()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def install(request, tmp_path):
    """The environment of an install of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    env |= {"GREENROOM_HOME": str(tmp_path), "GREENROOM_ALLOW_PRIVATE_HOOKS": "127.0.0.1", "DATABASE_URL": ""}
    if request.param == "sqlite":
        yield env
        return
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.cluster() as url:
        yield env | {"DATABASE_URL": url}


@pytest.mark.slow
@pytest.mark.sqlite_only  # the pass on PostgreSQL need not repeat it
def test_sigkill_of_the_worker_loses_no_event(install):
    env, greenroom = install, [sys.executable, "-m", "greenroom"]
    subprocess.run([*greenroom, "init"], env=env, cwd=ROOT, check=True, capture_output=True)
    with listening(pause=lambda: time.sleep(0.05)) as receiver:
        workers = []

        def worker():
            workers.append(subprocess.Popen([*greenroom, "work", "--threads", "4"], env=env, cwd=ROOT))
            return workers[-1]

        storm = subprocess.Popen(
            [sys.executable, "-m", "tests.hooks.storm", receiver.url, str(COUNT)],
            env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            worker()
            for enough in (30, 90):
                assert until(lambda enough=enough: len(receiver.got) >= enough, 60), len(receiver.got)
                workers[-1].send_signal(signal.SIGKILL)
                workers[-1].wait()
                worker()
            told = storm.communicate(timeout=60)[0].split()
            secret, wanted = told[0], {f"evt_{pk}" for pk in told[1:]}
            assert len(wanted) == COUNT
            assert until(lambda: set(receiver.ids) >= wanted, 90), wanted - set(receiver.ids)
        finally:
            for one in [*workers, storm]:
                one.kill()
                one.wait()
    assert set(receiver.ids) == wanted, "what was rolled back is never told"
    numbers = {}
    for got in receiver.got:
        payload = got.verified(secret)
        numbers.setdefault(got.id, payload["data"]["n"])
        assert numbers[got.id] == payload["data"]["n"], "the same webhook-id is the same event"
    assert sorted(numbers.values()) == list(range(COUNT))
    assert len(receiver.got) - COUNT <= 2 * 4, "only what was under way when a worker died is told twice"
