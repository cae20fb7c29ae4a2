"""The TikTok client as this install is set up: which hosts, which app, which class of source."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx2
from django.conf import settings

from greenroom.core import clock
from greenroom.creators import connectors
from greenroom.creators.models import Account, Connection
from greenroom.creators.refusals import NotConfigured
from greenroom.tiktok import auth
from greenroom.tiktok import client as tiktok
from greenroom.tiktok.quota import Quota

# Tests put a WSGITransport over a sandbox here; it is then all of TikTok.
TRANSPORT: httpx2.BaseTransport | None = None

# What pooled clients share beyond a single call; `syncs`, which counts TikTok's ceilings, says it when it is loaded.
SHARED: list[Callable[[], dict[str, Any]]] = []

_pool: dict[tuple[str, ...], tiktok.Client] = {}
_lock = threading.Lock()

OAuth = auth.AccountsOAuth | auth.LoginKitOAuth | auth.MarketplaceOAuth

_OAUTH: dict[str, Callable[..., OAuth]] = {
    Connection.Dialect.ACCOUNTS: auth.AccountsOAuth,
    Connection.Dialect.LOGIN_KIT: auth.LoginKitOAuth,
    Connection.Dialect.MARKETPLACE: auth.MarketplaceOAuth,
}


def is_sandbox() -> bool:
    """Is TikTok the pretend one?"""
    return bool(settings.TIKTOK_URL) or TRANSPORT is not None


def is_configured(dialect: str) -> bool:
    """Are the keys of the app behind this dialect set?"""
    return all(_keys(dialect))


def app(dialect: str) -> tiktok.App:
    """The developer app that speaks this dialect. Raises NotConfigured."""
    if not is_configured(dialect):
        raise NotConfigured(dialect)
    return tiktok.App(*_keys(dialect))


def client(
    dialect: str,
    *,
    on_exchange: Callable[[tiktok.Exchange], None] | None = None,
    quota: Quota | None = None,
    now: Callable[[], datetime] = clock.now,
    **options: Any,
) -> tiktok.Client:
    """A client for one dialect; close it when done. `options` are those of `tiktok.Client`. Raises NotConfigured."""
    hosts = tiktok.Hosts.at(settings.TIKTOK_URL) if settings.TIKTOK_URL else tiktok.Hosts()
    return tiktok.Client(
        hosts,
        app_id=app(dialect).id,
        transport=TRANSPORT,
        clock=now,
        on_exchange=on_exchange,
        quota=quota,
        **options,
    )


def pooled(dialect: str) -> tiktok.Client:
    """This process's client for a dialect, for work in bulk: one pool of connections, one count of what was asked.

    Never closed. Its calls wait for TikTok's ceilings, or raise tiktok.errors.Throttled when that takes long. Raises
    NotConfigured.
    """
    key = (dialect, *map(str, (TRANSPORT, settings.TIKTOK_URL, settings.TIKTOK_LEVEL, app(dialect).id)))
    with _lock:
        if key not in _pool:
            _pool[key] = client(dialect, **{name: value for told in SHARED for name, value in told().items()})
        return _pool[key]


def oauth(dialect: str, over: tiktok.Client) -> OAuth:
    """The OAuth dialect, over an open client."""
    return _OAUTH[dialect](over, app(dialect))


def source_class(account: Account | None, *, dialect: str = Connection.Dialect.ACCOUNTS) -> str:
    """By what right readings are kept (GOV-01): the class of the connector behind the grant."""
    if is_sandbox():
        return connectors.CONNECTORS["sandbox"].source_class
    grants_own = account is not None and dialect != Connection.Dialect.MARKETPLACE
    return connectors.behind(dialect, account.purpose if account and grants_own else "").source_class


def _keys(dialect: str) -> tuple[str, str]:
    pair: tuple[str, str] = (
        settings.TIKTOK_LOGIN_KIT if dialect == Connection.Dialect.LOGIN_KIT else settings.TIKTOK_APP
    )
    return pair
