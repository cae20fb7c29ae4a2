"""A worker that is killed before every effect of creating an order in turn, and started again.

An effect is a statement to the database or a request to TikTok (before it goes out, and when its answer is there):
between two of them nothing changes that outlives a process. Every attempt is a process of its own that kills itself
with SIGKILL. Run as a program in an install of its own (GREENROOM_HOME, DATABASE_URL); prints what came of it as JSON.
"""

import json
import os
import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.syncs import crowd

START = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
AGAIN = (timedelta(seconds=20), timedelta(seconds=100))  # leases have lapsed; an attempt is surely over
MOST = 400


def campaigns_of(workspace: Any, handle: str, count: int) -> list[int]:
    """Drafts with one creator and an order of two posts to come each, in auto mode."""
    from greenroom.campaigns import actions as campaigns
    from greenroom.campaigns import participants
    from greenroom.creators import actions as people

    account = people.record_legacy(workspace, handle=handle, by="system", at=START)
    made = []
    for number in range(count):
        campaign = campaigns.create_campaign(
            workspace, name=f"Campaign {number}", by="system", at=START, required=2, tiktok=True,
            brand_name="Pebblewick", description="Show one real breakfast with oat drink.",
        )  # fmt: skip
        participants.add(campaign, [account], by="system", at=START)
        made.append(campaign.pk)
    return made


def play(pk: int, at: datetime) -> None:
    """What a manager and a worker do: activate, if it is not yet, then run what is due."""
    from greenroom.campaigns import actions as campaigns
    from greenroom.campaigns.models import Campaign, Order
    from greenroom.core import work

    campaign = Campaign.objects.get(pk=pk)
    if campaign.state == "draft":
        campaigns.move_campaign(campaign, "active", by="system", at=START)
    while work.run_due(Order, at=at, by=str(os.getpid())):
        pass
    while work.run_due(Campaign, at=at, by=str(os.getpid())):
        pass


def process(pk: int, at: datetime, *, kill_before: int = 0) -> tuple[bool, list[str]]:
    """`play` in a process of its own; whether it was killed, and the effects it came to."""
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with ExitStack() as stack:
                watch(stack, writing, kill_before)
                play(pk, at)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told:
        effects = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and status:
        raise SystemExit(f"campaign {pk} failed by itself, effects {effects[-3:]}")
    return killed, effects


def watch(stack: ExitStack, pipe: int, kill_before: int) -> None:
    """Tell every effect through the pipe; die before the one with this number."""
    from django.db import connection

    from greenroom.creators import client as clients
    from greenroom.tiktok.client import Client

    clients._pool.clear()  # connections of the parent are not ours
    count = 0

    def comes(what: str) -> None:
        nonlocal count
        count += 1
        if count == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(pipe, f"{what}\n".encode())

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        comes(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)

    ask = Client._once

    def once(self: Client, call: Any) -> Any:
        comes(f"asks {call.endpoint}")
        answer = ask(self, call)
        comes(f"has the answer of {call.endpoint}")
        return answer

    Client._once = once  # type: ignore[method-assign]
    stack.enter_context(connection.execute_wrapper(statement))


def outcome(pk: int, theirs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """All that is left of a campaign, here and at TikTok, without what differs by nature."""
    from greenroom.campaigns.models import Campaign, Deliverable, Order
    from greenroom.core.models import Event

    campaign = Campaign.objects.get(pk=pk)
    orders = list(Order.objects.filter(campaign=pk).order_by("number"))
    subjects = [f"campaign:{pk}", *(f"order:{one.pk}" for one in orders)]
    told = {one.marker: theirs.get(one.marker, []) for one in orders}
    return {
        "campaign": [campaign.state, campaign.due_at is not None, campaign.last_error],
        "orders": [
            [one.number, one.videos, one.state, one.code != "", one.generation, one.refusal, one.last_error,
             one.asked_at is not None, one.due_at is None]
            for one in orders
        ],
        "same": [[(one.tiktok_id, one.invite_link)] == [(o["id"], o["link"]) for o in told[one.marker]]
                 for one in orders],
        "asked": [[o["deliverables"] for o in told[one.marker]] for one in orders],
        "deliverables": list(
            map(list, Deliverable.objects.filter(order__campaign=pk).order_by("number").values_list(
                "order__number", "place", "number", "name", "state", "video_id"))
        ),
        "events": [list(Event.objects.filter(subject=one).order_by("pk").values_list("name", flat=True))
                   for one in subjects],
    }  # fmt: skip


def store(sandbox: Any) -> dict[str, list[dict[str, Any]]]:
    """TikTok's orders by the marker in their description."""
    found: dict[str, list[dict[str, Any]]] = {}
    for campaign in sandbox.ask("/_sim/market")["campaigns"]:
        names = [one["name"] for one in campaign["deliverables"]]
        for one in campaign["orders"]:
            row = {"id": one["order_id"], "link": one["link"], "deliverables": names}
            found.setdefault(campaign["description"].split()[-1], []).append(row)
    return found


def main() -> None:
    with crowd.tiktok(accounts=20, posts=2, start=START, began=START, seed=11) as sandbox:
        workspace = crowd.gather(sandbox, 0)
        crowd.connect_marketplace(workspace)
        [handle] = crowd.personal_handles(sandbox, 1)
        calm, *rest = campaigns_of(workspace, handle, MOST)
        _, effects = process(calm, START)
        for later in AGAIN:
            process(calm, START + later)
        killed, steps = [], len(effects)
        assert steps < len(rest)
        for number, pk in enumerate(rest[:steps], 1):
            died, _ = process(pk, START, kill_before=number)
            killed.append(died)
            for later in AGAIN:
                process(pk, START + later)
        theirs = store(sandbox)
        expected = outcome(calm, theirs)
        wrong = {
            f"{number} {effects[number - 1]}": found
            for number, pk in enumerate(rest[:steps], 1)
            if (found := outcome(pk, theirs)) != expected
        }
        at_tiktok = sum(map(len, theirs.values()))
    print(json.dumps({
        "steps": steps, "effects": effects, "killed": sum(killed), "at_tiktok": at_tiktok, "expected": expected,
        "wrong": wrong,
    }))  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main()
