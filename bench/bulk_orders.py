"""Orders in bulk at TikTok's real pace: 500 creators x 4 orders, 10 requests a second and 600 a minute, quota on.

One worker process creates what one bulk asks for; the sandbox process enforces the ceilings, so every 40100 is counted.
In the middle the worker is killed and another one started. Exits with 1 when less than 90 % of the allowed calls were
used, outage included, or if one order is missing or doubled. Takes about four minutes; `--quick` is 50 creators, where
the outage weighs too much for the 90 %.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.syncs import crowd

CREATORS, QUICK, ORDERS, POSTS_EACH, CEILING = 500, 50, 4, 31, 10.0
PATIENCE = 600.0
CREATE = "tcm/order/create/v2/"


def ask_for(sandbox, creators):
    """A bulk of orders for that many creators; returns it and the seconds that writing its rows took."""
    workspace = crowd.gather(sandbox, 0)
    crowd.connect_marketplace(workspace)
    from greenroom.campaigns import actions as campaigns
    from greenroom.campaigns import ordering, participants
    from greenroom.core import clock
    from greenroom.creators import actions as people

    now = clock.now()
    campaign = campaigns.create_campaign(
        workspace, name="Bulk", by="system", at=now, mode="manual", required=POSTS_EACH, tiktok=True,
        brand_name="Pebblewick", description="Show one real breakfast with oat drink.",
    )  # fmt: skip
    campaigns.move_campaign(campaign, "active", by="system", at=now)
    handles = crowd.personal_handles(sandbox, creators)
    accounts = [people.record_legacy(workspace, handle=handle, by="system", at=now) for handle in handles]
    participants.add(campaign, accounts, by="system", at=now)
    rows = campaign.participants.select_related("account", "campaign")
    began = time.monotonic()
    bulk = ordering.create_orders(campaign, rows, by="system", at=clock.now())
    return bulk, time.monotonic() - began


def start():
    command = [sys.executable, "-m", "greenroom", "work", "--threads", "16", "--parent", str(os.getpid())]
    return subprocess.Popen(command)


def play(bulk, total):
    """Let a worker create the orders, kill it in the middle; returns the seconds, and how many were under way."""
    worker, killed, shown, interrupted = start(), False, -1, 0
    began = time.monotonic()
    try:
        while (done := bulk.orders.exclude(state="not_created").count()) < total:
            if time.monotonic() - began > PATIENCE:
                raise SystemExit(f"only {done} of {total} orders after {PATIENCE:.0f} s")
            if done * 10 // total > shown:
                shown = done * 10 // total
                print(f"  {time.monotonic() - began:6.1f} s {done:5} of {total}", flush=True)
            if not killed and done >= total // 2:
                worker.kill()
                worker.wait()
                interrupted = bulk.orders.filter(state="not_created").exclude(asked_at=None).count()
                worker, killed = start(), True
            time.sleep(0.25)
        return time.monotonic() - began, interrupted
    finally:
        worker.terminate()
        worker.wait(30)


def verdict(bulk, sandbox):
    """Our orders that TikTok does not have, and TikTok's that we do not know; both must be 0."""
    theirs = Counter()
    for campaign in sandbox.ask("/_sim/market")["campaigns"]:
        theirs.update((one["order_id"], one["handle"], one["link"]) for one in campaign["orders"])
    ours = Counter(bulk.orders.values_list("tiktok_id", "account__handle", "invite_link"))
    return sum((ours - theirs).values()), sum((theirs - ours).values())


def main() -> None:
    creators = QUICK if "--quick" in sys.argv else CREATORS
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"GREENROOM_HOME": home, "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", "")}
        options = {"accounts": 2 * creators + 100, "posts": 2, "seed": 11}
        with crowd.tiktok(**options, throttle=True, level="basic", rate=1) as sandbox:
            os.environ["GREENROOM_TIKTOK_LEVEL"] = "basic"
            bulk, writing = ask_for(sandbox, creators)
            total = bulk.orders.count()
            assert total == creators * ORDERS
            print(f"{total} orders asked for in {writing:.1f} s", flush=True)
            before = sandbox.ask("/_sim/ledger")["total"]
            seconds, interrupted = play(bulk, total)
            missing, doubled = verdict(bulk, sandbox)
            calls = sandbox.ask("/_sim/ledger")["calls"]
    answered = sum(one["count"] for one in calls)
    refused = sum(one["count"] for one in calls if one["code"] == "40100")
    created = sum(one["count"] for one in calls if CREATE in one["path"] and one["code"] == "0")
    used = (answered - refused - before) / seconds
    pace = total / seconds
    print(f"{pace:.2f} orders a second in {seconds:.0f} s; {used / CEILING:.1%} of the calls allowed were used")
    print(f"{created} creating calls, {answered} calls in all, {refused} answered 40100")
    print(f"killed once with {interrupted} under way: {missing} missing, {doubled} unknown to us or doubled")
    raise SystemExit(0 if used >= 0.9 * CEILING and not missing and not doubled else 1)


if __name__ == "__main__":
    main()
