"""Hundreds of partnerships (ACC-22): 500 creators with 20 posts each, read every hour for 60 days, on SQLite.

14.4 million readings of posts go in through the log and are rolled and compacted on the way as the worker does it. Then
every post is compared with what was put in, and a fresh process, as `greenroom serve` starts it, answers pages and
questions; DuckDB is asked the same directly over the same Parquet files. One append carries what 24 hourly runs read of
one account (in life it is one run), so that the bench ends in minutes: the log sees a 24th of the commits, all rows.

Exits with 1 when a reading is lost or double, an answer is wrong, or the Creators page takes 500 ms at p95.
`--creators 50 --days 10` is a quick look. ACC-22 names 2 cores and 4 GB.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

POSTS, HOURS, BAR = 20, 24, 0.500
HOUR = timedelta(hours=1)
LISTS = ["", "?sort=-followers", "?sort=handle", "?page=4", "?q=creator-1", "?support=can&page=2", "?sort=-views"]
COUNTERS = {"views": 1, "likes": 0.08, "comments": 0.004, "shares": 0.006, "favorites": 0.01, "reach": 0.8}
CURVES = 32


@dataclass
class Told:
    """What was put in: per post how many readings and the sum of their views; and how long things took."""

    readings: dict[int, int] = field(default_factory=dict)
    views: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    seconds: dict[str, tuple[float, float]] = field(default_factory=dict)  # on the clock, and of the processor

    @contextmanager
    def clocked(self, what: str) -> Iterator[None]:
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        told = self.seconds.get(what, (0, 0))
        self.seconds[what] = told[0] + time.perf_counter() - clock, told[1] + time.process_time() - cpu


def memory() -> str:
    """RSS of this process, now and at most so far."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    now, most = (int(told[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return f"RSS {now:.0f} MB, at most {most:.0f} MB"


def people(creators: int, since: datetime) -> tuple[Any, dict[int, list[int]]]:
    """An owner, and the posts of each account, by id; every account is authenticated, every other one a member."""
    from greenroom.core.actions import create_workspace
    from greenroom.creators.models import Account, Connection, Creator, Post
    from greenroom.tiktok import auth

    owner = create_workspace(workspace="Scale", name="Olga", email="olga@scale.example", password=None, at=since)
    own: dict[str, Any] = {"workspace": owner.workspace}
    names = Creator.objects.bulk_create(Creator(**own, name=f"Creator {n}", created_at=since) for n in range(creators))
    accounts = Account.objects.bulk_create(
        Account(**own, creator=one, handle=f"creator-{n}", origin="crm", created_at=since, official_since=since,
                authenticated=True, in_marketplace=bool(n % 2))
        for n, one in enumerate(names)
    )  # fmt: skip
    grant = {"dialect": "accounts", "state": "active", "connected_at": since, "scopes": list(auth.ACCOUNTS_SCOPES)}
    Connection.objects.bulk_create(Connection(**own, account=one, **grant) for one in accounts)
    posts = Post.objects.bulk_create(
        Post(**own, account=one, item_id=str(7_000_000_000_000_000_000 + one.pk * 1000 + n),
             posted_at=since - timedelta(days=n + 1), first_seen_at=since, last_seen_at=since)
        for n in range(POSTS)
        for one in accounts
    )  # fmt: skip
    mine: dict[int, list[int]] = {one.pk: [] for one in accounts}
    for post in posts:
        mine[post.account_id].append(post.pk)
    return owner, mine


def curves(days: int, chance: random.Random) -> list[list[float]]:
    """Ways to grow: how much of its views a post has hour by hour; quick at first, a second wave, never smooth."""
    found = []
    for _ in range(CURVES):
        slows, wave = chance.uniform(0.97, 0.995), chance.randrange(days * HOURS)
        steps = [slows**hour + (0.2 if 0 <= hour - wave < 48 else 0) for hour in range(days * HOURS)]
        steps = [step * chance.random() for step in steps]
        whole = sum(steps)
        found.append([grown / whole for grown in accumulate(steps)])
    return found


Grown = list[tuple[int, dict[str, tuple[float, list[float]]]]]
"""Posts, with final size and curve of each counter."""


def sized(posts: list[int], ways: list[list[float]], chance: random.Random) -> Grown:
    found: Grown = []
    for post in posts:
        views = chance.paretovariate(1.1) * 2_000
        parts = {key: (views * share * chance.uniform(0.3, 2), chance.choice(ways)) for key, share in COUNTERS.items()}
        found.append((post, parts))
    return found


def day_of(account: int, posts: Grown, day: int, since: datetime, told: Told) -> Iterator[dict[str, Any]]:
    """The hourly readings of one account's posts, in the order the runs make them."""
    common = {"account": account, "source_class": "sandbox", "surface": "accounts_api", "basis": "manual"}
    for hour in range(day * HOURS, (day + 1) * HOURS):
        moment = since + hour * HOUR
        for post, parts in posts:
            row = {**common, "subject": post, "observed_at": moment, "read_at": moment, "age_s": hour * 3600}
            for key, (size, grown) in parts.items():
                row[key] = int(size * grown[hour])
            yield row
            views = row["views"]
            told.readings[post] = told.readings.get(post, 0) + 1
            told.views[post] = told.views.get(post, 0) + views
            told.last[post] = views
            told.first.setdefault(post, views)


