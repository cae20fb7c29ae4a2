"""A purge that is killed by SIGKILL, before every step and amid its statements, and gone on with by another process.

Run as a program: `killed.py prepare HOME` makes an install with something of a former source in every store;
`killed.py run HOME WHEN` purges it, or goes on, and dies before the effect with that number (0: none), an effect being
a statement to the database, a commit to the lake or a file that is deleted; `killed.py end HOME` prints what is left.
"""

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any


def prepare() -> None:
    from django.core.management import call_command

    from greenroom.core import actions
    from tests.purges.conftest import Old

    call_command("migrate", interactive=False, verbosity=0)
    at = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    olga = actions.create_workspace(
        workspace="Acme", name="Olga", email="o@acme.example", password="greenroom-pass", at=at
    )
    Old(olga.workspace, olga.by, at).plant()


def run(kill_before: int) -> None:
    from django.db import connection

    from greenroom.core import clock
    from greenroom.core.models import Workspace
    from greenroom.observations import steps
    from greenroom.purges import actions as purges
    from greenroom.purges import running
    from greenroom.purges.models import Purge

    count = 0
    began: dict[str, int] = {}  # with which effect each step begins

    def comes() -> None:
        nonlocal count
        count += watching
        if watching and count == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        comes()
        return execute(sql, params, many, context)

    def audit(name: str, args: tuple[Any, ...]) -> None:
        if name in ("os.remove", "shutil.rmtree"):
            comes()

    take = steps._take

    def taking(*args: Any) -> Any:
        comes()
        done = take(*args)
        comes()
        return done

    def noting(step: running.Step) -> running.Step:
        def take(purge: Purge, at: datetime) -> int:
            began[step.key] = count + 1
            return step.take(purge, at)

        return replace(step, take=take)

    running.STEPS = tuple(map(noting, running.STEPS))
    watching = False  # a purge that did not start leaves a plan, and another one is made
    steps._take = taking
    sys.addaudithook(audit)
    workspace = Workspace.objects.get()
    purge = Purge.objects.filter(state__in=("running", "done")).first()
    if purge is None:
        purge = purges.make_plan(workspace, by="member:1", at=clock.now())
        purges.start(purge, by="member:1", at=clock.now())
    elif purge.state == "done":  # killed after the last step, before it was noticed
        return
    else:
        Purge.objects.filter(pk=purge.pk).update(leased_until=None, leased_by="", due_at=clock.now())  # it has lapsed
    watching = True
    with connection.execute_wrapper(statement):
        for _ in purges.carry_out(purge):
            pass
    watching = False
    print(json.dumps({"effects": count, "began": began}))


def end() -> None:
    from django.conf import settings

    from greenroom.campaigns.models import CampaignPost
    from greenroom.core.models import Event
    from greenroom.creators.models import Account, Post
    from greenroom.observations.models import Erasure, Latest
    from greenroom.observations.remains import by_account
    from greenroom.purges import certificate
    from greenroom.purges.models import Purge, Tombstone
    from tests.purges.conftest import MARKS
    from tests.purges.scan import find

    purge = Purge.objects.get()
    print(json.dumps({
        "found": find(settings.GREENROOM_HOME, MARKS),
        "state": purge.state,
        "stores": [[one["store"], one["before"], one["after"]] for one in purge.certificate["stores"]],
        "holds": certificate.check(purge.certificate),
        "posts": list(Post.everything.order_by("item_id").values_list("item_id", "basis", "caption", "import_id")),
        "entries": CampaignPost.objects.count(),
        "stones": list(Tombstone.objects.order_by("item_id").values_list("item_id", "digest", "reason")),
        "latest": list(Latest.objects.order_by("kind", "subject").values_list("kind", "subject", "fields", "older")),
        "accounts": list(Account.objects.order_by("pk").values_list("handle", "authenticated", "in_marketplace")),
        "legacy": by_account(purge.workspace_id, "legacy"),
        "open": Erasure.objects.filter(done_at=None).count(),
        "events": list(Event.objects.filter(name__startswith="purge.").order_by("pk").values_list("name", flat=True)),
        "journal": (settings.GREENROOM_HOME / "purges.jsonl").read_text().count("\n"),
    }))  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    os.environ["GREENROOM_HOME"] = sys.argv[2]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
    import django

    django.setup()
    {"prepare": prepare, "run": lambda: run(int(sys.argv[3])), "end": end}[sys.argv[1]]()
