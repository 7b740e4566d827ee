"""Fixtures: an emulated resource with its management, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bonito_azure_arm.management import Management
from bonito_azure_foundry import plugin
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_arm.tests.resources import FIELDS, Connect, access, contoso, managed_cloud
from tests.virtual_time import VirtualClock


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def account() -> Account:
    return contoso()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


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
def connect(network: NetworkSettings) -> Connect:
    """Opens connections by the provider whose hosts are the widest."""

    def opened(**changes: str | None) -> Connection:
        fields = {key: value for key, value in {**FIELDS, **changes}.items() if value is not None}
        return Provider(plugin).connect(fields, network=network)

    return opened


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    async with connect() as opened:
        yield opened


@pytest.fixture
def management(connection: Connection) -> Management:
    return Management(connection, access())
