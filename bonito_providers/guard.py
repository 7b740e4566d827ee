"""Where a connection may talk to: names first, then the addresses behind them.

The same rules hold for an address a user typed, a link the server handed back, and whatever a
redirect points to. Standard library only, so that a host can use it before it loads anything.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from bonito_providers.errors import HostRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

Origin = tuple[str, str, int]
"""Scheme, host and port."""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(:(?P<port>[0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535

# `is_global` differs between Python releases and calls some of these global; this list does not.
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, inside a public range
        "169.254.0.0/16",  # link-local: instance metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments: instance metadata of another cloud
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast and reserved
        "::/3",  # all but 2000::/3 is not, or not yet, global unicast: loopback,
        "4000::/2",  # translated IPv4, local NAT64, unassigned,
        "8000::/1",  # unique local, link-local, multicast
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")


class HostPolicy:
    """The hosts and addresses that requests of a connection may reach.

    Args:
        suffixes: The provider's: ``.example.com`` for the hosts below it, ``example.com`` for that
            very host, both by https on port 443.
        extra_hosts: The operator's: such suffixes, or ``http://example.com:8080`` for that very
            host by that scheme and port. Refusals do not name them, since customers read those.
        trusted_networks: Address ranges that are allowed although they are not public: an
            operator's private endpoints. Never set from a customer's input.

    Raises:
        ValueError: A range or an origin cannot be read.
    """

    def __init__(
        self,
        suffixes: Iterable[str],
        *,
        extra_hosts: Iterable[str] = (),
        trusted_networks: Iterable[str] = (),
    ) -> None:
        own = tuple(suffixes)
        named = tuple(suffix.lower() for suffix in (*own, *extra_hosts))
        self._own = ", ".join(own) or "none"
        self.suffixes = tuple(each for each in named if "://" not in each)
        self._below = tuple(each for each in self.suffixes if each.startswith("."))
        self._origins = frozenset(parse_origin(each) for each in named if "://" in each)
        self._trusted = tuple(ipaddress.ip_network(text) for text in trusted_networks)

    def allows_host(self, host: str) -> bool:
        """Tell whether a host name is one of those named, label by label, on whatever port."""
        return self._is_below(host) or any(host.lower() == each for _, each, _ in self._origins)

    def allows_address(self, text: str) -> bool:
        """Tell whether an address is public, however it is written, or trusted."""
        try:
            address = unwrapped(ipaddress.ip_address(text))
        except ValueError:
            return False
        if any(_within(address, network) for network in self._trusted):
            return True
        return address.is_global and not any(_within(address, network) for network in _NEVER)

    def require_url(self, *, scheme: str, host: str, port: int | None, userinfo: bool) -> None:
        """Refuse what is neither plain https to an allowed host nor an origin that is named.

        Raises:
            HostRefused: Says which of the rules was broken.
        """
        asked = (scheme, host.lower(), _PORTS.get(scheme) if port is None else port)
        if asked in self._origins and not userinfo:
            return
        if scheme != "https":
            raise _refused(f"{scheme or 'no scheme'} is not https", host)
        if port not in (None, 443):
            raise _refused(f"port {port} is not 443", host)
        if userinfo:
            raise _refused("an address with a user name or password", host)
        if not self._is_below(host):
            raise self._unknown(host)

    def require_host(self, host: str) -> None:
        """Refuse a host that is not named.

        Raises:
            HostRefused: Says which hosts are allowed.
        """
        if not self.allows_host(host):
            raise self._unknown(host)

    def require_address(self, address: str, *, host: str) -> None:
        """Refuse an address that is neither public nor trusted.

        Raises:
            HostRefused: Says which name led to which address.
        """
        if not self.allows_address(address):
            raise HostRefused(
                f"{host} leads to {address}, which is not a public address.",
                hint="A private endpoint works once the operator adds its range to the trusted "
                "networks: BONITO_TRUSTED_NETWORKS, or `NetworkSettings.trusted_networks`.",
            )

    def _is_below(self, host: str) -> bool:
        name = host.lower()
        return _is_name(name) and (name.endswith(self._below) or name in self.suffixes)

    def _unknown(self, host: str) -> HostRefused:
        return _refused(f"this provider's hosts are {self._own}", host)


def parse_origin(text: str) -> Origin:
    """Read an operator's origin, its scheme's port where it names none.

    Raises:
        ValueError: It is none, or has a path, a user or a capital letter.
    """
    match = _ORIGIN.fullmatch(text)
    port = int(match["port"] or _PORTS[match["scheme"]]) if match else 0
    if match is None or not _is_name(match["host"]) or not 0 < port <= _LAST_PORT:
        message = f"{text!r} is not an origin, such as http://models.example.com:8080"
        raise ValueError(message)
    return match["scheme"], match["host"], port


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address inside a mapped, NAT64 or 6to4 form, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    return address


def _is_name(text: str) -> bool:
    return text.isascii() and all(map(_LABEL.fullmatch, text.split(".")))


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _refused(reason: str, host: str) -> HostRefused:
    return HostRefused(
        f"No request goes to {host[:253] or 'an address without a host'}: {reason}.",
        hint="Check the endpoint. Further hosts are the operator's to allow: BONITO_EXTRA_HOSTS, "
        "or `NetworkSettings.extra_hosts`.",
    )
