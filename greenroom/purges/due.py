"""Purges as due rows: they go on where they were."""

import time
from datetime import datetime

from greenroom.core.work import runs
from greenroom.purges import running
from greenroom.purges.models import Purge

AT_ONCE = 5.0  # seconds; then other rows have their turn


@runs(Purge)
def run(row: Purge, *, at: datetime) -> datetime | None:
    """Take the next steps, for some seconds; due again at once while some are left."""
    if row.state != "running":
        return None
    until = time.monotonic() + AT_ONCE
    for _ in running.advance(row, at=at):
        if time.monotonic() > until:
            break
    row.refresh_from_db(fields=["state"])
    return None if row.is_over else at
