"""Fixtures: one LiteLLM Proxy for all tests, and the way that an operator opens to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from bonito_contract_tests.litellm_process import LiteLLMProcess
from bonito_openai_compatible import plugin
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.openai_compatible.tests.nightly.litellm_proxy import MASTER_KEY, serving
from plugins.openai_compatible.tests.resources import Connect


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the proxy runs."""
    with serving(tmp_path_factory.mktemp("proxy")) as running:
        yield running


@pytest.fixture
def connect(address: str) -> Connect:
    """Opens a connection with the proxy's master key, or as the fields say."""
    allowed = NetworkSettings(extra_hosts=(address,), trusted_networks=("127.0.0.0/8",))

    def opened(**fields: str) -> Connection:
        given = {"base_url": address, "api_key": MASTER_KEY, **fields}
        return Provider(plugin).connect(given, network=allowed)

    return opened


@pytest.fixture(scope="session")
def gateway() -> Iterator[LiteLLMProcess]:
    """A LiteLLM that calls the proxy as a host's gateway would."""
    with closing(LiteLLMProcess({})) as process:
        yield process
