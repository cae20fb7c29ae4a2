"""Requests to addresses that users typed: never to a private one, never longer than said, never more than said.

The name is resolved here, every address it has is judged, and the connection goes to a judged address itself, so there
is no second look-up that could answer differently. TLS still asks for, and checks, the name. Redirects are answers
like any other and are not followed; what comes back is read raw up to a limit and never unpacked. Proxies of the
environment are not used: they would connect on our behalf, unjudged.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2
import httpx2

from greenroom.core import addresses
from greenroom.core.addresses import NOBODY, Address, Allowed, Refused

Resolve = Callable[[str, int], list[str]]

TIMEOUT = 10.0  # seconds for everything: connection, TLS, request, answer
READ_AT_MOST = 16 * 1024  # bytes of an answer
TRIED_ADDRESSES = 4


class Unreachable(Exception):
    """Nobody answered: no such name, no connection, no valid certificate, or too slow. The words say which."""


def look_up(host: str, port: int) -> list[str]:
    """Every address of the name, as the system resolves it. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Guard(httpcore2.NetworkBackend):
    """Connects to addresses that were judged, and to nothing else, until `deadline` (of time.monotonic)."""

    def __init__(self, *, resolve: Resolve = look_up, allowed: Allowed = NOBODY, deadline: float) -> None:
        self._resolve, self._allowed, self._deadline = resolve, allowed, deadline
        self._tcp = httpcore2.SyncBackend()

    def judged(self, host: str, port: int) -> list[Address]:
        """The addresses of the name. Raises Refused when any of them is private, Unreachable when it has none."""
        try:
            found = [host] if addresses.literal(host) else self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"The name {host} has no address ({error}).") from None
        if not found:
            raise Unreachable(f"The name {host} has no address.")
        return [addresses.judge(addresses.unmapped(ipaddress.ip_address(one)), host, self._allowed) for one in found]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError("nothing to connect to")
        for address in self.judged(host, port)[:TRIED_ADDRESSES]:
            left = _left(self._deadline, httpcore2.ConnectTimeout)
            try:
                made = self._tcp.connect_tcp(str(address), port, left, local_address, socket_options)
                return _Timed(made, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        raise Refused("Only the internet is called.")


def _left(deadline: float, late: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("time is up")
    return left


class _Timed(httpcore2.NetworkStream):
    """A connection that ends at the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _left(self._deadline, httpcore2.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names; `body` is as sent, not unpacked; `cut` when there was more."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool


@cache
def _trust() -> ssl.SSLContext:
    return httpcore2.default_ssl_context()


class Client:
    """Sends requests to addresses that users typed. Each request has its own connection.

    `allowed` are the operator's exceptions, `resolve` looks a name up, `trust` says which certificates are believed.
    """

    def __init__(
        self,
        *,
        allowed: Allowed = NOBODY,
        resolve: Resolve = look_up,
        trust: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
        read_at_most: int = READ_AT_MOST,
    ) -> None:
        self.allowed = allowed
        self._resolve, self._trust, self._timeout, self._most = resolve, trust, timeout, read_at_most

    def check(self, text: str) -> httpx2.URL:
        """`check_url`, and nothing private behind the name; a name that has no address yet passes. Raises Refused."""
        url = addresses.check_url(text, allowed=self.allowed)
        with suppress(Unreachable):
            self._guard().judged(url.raw_host.decode("ascii"), _port(url))
        return url

    def post(self, text: str, *, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `content`; the answer whatever its status. Raises Refused or Unreachable."""
        url = addresses.check_url(text, allowed=self.allowed)
        host = url.raw_host.decode("ascii")
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = {
            "Host": url.netloc.decode("ascii"),
            "Accept-Encoding": "identity",
            "Connection": "close",
            "Content-Length": str(len(content)),
            **headers,
        }
        with httpcore2.ConnectionPool(ssl_context=self._trust or _trust(), network_backend=self._guard()) as pool:
            try:
                with pool.stream("POST", target, headers=list(sent.items()), content=content) as response:
                    return _read(response, self._most)
            except httpcore2.TimeoutException:
                raise Unreachable(f"{host} did not answer within {self._timeout:g} seconds.") from None
            except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
                words = str(error).rstrip(".") or type(error).__name__
                raise Unreachable(f"{host} could not be spoken to: {words}.") from None

    def _guard(self) -> Guard:
        return Guard(resolve=self._resolve, allowed=self.allowed, deadline=time.monotonic() + self._timeout)


def _port(url: httpx2.URL) -> int:
    return url.port or (80 if url.scheme == "http" else 443)


def _read(response: httpcore2.Response, most: int) -> Answer:
    kept = bytearray()
    for chunk in response.iter_stream():
        kept += chunk
        if len(kept) > most:
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Answer(response.status, headers, bytes(kept[:most]), cut=len(kept) > most)
