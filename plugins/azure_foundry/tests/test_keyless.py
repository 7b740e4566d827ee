"""Where keys are disabled: tokens of the right audience, and routes that renew them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bonito_azure_foundry import plugin
from bonito_azure_foundry.wire import scope_of
from bonito_emulators import Emulation
from bonito_emulators.azure import AzureCloud
from bonito_emulators.azure.scenario import scenario
from bonito_providers import (
    DeploymentRequest,
    NetworkSettings,
    Provider,
    verify,
    wait,
)
from bonito_providers.report import Verdict

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
[FIRST] = [each for each in scenario.connections if each.management]
FIELDS = {"endpoint": FIRST.fields["endpoint"], **FIRST.management}


@pytest.fixture
def disabled() -> AzureCloud:
    cloud = scenario.start_cloud()
    assert isinstance(cloud, AzureCloud)
    cloud.account("contoso").local_auth_disabled = True
    return cloud


def network_of(emulation: Emulation) -> NetworkSettings:
    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    return NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )


async def test_everything_works_by_token_and_no_key_is_sent(disabled: AzureCloud) -> None:
    provider = Provider(plugin)
    with Emulation(disabled) as emulation:
        async with provider.connect(FIELDS, network=network_of(emulation)) as connection:
            report = await provider.check_credentials(connection)
            assert report.usable
            assert all(item.verdict is Verdict.PASSED for item in report.items)
            listing = await provider.list_deployments(connection)
            for each in listing.items:
                assert (await verify(connection, each)).verified, each.ref.name
            plan = await provider.plan_deployment(connection, DeploymentRequest(model="gpt-4o"))
            assert (await wait(connection, plan)).verified
        assert emulation.log.violations == []
        keys = {"api-key", "x-api-key"}
        assert not any(keys & dict(each.headers).keys() for each in emulation.log.requests)


async def test_a_key_on_such_a_resource_is_told_the_way_out(disabled: AzureCloud) -> None:
    provider = Provider(plugin)
    with Emulation(disabled) as emulation:
        async with provider.connect(FIRST.fields, network=network_of(emulation)) as connection:
            report = await provider.check_credentials(connection)
    [failed] = report.failures
    assert failed.error == "KeyAuthenticationDisabled"
    assert "Leave the key out" in failed.reason


async def test_routes_get_what_litellm_renews_tokens_with(disabled: AzureCloud) -> None:
    provider = Provider(plugin)
    with Emulation(disabled) as emulation:
        async with provider.connect(FIELDS, network=network_of(emulation)) as connection:
            listing = await provider.list_deployments(connection)
            entries = {
                each.ref.name: provider.build_gateway_entry(connection.credentials, each)
                for each in listing.items
            }
    scopes = {name: entry.litellm_params.get("azure_scope") for name, entry in entries.items()}
    assert scopes == {
        "DeepSeek-V3.1": "https://ml.azure.com/.default",
        "gpt-4o-mini": "https://ml.azure.com/.default",
        "reasoner": "https://ai.azure.com/.default",
        "text-embedding-3-small": "https://ai.azure.com/.default",
        "claude-sonnet-4-5": "https://ai.azure.com/.default",
        "assistant": None,
    }
    assert not entries["assistant"].supported
    for entry in entries.values():
        assert "api_key" not in entry.litellm_params
        secret = entry.litellm_params.get("client_secret")
        assert secret is None or isinstance(secret, SecretStr)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/models/chat/completions", "https://ml.azure.com/.default"),
        ("/openai/v1/chat/completions", "https://ai.azure.com/.default"),
        ("/anthropic/v1/messages", "https://ai.azure.com/.default"),
        ("/api/projects/team/deployments", "https://ai.azure.com/.default"),
        ("/openai/deployments", "https://cognitiveservices.azure.com/.default"),
        ("/openai/models", "https://cognitiveservices.azure.com/.default"),
    ],
)
def test_each_surface_has_its_audience(path: str, scope: str) -> None:
    assert scope_of(path) == scope


def test_litellm_calls_every_route_by_token_and_tells_the_service_no_secret() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "plugins.azure_foundry.tests.keyless_calls"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcome = json.loads(done.stdout)
    assert outcome["violations"] == []
    paths = {name: call["paths"] for name, call in outcome["calls"].items()}
    assert paths == {
        "DeepSeek-V3.1": ["/models/chat/completions"],
        "gpt-4o-mini": ["/models/chat/completions"],
        "reasoner": ["/openai/v1/chat/completions"],
        "text-embedding-3-small": ["/openai/v1/embeddings"],
        "claude-sonnet-4-5": ["/anthropic/v1/messages"],
    }
    for call in outcome["calls"].values():
        assert call["answer"]
        [headers] = call["headers"]
        assert headers["authorization"].startswith("Bearer ")
        assert "api-key" not in headers
        assert "x-api-key" not in headers
        assert FIRST.management["client_secret"] not in "".join(call["bodies"])
        assert headers["authorization"].removeprefix("Bearer ") not in "".join(call["bodies"])
