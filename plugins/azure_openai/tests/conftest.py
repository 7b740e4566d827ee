"""Fixtures: two emulated resources under their real names, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bonito_azure_openai import plugin
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, Application, AzureCloud, Tenant
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_openai.tests.resources import BY_KEY, Connect, accounts, tenant
from tests.virtual_time import VirtualClock


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def directory() -> Tenant:
    """The directory of the service principal."""
    return tenant()


@pytest.fixture
def application(directory: Tenant) -> Application:
    """The service principal, who may deploy and call."""
    return directory.applications[0]


@pytest.fixture
def cloud(directory: Tenant) -> AzureCloud:
    return AzureCloud(accounts(), tenants=[directory])


@pytest.fixture
def account(cloud: AzureCloud) -> Account:
    """The resource `contoso`, of kind OpenAI."""
    return cloud.account("contoso")


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
    """Opens a connection with the given fields; without any, by the key of `contoso`."""

    def opened(**fields: str) -> Connection:
        return provider.connect(fields or BY_KEY, network=network)

    return opened


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    """A connection to `contoso` by its key."""
    async with connect() as opened:
        yield opened
