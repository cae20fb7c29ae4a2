"""The client against the sandbox, in this process, at a moment that stands still unless it is moved."""

import contextlib
from datetime import UTC, datetime

import httpx2
import pytest

from greenroom import sandbox
from greenroom.sandbox import orders as sandbox_orders
from greenroom.sandbox import uploads
from greenroom.tiktok import auth, client, orders
from tests.tiktok import consent

REDIRECT = "https://greenroom.example/callback/"


@pytest.fixture
def world():
    return sandbox.World(
        accounts=8, posts=60, throttle=False, clock=sandbox.Clock(datetime(2026, 3, 12, 14, 5, tzinfo=UTC), rate=0)
    )


@pytest.fixture
def transport(world):
    return httpx2.WSGITransport(app=sandbox.create_app(world))


@pytest.fixture
def browser(transport):
    """A person's browser."""
    with httpx2.Client(transport=transport) as http:
        yield http


@pytest.fixture
def exchanges():
    return []


@pytest.fixture
def slept():
    return []


@pytest.fixture
def talk(world, transport):
    """Make a client of the sandbox."""
    with contextlib.ExitStack() as opened:

        def made(**more):
            given = {"transport": transport, "clock": world.clock.now, "dice": lambda: 0.5, **more}
            return opened.enter_context(client.Client(client.Hosts.at("http://sandbox.invalid/"), **given))

        yield made


@pytest.fixture
def tiktok(talk, exchanges, slept):
    return talk(sleep=slept.append, on_exchange=exchanges.append)


@pytest.fixture
def business_app(world):
    return client.App("sandbox-app", world.apps["sandbox-app"].secret)


@pytest.fixture
def login_app(world):
    return client.App("sandbox-key", world.apps["sandbox-key"].secret)


@pytest.fixture
def accounts_oauth(tiktok, business_app):
    return auth.AccountsOAuth(tiktok, business_app)


@pytest.fixture
def login_oauth(tiktok, login_app):
    return auth.LoginKitOAuth(tiktok, login_app)


@pytest.fixture
def marketplace_oauth(tiktok, business_app):
    return auth.MarketplaceOAuth(tiktok, business_app)


@pytest.fixture
def connect(accounts_oauth, browser):
    """Connect a creator's account on the Business side; gives the grant."""

    def connected(handle, scopes=auth.ACCOUNTS_SCOPES):
        url = accounts_oauth.authorize_url(redirect_uri=REDIRECT, scopes=scopes, state="s", ask_again=True)
        back = consent.play(browser, url, handle=handle)
        return accounts_oauth.exchange(back["code"], redirect_uri=REDIRECT)

    return connected


@pytest.fixture
def ana(connect):
    return connect("ana")


@pytest.fixture
def signed_in_ana(login_oauth, browser):
    """ANA's Login Kit grant."""
    url = login_oauth.authorize_url(redirect_uri=REDIRECT, state="s", ask_again=True)
    back = consent.play(browser, url, handle="ana")
    return login_oauth.exchange(back["code"], redirect_uri=REDIRECT)


@pytest.fixture
def brand(marketplace_oauth, browser):
    """BRANDCO's marketplace grant."""
    url = marketplace_oauth.authorize_url(redirect_uri=REDIRECT, state="s")
    back = consent.play(browser, url, brand="0")
    return marketplace_oauth.exchange(back["auth_code"])


@pytest.fixture
def account_id(marketplace_oauth, brand):
    [found] = marketplace_oauth.tto_account_ids(brand.access_token)
    return found


@pytest.fixture
def ours(tiktok, brand, account_id):
    """Client, token and account of BRANDCO, as every call of a brand takes them."""
    return lambda do, **asked: do(tiktok, brand.access_token, account_id=account_id, **asked)


@pytest.fixture
def order(ours):
    """Make an order for one creator."""

    def made(handle="ana", description="Trail shoes", **asked):
        return ours(orders.create, brand_name="Northgate", description=description, handles=[handle], **asked)

    return made


@pytest.fixture
def publish(world):
    """Play a creator from joining to a published post; gives its id."""

    def published(link, handle="ana", **more):
        sandbox_orders.join(world, handle=handle, link=link)
        made = uploads.upload(world, handle=handle, link=link, **more)
        uploads.post(world, video_id=made.video_id)
        uploads.approve(world, video_id=made.video_id)
        return made.video_id

    return published


@pytest.fixture
def joiner(connect):
    """Connect a creator who lets us act on campaigns, which is more than we ask of everybody."""
    return lambda handle: connect(handle, scopes=(*auth.ACCOUNTS_SCOPES, "tcm.order.update"))
