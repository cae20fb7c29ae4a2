"""Due rows of this module: imports that are read, tried, taken in, or undone."""

import time
from datetime import datetime

from greenroom.core import events
from greenroom.core.work import Stop, runs
from greenroom.imports import running
from greenroom.imports.models import Import
from greenroom.imports.refusals import BadFile, NotMapped

AT_ONCE = 5.0  # seconds; then other rows have their turn


@runs(Import)
def run(row: Import, *, at: datetime) -> datetime | None:
    """Read, try, take in, or undo, for some seconds; due again at once while something is left."""
    until = time.monotonic() + AT_ONCE
    try:
        for _ in running.advance(row, at=at):
            if time.monotonic() > until:
                break
    except (BadFile, NotMapped) as error:
        if row.state == "started":
            row.move("failed", by=events.SYSTEM, at=at, reason=str(error), **row.facts)
        raise Stop(str(error)) from error
    left = Import.objects.filter(pk=row.pk).first()  # it may have been discarded
    return at if left and left.is_busy else None
