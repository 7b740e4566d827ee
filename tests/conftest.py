"""Fixtures: the toy service over real TLS, virtual time, and a connection to it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bonito_emulators import Emulation
from bonito_providers import Connection, NetworkSettings, Provider
from tests.fake_provider import plugin
from tests.toy_service import HOST, KEY, MANAGER_SECRET, ToyService
from tests.virtual_time import VirtualClock

FIELDS = {"endpoint": f"https://{HOST}", "api_key": KEY}
MANAGING = {**FIELDS, "manager_id": "m1", "manager_secret": MANAGER_SECRET}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def toy() -> ToyService:
    return ToyService()


@pytest.fixture
def emulation(toy: ToyService) -> Iterator[Emulation]:
    with Emulation(toy) as running:
        yield running
        assert running.log.violations == []


@pytest.fixture
def network(emulation: Emulation, clock: VirtualClock) -> NetworkSettings:
    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    return NetworkSettings(
        tls=emulation.client_context(),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
        clock=clock,
    )


@pytest.fixture
def provider() -> Provider:
    return Provider(plugin)


@pytest.fixture
async def connection(provider: Provider, network: NetworkSettings) -> AsyncIterator[Connection]:
    """May call and manage."""
    async with provider.connect(MANAGING, id="contoso", network=network) as opened:
        yield opened


@pytest.fixture
async def key_only(provider: Provider, network: NetworkSettings) -> AsyncIterator[Connection]:
    """May call, and not manage."""
    async with provider.connect(FIELDS, id="key-only", network=network) as opened:
        yield opened


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port that refuses: bound, so that nobody else takes it, and not listening."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]
