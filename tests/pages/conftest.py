"""Pages over a sandbox in this process: everybody in it has a phone with a browser."""

from datetime import timedelta
from urllib.parse import urlencode

import httpx2
import pytest
from django.core.cache import cache
from django.test import Client

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns.models import Campaign
from greenroom.core import clock
from tests.consenting import People, mount
from tests.living import Living
from tests.pages.campaigning import BRAND
from tests.tiktok import consent


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def world():
    return sandbox.World(accounts=12, posts=4, throttle=False)


@pytest.fixture
def people(world, monkeypatch, settings):
    return People(world, mount(monkeypatch, settings, world))


@pytest.fixture
def workspace(acme):
    return acme.workspace


SHARED = ["videos", "audience", "marketplace"]


class Phone:
    """One browser: it has our cookies, and goes to TikTok's pages and back."""

    def __init__(self, transport: httpx2.BaseTransport) -> None:
        self.transport = transport
        self.site = Client(headers={"host": "127.0.0.1"})

    def get(self, path):
        return self.site.get(path)

    def post(self, path, **form):
        return self.site.post(path, form)

    def at_tiktok(self, leaving, handle="", **form) -> str:
        """Answer TikTok's page (given the redirect to it, or its address); gives the path it leads back to."""
        url = leaving if isinstance(leaving, str) else leaving["Location"]
        with httpx2.Client(transport=self.transport) as http:
            told = consent.play(http, url, **({"handle": handle} if handle else {}), **form)
        return "/join/callback/?" + urlencode(told)

    def consent(self, leaving, handle="", **form):
        """Answer TikTok's page and follow everything that comes after."""
        return self.site.get(self.at_tiktok(leaving, handle, **form), follow=True)

    def apply(self, handle, **form):
        """The whole application form."""
        given = {"name": handle.title(), "email": f"{handle}@creators.example", "share": SHARED, **form}
        return self.consent(self.post("/join/acme/", **given), handle)


@pytest.fixture
def phone(people):
    return lambda: Phone(people.transport)


@pytest.fixture
def living(acme, people):
    """Workspace acme with ANA, BEN, CYD, DOV and BRANDCO, read on three days up to now."""
    return Living(acme.workspace, people, by=acme.olga.by)


@pytest.fixture
def olga(acme, client):
    """The owner's browser."""
    client.force_login(acme.olga.user)
    return client


@pytest.fixture
def campaign(workspace, people) -> Campaign:
    """Active and named, orders made by hand, in a workspace that has the marketplace connected."""
    at = clock.now() - timedelta(minutes=5)
    people.connect_marketplace(workspace, at=at)
    told = {"by": "member:1", "at": at}
    made = campaigns.create_campaign(workspace, name="Oat Season", tiktok=True, mode="manual", **BRAND, **told)
    campaigns.move_campaign(made, "active", **told)
    return made
