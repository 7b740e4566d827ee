"""Fixtures: two emulated resources under their real names, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bonito_azure_foundry import plugin
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_arm.tests.resources import FIELDS
from plugins.azure_foundry.tests.resources import KEYS, SERVICES, Connect, foundry, openai_only


@pytest.fixture
def account() -> Account:
    """The resource `contoso`, with a deployment of each sort."""
    return foundry()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return AzureCloud([account, openai_only()])


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


@pytest.fixture
async def managed(provider: Provider, network: NetworkSettings) -> AsyncIterator[Connection]:
    """A connection to `contoso` by a key and by the application that manages it."""
    async with provider.connect(FIELDS, network=network) as opened:
        yield opened
