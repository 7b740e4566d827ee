"""Fixtures: two emulated resources under their real names, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bonito_azure_foundry import plugin
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_foundry.tests.resources import KEYS, SERVICES, Connect, foundry, openai_only
from tests.virtual_time import VirtualClock


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def account() -> Account:
    """The resource `contoso`, with a deployment of each sort."""
    return foundry()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return AzureCloud([account, openai_only()])


@pytest.fixture
def emulation(cloud: AzureCloud) -> Iterator[Emulation]:
    """What the service would not know is a violation, whatever a test is about."""
    with Emulation(cloud) as running:
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
def connect(provider: Provider, network: NetworkSettings) -> Connect:
    """Opens a connection to `contoso`, in one of the forms people paste."""

    def opened(endpoint: str = SERVICES, key: str = KEYS[0]) -> Connection:
        return provider.connect({"endpoint": endpoint, "api_key": key}, network=network)

    return opened


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    """A connection to `contoso` by its bare address."""
    async with connect() as opened:
        yield opened
