"""The siege: workers read 200 accounts from a bad-tempered TikTok while somebody keeps killing them.

Run as a program in an install of its own (GREENROOM_HOME, DATABASE_URL); prints what came of it as JSON.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.syncs import crowd

ACCOUNTS, POSTS, KILLS, WORKERS, THREADS = 200, 50, 20, 2, 6
FAULTS = {"throttled": 0.10, "busy": 0.05, "bad_gateway": 0.02, "short_pages": 0.2, "expired_token": 0.008}
PATIENCE = 200.0
SCALARS = {
    "views": "video_views", "likes": "likes", "comments": "comments", "shares": "shares", "favorites": "favorites",
    "reach": "reach", "total_play_time": "total_time_watched", "avg_play_time": "average_time_watched",
    "video_completion_rate": "full_video_watched_rate", "new_followers": "new_followers",
}  # fmt: skip
LISTS = {
    "retention_by_second": "video_view_retention", "impression_sources": "impression_sources",
    "audience_genders": "audience_genders", "audience_countries": "audience_countries",
    "audience_cities": "audience_cities", "audience_types": "audience_types", "likes_by_second": "engagement_likes",
}  # fmt: skip


@dataclass
class Siege:
    """Workers and their killer. Times of takeovers are seconds after the end of the dead worker's lease."""

    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0
    interrupted: int = 0
    rounds: int = 0
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    dice: random.Random = field(default_factory=lambda: random.Random(20))

    def start(self) -> None:
        while len(self.workers) < WORKERS:
            command = [sys.executable, "-m", "greenroom", "work", "--threads", str(THREADS)]
            command += ["--parent", str(os.getpid())]
            self.workers.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    def kill_one(self, worker: subprocess.Popen[bytes] | None = None) -> dict[int, datetime]:
        """SIGKILL a worker that is in the middle of something; the leases it held by sync."""
        worker = worker or self.dice.choice(self.workers)
        until = time.monotonic() + 15
        while not held_by(worker) and time.monotonic() < until:
            time.sleep(0.02)
            self.rearm()
        time.sleep(self.dice.uniform(0.0, 0.4))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)
        leases = held_by(worker)
        self.kills, self.interrupted = self.kills + 1, self.interrupted + len(leases)
        return leases

    def rearm(self) -> bool:
        """When every sync has been read in this round, let all be due again; True when a new round begins."""
        from greenroom.observations.models import Roll
        from greenroom.syncs.models import Sync

        now = datetime.now(UTC)
        behind = Sync.objects.exclude(last_ok_at__gte=self.began)
        # A back-off would outlast our patience; a few seconds are left to those who wait for another worker.
        behind.filter(due_at__gt=now + timedelta(seconds=20)).update(due_at=now)
        if behind.exists():
            return False
        self.began, self.rounds = datetime.now(UTC), self.rounds + 1
        Sync.objects.update(due_at=self.began, cursor={})
        Roll.objects.update(due_at=self.began)
        return True

    def finish_round(self) -> None:
        """Wait until everything of this round has been read."""
        until = time.monotonic() + PATIENCE
        before = self.rounds
        while self.rounds == before:
            if time.monotonic() > until:
                raise TimeoutError("a round was not finished in time")
            time.sleep(0.25)
            if self.rearm():
                return


def held_by(worker: subprocess.Popen[bytes]) -> dict[int, datetime]:
    """The syncs leased by a worker process, with the end of each lease."""
    from greenroom.syncs.models import Sync

    rows = Sync.objects.filter(leased_by__contains=f":{worker.pid}:", leased_until__isnull=False)
    return dict(rows.values_list("pk", "leased_until"))


def takeover(siege: Siege, sandbox: Any) -> list[float]:
    """Kill one of two calm workers in the middle of slow answers; how long after its leases the other one begins."""
    from greenroom.syncs.models import Run, Sync

    some = list(Sync.objects.filter(stream="organic_posts").values_list("pk", flat=True)[:8])
    Sync.objects.update(due_at=None)
    while Sync.objects.filter(leased_until__gt=datetime.now(UTC)).exists():  # a round is under way; let it end
        time.sleep(0.1)
    sandbox.ask("/_sim/faults", {"clear": True, "slow": [1.0, 3.0]})
    Sync.objects.filter(pk__in=some).update(due_at=datetime.now(UTC), cursor={})
    victim = siege.workers[0]
    while not held_by(victim):
        time.sleep(0.02)
    died = datetime.now(UTC)
    leases = siege.kill_one(victim)
    sandbox.ask("/_sim/faults", {"clear": True, "slow": [0.0, 0.0]})
    waits = {}
    until = time.monotonic() + 60
    while len(waits) < len(leases) and time.monotonic() < until:
        time.sleep(0.1)
        for run in Run.objects.filter(sync__in=leases, started_at__gt=died, outcome="ok"):
            waits[run.sync_id] = (run.started_at - leases[run.sync_id]) / timedelta(seconds=1)
    return [waits.get(sync, float("inf")) for sync in leases]


