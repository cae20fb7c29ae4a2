"""`greenroom sync` in an install of its own: real processes, real HTTP, several threads."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SCENE = """
import subprocess, sys
from tests.syncs import crowd
with crowd.tiktok(accounts=40, posts=30, seed=3) as sandbox:
    crowd.gather(sandbox, 6)
    for turn in range(2):
        if turn:
            sandbox.ask("/_sim/withdraw", {"handle": crowd.personal_handles(sandbox, 6)[0]})
        done = subprocess.run([sys.executable, "-m", "greenroom", "sync"], capture_output=True, text=True)
        print("exit", done.returncode)
        print(done.stdout, done.stderr)
"""


def test_the_command_reads_on_threads_and_fails_when_a_stream_failed(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    env |= {"GREENROOM_HOME": str(tmp_path), "DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", SCENE], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    first, second = done.stdout.split("exit ")[1:]
    assert first.startswith("0")
    assert first.count("posts and their analytics: 30 readings") == 6
    assert second.startswith("1")
    assert "revoked" in second
