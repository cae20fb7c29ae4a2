"""A process in which things happen: `python -m tests.hooks.storm URL COUNT`, in a home that is ready.

Makes a workspace and an endpoint, then COUNT events, each beside one that is rolled back. Prints the secret first, then
the number of each event that was committed.
"""

import os
import sys
import time


def main(url: str, count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
    import django

    django.setup()
    from django.db import transaction

    from greenroom.core import actions, clock, events
    from greenroom.hooks import actions as hooks

    owner = actions.create_workspace(
        workspace="Storm", name="Olga", email="olga@storm.example", password="greenroom-pass", at=clock.now()
    )
    endpoint = hooks.add_endpoint(owner.workspace, url=url, names=["sync.*"], by=owner.by, at=clock.now())
    print(endpoint.secret, flush=True)
    for n in range(count):
        with transaction.atomic():
            events.note(owner.workspace, "sync.finished", by=events.SYSTEM, at=clock.now(), never=n)
            transaction.set_rollback(True)
        made = events.note(owner.workspace, "sync.finished", by=events.SYSTEM, at=clock.now(), n=n)
        print(made.pk, flush=True)
        time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
