"""A gateway over an emulated account, started once a module: loading LiteLLM takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import AzureCloud
from bonito_host.store.store import Store
from host.tests.conftest import ENDPOINT, KEY
from host.tests.gateway.serving import Gateway, serving

CONNECTION = "prod"


@pytest.fixture(scope="module")
def gateway(
    emulation: tuple[Emulation, AzureCloud], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    path = tmp_path_factory.mktemp("gateway") / "bonito.db"
    save_connection(Store(path))
    with serving(path, emulation[0].environment()) as started:
        assert started.post("/refresh").status_code == 200
        yield started


def save_connection(store: Store, id: str = CONNECTION) -> None:
    store.connections.save(
        id,
        provider="azure_foundry",
        cloud="azure",
        title="Azure AI Foundry",
        credentials={"azure_mode": "foundry", "endpoint": ENDPOINT, "api_key": KEY},
        report={"usable": True},
    )
