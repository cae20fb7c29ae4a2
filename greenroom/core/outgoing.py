"""Requests to addresses that users typed: never to a private one, never longer than said, never more than said.

The name is resolved here, every address it has is judged, and the connection goes to a judged address itself, so there
is no second look-up that could answer differently. TLS still asks for, and checks, the name. Redirects are answers
like any other and are not followed; what comes back is read raw up to a limit and never unpacked. Proxies of the
environment are not used: they would connect on our behalf, unjudged.
"""

import ipaddress
import re
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

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

TIMEOUT = 10.0  # seconds for everything: name, connection, TLS, request, answer
READ_AT_MOST = 16 * 1024  # bytes of an answer
LONGEST_URL = 500
TRIED_ADDRESSES = 4

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LOCAL = ("localhost", "local", "internal", "home.arpa", "in-addr.arpa", "ip6.arpa")
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")  # everything else is local, mapped, translated (NAT64) or unassigned
# What IANA set aside, written out: `is_global` says different things in different releases of Python. The last of the
# IPv4 ones is Azure's agent, a public number behind a private door; of IPv6, 2001::/23 holds Teredo and 2002::/16 6to4.
_SET_ASIDE = tuple(ipaddress.ip_network(one) for one in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
))  # fmt: skip


class Refused(Exception):
    """We do not call this address; the words say why."""


class Unreachable(Exception):
    """Nobody answered: no such name, no connection, no valid certificate, or too slow. The words say which."""


@dataclass(frozen=True)
class Allowed:
    """Private receivers that the operator allows by name or by network; these may also be spoken to without TLS."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def read(cls, listed: Iterable[str]) -> "Allowed":
        """From a setting such as `["hooks.intranet", "10.1.0.0/16"]`."""
        hosts, networks = set(), []
        for one in listed:
            try:
                networks.append(ipaddress.ip_network(one, strict=False))
            except ValueError:
                hosts.add(one.lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def covers(self, host: str) -> bool:
        """Is this host, as it stands in an address, one of them?"""
        address = literal(host)
        return host in self.hosts or (address is not None and self.holds(address))

    def holds(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


NOBODY = Allowed()


def literal(host: str) -> Address | None:
    """The IP address that `host` spells out in its usual form, or None."""
    try:
        return _unmapped(ipaddress.ip_address(host))
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """May anybody on the internet reach this address, and only there?"""
    if not address.is_global or any(address in one for one in _SET_ASIDE if one.version == address.version):
        return False
    return address.version == 4 or address in _PUBLIC_V6


def check_url(text: str, *, allowed: Allowed = NOBODY) -> httpx2.URL:
    """The address in the one form we use, without looking any name up. Raises Refused with words for its writer."""
    if len(text) > LONGEST_URL:
        raise Refused(f"An address has at most {LONGEST_URL} characters.")
    try:
        url = httpx2.URL(text.strip()).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise Refused(f"This is not an address: {error}.") from None
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise Refused("Write the whole address, such as https://example.com/webhooks.")
    if url.userinfo:
        raise Refused("Leave name and password out of the address; the signature shows who calls.")
    host = url.raw_host.decode("ascii").lower().rstrip(".")
    _check_host(host, allowed)
    _check_port(url, host, allowed)
    if url.scheme == "http" and not allowed.covers(host):
        raise Refused("Use https: without it anybody on the way reads what is sent.")
    return url.copy_with(host=host)


def _check_host(host: str, allowed: Allowed) -> None:
    address = literal(host)
    if allowed.covers(host):
        return
    if address is not None:
        _judge(address, host, allowed)
        return
    if not _NAME.fullmatch(host) or _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        raise Refused(f"{host} is neither a name of the internet nor an address in its usual form.")
    if "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL)):
        raise Refused(f"{host} is a name of a private network. {_HOW}")


def _check_port(url: httpx2.URL, host: str, allowed: Allowed) -> None:
    port = url.port
    if port is None:
        return
    if not 0 < port < 65536:
        raise Refused(f"There is no port {port}.")
    if port < 1024 and port not in {80, 443} and not allowed.covers(host):
        raise Refused(f"Port {port} belongs to another service; use 443 or one from 1024 up.")


_HOW = "Only the operator can allow it, with GREENROOM_ALLOW_PRIVATE_HOOKS."


def _judge(address: Address, host: str, allowed: Allowed) -> Address:
    if host in allowed.hosts or allowed.holds(address) or is_public(address):
        return address
    raise Refused(f"{host} leads to {address}, which is not on the public internet. {_HOW}")


def _unmapped(address: Address) -> Address:
    """::ffff:10.0.0.1 is 10.0.0.1."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


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
            found = [host] if literal(host) else self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"The name {host} has no address ({error}).") from None
        if not found:
            raise Unreachable(f"The name {host} has no address.")
        return [_judge(_unmapped(ipaddress.ip_address(one)), host, self._allowed) for one in found]

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
        url = check_url(text, allowed=self.allowed)
        with suppress(Unreachable):
            self._guard().judged(url.raw_host.decode("ascii"), _port(url))
        return url

    def post(self, text: str, *, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `content`; the answer whatever its status. Raises Refused or Unreachable."""
        url = check_url(text, allowed=self.allowed)
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
