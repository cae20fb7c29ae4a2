"""Which addresses that users typed may be called: public ones, and those the operator names. Nothing is looked up."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx2

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 500

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
        return unmapped(ipaddress.ip_address(host))
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
        judge(address, host, allowed)
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


def judge(address: Address, host: str, allowed: Allowed) -> Address:
    """The address, when `host` may be reached there. Raises Refused."""
    if host in allowed.hosts or allowed.holds(address) or is_public(address):
        return address
    raise Refused(f"{host} leads to {address}, which is not on the public internet. {_HOW}")


def unmapped(address: Address) -> Address:
    """::ffff:10.0.0.1 is 10.0.0.1."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
