"""Which addresses LiteLLM would call: asked of the real LiteLLM, and nothing is sent."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bonito_emulators import Emulation
from bonito_emulators.aws import scenario as aws
from bonito_emulators.azure import Deployment
from bonito_emulators.gcp import scenario as gcp
from bonito_host.doctor import routes
from bonito_host.doctor.findings import Part
from bonito_providers import Connection, NetworkSettings, ProviderRegistry
from host.tests.doctor import preparing
from host.tests.doctor.bench import CONNECTION, LOOPBACK, Bench
from host.tests.managed import FIELDS

pytestmark = pytest.mark.nightly  # each loads LiteLLM in a process of its own

BASE = "https://contoso.services.ai.azure.com"
MODELS = ("gpt-4o-mini", "DeepSeek-V3.1", "claude-sonnet-4-5", "text-embedding-3-small")


def connected(emulation: Emulation, cloud: str, fields: dict[str, Any]) -> Connection:
    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        resolver=resolve, tls=emulation.client_context(), trusted_networks=(LOOPBACK,)
    )
    selection = ProviderRegistry.discover().select(cloud, fields)
    return selection.provider.connect(selection.fields, network=network)


def listed(emulation: Emulation, cloud: str, fields: dict[str, Any]) -> tuple[Any, ...]:
    async def listing() -> tuple[Any, ...]:
        async with connected(emulation, cloud, fields) as connection:
            return (await connection.provider.list_deployments(connection)).items

    return asyncio.run(listing())


def routes_of(emulation: Emulation, cloud: str, fields: dict[str, Any]) -> Part:
    """The doctor's part about the gateway; only the listing reaches the emulation."""

    async def examine() -> Part:
        async with connected(emulation, cloud, fields) as connection:
            return await routes.examine(connection, deployments)

    deployments = listed(emulation, cloud, fields)
    emulation.log.clear()
    part = asyncio.run(examine())
    assert emulation.log.requests == [], "a rehearsal sends nothing"
    assert emulation.log.refused_names == []
    return part


def test_offline_each_deployment_last_seen_is_told_with_its_address(bench: Bench) -> None:
    account = bench.account_of(bench.serve())
    account.deployments += [Deployment(name=model, model=model) for model in MODELS]
    store = bench.store()
    fields = {name: FIELDS[name] for name in ("azure_mode", "endpoint", "api_key")}
    store.listings.replace(CONNECTION, listed(bench.emulation, "azure", fields))
    bench.emulation.log.clear()
    bench.choose_stored()
    facts = bench.examine(offline=True).diagnosis.document()["facts"]
    assert bench.emulation.log.requests == []
    chat = f"POST {BASE}/models/chat/completions?api-version=2024-05-01-preview"
    assert facts["gateway"] == {
        "gpt-4o-mini": [chat],
        "DeepSeek-V3.1": [chat],
        "claude-sonnet-4-5": [f"POST {BASE}/anthropic/v1/messages"],
        "text-embedding-3-small": [f"POST {BASE}/openai/v1/embeddings"],
    }


def test_who_signs_in_first_is_told_with_both_addresses(bench: Bench) -> None:
    account = bench.account_of(bench.serve())
    account.deployments += [Deployment(name="team", model="gpt-4o-mini")]
    fields = {name: value for name, value in FIELDS.items() if name != "api_key"}
    part = routes_of(bench.emulation, "azure", fields)
    assert part.findings == ()
    tenant = f"https://login.microsoftonline.com/{FIELDS['tenant_id']}/v2.0"
    assert part.facts == {
        "team": [
            f"GET {tenant}/.well-known/openid-configuration",
            f"POST {BASE}/models/chat/completions?api-version=2024-05-01-preview",
        ]
    }


SIGNED = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/arn%3A"
BY_TOKEN = "https://aiplatform.googleapis.com/v1/projects/acme-prod/locations/global/"


@pytest.mark.parametrize(
    ("scenario", "base"), [(aws, SIGNED), (gcp, BY_TOKEN)], ids=["signed", "by-token"]
)
def test_other_ways_to_authenticate_are_told_as_well(
    bench: Bench, scenario: Any, base: str
) -> None:
    with Emulation(scenario.build_cloud()) as emulation:
        demo = scenario.scenario.connections[0]
        part = routes_of(emulation, demo.cloud, dict(demo.fields))
    assert {each.kind for each in part.findings} <= {"deployment-not-routed"}
    calls = [calls for calls in part.facts.values() if isinstance(calls, list)]
    assert len(calls) == len(part.facts) > 1
    assert all(each[-1].startswith(f"POST {base}") for each in calls), part.facts


def test_routes_that_cannot_be_right_are_named_beside_those_that_are(bench: Bench) -> None:
    preparing.badly_routed(bench)
    diagnosis = bench.examine().diagnosis
    said = {each.kind: each for each in diagnosis.findings}
    assert list(said) == ["route-leads-elsewhere", "route-fails", "deployment-not-routed"]
    assert "For stray, LiteLLM would call other.example" in said["route-leads-elsewhere"].what
    assert "LiteLLM does not call unknown" in said["route-fails"].what
    assert "unroutable is not routed: no chat" in said["deployment-not-routed"].what
    facts = next(part.facts for part in diagnosis.parts if part.title == "gateway")
    assert facts["right"] == ["POST https://one.acme.example/v1/chat/completions"]
    assert "canary-route" not in json.dumps(diagnosis.document())
