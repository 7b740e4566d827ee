"""Which names exist while a cloud is emulated, and where they lead."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bonito_emulators.clouds import Cloud
    from bonito_emulators.log import RequestLog

_HTTPS = 443
_LOOPBACK = "127.0.0.1"


class Names:
    """The emulation's own DNS: known names lead to the TLS server, no other name exists."""

    def __init__(self, clouds: Sequence[Cloud], *, log: RequestLog) -> None:
        self.port = 0
        self._clouds = clouds
        self._log = log

    def resolve(self, host: str, port: int) -> tuple[str, int]:
        """Gives the loopback address behind an emulated name.

        Raises:
            socket.gaierror: the name is not emulated, or the port is not 443; recorded.
        """
        name = host.rstrip(".").lower()
        known = any(cloud.knows(name) for cloud in self._clouds)
        if known and port == _HTTPS:
            return _LOOPBACK, self.port
        self._log.refused(f"{name}:{port}" if known else name)
        reason = f"port {port} of {name!r}" if known else f"name {name!r}"
        raise socket.gaierror(socket.EAI_NONAME, f"{reason} is not emulated")


@contextmanager
def patched_resolver(names: Names) -> Iterator[None]:
    """Lets `socket.getaddrinfo` know the emulated names and loopback only, then restores it."""
    original = socket.getaddrinfo

    def getaddrinfo(  # noqa: PLR0917 - the signature is the standard library's
        host: bytes | str | None,
        port: bytes | str | int | None,
        family: int = 0,
        type: int = 0,  # noqa: A002 - callers use the standard library's name
        proto: int = 0,
        flags: int = 0,
    ) -> list[tuple[Any, ...]]:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or _is_loopback(name):
            return [*original(host, port, family, type, proto, flags)]
        address = names.resolve(name, _number(port))
        if family == socket.AF_INET6:
            raise socket.gaierror(socket.EAI_NONAME, f"{name!r} has no IPv6 address")
        return [*original(*address, socket.AF_INET, type, proto)]

    socket.getaddrinfo = getaddrinfo
    try:
        yield
    finally:
        socket.getaddrinfo = original


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def _number(port: bytes | str | int | None) -> int:
    """Reads a port as `getaddrinfo` takes it; a look-up without port is one for HTTPS."""
    text = port.decode() if isinstance(port, bytes) else str(port or _HTTPS)
    return int(text) if text.isdecimal() else socket.getservbyname(text)
