"""The guard for code that takes no transport: LiteLLM, and SDKs that open their own sockets.

Look-ups of names that are neither a provider's nor the operator's are refused, and so are
connections to addresses that no permitted look-up returned. The refusal is a Python audit hook,
which nothing in the process can take away again. It guards against accident and against data that
leads code astray, such as a link in an answer; a plugin that means harm runs with the host's
rights and could leave by other ways.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bonito_providers.guard import HostPolicy, parse_origin
from bonito_providers.registry import ProviderRegistry

Found = tuple[Any, ...]
"""One row of `socket.getaddrinfo`: family, type, protocol, name and address."""

_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_SENDS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_FILLING_IN = (
    "_API_KEY",
    "_API_BASE",
    "_API_TOKEN",
    "_API_VERSION",
    "_AUTH_TOKEN",
    "_BASE_URL",
    "_CUSTOM_HEADERS",
)
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


class GuardRefusal(OSError):
    """The process guard does not let the process look up a name or open a connection."""


class ProcessGuard:
    """Decides by names, and by the addresses that looking up permitted names returned.

    Args:
        policy: The providers' hosts, and the addresses they may lead to.
        trusted_networks: Ranges that may be reached by address, without a look-up.
        services: The operator's own services, such as the proxy: host and port.
    """

    def __init__(
        self,
        policy: HostPolicy,
        *,
        trusted_networks: Iterable[str] = (),
        services: Iterable[tuple[str, int]] = (),
    ) -> None:
        self._policy = policy
        self._trusted = tuple(ipaddress.ip_network(text) for text in trusted_networks)
        self._services = {host.lower() for host, _ in services}
        self._reachable = {(host, port) for host, port in services if _is_address(host)}

    def install(self) -> None:
        """Begin to guard; it lasts as long as the process."""
        look_up: Callable[..., list[Found]] = socket.getaddrinfo

        def recorded(host: object, *rest: object, **named: object) -> list[Found]:
            # An audit hook sees the question only, and nothing of a look-up that was replaced; the
            # answer is what connections may go to.
            name = _text(host)
            self.require_name(name)
            return self._recorded(name, look_up(host, *rest, **named))

        socket.getaddrinfo = recorded
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _LOOKUPS:
            self.require_name(_text(arguments[0]))
        elif event in _SENDS:
            self.require_address(arguments[1])

    def require_name(self, name: str | None) -> None:
        """Refuse to look a name up that is neither a provider's nor the operator's.

        Raises:
            GuardRefusal: It is neither; a name that is none at all asks nobody and passes.
        """
        if not name or name.lower() in self._services or self._policy.allows_host(name):
            return
        if _is_address(name) and self._is_trusted(name):
            return
        raise GuardRefusal(f"the process guard refuses the name {name!r}")

    def require_address(self, address: object) -> None:
        """Refuse to connect to an address no permitted look-up returned.

        Raises:
            GuardRefusal: As said, or the address is no number: the system would look it up unseen.
        """
        if address is None:
            return  # the socket is connected already
        if isinstance(address, tuple):
            host = str(address[0]).partition("%")[0]
            if (host, address[1]) in self._reachable or self._is_trusted(host):
                return
        raise GuardRefusal(f"the process guard refuses a connection to {address!r}")

    def _recorded(self, name: str | None, found: list[Found]) -> list[Found]:
        service = name is not None and name.lower() in self._services
        kept = [each for each in found if service or self._may_lead_to(name, str(each[4][0]))]
        if found and not kept:
            raise GuardRefusal(f"{name} leads to no public address")
        self._reachable |= {(str(each[4][0]), each[4][1]) for each in kept}
        return kept

    def _may_lead_to(self, name: str | None, address: str) -> bool:
        # Without a name nobody was asked: that is how a server finds what to listen on.
        return name is None or self._is_trusted(address) or self._policy.allows_address(address)

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


def guard_process(
    registry: ProviderRegistry,
    *,
    trusted_networks: tuple[str, ...] = (),
    extra_hosts: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
    proxy: str | None = None,
) -> None:
    """Prepare the process for LiteLLM and SDKs: variables, redirects, names and addresses.

    Call it once, before the first of them is imported; it cannot be undone.

    Args:
        registry: The installed providers: where they may talk to, which variables to remove.
        trusted_networks: The operator's ranges of private endpoints.
        extra_hosts: The operator's hosts and origins beyond the providers' own.
        services: Origins that the process itself may call, such as a collector of traces. No
            connection's `HostPolicy` has them, so that no customer gets there.
        proxy: The operator's proxy: the only way out, for LiteLLM too.
    """
    from bonito_host.request_gate import close_gate

    infos = [provider.info for provider in registry.providers]
    suffixes = {suffix for info in infos for suffix in info.host_suffixes}
    policy = HostPolicy(
        sorted(suffixes),
        extra_hosts=(*extra_hosts, *services),
        trusted_networks=trusted_networks,
    )
    clear_variables(variable for info in infos for variable in info.environment)
    set_proxy(proxy)
    close_gate(policy)
    reached = [*_services(proxy), *(parse_origin(each)[1:] for each in services)]
    guard = ProcessGuard(policy, trusted_networks=trusted_networks, services=reached)
    guard.install()


def clear_variables(named: Iterable[str]) -> None:
    """Remove what would fill in for a connection's own credentials.

    LiteLLM and SDKs read such variables wherever a parameter is missing, so that one customer's
    mistake would be answered with somebody else's key. Headers they add to every request would
    reach each customer's service.

    Args:
        named: What the providers name; whatever looks like a key, an address or headers goes too.
    """
    surplus = set(named)
    for name in list(os.environ):
        if name in surplus or name.upper().endswith(_FILLING_IN):
            del os.environ[name]


def set_proxy(proxy: str | None) -> None:
    """Make the operator's proxy the only one that code reading the environment finds."""
    for name in _PROXIES:
        for spelling in (name, name.lower()):
            os.environ.pop(spelling, None)
    if proxy:
        os.environ.update(_proxy_variables(proxy))


def _proxy_variables(proxy: str) -> Mapping[str, str]:
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    return dict.fromkeys(names, proxy)


def _services(proxy: str | None) -> list[tuple[str, int]]:
    parts = urlsplit(proxy or "")
    return [(parts.hostname, parts.port)] if parts.hostname and parts.port else []


def _text(host: object) -> str | None:
    if isinstance(host, bytes | bytearray):
        return bytes(host).decode("ascii", "backslashreplace")
    return None if host is None else str(host)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
