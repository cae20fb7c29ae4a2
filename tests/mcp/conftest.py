"""A living workspace, an API key of it, and the official client over a real server process."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from django.db import connection
from mcp import ClientSession, StdioServerParameters, stdio_client

from greenroom import sandbox
from greenroom.core import clock
from greenroom.core.access import ROLES
from greenroom.keys import actions as keys
from tests.consenting import People, mount
from tests.living import Living

ROOT = Path(__file__).parents[2]


@pytest.fixture
def living(acme, monkeypatch, settings):
    world = sandbox.World(accounts=12, posts=4, throttle=False)
    people = People(world, mount(monkeypatch, settings, world))
    return Living(acme.workspace, people, by=acme.olga.by)


@pytest.fixture
def key_of(acme):
    """The text of a new key with a role."""

    def made(role: str = "owner", workspace=acme.workspace) -> str:
        told = {"name": f"For {role}", "role": role, "permissions": ROLES["owner"], "by": "system", "at": clock.now()}
        return keys.make_key(workspace, **told).text

    return made


def apart(function, *given):
    """Run an async function in a thread of its own: the browser of another test keeps the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, function, *given).result()


class Agent:
    """A program that asks through the official client."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def ask(self, tool: str, **arguments) -> dict:
        """What the tool answers, as its schema has it."""
        answer = await self.session.call_tool(tool, arguments)
        assert not answer.is_error, answer.content[0].text
        assert json.loads(answer.content[0].text) == answer.structured_content
        return answer.structured_content

    async def refused(self, tool: str, **arguments) -> str:
        """The words of a refusal."""
        answer = await self.session.call_tool(tool, arguments)
        assert answer.is_error
        return answer.content[0].text


@pytest.fixture
def agent(settings, tmp_path):
    """Runs an async function `(agent)` against a server process of its own over this test's database and lake."""

    def run(key: str, script) -> object:
        database = connection.settings_dict
        url = f"sqlite:////{str(database['NAME']).lstrip('/')}"
        if connection.vendor == "postgresql":
            url = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "GREENROOM_HOME": str(tmp_path / "home"),
            "GREENROOM_LAKE": settings.GREENROOM_LAKE,
            "GREENROOM_API_KEY": key,
            "GREENROOM_TIKTOK_URL": "http://127.0.0.1:9",  # a sandbox, that nobody asks
        }
        server = StdioServerParameters(command=sys.executable, args=["-m", "greenroom", "mcp"], env=env, cwd=ROOT)

        @asynccontextmanager
        async def opened():
            async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
                await session.initialize()
                yield Agent(session)

        async def whole():
            async with opened() as one:
                return await script(one)

        return apart(whole)

    return run