def verdict(workspace: Any, sandbox: Any) -> dict[str, Any]:
    """Every reading in log and lake against what a perfect reader would have. All counts but the totals should be 0."""
    from greenroom.creators.models import Account, Post
    from greenroom.observations import view
    from greenroom.syncs.models import Run

    seen = view.open_view(workspace)
    handles = dict(Account.objects.values_list("pk", "handle"))
    truth = {pk: sandbox.ask(f"/_sim/truth?handle={handle}") for pk, handle in handles.items()}
    runs: dict[tuple[int, str], set[datetime]] = {}
    for account, stream, at in Run.objects.filter(outcome="ok").values_list(
        "sync__account", "sync__stream", "started_at"
    ):
        runs.setdefault((account, stream), set()).add(at)
    found = {"accounts": len(handles), "runs": sum(map(len, runs.values())), "read_least": min(map(len, runs.values()))}
    found |= {"missing": 0, "doubled": 0, "unaccounted": 0, "readings": 0}
    expected = [
        ("organic_posts", "post_readings", "accounts_api", lambda told: len(told["posts"])),
        ("organic_profile", "account_readings", "accounts_api", lambda told: 1),
        ("organic_profile", "account_day_readings", "accounts_api", lambda told: len(told["metrics"])),
        ("marketplace_authorized_tto", "account_readings", "marketplace_tto", lambda told: 1),
    ]
    for stream, relation, surface, count in expected:
        rows = seen.rows(
            f"select account, observed_at, count(*) as n, count(distinct {_identity(relation)}) as different"
            f" from {relation} where surface = $surface group by account, observed_at",
            {"surface": surface},
        )
        stored = {(row["account"], row["observed_at"].astimezone(UTC)): row for row in rows}
        wanted = {(pk, at): count(truth[pk]) for pk in truth for at in runs.get((pk, stream), ())}
        for key, number in wanted.items():
            row = stored.get(key, {"n": 0, "different": 0})
            found["missing"] += max(0, number - row["different"])
            found["doubled"] += row["n"] - row["different"]
        found["unaccounted"] += len(stored.keys() - wanted.keys())
        found["readings"] += sum(row["n"] for row in rows)
    items = dict(Post.objects.values_list("pk", "item_id"))
    found["posts"] = len(items)
    found["wrong"] = _wrong_posts(seen, truth, items) + _wrong_days(seen, truth)
    return found


def _identity(relation: str) -> str:
    return "date" if relation == "account_day_readings" else "subject"


def _wrong_posts(seen: Any, truth: dict[int, Any], items: dict[int, str]) -> int:
    """How many values of posts differ from what TikTok told. Its clock stands still: all readings must agree."""
    names = [*SCALARS, *LISTS]
    unsteady = " + ".join(f"(count(distinct {name}) > 1 or count({name}) not in (0, count(*)))::int" for name in names)
    of_posts = "from post_readings where surface = 'accounts_api' group by subject"
    wrong = sum(row["n"] for row in seen.rows(f"select {unsteady} as n {of_posts}"))
    columns = ", ".join(f"any_value({name}) as {name}" for name in names)
    for row in seen.rows(f"select subject, any_value(account) as account, {columns} {of_posts}"):
        told = truth[row["account"]]["posts"][items[row["subject"]]]
        wrong += sum(row[ours] != told.get(theirs) for ours, theirs in SCALARS.items())
        wrong += sum(_plain(row[ours]) != _plain(told.get(theirs)) for ours, theirs in LISTS.items())
    return int(wrong)


def _wrong_days(seen: Any, truth: dict[int, Any]) -> int:
    sql = "select account, date, video_views, profile_views, likes, followers from account_day_readings"
    wrong = 0
    for row in seen.rows(sql):
        told = truth[row["account"]]["metrics"][str(row["date"])]
        wrong += (row["video_views"], row["profile_views"], row["likes"], row["followers"]) != (
            told["video_views"], told["profile_views"], told["likes"], told["followers_count"],
        )  # fmt: skip
    return wrong


def _plain(entries: list[dict[str, Any]] | None) -> list[tuple[str, float]]:
    """A list of shares or a curve as pairs, whatever its keys are called."""
    if not entries:
        return []
    return [
        (str(next(value for key, value in one.items() if key not in ("share", "percentage"))), list(one.values())[-1])
        for one in entries
    ]


def main() -> None:
    began = time.monotonic()
    now = datetime.now(UTC).replace(microsecond=0)
    seconds: dict[str, int] = {}

    def told(phase: str) -> None:
        seconds[phase] = round(time.monotonic() - began)

    with crowd.tiktok(accounts=ACCOUNTS + 100, posts=POSTS, start=now, began=now, seed=11) as sandbox:
        workspace = crowd.gather(sandbox, ACCOUNTS)
        told("gathered")
        sandbox.ask("/_sim/faults", FAULTS)
        siege = Siege()
        try:
            siege.start()
            while siege.kills < KILLS:
                siege.kill_one()
                siege.start()
            told("killed")
            siege.finish_round()
            siege.finish_round()
            told("two rounds")
            waits = takeover(siege, sandbox)
            told("takeover")
        finally:
            for worker in siege.workers:
                worker.terminate()
            for worker in siege.workers:
                worker.wait(30)
        found = verdict(workspace, sandbox)
        told("judged")
        calls = sandbox.ask("/_sim/ledger")["calls"]
    found |= {"kills": siege.kills, "interrupted": siege.interrupted, "rounds": siege.rounds, "takeovers": waits}
    found["faults"] = {code: sum(one["count"] for one in calls if str(one["code"]) == code) for code in FAULT_CODES}
    found["rolled"], found["tail"] = _where()
    found["seconds"] = seconds
    print(json.dumps(found))


FAULT_CODES = ("0", "40100", "50002", "502", "40102")


def _where() -> tuple[int, int]:
    """How many rows are in the lake and how many still in the log."""
    from django.db.models import Sum

    from greenroom.observations.models import Batch

    counts = [Batch.objects.filter(rolled_at__isnull=tail).aggregate(n=Sum("rows"))["n"] or 0 for tail in (False, True)]
    return counts[0], counts[1]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
    main()
