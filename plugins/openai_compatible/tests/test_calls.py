"""Calls of models: the limit each takes, refusals in each service's words, and the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from bonito_contract_tests.litellm_process import Answer, LiteLLMProcess
from bonito_emulators import Emulation, Fault, Respond
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from bonito_providers import Connection, Deployment
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)
from bonito_providers.invocation import Invocation, InvocationRequest
from plugins.openai_compatible.tests.resources import GROQ, OPENROUTER, OWN, Connect

pytestmark = pytest.mark.anyio


async def deployment(connection: Connection, name: str) -> Deployment:
    listing = await connection.provider.list_deployments(connection)
    return next(each for each in listing.items if each.ref.name == name)


async def called(connection: Connection, name: str) -> Invocation:
    async with connection:
        found = await deployment(connection, name)
        request = InvocationRequest(prompt="Hello there", max_tokens=5)
        return await connection.provider.invoke_model(connection, found, request)


def limits(emulation: Emulation) -> list[set[str]]:
    posted = emulation.log.select(method="POST")
    known = {"max_tokens", "max_completion_tokens"}
    return [known & set(each.json()) for each in posted]


@pytest.mark.parametrize(
    ("name", "sent"),
    [("gpt-4o", ["max_tokens"]), ("gpt-5-mini", ["max_completion_tokens"])],
)
async def test_openais_models_are_given_the_limit_they_take(
    connect: Connect, emulation: Emulation, name: str, sent: list[str]
) -> None:
    answer = await called(connect(), name)
    assert answer.output_tokens == 5
    assert limits(emulation) == [set(sent)]


async def test_a_model_that_nothing_is_known_of_is_asked_again_with_the_newer_limit(
    connect: Connect, emulation: Emulation
) -> None:
    answer = await called(connect(**OWN), "thinker")
    assert answer.model == "thinker"
    assert limits(emulation) == [{"max_tokens"}, {"max_completion_tokens"}]


async def test_any_other_refusal_is_not_asked_about_again(
    connect: Connect, emulation: Emulation, cloud: CompatibleCloud
) -> None:
    body = {"error": {"message": "no", "type": "invalid_request_error", "code": None}}
    cloud.faults.add(Fault(action=Respond(400, body=body), method="POST", times=None))
    with pytest.raises(InvalidRequest):
        await called(connect(**OWN), "thinker")
    assert len(limits(emulation)) == 1


def error(**members: object) -> dict[str, Any]:
    return {"error": members}


FLAGGED = error(code=403, message="flagged", metadata={"reasons": ["x"], "flagged_input": "y"})
REFUSALS = {
    "OpenRouter's wrong key": (
        401,
        error(code=401, message="User not found."),
        CredentialsRejected,
    ),
    "OpenRouter's moderation": (403, FLAGGED, ContentFiltered),
    "no credit at OpenRouter": (402, error(code=402, message="no credits"), PermissionMissing),
    "DeepSeek's empty account": (
        402,
        error(message="Insufficient Balance", type="unknown_error", code="invalid_request_error"),
        PermissionMissing,
    ),
    "vLLM's unknown model": (
        404,
        {"object": "error", "message": "no", "type": "NotFoundError", "param": None, "code": 404},
        DeploymentNotFound,
    ),
    "vLLM's wrong key": (401, {"error": "Unauthorized"}, CredentialsRejected),
    "Ollama's unknown model": (
        404,
        error(message="model 'x' not found", type="api_error", param=None, code=None),
        DeploymentNotFound,
    ),
    "a LiteLLM Proxy's wrong key": (
        400,
        error(message="No connected db.", type="no_db_connection", param=None, code="400"),
        CredentialsRejected,
    ),
    "a page that is no API": (404, "<html>Not Found</html>", InvalidRequest),
    "a failure within a success": (200, error(code=502, message="down"), ServiceUnavailable),
    "a limit within a success": (200, error(code=429, message="slow down"), RateLimited),
    "a failure without a number": (200, error(message="?"), ServiceUnavailable),
}


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    REFUSALS.values(),
    ids=[name.replace(" ", "-") for name in REFUSALS],
)
async def test_a_refusal_means_the_same_in_whatever_words(
    connect: Connect,
    cloud: CompatibleCloud,
    status: int,
    body: dict[str, Any] | str,
    raised: type[ProviderError],
) -> None:
    cloud.faults.add(Fault(action=Respond(status, body=body), method="POST", times=None))
    with pytest.raises(raised):
        await called(connect(**OWN), "gpt-4o")


async def test_a_refusals_words_fit_into_a_line(connect: Connect, cloud: CompatibleCloud) -> None:
    body = error(message="one\n\x1b[31mtwo " + "x" * 5000, type="invalid_request_error")
    cloud.faults.add(Fault(action=Respond(400, body=body), method="POST", times=None))
    with pytest.raises(InvalidRequest) as caught:
        await called(connect(**OWN), "gpt-4o")
    assert caught.value.message.isprintable()
    assert "one [31mtwo xxx" in caught.value.message
    assert len(caught.value.message) < 400


@pytest.fixture
def litellm(emulation: Emulation) -> Iterator[LiteLLMProcess]:
    with closing(LiteLLMProcess(emulation.environment())) as process:
        yield process


ROUTED = [
    (OPENROUTER, "openai/gpt-4o"),
    (OPENROUTER, "anthropic/claude-sonnet-4.5"),
    (OPENROUTER, "openrouter/auto"),
    (GROQ, "openai/gpt-oss-120b"),
    (GROQ, "qwen/qwen3.8-27b"),
]


async def test_the_gateway_sends_names_with_slashes_as_they_are(
    connect: Connect, litellm: LiteLLMProcess, emulation: Emulation
) -> None:
    for fields, name in ROUTED:
        async with connect(**fields) as connection:
            found = await deployment(connection, name)
            entry = connection.provider.build_gateway_entry(connection.credentials, found)
        answer = litellm.call(entry.to_litellm(), "chat")
        assert isinstance(answer, Answer), answer
        sent = emulation.log.select(method="POST")[-1]
        assert sent.json()["model"] == name
        assert sent.header("authorization") == f"Bearer {fields['api_key']}"


@pytest.mark.parametrize("name", ["o3-pro", "openai/gpt-5-codex", "responses/llama", "GPT-5.2-Pro"])
async def test_a_name_that_leads_litellm_to_another_api_is_not_routed(
    connect: Connect, name: str
) -> None:
    async with connect(**OWN) as connection:
        found = await deployment(connection, "gpt-4o")
        ref = found.ref.model_copy(update={"name": name})
        other = found.model_copy(update={"ref": ref})
        entry = connection.provider.build_gateway_entry(connection.credentials, other)
    assert not entry.supported
    assert "Responses API" in entry.reason


async def test_a_route_without_a_key_carries_a_word_in_its_place(connect: Connect) -> None:
    async with connect(**OWN) as connection:
        found = await deployment(connection, "gpt-4o")
        entry = connection.provider.build_gateway_entry(connection.credentials, found)
    params = entry.to_litellm()["litellm_params"]
    assert params == {
        "model": "openai/gpt-4o",
        "api_base": "https://models.example.com/v1",
        "api_key": "none",
    }
