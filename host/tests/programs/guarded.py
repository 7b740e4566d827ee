"""Installs the process guard and tries the ways out; prints which of them were refused.

A process of its own, since nothing takes an audit hook away again.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from typing import Any

from bonito_host.process_guard import GuardRefusal, ProcessGuard
from bonito_providers.guard import HostPolicy

OPEN_PORT, OTHER_PORT, TRUSTED_PORT = map(int, sys.argv[1:])
TRUSTED = "127.7.0.1"
ANSWERS = {"trusted.provider.invalid": TRUSTED, "private.provider.invalid": "10.0.0.1"}


def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
    """Stand in for the machine's resolver, which a test must not ask; addresses are themselves."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ANSWERS.get(host, host), port))]


def outcome(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except GuardRefusal:
        return "refused"
    except OSError as error:
        return f"tried: {type(error).__name__}"
    return "done"


def connect(host: str, port: int) -> None:
    with socket.socket() as plain:
        plain.settimeout(5)
        plain.connect((host, port))


def send(host: str, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plain:
        plain.sendto(b"x", (host, port))


def local(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as plain:
        plain.connect(path)


async def through_asyncio(host: str, port: int) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()


ATTEMPTS: dict[str, Callable[[], Any]] = {
    "look up a foreign name": lambda: socket.getaddrinfo("example.com", 443),
    "look up a foreign name in bytes": lambda: socket.getaddrinfo(b"example.com", 443),
    "look up a name that only looks right": lambda: socket.getaddrinfo("xprovider.invalid", 443),
    "look up by the older call": lambda: socket.gethostbyname("example.com"),
    "look up backwards": lambda: socket.gethostbyaddr("192.0.2.1"),
    "look up a public address": lambda: socket.getaddrinfo("192.0.2.1", 443),
    "connect to a public address": lambda: connect("192.0.2.1", 443),
    "connect to a metadata address": lambda: connect("169.254.169.254", 80),
    "connect to a name": lambda: connect("localhost", OPEN_PORT),
    "connect to another port": lambda: connect("127.0.0.1", OTHER_PORT),
    "connect through asyncio": lambda: asyncio.run(through_asyncio("192.0.2.1", 443)),
    "send a datagram": lambda: send("192.0.2.1", 53),
    "connect to a local socket": lambda: local("/nonexistent"),
    "connect where no look-up led": lambda: connect(TRUSTED, TRUSTED_PORT),
    "look up a provider's name": lambda: socket.getaddrinfo(
        "trusted.provider.invalid", TRUSTED_PORT
    ),
    "connect where a look-up led": lambda: connect(TRUSTED, TRUSTED_PORT),
    "connect there by another port": lambda: connect(TRUSTED, OTHER_PORT),
    "look up a name that leads inside": lambda: socket.getaddrinfo("private.provider.invalid", 443),
    "connect there": lambda: connect("10.0.0.1", 443),
    "reach the operator's service": lambda: connect("127.0.0.1", OPEN_PORT),
    "reach it through asyncio": lambda: asyncio.run(through_asyncio("127.0.0.1", OPEN_PORT)),
}


def main() -> None:
    socket.getaddrinfo = resolve  # type: ignore[assignment] # fewer kinds of answers
    policy = HostPolicy([".provider.invalid"], trusted_networks=["127.7.0.0/16"])
    ProcessGuard(policy, services=[("127.0.0.1", OPEN_PORT)]).install()
    print(json.dumps({name: outcome(attempt) for name, attempt in ATTEMPTS.items()}))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
