"""TikTok is a sandbox in this process; its clock stands where the test's does."""

from types import SimpleNamespace

import pytest

from greenroom import sandbox
from greenroom.core import clock, work
from greenroom.creators.models import Connection
from greenroom.syncs import (
    asking,
    due,  # noqa: F401 (registers the runners)
)
from greenroom.syncs.models import Run, Sync
from tests.consenting import People, mount


@pytest.fixture
def world(at):
    return sandbox.World(accounts=12, posts=45, throttle=False, clock=sandbox.Clock(at, rate=0))


@pytest.fixture
def people(world, monkeypatch, settings, at):
    settings.TIKTOK_LEVEL = "off"
    monkeypatch.setattr(asking, "OPTIONS", {"sleep": lambda seconds: None})
    clock.shift(at - clock.now())
    yield People(world, mount(monkeypatch, settings, world))
    clock.unshift()


@pytest.fixture
def workspace(acme):
    return acme.workspace


@pytest.fixture
def ana(people, workspace, at) -> Connection:
    """ANA, who consented to everything: a member of the marketplace, which nobody here may ask."""
    return people.consent(workspace, "ana", at=at)


@pytest.fixture
def take(people):
    """Take the reading of one stream now: `take(connection, "organic_posts")` gives its Run and the Sync after it."""

    def taken(connection, stream, *, account=None, at=None):
        at = at or people.world.clock.now()
        rows = Sync.objects.filter(connection=connection, stream=stream)
        sync = rows.get(account=account) if account else rows.get()
        Sync.objects.filter(pk=sync.pk).update(due_at=at, leased_by="test")
        sync.refresh_from_db()
        work.run(sync, by="test", now=lambda: at)
        sync.refresh_from_db()
        return SimpleNamespace(run=Run.objects.filter(sync=sync).order_by("-pk").first(), sync=sync)

    return taken
