"""Fixtures: two emulated resources under their real names, and connections to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bonito_azure_openai import plugin
from bonito_emulators.azure import Account, Application, AzureCloud, Tenant
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.azure_openai.tests.resources import BY_KEY, Connect, accounts, tenant


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
