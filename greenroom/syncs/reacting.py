"""What syncs do when creators connect, enter or leave the marketplace, or are deleted."""

from greenroom.campaigns import tying
from greenroom.creators import authorizations, client, deletion, history
from greenroom.syncs import asking, ensure, listed, tied


def listen() -> None:
    """Hook in, once per process."""
    if asking.shared not in client.SHARED:
        client.SHARED.append(asking.shared)
    if ensure.for_connection not in authorizations.ON_CONNECTED:
        authorizations.ON_CONNECTED.append(ensure.for_connection)
        history.ON_MEMBERSHIP.append(ensure.for_account)
        deletion.ON_GONE.append(ensure.stop)
    if tied.wake not in tying.ON_TIED:
        tying.ON_TIED.append(tied.wake)
    listed.listen()
