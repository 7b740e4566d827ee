"""Fixtures: an account with a deployment of each sort, emulated and reached by httpx."""

from __future__ import annotations

import gc
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deployment
from emulators.tests.management import Arm, tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = ("first-key-of-the-emulated-account", "second-key-of-the-emulated-account")


@pytest.fixture
def key() -> str:
    return KEYS[0]


@pytest.fixture
def account() -> Account:
    deployments = [
        Deployment(name="mini", model="gpt-4o-mini"),
        Deployment(name="partner", model="DeepSeek-V3.1"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="sonnet", model="claude-sonnet-4-5", version="20250929"),
        Deployment(name="vectors", model="text-embedding-3-small"),
    ]
    return Account(name="acme", keys=KEYS, deployments=deployments, projects=("team",))


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    legacy = Account(
        name="legacy",
        kind="OpenAI",
        keys=KEYS,
        deployments=[Deployment(name="mini", model="gpt-4o-mini")],
    )
    return AzureCloud([account, legacy], tenants=[tenant()])


@pytest.fixture
def emulation(cloud: AzureCloud) -> Iterator[Emulation]:
    before = set(threading.enumerate())
    with Emulation(cloud) as running:
        yield running
    gc.collect()  # an unclosed socket or transport warns when it is collected: an error here
    assert {thread.name for thread in set(threading.enumerate()) - before} == set()


@pytest.fixture
def exchange_bytes(emulation: Emulation) -> Callable[[socket.socket, bytes], bytes]:
    """Speaks TLS over a bare socket, whose end is then seen as it is: orderly or a reset."""

    def exchange(raw: socket.socket, data: bytes) -> bytes:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = "acme.services.ai.azure.com"
        tls = emulation.client_context().wrap_bio(incoming, outgoing, server_hostname=name)
        shaken = False
        while not shaken:
            try:
                tls.do_handshake()
                shaken = True
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
        tls.write(data)
        raw.sendall(outgoing.read())
        while received := raw.recv(65536):
            incoming.write(received)
        incoming.write_eof()
        answer = b""
        with suppress(ssl.SSLZeroReturnError):
            while piece := tls.read():
                answer += piece
        return answer

    return exchange


@pytest.fixture
def client(emulation: Emulation) -> Iterator[httpx.Client]:
    """A client of the services host, without any credential."""
    with (
        emulation.in_process(),
        httpx.Client(base_url="https://acme.services.ai.azure.com") as client,
    ):
        yield client


@pytest.fixture
def arm(emulation: Emulation, cloud: AzureCloud) -> Iterator[Arm]:
    """A client of ARM, signed in as the application that may do everything."""
    with emulation.in_process(), httpx.Client(base_url="https://management.azure.com") as client:
        yield Arm(client, cloud)
