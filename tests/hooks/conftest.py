"""A receiver on this machine, which only an operator's leave makes reachable."""

import pytest

from greenroom.core import clock, work
from greenroom.hooks import actions as hooks
from greenroom.hooks.models import Delivery
from tests.hooks.receiver import listening


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def allowed(settings):
    """The operator allows this machine."""
    settings.GREENROOM_ALLOW_PRIVATE_HOOKS = ["127.0.0.0/8"]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def endpoint(acme, receiver, allowed, now):
    """Told of everything."""
    return hooks.add_endpoint(acme.workspace, url=receiver.url, names=["*"], by=acme.olga.by, at=now)


@pytest.fixture
def send(db):
    """Run what is due at a time, as a worker would; returns how many deliveries ran."""

    def sent(at=None) -> int:
        return work.run_due(Delivery, at=at or clock.now())

    return sent
