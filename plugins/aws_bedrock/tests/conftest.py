"""Fixtures: an emulated account under AWS's real names, and connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bonito_aws_bedrock import plugin
from bonito_emulators.aws import Account, AWSCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.aws_bedrock.tests.resources import BY_KEYS, Connect, make_cloud


@pytest.fixture
def cloud() -> AWSCloud:
    return make_cloud()


@pytest.fixture
def account(cloud: AWSCloud) -> Account:
    return cloud.accounts[0]


@pytest.fixture
def provider() -> Provider:
    return Provider(plugin)


@pytest.fixture
def connect(provider: Provider, network: NetworkSettings) -> Connect:
    """Opens a connection with these fields, by default with an access key."""

    def opened(**fields: str) -> Connection:
        return provider.connect(fields or BY_KEYS, network=network)

    return opened


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    """A connection by access key."""
    async with connect() as opened:
        yield opened
