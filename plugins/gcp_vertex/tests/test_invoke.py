"""Calls straight at the provider, in every publisher's form."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation, Fault, Respond
from bonito_emulators.gcp import GoogleCloud
from bonito_gcp_vertex import surfaces
from bonito_providers import Connection, Deployment, DeploymentRequest, InvocationRequest, Provider
from bonito_providers.errors import ContentFiltered
from plugins.gcp_vertex.tests.resources import FLASH, paid_calls

pytestmark = pytest.mark.anyio
FORMS = {
    FLASH: surfaces.GENERATE_CONTENT,
    "google/text-embedding-005": surfaces.PREDICT,
    "google/gemini-embedding-2": surfaces.EMBED_CONTENT,
    "google/gemma-4-26b-a4b-it-maas": surfaces.OPENAPI,
    "anthropic/claude-opus-5": surfaces.ANTHROPIC,
    "anthropic/claude-sonnet-4-5@20250929": surfaces.ANTHROPIC,
    "mistralai/mistral-medium-3": surfaces.MISTRAL,
    "meta/llama-3.3-70b-instruct-maas": surfaces.OPENAPI,
    "qwen/qwen3-next-80b-a3b-instruct-maas": surfaces.OPENAPI,
    "openai/gpt-oss-120b-maas": surfaces.OPENAPI,
    "xai/grok-4.7": surfaces.OPENAPI,
    "team-gemma": surfaces.ENDPOINT,
}


@pytest.fixture
def cloud(cloud: GoogleCloud) -> GoogleCloud:
    cloud.project.enabled_partners |= {"anthropic", "mistralai"}
    cloud.project.shares_data_with.add("anthropic")
    return cloud


async def adopted(provider: Provider, connection: Connection, name: str) -> Deployment:
    request = DeploymentRequest(name=name, adopt=True)
    return await provider.deploy(connection, await provider.plan_deployment(connection, request))


@pytest.mark.parametrize("name", FORMS)
async def test_every_form_is_answered_by_one_call(
    name: str, provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    deployment = await adopted(provider, connection, name)
    emulation.log.clear()
    embeds = FORMS[name] in surfaces.EMBEDDING
    request = InvocationRequest(kind="embedding" if embeds else "chat", prompt="Say hello.")
    answer = await provider.invoke_model(connection, deployment, request)
    assert answer.surface == FORMS[name]
    assert len(paid_calls(emulation.log)) == 1
    if embeds:
        assert answer.dimensions in (768, 3072)
    else:
        assert "Say hello." in (answer.text or "")
        assert answer.output_tokens


async def test_a_prompt_that_is_blocked_is_told_as_filtered(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    deployment = await adopted(provider, connection, FLASH)
    blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    cloud.faults.add(Fault(action=Respond(200, body=blocked), host="aiplatform.googleapis.com"))
    with pytest.raises(ContentFiltered) as caught:
        await provider.invoke_model(connection, deployment, InvocationRequest())
    assert caught.value.code == "PROHIBITED_CONTENT"
