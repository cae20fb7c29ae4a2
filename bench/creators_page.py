"""The Creators page with 500 creators: server time of the whole request, under 100 ms at p95.

Makes a home of its own (SQLite): 500 accounts of all kinds, 20 posts each, readings over ten days rolled into the lake
and a tail of fresh ones in the log; then opens the page through Django's full stack, first while nothing changes, then
while readings keep coming in. Exits with 1 when p95 of either is over the bar.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

HOME = tempfile.TemporaryDirectory(prefix="greenroom-bench-")
os.environ |= {"GREENROOM_HOME": HOME.name, "DJANGO_SETTINGS_MODULE": "greenroom.settings"}
sys.path.insert(0, str(Path(__file__).parents[1]))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from greenroom.core import clock  # noqa: E402
from greenroom.core.actions import create_workspace  # noqa: E402
from greenroom.core.models import Workspace  # noqa: E402
from greenroom.creators.models import Account, Connection, Consent, Creator, Post  # noqa: E402
from greenroom.observations import lake, log  # noqa: E402
from greenroom.tiktok import auth  # noqa: E402

ACCOUNTS, POSTS, DAYS, BAR = 500, 20, 10, 0.100
KINDS = [(True, True), (True, False), (False, True), (True, True), (False, False)]
PAGES = [
    "",
    "?sort=-followers",
    "?sort=handle",
    "?page=4",
    "?q=creator-1",
    "?authentication=yes&page=2",
    "?sort=-views",
]
CHANCE = random.Random(7)


def people(workspace: Workspace, at: datetime) -> list[Account]:
    since = at - timedelta(days=DAYS)
    creators = Creator.objects.bulk_create(
        Creator(workspace=workspace, name=f"Creator {n}", created_at=since) for n in range(ACCOUNTS)
    )
    accounts = Account.objects.bulk_create(
        Account(
            workspace=workspace, creator=creator, handle=f"creator-{n}", origin="crm", created_at=since,
            official_since=since, authenticated=KINDS[n % 5][0], in_marketplace=KINDS[n % 5][1],
        )
        for n, creator in enumerate(creators)
    )  # fmt: skip
    market = {"dialect": "marketplace", "state": "active", "marketplace_ids": {"tto": ["1"]}, "connected_at": since}
    Connection.objects.create(workspace=workspace, **market)
    grants = Connection.objects.bulk_create(
        Connection(
            workspace=workspace, account=account, dialect="accounts", state="active", connected_at=since,
            scopes=list(auth.ACCOUNTS_SCOPES),
        )
        for account in accounts
        if account.authenticated
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(workspace=workspace, connection=one, who=f"@{one.account}", how="bench", at=since) for one in grants
    )
    return [account for account in accounts if account.supported]


def publish(workspace: Workspace, accounts: list[Account], at: datetime) -> list[Post]:
    return Post.objects.bulk_create(
        Post(
            workspace=workspace, account=account, item_id=str(7_000_000_000_000_000_000 + account.pk * 1000 + n),
            posted_at=at - timedelta(days=DAYS + n), first_seen_at=at - timedelta(days=DAYS), last_seen_at=at,
        )
        for account in accounts
        for n in range(POSTS)
    )  # fmt: skip


def read(workspace: Workspace, accounts: list[Account], posts: list[Post], moment: datetime, *, key: str) -> None:
    """One reading of each of these accounts and posts."""
    surface = {True: "accounts_api", False: "marketplace_tto"}
    by_id = {account.pk: account for account in accounts}
    common = {"observed_at": moment, "read_at": moment, "source_class": "sandbox"}
    profiles = [
        {"account": one.pk, "subject": one.pk, "surface": surface[one.authenticated], **common,
         "followers": CHANCE.randint(1_000, 900_000), "completion_rate": CHANCE.random()}
        for one in accounts
    ]  # fmt: skip
    figures = [
        {"account": one.account_id, "subject": one.pk, "surface": surface[by_id[one.account_id].authenticated],
         "basis": "manual", "age_s": int((moment - one.posted_at).total_seconds()), **common,
         "views": CHANCE.randint(1_000, 900_000), "likes": CHANCE.randint(10, 900), "comments": CHANCE.randint(1, 90),
         "shares": CHANCE.randint(1, 90)}
        for one in posts
    ]  # fmt: skip
    with transaction.atomic():
        for kind, rows in (("account", profiles), ("post", figures)):
            log.append(workspace, kind, rows, key=f"{key}:{kind}", at=moment)


def opened(client: Client, slug: str, query: str) -> float:
    """Seconds the server took for one page."""
    started = time.perf_counter()
    answer = client.get(f"/w/{slug}/creators/{query}")
    took = time.perf_counter() - started
    assert answer.status_code == 200, answer.status_code
    assert b"creator-" in answer.content
    return took


def told(name: str, times: list[float]) -> float:
    ranked = sorted(times)
    p95 = ranked[int(len(ranked) * 0.95)]
    print(f"{name}: p50 {statistics.median(ranked) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, {len(ranked)} requests")
    return p95


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    at = clock.now()
    owner = create_workspace(workspace="Bench", name="Olga", email="olga@bench.example", password=None, at=at)
    workspace = owner.workspace
    accounts = people(workspace, at)
    posts = publish(workspace, accounts, at)
    for day in range(DAYS):
        read(workspace, accounts, posts, at - timedelta(days=DAYS - day, hours=1), key=f"day {day}")
    for kind in ("account", "post"):
        lake.roll(kind, at=at)
    read(workspace, accounts[:100], posts[:2000], at - timedelta(minutes=30), key="fresh")
    readings = DAYS * (len(posts) + len(accounts))
    print(f"{ACCOUNTS} accounts ({len(accounts)} tracked), {len(posts):,} posts, {readings:,} readings")

    client = Client()
    client.force_login(owner.user)
    print(f"first page of the process: {opened(client, workspace.slug, '') * 1000:.0f} ms")
    ways = cycle(PAGES)
    for _ in range(2 * len(PAGES)):
        opened(client, workspace.slug, next(ways))
    quiet = told("nothing changes", [opened(client, workspace.slug, next(ways)) for _ in range(210)])
    times = []
    for turn in range(105):
        one = accounts[turn]
        mine = [post for post in posts if post.account_id == one.pk]
        read(workspace, [one], mine, clock.now(), key=f"turn {turn}")
        times.append(opened(client, workspace.slug, next(ways)))
    busy = told("after a fresh reading of an account each", times)
    return int(max(quiet, busy) > BAR)


if __name__ == "__main__":
    with HOME:
        sys.exit(main())
