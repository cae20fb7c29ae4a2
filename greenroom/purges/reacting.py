"""What purges do when something else happens."""

from greenroom.campaigns import missing
from greenroom.core import events
from greenroom.purges import tombstones


def listen() -> None:
    """Hook in, once per process."""
    if tombstones.notice not in events.ON_EVENT:
        events.ON_EVENT.append(tombstones.notice)
        missing.ON_MISSING.append(tombstones.when)