def fill(workspace: Any, mine: dict[int, list[int]], *, days: int, since: datetime) -> Told:
    """Day after day: append per account, then roll and compact when the worker would."""
    from django.db import transaction

    from greenroom.observations import log

    told, chance = Told(), random.Random(7)
    ways = curves(days, chance)
    of = {one: sized(posts, ways, chance) for one, posts in mine.items()}
    for day in range(days):
        now = since + timedelta(days=day + 1)
        profiles = [
            {"account": one, "subject": one, "observed_at": now, "read_at": now, "source_class": "sandbox",
             "surface": "accounts_api", "followers": 1_000 + one * 10 + day * 7, "completion_rate": 0.25}
            for one in mine
        ]  # fmt: skip
        log.append(workspace, "account", profiles, key=f"profiles {day}", at=now)
        for account, posts in of.items():
            with told.clocked("making readings up"):
                rows = list(day_of(account, posts, day, since, told))
            with told.clocked("append"), transaction.atomic():
                log.append(workspace, "post", rows, key=f"{account} {day}", at=now)
        tend(told, now=now, all_of_it=day == days - 1)
        if sys.stderr.isatty():
            print(f"\rday {day + 1} of {days}", end="", file=sys.stderr)
    return told


def tend(told: Told, *, now: datetime, all_of_it: bool) -> None:
    """As `observations.due.roll`, with the clock on its parts. In the end nothing is left in the log."""
    from greenroom.observations import lake

    for kind in ("account", "post"):
        with told.clocked("roll"):
            while (all_of_it or lake.is_due(kind, at=now)) and lake.roll(kind, at=now):
                pass
        with told.clocked("compact"):
            lake.compact(kind, at=now)


def is_whole(workspace: Any, told: Told) -> bool:
    """Every post has as many readings as were put in, each of its own instant, and their views add up."""
    from greenroom.observations import view

    found = view.open_view(workspace).rows(
        "select subject, count(*) as n, count(distinct observed_at) as instants, sum(views)::bigint as views"
        " from post_readings group by subject"
    )
    got = {row["subject"]: (row["n"], row["instants"], row["views"]) for row in found}
    wrong = [post for post, n in told.readings.items() if got.get(post) != (n, n, told.views[post])]
    print(f"posts whose count, instants or sum of views differ: {len(wrong)} of {len(told.readings):,}")
    return not wrong and len(got) == len(told.readings)


def build(creators: int, days: int) -> bool:
    """Fill the home and print what that took."""
    import django

    django.setup()
    from django.core.management import call_command

    from greenroom.core import clock
    from greenroom.observations import engine, steps

    call_command("migrate", interactive=False, verbosity=0)
    since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    owner, mine = people(creators, since)
    told = fill(owner.workspace, mine, days=days, since=since)
    rows = sum(told.readings.values())
    files = steps.state("post").files
    size = sum((Path(engine.lake()) / file).stat().st_size for file in files)
    print(f"{creators} creators, {creators * POSTS:,} posts, {days} days: {rows:,} readings of posts")
    for what, (wall, cpu) in told.seconds.items():
        print(f"{what}: {wall:.0f} s, {rows / wall:,.0f} readings/s; {rows / cpu:,.0f} per CPU second")
    print(f"lake: {len(files)} files, {size / rows:.1f} bytes a reading; filling process: {memory()}")
    whole = is_whole(owner.workspace, told)
    truth = {
        "user": owner.user.pk, "slug": owner.workspace.slug, "since": since.isoformat(),
        "views": sum(told.last.values()), "gain": sum(told.last.values()) - sum(told.first.values()),
        "files": [f"{engine.lake()}/{file}" for file in files], "accounts": mine,
    }  # fmt: skip
    (Path(os.environ["GREENROOM_HOME"]) / "truth.json").write_text(json.dumps(truth))
    return whole


class Table:
    """Times of things asked again and again, printed as a row each."""

    def __init__(self) -> None:
        print(f"\n{'':40}{'first':>9}{'p50':>9}{'p95':>9}   ms")

    def row(self, name: str, asked: Callable[[], Any], turns: int, before: Callable[[], Any] = lambda: None) -> float:
        """Seconds at p95 of `turns` askings after the first."""
        times = []
        for _ in range(turns + 1):
            before()
            started = time.perf_counter()
            asked()
            times.append(time.perf_counter() - started)
        ranked = sorted(times[1:])
        p50, p95 = ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.95)]
        print(f"{name:40}" + "".join(f"{one * 1000:9.0f}" for one in (times[0], p50, p95)), flush=True)
        return p95


