"""The transport: every call goes through one connection pool, one quota and one retry loop."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2

from greenroom.tiktok import calls, envelopes, errors, ids, quota, retry

Data = envelopes.Data
as_id = ids.as_id

DEFAULT_TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
POOL = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
LONGEST_QUOTA_WAIT = 5.0
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True)
class Hosts:
    """The three TikTok hosts: API for Business, the developer platform's API, and the site that asks for consent."""

    business: str = "https://business-api.tiktok.com"
    open: str = "https://open.tiktokapis.com"
    www: str = "https://www.tiktok.com"

    @classmethod
    def at(cls, url: str) -> Hosts:
        """All three at one address: the sandbox."""
        base = url.rstrip("/")
        return cls(base, base, base)


@dataclass(frozen=True)
class App:
    """A developer app at TikTok: app id and secret, on the developer platform called client key and client secret."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Exchange:
    """One successful data answer as it came, for the archive. Holds no token and no secret.

    `params` are the query and the body of the request together, `body` the bytes of the answer,
    `account` whom the call was about ("" if nobody), `at` when the answer was there.
    """

    at: datetime
    method: str
    path: str
    params: Mapping[str, Any]
    status: int
    body: bytes
    endpoint: str
    account: str = ""


class Client:
    """Talks to TikTok. Safe to share between threads; close it (or use it in a `with`) when done.

    `app_id` names whose ceilings `quota` counts. `clock` stamps exchanges and grants and tells how far midnight is.
    `on_exchange` is called for every successful data answer, in the thread that asked.
    Every call raises errors.TikTokError and nothing else for what TikTok or the network does.
    """

    def __init__(
        self,
        hosts: Hosts,
        *,
        app_id: str = "",
        quota: quota.Quota | None = None,
        transport: httpx2.BaseTransport | None = None,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        on_exchange: Callable[[Exchange], None] | None = None,
        max_attempts: int = 6,
        timeout: float | httpx2.Timeout = DEFAULT_TIMEOUT,
        dice: Callable[[], float] = random.random,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self.hosts = hosts
        self.clock = clock
        self._app_id = app_id
        self._quota = quota
        self._sleep = sleep
        self._on_exchange = on_exchange
        self._patience = retry.Patience(attempts=max_attempts)
        self._dice = dice
        self._stopwatch = stopwatch
        self._http = httpx2.Client(
            transport=transport,
            timeout=timeout,
            limits=POOL,
            trust_env=hosts.business.startswith("https:"),  # a proxy leads to TikTok, never to a sandbox next door
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # one pool serves many accounts
        )

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        token: str,
        account: str = "",
        private: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Data:
        """The `data` of GET `path` (such as "business/get/") of API for Business.

        `private` calls carry a secret in their parameters and are kept out of the archive. `headers` are the few
        parameters that TikTok takes as headers, such as `Country-Code`.
        """
        told, host = params or {}, self.hosts.business
        return self._ask(
            calls.business("GET", host, path, told, token=token, account=account, private=private, headers=headers)
        )

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        token: str = "",
        account: str = "",
        private: bool = False,
        repeatable: bool = False,
    ) -> Data:
        """The `data` of POST `path` of API for Business.

        Not repeated unless TikTok surely did not carry it out, or doing it twice does no harm (`repeatable`).
        """
        host = self.hosts.business
        call = calls.business("POST", host, path, body, token=token, account=account, private=private)
        return self._ask(replace(call, repeatable=repeatable))

    def open_get(self, path: str, params: Mapping[str, Any], *, token: str, account: str = "") -> Data:
        """The `data` of GET `path` (such as "v2/user/info/") of the developer platform."""
        host = self.hosts.open
        return self._ask(calls.platform("GET", host, path, params, token=token, account=account, repeatable=True))

    def open_post(
        self,
        path: str,
        params: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        token: str,
        account: str = "",
        repeatable: bool = False,
    ) -> Data:
        """The `data` of POST `path` of the developer platform; `repeatable` when it only reads."""
        host = self.hosts.open
        call = calls.platform("POST", host, path, params, body, token=token, account=account, repeatable=repeatable)
        return self._ask(call)

    def open_form(self, path: str, fields: Mapping[str, str]) -> Data:
        """The flat answer of an OAuth call of the developer platform, sent as a form. Never archived or repeated."""
        return self._ask(calls.form(self.hosts.open, path, fields))

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, call: calls.Call) -> Data:
        return retry.persist(
            lambda: self._once(call),
            repeatable=call.repeatable,
            sleep=self._sleep,
            stopwatch=self._stopwatch,
            dice=self._dice,
            patience=self._patience,
        )

    def _once(self, call: calls.Call) -> Data:
        self._wait_for_quota(call)
        try:
            response = self._http.request(call.method, call.url, content=call.content, headers=call.headers)
        except httpx2.RequestError as error:
            sent = not isinstance(error, NEVER_SENT)
            message = f"No answer: {type(error).__name__}"
            raise errors.Unavailable(message, code="network", endpoint=call.endpoint, sent=sent) from None
        at = self.clock()
        data = call.read(response.status_code, response.content, endpoint=call.endpoint, at=at)
        if self._on_exchange and not call.private:
            self._on_exchange(_exchange(call, response, at=at))
        return data

    def _wait_for_quota(self, call: calls.Call) -> None:
        if self._quota is None:
            return
        wait = self._quota.acquire(self._app_id, call.account, call.endpoint)
        if wait > LONGEST_QUOTA_WAIT:
            raise quota.too_far(wait, call.endpoint)
        if wait > 0:
            self._sleep(wait)


def _exchange(call: calls.Call, response: httpx2.Response, *, at: datetime) -> Exchange:
    return Exchange(
        at=at,
        method=call.method,
        path=call.path,
        params=call.given,
        status=response.status_code,
        body=response.content,
        endpoint=call.endpoint,
        account=call.account,
    )


class _QueryHidden(logging.Filter):
    """Some of TikTok's GETs take the app's secret in the query, and the HTTP library logs addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            shown = (arg.copy_with(query=None) if isinstance(arg, httpx2.URL) else arg for arg in record.args)
            record.args = tuple(shown)
        return True


logging.getLogger("httpx2").addFilter(_QueryHidden())
