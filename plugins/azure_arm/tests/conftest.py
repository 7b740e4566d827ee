"""Fixtures: an emulated resource with its management, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bonito_azure_arm.management import Management
from bonito_azure_foundry import plugin
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_arm.tests.resources import FIELDS, Connect, access, contoso, managed_cloud


@pytest.fixture
def account() -> Account:
    return contoso()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


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
