"""The plugin's routes in the real LiteLLM, on a host that is full of rights of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_contract_tests.harness import Operation
from bonito_contract_tests.litellm_process import Answer, LiteLLMProcess
from bonito_emulators import Emulation
from bonito_emulators.aws import AWSCloud
from bonito_providers import Connection
from plugins.aws_bedrock.tests.resources import API_KEY, BY_API_KEY, BY_KEYS, KEYS, REGION, Connect

# Imports LiteLLM in another process.
pytestmark = [pytest.mark.slow, pytest.mark.anyio]

FOREIGN = {
    "AWS_ACCESS_KEY_ID": "AKIAFOREIGNOFTHEHOST",
    "AWS_SECRET_ACCESS_KEY": "Foreign/Secret+Of/The+Host/0123456789/40",
    "AWS_SESSION_TOKEN": "foreign-token",
    "AWS_BEARER_TOKEN_BEDROCK": "ABSKForeignKeyOfTheHost",
    "AWS_BEDROCK_RUNTIME_ENDPOINT": "https://foreign.example",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://foreign.example",
    "AWS_REGION": "us-west-2",
    "AWS_REGION_NAME": "us-west-2",
}
FILE = """[default]
aws_access_key_id = AKIAFOREIGNOFTHEHOST
aws_secret_access_key = Foreign/Secret+Of/The+Host/0123456789/40
"""


@pytest.fixture
def gateway(emulation: Emulation, tmp_path: Path) -> Iterator[LiteLLMProcess]:
    """A LiteLLM whose host has variables and a file with credentials."""
    file = tmp_path / "credentials"
    file.write_text(FILE, encoding="utf-8")
    environment = {**emulation.environment(), **FOREIGN, "AWS_SHARED_CREDENTIALS_FILE": str(file)}
    process = LiteLLMProcess(environment)
    yield process
    process.close()


@pytest.fixture
def cloud(cloud: AWSCloud) -> AWSCloud:
    cloud.put_outside("chat", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
    cloud.put_outside("vectors", "amazon.titan-embed-text-v2:0", region=REGION)
    return cloud


async def call_everything(connection: Connection, gateway: LiteLLMProcess) -> list[Answer]:
    answers = []
    for deployment in (await connection.provider.list_deployments(connection)).items:
        entry = connection.provider.build_gateway_entry(connection.credentials, deployment)
        embeds = deployment.model.kind == "embedding"
        operation: Operation = "embedding" if embeds else "stream"
        came = gateway.call(entry.to_litellm(), operation)
        assert isinstance(came, Answer), came
        answers.append(came)
    return answers


@pytest.mark.parametrize(
    ("fields", "shown"),
    [(BY_KEYS, f"Credential={KEYS['access_key_id']}/"), (BY_API_KEY, f"Bearer {API_KEY}")],
)
async def test_no_request_of_litellm_carries_anything_of_its_hosts(
    connect: Connect,
    emulation: Emulation,
    gateway: LiteLLMProcess,
    fields: dict[str, str],
    shown: str,
) -> None:
    async with connect(**fields) as connection:
        answers = await call_everything(connection, gateway)
    assert [bool(each.text or each.dimensions) for each in answers] == [True, True]
    called = emulation.log.select(f"bedrock-runtime.{REGION}.amazonaws.com")
    assert len(called) == 2
    for request in called:
        assert shown in (request.header("authorization") or "")
        assert "oreign" not in f"{request.headers} {request.body!r}"
    assert emulation.log.refused_names == []
