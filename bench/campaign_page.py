"""A campaign with 500 orders: server time of its overview and of its marketplace settings, under 150 ms at p95.

Makes a home of its own (SQLite): 250 creators with two orders of three videos each, in every state, made by the
campaign's own actions; then opens both pages through Django's full stack, all of their pages in turn. Exits with 1 when
p95 is over the bar or when a page asks for more queries than the same page of a campaign with ten orders.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import datetime
from itertools import cycle
from pathlib import Path

HOME = tempfile.TemporaryDirectory(prefix="greenroom-bench-")
os.environ |= {"GREENROOM_HOME": HOME.name, "DJANGO_SETTINGS_MODULE": "greenroom.settings"}
sys.path.insert(0, str(Path(__file__).parents[1]))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from greenroom.campaigns import actions as campaigns  # noqa: E402
from greenroom.campaigns import ordering, participants  # noqa: E402
from greenroom.campaigns.models import Campaign, Deliverable, Order  # noqa: E402
from greenroom.core import clock  # noqa: E402
from greenroom.core.actions import create_workspace  # noqa: E402
from greenroom.core.models import Workspace  # noqa: E402
from greenroom.creators.models import Account, Creator  # noqa: E402

CREATORS, ORDERS_EACH, VIDEOS, BAR = 250, 2, 3, 0.150
CHANCE = random.Random(7)
PAGES = ["", "?page=3", "?order=created", "?q=creator-1", "?page=5", "?order=fulfilled&page=2"]
BY = "member:1"


def campaign_of(workspace: Workspace, creators: int, *, at: datetime) -> Campaign:
    """A campaign whose creators have their orders, in every state."""
    made = campaigns.create_campaign(
        workspace, name=f"{creators} creators", tiktok=True, mode="manual", required=ORDERS_EACH * VIDEOS,
        brand_name="Pebblewick", description="Show one real breakfast.", by=BY, at=at,
    )  # fmt: skip
    campaigns.move_campaign(made, "active", by=BY, at=at)
    people = Creator.objects.bulk_create(
        Creator(workspace=workspace, name=f"Creator {n}", created_at=at) for n in range(creators)
    )
    accounts = Account.objects.bulk_create(
        Account(
            workspace=workspace, creator=one, handle=f"creator-{creators}-{n}", origin="crm", created_at=at,
            authenticated=n % 2 == 0, in_marketplace=n % 3 == 0,
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    participants.add(made, accounts, by=BY, at=at)
    rows = list(made.participants.select_related("account", "campaign"))
    for _ in range(ORDERS_EACH):
        ordering.create_orders(made, rows, ordering.Asked(videos=VIDEOS, spark_days=30), by=BY, at=at)
    _stand(made, at)
    return made


def _stand(campaign: Campaign, at: datetime) -> None:
    """As TikTok would have it a while later."""
    for n, order in enumerate(campaign.orders.order_by("pk")):
        state = list(Order.STATES)[n % len(Order.STATES)]
        known = state not in Order.WAITING
        Order.objects.filter(pk=order.pk).update(
            state=state, due_at=None, tiktok_id=f"{order.pk}" if known else "", created_at=at if known else None,
            invite_link=f"https://www.tiktok.com/t/{order.marker}/" if known else "", code=f"PW{order.pk}" * known,
            refusal="" if state != "refused" else "The creator does not exist.",
        )  # fmt: skip
        if state in ("joined", "partially_fulfilled", "fulfilled"):
            for one in order.deliverables.all():
                to = "published" if state == "fulfilled" else CHANCE.choice(list(Deliverable.STATES))
                Deliverable.objects.filter(pk=one.pk).update(state=to)


def opened(client: Client, path: str) -> tuple[float, int]:
    """Seconds the server took for one page, and its size."""
    started = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - started
    assert answer.status_code == 200, answer.status_code
    return took, len(answer.content)


def asked(client: Client, path: str) -> int:
    """How many queries a page takes."""
    opened(client, path)
    with CaptureQueriesContext(connection) as told:
        opened(client, path)
    return len(told)


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    at = clock.now()
    owner = create_workspace(workspace="Bench", name="Olga", email="olga@bench.example", password=None, at=at)
    workspace = owner.workspace
    small, large = campaign_of(workspace, 5, at=at), campaign_of(workspace, CREATORS, at=at)
    print(f"{large.participants.count()} creators, {large.orders.count()} orders of {VIDEOS} videos")
    client = Client()
    client.force_login(owner.user)
    slow = False
    for name, rest in (("overview", ""), ("marketplace settings", "settings/marketplace/")):
        few, many = (asked(client, f"/w/{workspace.slug}/campaigns/{one.pk}/{rest}") for one in (small, large))
        ways = cycle(PAGES)
        paths = [f"/w/{workspace.slug}/campaigns/{large.pk}/{rest}{next(ways)}" for _ in range(210)]
        began = time.process_time()
        times = sorted(opened(client, path)[0] for path in paths)
        busy = (time.process_time() - began) / len(times)
        p95 = times[int(len(times) * 0.95)]
        size = opened(client, paths[0])[1]
        print(
            f"{name}: p50 {statistics.median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, {len(times)} requests, "
            f"{busy * 1000:.0f} ms of processor each, {many} queries ({few} with 10 orders), {size / 1000:.0f} kB"
        )
        slow = slow or p95 > BAR or many != few
    return int(slow)


if __name__ == "__main__":
    with HOME:
        sys.exit(main())
