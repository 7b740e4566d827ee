"""The short call that proves a deployment: only an answer counts as one."""

from __future__ import annotations

from typing import Any

import pytest

from bonito_emulators import Emulation, Fault
from bonito_emulators.aws import AWSCloud
from bonito_emulators.faults import Respond
from bonito_providers import Connection, Deployment, InvocationRequest
from bonito_providers.errors import InvalidRequest, MalformedAnswer
from plugins.aws_bedrock.tests.resources import REGION, only

pytestmark = pytest.mark.anyio
CHAT = InvocationRequest(prompt="ping", max_tokens=3)
EMBED = InvocationRequest(kind="embedding", prompt="ping")


async def standing(connection: Connection, cloud: AWSCloud, model: str) -> Deployment:
    cloud.put_outside("mine", model, region=REGION)
    listing = await connection.provider.list_deployments(connection)
    found: Deployment = only(listing.items)
    return found


def message(*content: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": list(content)}
    return {"output": {"message": said}, "stopReason": "end_turn", "usage": {"inputTokens": 5}}


async def test_a_chat_says_what_came_back_and_asks_for_few_tokens(
    connection: Connection, cloud: AWSCloud, emulation: Emulation
) -> None:
    deployment = await standing(connection, cloud, "amazon.nova-micro-v1:0")
    found = await connection.provider.invoke_model(connection, deployment, CHAT)
    assert found.text == "This is amazon.nova-micro-v1:0. You said: ping"
    assert (found.input_tokens, found.output_tokens, found.surface) == (5, 2, "converse")
    assert emulation.log.requests[-1].json()["inferenceConfig"] == {"maxTokens": 3}


@pytest.mark.parametrize("model", ["amazon.titan-embed-text-v2:0", "cohere.embed-v4:0"])
async def test_an_embedding_is_asked_for_in_its_publishers_form(
    connection: Connection, cloud: AWSCloud, model: str
) -> None:
    deployment = await standing(connection, cloud, model)
    found = await connection.provider.invoke_model(connection, deployment, EMBED)
    assert (found.dimensions, found.surface) == (8, "invoke")


@pytest.mark.parametrize(
    "answer",
    [
        message(),
        message({}),
        message({"unheard": "of"}),
        {"output": {}},
        {"output": {"message": {"role": "assistant"}}},
        {"output": {"message": "text"}},
        {},
        {"output": None},
    ],
)
async def test_an_answer_without_content_is_no_answer(
    connection: Connection, cloud: AWSCloud, answer: dict[str, Any]
) -> None:
    deployment = await standing(connection, cloud, "amazon.nova-micro-v1:0")
    cloud.faults.add(Fault(action=Respond(200, {}, answer), path_prefix="/model/"))
    with pytest.raises(MalformedAnswer):
        await connection.provider.invoke_model(connection, deployment, CHAT)


async def test_a_model_that_spends_its_tokens_on_reasoning_has_answered(
    connection: Connection, cloud: AWSCloud
) -> None:
    deployment = await standing(connection, cloud, "amazon.nova-micro-v1:0")
    thought = {"reasoningContent": {"reasoningText": {"text": "hm"}}}
    cloud.faults.add(Fault(action=Respond(200, {}, message(thought)), path_prefix="/model/"))
    assert (await connection.provider.invoke_model(connection, deployment, CHAT)).text == ""


@pytest.mark.parametrize(
    "body", [{}, {"embedding": []}, {"embeddings": {"int8": [[1]]}}, {"embedding": "x"}]
)
async def test_an_answer_without_a_vector_is_no_embedding(
    connection: Connection, cloud: AWSCloud, body: dict[str, Any]
) -> None:
    deployment = await standing(connection, cloud, "amazon.titan-embed-text-v2:0")
    cloud.faults.add(Fault(action=Respond(200, {}, body), path_prefix="/model/"))
    with pytest.raises(MalformedAnswer):
        await connection.provider.invoke_model(connection, deployment, EMBED)


async def test_a_form_of_embedding_that_is_not_known_is_refused_before_anything_is_sent(
    connection: Connection, cloud: AWSCloud, emulation: Emulation
) -> None:
    deployment = await standing(connection, cloud, "amazon.nova-micro-v1:0")
    with pytest.raises(InvalidRequest, match="is not known here"):
        await connection.provider.invoke_model(connection, deployment, EMBED)
    assert not emulation.log.select(path_prefix="/model/")
