"""TikTok is a sandbox in this process, and its time stands where the test's does."""

import pytest

from greenroom import sandbox
from tests.consenting import People, mount


@pytest.fixture
def world(at):
    return sandbox.World(accounts=12, posts=4, throttle=False, clock=sandbox.Clock(at, rate=0))


@pytest.fixture
def people(world, monkeypatch, settings):
    return People(world, mount(monkeypatch, settings, world))


@pytest.fixture
def workspace(acme):
    return acme.workspace


@pytest.fixture
def marketplace(people, workspace, at):
    """The workspace's own marketplace connection."""
    return people.connect_marketplace(workspace, at=at)
