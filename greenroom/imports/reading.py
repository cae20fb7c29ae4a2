"""Reading a file that was brought: at once when it is small, by a worker when it is large.

Reading writes nothing but a file of its own until it has ended, so after a crash it begins again.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from greenroom.campaigns.models import Campaign
from greenroom.core import clock, events, work
from greenroom.core.models import Workspace
from greenroom.core.state import LostRace
from greenroom.imports import mapping, opening, places, storing, taking
from greenroom.imports.models import Import
from greenroom.imports.refusals import BadFile
from greenroom.imports.taking import Taken
from greenroom.observations import view

PACKED_AT_ONCE = 2 * 2**20  # bytes of a workbook or an archive: some five seconds
PLAIN_AT_ONCE = 10 * 2**20
NOTED = 1.0  # seconds between two notes of how far it is
HERE = "upload"

Watch = Callable[[int, float], None]
"""Is told rows and share (0 to 1) that were read so far."""


class _Discarded(Exception):
    """Somebody discarded the import while it was read."""


def upload(
    workspace: Workspace,
    *,
    kind: str,
    file: BinaryIO,
    name: str,
    by: str,
    at: datetime,
    here: bool = False,
    watch: Watch | None = None,
    former: bool = False,
    campaign: Campaign | None = None,
) -> Import:
    """Keep a file; nothing of it is taken in yet. Raises BadFile with what to do.

    `former`: it holds what a former source left, to be purged once it is left; its posts go into `campaign`, if named.

    A small one is read before this returns, and any with `here`; a large one is `reading` until a worker has read it.
    Its columns are mapped as the newest import with the same columns was, or else by their names.
    """
    if former:
        refuse_while_purged(workspace)
    kept, sha256, size = places.receive(workspace.pk, file)
    with kept.open("rb") as start:
        later = not here and size > (PACKED_AT_ONCE if start.read(2) == b"PK" else PLAIN_AT_ONCE)
    # Whoever reads it here holds it as a worker would, so that a worker goes on when this process dies.
    held: dict[str, Any] = {} if later else {"leased_by": HERE, "leased_until": clock.now() + work.LEASE}
    with transaction.atomic():
        made: Import = Import.objects.create(
            workspace=workspace,
            state="reading",
            kind=Import.Kind(kind),
            file_name=places.shown(name),
            sha256=sha256,
            size=size,
            uploaded_by=by,
            uploaded_at=at,
            former=former,
            campaign=campaign,
            due_at=at,
            **held,
        )
        if later:
            events.record(made, "uploaded", by=by, at=at, file=made.file_name, sha256=sha256, kind=kind)
    if not later:
        _read_here(made, watch)
    return made


def refuse_while_purged(workspace: Workspace | int) -> None:
    """Raises BadFile while what a former source left is being purged: what comes in meanwhile would be left over."""
    if storing.FORMER in view.open_view(workspace).seen.withheld:
        raise BadFile("What the former source left is being purged. Bring this once that is done, if it must be.")


def _read_here(made: Import, watch: Watch | None) -> None:
    def holding(rows: int, share: float) -> None:
        work.renew(Import, [made.pk], by=HERE, at=clock.now())
        if watch:
            watch(rows, share)

    try:
        _keep(made, _take(made, _seldom(holding)))
    except BadFile:
        places.forget(made)
        made.delete()
        raise
    made.state, made.due_at, made.leased_by, made.leased_until = "new", None, "", None
    told = {"file": made.file_name, "sha256": made.sha256, "kind": made.kind, "rows": made.total}
    with transaction.atomic():
        made.save()
        events.record(made, "uploaded", by=made.uploaded_by, at=made.uploaded_at, **told)


def go_on(of: Import, *, at: datetime) -> None:
    """Read a file that was kept. Afterwards it is `new`, or `refused` with the reason; or gone, if it was discarded."""

    def note(rows: int, share: float) -> None:
        told = {"rows": rows, "share": round(share, 3)}
        if not Import.objects.filter(pk=of.pk, state="reading").update(told=told):
            raise _Discarded

    try:
        found = _take(of, _seldom(note))
    except _Discarded:
        return
    except BadFile as refused:
        _end(of, "refused", at=at, fields={"told": {"refused": str(refused)}}, reason=str(refused))
        places.forget(of)
        return
    _keep(of, found)
    _end(of, "new", at=at, fields={name: getattr(of, name) for name in _READ})


_READ = ("header", "profile", "total", "told", "mapping", "date_orders", "account")


def _end(of: Import, to: str, *, at: datetime, fields: dict[str, Any], **data: Any) -> None:
    """Write down how reading ended, unless somebody was faster."""
    try:
        with transaction.atomic():
            of.move(to, by=events.SYSTEM, at=at, **of.facts, **data)
            of.due_at = None
            for name, value in fields.items():
                setattr(of, name, value)
            of.save(update_fields=["due_at", *fields])
    except LostRace:
        if not Import.objects.filter(pk=of.pk).exists():
            places.forget(of)


def _take(of: Import, watch: Watch) -> Taken:
    """Write the rows of a kept file down. Raises BadFile."""
    fresh = places.fresh(of)
    unpacked = fresh.with_suffix(".inner")
    try:
        sheet = opening.open_file(
            places.source(of), knows=lambda header: mapping.known(of.kind, header), beside=unpacked
        )
        found = taking.take(sheet, of.kind, fresh, watch=watch)
        fresh.replace(places.rows(of))
    except FileNotFoundError:
        raise BadFile("The file of this import is no longer here. Bring it again.") from None
    finally:
        unpacked.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
    return found


def _seldom(watch: Watch) -> Watch:
    """Tell it once in a while only."""
    last = time.monotonic()

    def told(rows: int, share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= NOTED:
            watch(rows, share)
            last = time.monotonic()

    return told


def _keep(of: Import, found: Taken) -> None:
    of.header, of.profile, of.total, of.told = found.header, found.profile, found.total, found.told
    _map_first(of)


def _map_first(of: Import) -> None:
    """As an earlier import with these columns was read, and what that one did not have by its name."""
    guessed = mapping.guess(of.kind, of.header)
    earlier = Import.objects.within(of.workspace_id).filter(
        kind=of.kind, state__in=["started", "finished", "cancelled"]
    )
    for one in earlier.order_by("-pk")[:50]:
        if one.mapping and set(one.header) <= set(of.header):
            fresh = {key: name for key, name in guessed.items() if name not in one.header and key not in one.mapping}
            of.mapping, of.date_orders, of.account = one.mapping | fresh, one.date_orders, one.account
            of.told["says"] = [
                *of.told["says"],
                f"The columns are read as in “{one.file_name}” of {one.uploaded_at:%Y-%m-%d}",
            ]
            return
    of.mapping = guessed
