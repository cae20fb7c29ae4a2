"""A workspace that lives, and programs that ask about it."""

import pytest
from django.test import Client

from greenroom import sandbox
from greenroom.core import clock
from greenroom.keys import actions as keys
from tests.consenting import People, mount
from tests.living import Living


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.GREENROOM_API_PER_MINUTE = 100_000
    settings.GREENROOM_API_LEGACY_ACCOUNT_TYPE = "creator"


@pytest.fixture
def people(monkeypatch, settings):
    world = sandbox.World(accounts=12, posts=4, throttle=False)
    return People(world, mount(monkeypatch, settings, world))


@pytest.fixture
def living(acme, people):
    """Workspace acme with ANA, BEN, CYD, DOV and BRANDCO, read on three days up to now."""
    return Living(acme.workspace, people, by=acme.olga.by)


class Program:
    """A program with a key: addresses below /api/v1/w/<its workspace>."""

    def __init__(self, made: keys.Made) -> None:
        self.key, self.text = made.key, made.text
        self.root = f"/api/v1/w/{made.key.workspace.slug}"
        self.client = Client(headers={"authorization": f"Bearer {made.text}"})

    def get(self, path, version=None, **query):
        headers = {"greenroom-version": version} if version else {}
        return self.client.get(self.root + path, query, headers=headers)

    def post(self, path, body=None, **headers):
        return self.client.post(self.root + path, body, content_type="application/json", headers=headers)

    def all(self, path, **query):
        """Every item of a list, page by page."""
        found = []
        while True:
            page = self.get(path, **query).json()
            found += page["items"]
            if not page["next"]:
                return found
            query["cursor"] = page["next"]


@pytest.fixture
def program(acme):
    """Call it for a Program of a role."""

    def made(role="owner", workspace=None, **given) -> Program:
        maker = acme.olga if workspace is None else acme.eve
        told = {"name": role, "role": role, "permissions": maker.permissions, "by": maker.by, "at": clock.now()}
        return Program(keys.make_key(workspace or acme.workspace, **{**told, **given}))

    return made