def ask() -> bool:
    """What a page process does on this home, and DuckDB beside it."""
    import greenroom.wsgi  # noqa: F401 - the process as `serve` starts it

    truth = json.loads((Path(os.environ["GREENROOM_HOME"]) / "truth.json").read_text())
    table = Table()
    slow = pages(table, truth)
    right = questions(table, truth)
    return right and slow < BAR


def pages(table: Table, truth: dict[str, Any]) -> float:
    """Pages through Django's whole stack; returns the p95 of the slower Creators page."""
    from django.db import transaction
    from django.test import Client

    from greenroom.core import clock
    from greenroom.core.models import User, Workspace
    from greenroom.creators.models import Account
    from greenroom.observations import log

    client, workspace = Client(), Workspace.objects.get(slug=truth["slug"])
    client.force_login(User.objects.get(pk=truth["user"]))
    people = dict(Account.objects.within(workspace).order_by("?").values_list("pk", "creator_id"))
    lists, ids, fresh = cycle(LISTS), cycle(people), cycle(truth["accounts"].items())

    def opened(address: str) -> None:
        answer = client.get(f"/w/{truth['slug']}/creators/{address}")
        assert answer.status_code == 200, (address, answer.status_code)

    def read() -> None:
        """A fresh reading of one account's posts, equal to the last one."""
        account, posts = next(fresh)
        common = {"account": int(account), "observed_at": clock.now(), "source_class": "sandbox"}
        rows = [{**common, "subject": post, "surface": "accounts_api", "reach": 1} for post in posts]
        with transaction.atomic():
            log.append(workspace, "post", rows, key=f"{account} fresh", at=clock.now())

    def trend() -> None:
        account = next(ids)
        opened(f"{people[account]}/trend/?account={account}")

    quiet = table.row("Creators page", lambda: opened(next(lists)), 70)
    busy = table.row("Creators page, a fresh reading before each", lambda: opened(next(lists)), 35, read)
    table.row("Creator profile (with its trend)", lambda: opened(f"{people[next(ids)]}/"), 30)
    table.row("Trend of 28 days", trend, 30)
    print(f"page process after its pages: {memory()}")
    return max(quiet, busy)


def questions(table: Table, truth: dict[str, Any]) -> bool:
    """`measure`, always worked out anew, beside the same question to DuckDB over the same files."""
    import duckdb

    from greenroom.core.models import Workspace
    from greenroom.metrics import actions as metrics
    from greenroom.metrics import recent
    from greenroom.metrics.query import Query

    workspace, since = Workspace.objects.get(slug=truth["slug"]), datetime.fromisoformat(truth["since"])
    raw = duckdb.connect(config={"threads": 2, "memory_limit": "512MB"})
    raw.execute("set TimeZone = 'UTC'")
    queries = {
        "totals": Query(("views",)),
        "by account": Query(("views",), by=("account",)),
        "gains by day": Query(("views",), by=("day",), since=since),
    }
    right = True
    for (name, query), text in zip(queries.items(), raw_texts(truth["files"]), strict=True):

        def ours(query: Query = query) -> int:
            recent._given.clear()
            return sum(row["views"].value or 0 for row in metrics.measure(query, workspace).rows)

        def theirs(text: str = text) -> int:
            return int(sum(row[-1] or 0 for row in raw.execute(text).fetchall()))

        turns = 2 if query.since else 10  # the gains of all posts need every reading
        times = table.row(f"measure: views, {name}", ours, turns), table.row(f"DuckDB: views, {name}", theirs, turns)
        same = ours() == theirs() == truth["gain" if query.since else "views"]
        right &= same
        print(f"  ours / DuckDB alone: {times[0] / times[1]:.2f}; both as put in: {same}")
    print(f"page process after its questions: {memory()}")
    return right


def raw_texts(files: list[str]) -> tuple[str, str, str]:
    """The three questions as one would write them for these files: a sum over newest values, and daily gains."""
    lake = f"read_parquet({files!r}, hive_partitioning = false)"
    newest = f"select account, arg_max(views, observed_at) as views from {lake} group by account, subject"
    gains = (
        "select date_trunc('day', observed_at) as day,"
        f" views - lag(views) over (partition by subject order by observed_at) as gain from {lake}"
    )
    return (
        f"select sum(views) from ({newest})",
        f"select account, sum(views) from ({newest}) group by account",
        f"select day, sum(gain) from ({gains}) group by day",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--creators", type=int, default=500)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--ask", action="store_true", help="ask a home that is already filled (GREENROOM_HOME)")
    given = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "greenroom.settings"
    if given.ask:
        return int(not ask())
    with tempfile.TemporaryDirectory(prefix="greenroom-scale-") as home:
        os.environ["GREENROOM_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        whole = build(given.creators, given.days)
        asked = subprocess.run([sys.executable, __file__, "--ask"], check=False)
    return int(not whole or asked.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
