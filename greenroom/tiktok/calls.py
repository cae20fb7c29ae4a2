"""What goes over the wire: one URL builder, one encoder, one shape for every call. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from greenroom.tiktok import envelopes

BUSINESS = "/open_api/v1.3/"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Read(Protocol):
    """A reader of answers, one of those in `envelopes`."""

    def __call__(self, status: int, body: bytes, *, endpoint: str, at: datetime) -> envelopes.Data: ...


@dataclass(frozen=True)
class Call:
    """One request and how to read its answer.

    `given` is what an archive may tell of the request (no token is ever in it), `private` calls carry secrets and are
    not archived, `repeatable` calls may be sent twice without harm.
    """

    method: str
    host: str
    path: str
    endpoint: str
    read: Read
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    account: str = ""
    repeatable: bool = True
    private: bool = False

    @property
    def url(self) -> str:
        """The whole address."""
        query = encode(self.query)
        return f"{self.host}{self.path}?{query}" if query else self.host + self.path


def business(
    method: str,
    host: str,
    path: str,
    given: Mapping[str, Any],
    *,
    token: str,
    account: str,
    private: bool,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """A call of API for Business: `given` is the query of a GET and the JSON body of a POST.

    `headers` are parameters that TikTok takes there; they are part of what an archive may tell.
    """
    endpoint, reads, more = _endpoint(path), method == "GET", dict(headers or {})
    auth = more | ({"Access-Token": token} if token else {})
    return Call(
        method=method,
        host=host,
        path=BUSINESS + endpoint,
        endpoint=endpoint,
        read=envelopes.business,
        query=given if reads else {},
        headers=auth if reads else auth | JSON,
        content=None if reads else _json_text(given).encode(),
        given={**given, **more} if more else given,
        account=account,
        repeatable=reads,
        private=private,
    )


def platform(
    method: str,
    host: str,
    path: str,
    query: Mapping[str, Any],
    body: Mapping[str, Any] | None = None,
    *,
    token: str,
    account: str,
    repeatable: bool,
) -> Call:
    """A data call of the developer platform."""
    endpoint = _endpoint(path)
    auth = {"Authorization": f"Bearer {token}"}
    return Call(
        method=method,
        host=host,
        path=f"/{endpoint}",
        endpoint=endpoint,
        read=envelopes.platform,
        query=query,
        headers=auth if body is None else auth | JSON,
        content=None if body is None else _json_text(body).encode(),
        given={**query, **(body or {})},
        account=account,
        repeatable=repeatable,
    )


def form(host: str, path: str, fields: Mapping[str, str]) -> Call:
    """An OAuth call of the developer platform. Private, and never repeated: codes and refreshes work once."""
    endpoint = _endpoint(path)
    return Call(
        method="POST",
        host=host,
        path=f"/{endpoint}",
        endpoint=endpoint,
        read=envelopes.oauth,
        headers=FORM,
        content=urlencode(fields).encode(),
        repeatable=False,
        private=True,
    )


def encode(params: Mapping[str, Any]) -> str:
    """A query string as TikTok reads it: lists and objects as JSON text, booleans as JSON, dates as YYYY-MM-DD.

    Parameters that are None are left out.
    """
    return urlencode({key: _encoded(value) for key, value in params.items() if value is not None})


def _encoded(value: Any) -> str:
    match value:
        case bool() | list() | tuple() | dict():
            return _json_text(value)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _endpoint(path: str) -> str:
    return path.strip("/") + "/"  # without the last slash TikTok answers a plain "404 page not found"
