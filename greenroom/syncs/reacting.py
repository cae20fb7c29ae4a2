"""What syncs do when creators connect, or enter or leave the marketplace."""

from greenroom.creators import authorizations, history
from greenroom.syncs import ensure


def listen() -> None:
    """Hook in, once per process."""
    if ensure.for_connection not in authorizations.ON_CONNECTED:
        authorizations.ON_CONNECTED.append(ensure.for_connection)
        history.ON_MEMBERSHIP.append(ensure.for_account)
