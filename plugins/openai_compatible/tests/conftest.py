"""Fixtures: the emulated services under their real names, and connections to them."""

from __future__ import annotations

import dataclasses

import pytest

from bonito_openai_compatible import plugin
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.openai_compatible.tests.resources import OPENAI, Connect, accounts


@pytest.fixture
def cloud() -> CompatibleCloud:
    return CompatibleCloud(accounts())


@pytest.fixture
def provider() -> Provider:
    return Provider(plugin)


@pytest.fixture
def connect(provider: Provider, network: NetworkSettings) -> Connect:
    """Opens a connection with these fields, by default to OpenAI."""
    allowed = dataclasses.replace(network, extra_hosts=("models.example.com",))

    def opened(**fields: str) -> Connection:
        return provider.connect(fields or OPENAI, network=allowed)

    return opened
