"""An emulated account, and the command led to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators import Emulation, RequestLog
from bonito_emulators.azure import Account, AzureCloud, Deployment
from host.tests.forks import Forks, start_forks
from host.tests.running import Bonito

KEY = "canary-7c1f4e0b9a6d4c58a3f2e1d0c9b8a7f6"
ENDPOINT = "https://contoso.services.ai.azure.com"
CREDENTIALS = {"BONITO_CREDENTIAL_ENDPOINT": ENDPOINT, "BONITO_CREDENTIAL_API_KEY": KEY}


@pytest.fixture(scope="module")
def emulation() -> Iterator[tuple[Emulation, AzureCloud]]:
    """One emulation a module, since starting it takes longer than most tests; emptied between."""
    cloud = AzureCloud([_account()])
    with Emulation(cloud) as started:
        yield started, cloud


@pytest.fixture
def cloud(emulation: tuple[Emulation, AzureCloud]) -> AzureCloud:
    cloud = emulation[1]
    cloud.faults.clear()
    return cloud


@pytest.fixture
def account(cloud: AzureCloud) -> Iterator[Account]:
    """The account, whose switches a test may turn."""
    account = cloud.account("contoso")
    before = dict(vars(account))
    yield account
    vars(account).update(before)


@pytest.fixture
def log(emulation: tuple[Emulation, AzureCloud]) -> RequestLog:
    emulation[0].log.clear()
    return emulation[0].log


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Where commands start quickly, in processes of their own."""
    with start_forks() as started:
        yield started


@pytest.fixture
def bonito(
    emulation: tuple[Emulation, AzureCloud], cloud: AzureCloud, account: Account, tmp_path: Path
) -> Bonito:
    """The command, led to the emulation, with the account's credentials."""
    return Bonito(tmp_path, {**emulation[0].environment(), **CREDENTIALS})


def _account() -> Account:
    return Account(
        name="contoso",
        keys=(KEY, KEY[::-1]),
        projects=("team",),
        deployments=[
            Deployment(name="gpt-4o-mini", model="gpt-4o-mini"),
            Deployment(name="DeepSeek-V3.1", model="DeepSeek-V3.1"),
            Deployment(name="claude-sonnet-4-5", model="claude-sonnet-4-5"),
            Deployment(name="text-embedding-3-small", model="text-embedding-3-small"),
            Deployment(name="crowded", model="DeepSeek-V3.1", rate_limited=True),
        ],
    )
