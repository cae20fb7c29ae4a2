"""One worker against TikTok's highest ceiling: 50 requests a second, answers that take 100 ms, quota on.

One worker with 16 threads reads marketplace posts, which only the app's own ceiling limits (the Accounts API has a
lower one, 1,000 a minute). The sandbox enforces the same ceiling, so every 40100 it says is counted too. Exits with 1
below 95 % of the ceiling in the steady part.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.syncs import crowd

ACCOUNTS, POSTS, SLOW, CEILING = 90, 200, 0.1, 50
WARM_UP, MEASURED = 6.0, 15.0


def gather(sandbox):
    """A workspace whose marketplace grant opens the profiles of many members."""
    workspace = crowd.gather(sandbox, 0)
    from django.db import connections

    from greenroom.core import clock
    from greenroom.creators import actions as creators

    crowd.connect_marketplace(workspace)
    lines = sandbox.ask("/_sim/accounts?offset=5&limit=400")["accounts"]
    members = [one["handle"] for one in lines if one["marketplace"] == "IN"][:ACCOUNTS]

    def add(handle):
        creators.add_account(workspace, handle=handle, by="system", at=clock.now())
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, members))


def answers(sandbox):
    """How many marketplace requests were answered so far, and how many refused as too frequent."""
    calls = [one for one in sandbox.ask("/_sim/ledger")["calls"] if "/tto/" in one["path"]]
    good, refused = (sum(one["count"] for one in calls if one["code"] == code) for code in ("0", "40100"))
    return good, refused


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"GREENROOM_HOME": home, "DATABASE_URL": ""}
        with crowd.tiktok(accounts=500, posts=POSTS, seed=11, throttle=True, level="ultimate", rate=1) as sandbox:
            os.environ["GREENROOM_TIKTOK_LEVEL"] = "ultimate"
            gather(sandbox)
            time.sleep(2)
            sandbox.ask("/_sim/faults", {"slow": [1.0, SLOW]})
            worker = subprocess.Popen([sys.executable, "-m", "greenroom", "work", "--threads", "16"])
            try:
                time.sleep(WARM_UP)
                (before, _), began = answers(sandbox), time.monotonic()
                time.sleep(MEASURED)
                (after, refused), seconds = answers(sandbox), time.monotonic() - began
            finally:
                worker.terminate()
                worker.wait(30)
    pace = (after - before) / seconds
    told = f"one worker, 16 threads, answers of {SLOW * 1000:.0f} ms: {pace:.1f} of {CEILING} requests a second"
    print(f"{told}, {refused} refused")
    raise SystemExit(0 if pace >= 0.95 * CEILING else 1)


if __name__ == "__main__":
    main()
