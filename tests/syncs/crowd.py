"""Many creators at once: a sandbox process, and accounts that consented over real HTTP. For siege and benches."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2

from greenroom.sandbox.serve import Running

REDIRECT = "https://greenroom.example/join/callback/"


@contextmanager
def tiktok(**options: Any) -> Iterator[Running]:
    """A sandbox process that is all of TikTok for this process and those it starts. Enter it before Django starts."""
    with Running(**{"throttle": False, "rate": 0, **options}) as sandbox:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "greenroom.settings",
                "GREENROOM_TIKTOK_URL": sandbox.url,
                "GREENROOM_TIKTOK_APP_ID": "sandbox-app",
                "GREENROOM_TIKTOK_APP_SECRET": "sandbox-secret",
                "GREENROOM_TIKTOK_CLIENT_KEY": "sandbox-key",
                "GREENROOM_TIKTOK_CLIENT_SECRET": "sandbox-key-secret",
                "GREENROOM_TIKTOK_LEVEL": "off",
            }
        )
        yield sandbox


def personal_handles(sandbox: Running, number: int) -> list[str]:
    """Handles of creators with personal accounts."""
    found = sandbox.ask(f"/_sim/accounts?offset=5&limit={number * 2}")["accounts"]
    return [one["handle"] for one in found if not one["business"]][:number]


def gather(sandbox: Running, number: int) -> Any:
    """An install with one workspace in which that many creators have consented; returns the workspace."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from greenroom.core import actions, clock

    call_command("migrate", interactive=False, verbosity=0)
    owner = actions.create_workspace(
        workspace="Crowd", name="Olga", email="olga@crowd.example", password="greenroom-pass", at=clock.now()
    )
    handles = personal_handles(sandbox, number)
    assert len(handles) == number
    with ThreadPoolExecutor(6, initializer=None) as pool:
        list(pool.map(lambda handle: _consent(owner.workspace, handle), handles))
        list(pool.map(lambda _: connections.close_all(), range(24)))
    return owner.workspace


def connect_marketplace(workspace: Any) -> None:
    """The brand lets us into the marketplace."""
    _visit(workspace, {"brand": "0"}, dialect="marketplace", how="connections page")


def _consent(workspace: Any, handle: str) -> None:
    applicant = {"name": handle, "email": "crowd@creators.example"}
    _visit(workspace, {"handle": handle}, dialect="accounts", how="application form", applicant=applicant)


def _visit(workspace: Any, form: dict[str, str], **given: Any) -> None:
    """Go to TikTok's page, send its form, come back."""
    from greenroom.core import clock
    from greenroom.creators import actions as creators
    from tests.tiktok import consent

    at = clock.now()
    visit, url = creators.begin_authorization(workspace, redirect_uri=REDIRECT, at=at, **given)
    with httpx2.Client(trust_env=False) as browser:
        told = consent.play(browser, url, **form)
    creators.finish_authorization(visit.state, code=told.get("code") or told["auth_code"], at=at)
