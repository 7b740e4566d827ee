"""Nothing foreign fills in for a connection, and no two connections ever mix."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bonito_azure_foundry.plugin import INFO
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import (
    Connection,
    DeploymentRequest,
    InvocationRequest,
    NetworkSettings,
    Provider,
    wait,
)
from bonito_providers.errors import CredentialsRejected
from plugins.azure_foundry.tests.resources import (
    KEYS,
    PROJECT,
    WRONG_KEY,
    Connect,
    keys_sent,
)
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio

FOREIGN = "foreign-value-of-the-hosts-own-account"
VARIABLES = (
    *INFO.environment,
    "AZURE_INFERENCE_ENDPOINT",
    "AZURE_INFERENCE_CREDENTIAL",
    "AZURE_AUTHORITY_HOST",
    "OPENAI_EXTRA_HEADERS",
    "ANTHROPIC_CUSTOM_HEADERS",
)
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy")


async def _every_hook(connection: Connection) -> None:
    provider = connection.provider
    await provider.check_credentials(connection)
    await provider.list_models(connection)
    for deployment in (await provider.list_deployments(connection)).items:
        kind = deployment.model.kind or "chat"
        request = InvocationRequest.model_validate({"kind": kind})
        await provider.invoke_model(connection, deployment, request)
        provider.build_gateway_entry(connection.credentials, deployment)
    adopting = DeploymentRequest(adopt=True, name="mini")
    plan = await provider.plan_deployment(connection, adopting)
    await wait(connection, plan)
    await provider.get_deployment(connection, plan.ref)


async def test_foreign_variables_reach_no_request(
    connect: Connect, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, FOREIGN)
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with connect(PROJECT) as connection:
        await _every_hook(connection)
    assert len(emulation.log.requests) > 10
    for request in emulation.log.requests:
        assert FOREIGN not in f"{request.path} {request.query} {request.headers}"
        assert FOREIGN.encode() not in request.body
    assert {key for _, key in keys_sent(emulation.log)} == {KEYS[0]}
    assert {host for host, _ in keys_sent(emulation.log)} == {"contoso.services.ai.azure.com"}


async def test_a_variable_does_not_replace_a_wrong_key(
    connect: Connect, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, KEYS[0])
    async with connect(key=WRONG_KEY) as connection:
        with pytest.raises(CredentialsRejected):
            await connection.provider.list_models(connection)
    assert {key for _, key in keys_sent(emulation.log)} == {WRONG_KEY}


@pytest.mark.parametrize("variable", ["AZURE_AI_API_KEY", "AZURE_AI_API_BASE"])
async def test_no_variable_changes_an_entry(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    [deployment, *_] = (await connection.provider.list_deployments(connection)).items
    before = connection.provider.build_gateway_entry(connection.credentials, deployment)
    monkeypatch.setenv(variable, FOREIGN)
    after = connection.provider.build_gateway_entry(connection.credentials, deployment)
    assert before.to_litellm() == after.to_litellm()


@pytest.fixture
def tenants() -> list[Account]:
    """Makes resources of different customers, each with keys of its own."""
    return [
        Account(
            name=f"tenant-{number}",
            keys=(f"first-key-of-tenant-{number}-only", f"second-key-of-tenant-{number}-only"),
            deployments=[
                Deployment(name="mini", model="gpt-4o-mini"),
                Deployment(name=f"own-{number}", model="DeepSeek-V3.1"),
            ],
            projects=("team",),
        )
        for number in range(6)
    ]


async def test_connections_at_the_same_time_never_mix(
    provider: Provider, tenants: list[Account], clock: VirtualClock
) -> None:
    with Emulation(AzureCloud(tenants)) as emulation:

        async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [emulation.resolve(host, port)]

        network = NetworkSettings(
            tls=emulation.client_context(),
            resolver=resolver,
            trusted_networks=("127.0.0.0/8",),
            clock=clock,
        )

        async def used(account: Account) -> list[str]:
            endpoint = f"https://{account.name}.services.ai.azure.com/api/projects/team"
            fields = {"endpoint": endpoint, "api_key": account.keys[0]}
            async with provider.connect(fields, id=account.name, network=network) as connection:
                await _every_hook(connection)
                found = await provider.list_deployments(connection)
                return [item.ref.name for item in found.items]

        names = await asyncio.gather(*(used(account) for account in tenants))
        assert emulation.log.violations == []
        sent = set(keys_sent(emulation.log))
    assert names == [["mini", f"own-{number}"] for number in range(6)]
    assert sent == {
        (f"{account.name}.services.ai.azure.com", account.keys[0]) for account in tenants
    }


async def test_two_keys_of_one_resource_stay_with_their_connections(
    connect: Connect, emulation: Emulation
) -> None:
    async with connect(key=KEYS[0]) as first, connect(key=WRONG_KEY) as second:
        results = await asyncio.gather(
            *(each.provider.list_models(each) for each in (first, second) * 5),
            return_exceptions=True,
        )
    assert [isinstance(each, CredentialsRejected) for each in results] == [False, True] * 5
    accepted = {
        request.header("api-key") for request in emulation.log.requests if request.status == 200
    }
    assert accepted == {KEYS[0]}
