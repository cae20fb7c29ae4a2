"""Clients other people wrote, unchanged, over real HTTP against a sandbox of its own process."""

import httpx2
import pytest

from greenroom.sandbox import oauth, serve
from tests.tiktok import consent

REDIRECT = "https://brand.example/callback/"
APP_ID, SECRET = "sandbox-app", "sandbox-secret"


@pytest.fixture(scope="module")
def server():
    with serve.Running(throttle=False, posts=25) as running:
        yield running


@pytest.fixture(scope="module")
def creator_code(server):
    """Play ANA saying yes; gives the code her browser brings back."""

    def consented(scopes=oauth.ACCOUNT_SCOPES):
        query = httpx2.QueryParams(
            client_key=APP_ID,
            response_type="code",
            scope=",".join(scopes),
            redirect_uri=REDIRECT,
            state="s",
            disable_auto_auth=1,
        )
        with httpx2.Client() as browser:
            return consent.play(browser, f"{server.url}/v2/auth/authorize?{query}", handle="ana")["code"]

    return consented


@pytest.fixture(scope="module")
def brand_code(server):
    """Play BRANDCO saying yes; gives the auth_code its browser brings back."""

    def consented():
        query = httpx2.QueryParams(app_id=APP_ID, state="s", redirect_uri=REDIRECT)
        with httpx2.Client() as browser:
            return consent.play(browser, f"{server.url}/portal/auth?{query}", brand="0")["auth_code"]

    return consented


@pytest.fixture
def faults(server):
    """Turn faults on; they are off again afterwards."""

    def turned(**amounts):
        server.ask("/_sim/faults", amounts)

    yield turned
    server.ask("/_sim/faults", {"clear": True})
