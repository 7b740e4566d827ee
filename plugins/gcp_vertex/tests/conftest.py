"""Fixtures: an emulated project under its real names, and connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bonito_emulators.gcp import GoogleCloud
from bonito_gcp_vertex import plugin
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.gcp_vertex.tests.resources import Connect, fields, google


@pytest.fixture
def cloud() -> GoogleCloud:
    return google()


@pytest.fixture
def provider() -> Provider:
    return Provider(plugin)


@pytest.fixture
def connect(provider: Provider, network: NetworkSettings) -> Connect:
    """Opens a connection; fields may be changed, and None leaves one out."""

    def opened(**changed: Any) -> Connection:
        given = {name: each for name, each in {**fields(), **changed}.items() if each is not None}
        return provider.connect(given, network=network)

    return opened


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    async with connect() as opened:
        yield opened
