"""After the last step every store is counted again; only when there is nothing left a certificate is made."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version

from django.conf import settings
from django.db import transaction

from greenroom.core import events
from greenroom.core.work import Later, Stop
from greenroom.observations.models import Erasure
from greenroom.purges import certificate, journal, stores
from greenroom.purges.models import Purge, Tombstone

AGAIN = timedelta(seconds=1)
ROUNDS, MOST_ROUNDS = "rounds", 3
BACKUPS = "Older than this purge: purged again when restored, before anything is served"


def left(purge: Purge) -> dict[str, int]:
    """What is still there, by store; empty when nothing is."""
    found = stores.count(_asked(purge))
    return {key: rows for key, rows in found.items() if rows}


def certify(purge: Purge, *, at: datetime) -> None:
    """Count, make the certificate, end the purge.

    Raises Later when something is left: the steps are taken again; Stop when that is so again and again.
    """
    after = stores.count(_asked(purge))
    if remaining := {key: rows for key, rows in after.items() if rows}:
        rounds = int(purge.progress.get(ROUNDS, 0)) + 1
        Purge.objects.filter(pk=purge.pk, state="running").update(progress={ROUNDS: rounds})
        words = ", ".join(f"{rows} in {stores.BY_KEY[key].label}" for key, rows in remaining.items())
        if rounds >= MOST_ROUNDS:
            raise Stop(f"Something is left again and again; run it anew once you know who brings it: {words}")
        raise Later(f"Something is left and is gone over again: {words}", due_at=at + AGAIN)
    made = _certificate(purge, after, at=at)
    with transaction.atomic():
        everything = Erasure.objects.within(purge.workspace_id).filter(account=Erasure.EVERY, done_at=None)
        everything.filter(source_class=purge.source).update(done_at=at, removed=purge.plan["stores"])
        Purge.objects.filter(pk=purge.pk).update(certificate=made, done_at=at)
        purge.refresh_from_db()
        counts = {one["store"]: one["before"] for one in made["stores"]}
        purge.move("done", by=events.SYSTEM, at=at, removed=counts, certificate=made["seal"]["link"])


def _certificate(purge: Purge, after: dict[str, int], *, at: datetime) -> certificate.Doc:
    before = purge.plan["stores"]
    lines = [
        {"store": one.key, "label": one.label, "what": one.what, "before": before[one.key], "after": after[one.key]}
        for one in stores.STORES
    ]
    stones = Tombstone.objects.filter(purge=purge).order_by("item_id").values_list("item_id", "digest")
    digests = sha256("".join(f"{item} {digest}\n" for item, digest in stones).encode()).hexdigest()
    entry = journal.entry_of(purge)
    head = {
        "journal": {name: getattr(entry, name) for name in entry.__dataclass_fields__},
        "workspace": purge.workspace.slug,
        "by": purge.by,
        "planned_at": _utc(purge.planned_at),
        "started_at": _utc(purge.started_at or purge.planned_at),
        "done_at": _utc(at),
        "app_version": version("greenroom"),
        "tombstones": {"count": len(stones), "sha256": digests},
        "backups": [{"made_at": moment, "handling": BACKUPS} for moment in purge.plan.get("backups", [])],
    }
    return certificate.make(head, lines, secret=settings.SECRET_KEY)


def _asked(purge: Purge) -> stores.Asked:
    return stores.Asked(purge.workspace_id, purge.source, purge.started_at or purge.planned_at)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
