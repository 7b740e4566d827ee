"""One short call, on the surface that serves the deployment, and never a second one by accident."""

from __future__ import annotations

from typing import Any

import pytest

from bonito_azure_foundry.facts import describe
from bonito_emulators import Emulation, Fault, Reset, Truncate
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import Connection, Invocation, InvocationRequest, State, Surface
from bonito_providers import Deployment as Found
from bonito_providers.deployment import DeployedModel, DeploymentRef
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)
from plugins.azure_arm.tests.faults import answer
from plugins.azure_foundry.tests.resources import (
    COGNITIVE,
    KEYS,
    OPENAI,
    WRONG_KEY,
    Connect,
    model_calls,
)
from tests.virtual_time import START

pytestmark = pytest.mark.anyio

MODELS = {
    "mini": "gpt-4o-mini",
    "partner": "DeepSeek-V3.1",
    "reasoner": "gpt-5-mini",
    "assistant": "claude-haiku-4-5",
    "vectors": "text-embedding-3-small",
}
CHAT = InvocationRequest(prompt="Say hello.")
EMBEDDING = InvocationRequest(kind="embedding", prompt="a sentence")
REQUEST_ID = "00000000-0000-4000-8000-"


def _found(name: str, *, model: str | None = None, absent: tuple[str, ...] = ()) -> Found:
    return Found(
        ref=DeploymentRef(provider="azure_foundry", resource="contoso", name=name),
        model=describe(model) if model else DeployedModel(),
        state=State.READY,
        surfaces=tuple(Surface(name=each, answers=False) for each in absent),
        observed_at=START,
    )


def _known(name: str, *, absent: tuple[str, ...] = ()) -> Found:
    return _found(name, model=MODELS[name], absent=absent)


async def _invoked(
    connection: Connection, deployment: Found, request: InvocationRequest = CHAT
) -> Invocation:
    async with connection:
        return await connection.provider.invoke_model(connection, deployment, request)


def _one_call(emulation: Emulation) -> Any:
    [called] = model_calls(emulation.log)
    return called


async def test_a_chat_goes_by_models_with_the_key_the_version_and_the_name(
    connect: Connect, emulation: Emulation
) -> None:
    reply = await _invoked(connect(), _known("partner"))
    called = _one_call(emulation)
    assert (called.path, called.query) == (
        "/models/chat/completions",
        "api-version=2024-05-01-preview",
    )
    assert called.header("api-key") == KEYS[0]
    assert called.header("authorization") is None
    assert called.json() == {
        "model": "partner",
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 16,
    }
    assert reply.text == "This is DeepSeek-V3.1. You said: Say hello."
    assert (reply.surface, reply.model, reply.dimensions) == ("models", "DeepSeek-V3.1", None)
    assert (reply.request_id or "").startswith(REQUEST_ID)
    assert (reply.input_tokens or 0) > 0
    assert (reply.output_tokens or 0) > 0


async def test_a_reasoning_model_goes_by_v1_with_the_limit_it_takes(
    connect: Connect, emulation: Emulation
) -> None:
    reply = await _invoked(connect(), _known("reasoner"))
    called = _one_call(emulation)
    assert called.path == "/openai/v1/chat/completions"
    assert called.json()["max_completion_tokens"] == 16
    assert "max_tokens" not in called.json()
    assert reply.model == "gpt-5-mini-2025-08-07"


async def test_an_embedding_goes_by_v1_and_tells_its_length(
    connect: Connect, emulation: Emulation
) -> None:
    reply = await _invoked(connect(), _known("vectors"), EMBEDDING)
    assert _one_call(emulation).path == "/openai/v1/embeddings"
    assert (reply.dimensions, reply.text, reply.surface) == (1536, None, "openai_v1")


async def test_claude_goes_by_its_own_surface_in_its_own_words(
    connect: Connect, emulation: Emulation
) -> None:
    reply = await _invoked(connect(), _known("assistant"))
    called = _one_call(emulation)
    assert called.path == "/anthropic/v1/messages"
    assert called.header("anthropic-version") == "2023-06-01"
    assert called.json()["max_tokens"] == 16
    assert (reply.surface, reply.text) == (
        "anthropic",
        "This is claude-haiku-4-5. You said: Say hello.",
    )
    assert (reply.input_tokens or 0) > 0


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("mini", ["/models/chat/completions"]),
        ("reasoner", ["/models/chat/completions"] * 2),
        (
            "assistant",
            [
                "/models/chat/completions",
                "/openai/v1/chat/completions",
                "/openai/deployments/assistant/chat/completions",
                "/anthropic/v1/messages",
            ],
        ),
    ],
)
async def test_of_an_unknown_model_the_answers_of_the_service_lead_to_the_right_call(
    connect: Connect, emulation: Emulation, name: str, paths: list[str]
) -> None:
    reply = await _invoked(connect(), _found(name))
    assert [called.path for called in model_calls(emulation.log)] == paths
    assert [called.status for called in model_calls(emulation.log)][-1] == 200
    assert (reply.model or "").startswith(MODELS[name])


async def test_a_surface_that_is_gone_is_passed_over(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.models_surface = False
    reply = await _invoked(connect(), _known("partner"))
    assert reply.surface == "openai_v1"
    assert [called.status for called in model_calls(emulation.log)] == [404, 200]


async def test_without_models_and_v1_the_classic_surface_serves(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.models_surface = account.openai_v1_surface = False
    assert (await _invoked(connect(), _known("mini"))).surface == "deployments"
    called = model_calls(emulation.log)[-1]
    assert called.path == "/openai/deployments/mini/chat/completions"
    assert called.query == "api-version=2024-10-21"
    assert "model" not in called.json()


async def test_a_surface_seen_to_be_absent_is_not_asked_again(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.models_surface = False
    await _invoked(connect(), _known("partner", absent=("models",)))
    assert _one_call(emulation).path == "/openai/v1/chat/completions"


async def test_where_every_surface_is_absent_nothing_is_called(
    connect: Connect, emulation: Emulation
) -> None:
    gone = ("models", "openai_v1", "deployments")
    with pytest.raises(InvalidRequest, match="No surface serves chat for partner"):
        await _invoked(connect(), _known("partner", absent=gone))
    assert emulation.log.requests == []


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (OPENAI, "/openai/v1/chat/completions"),
        (COGNITIVE, "/openai/deployments/mini/chat/completions"),
    ],
)
async def test_the_twin_hosts_serve_what_they_serve(
    connect: Connect, emulation: Emulation, host: str, path: str
) -> None:
    reply = await _invoked(connect(host), _known("mini"))
    assert model_calls(emulation.log)[-1].path == path
    assert reply.model == "gpt-4o-mini-2024-07-18"
    assert emulation.log.select(path_prefix="/models") == []


async def test_claude_is_not_looked_for_on_a_twin_host(
    connect: Connect, emulation: Emulation
) -> None:
    with pytest.raises(InvalidRequest):
        await _invoked(connect(OPENAI), _known("assistant"))
    assert emulation.log.requests == []


ONCE = [
    (answer(500), ServiceUnavailable),
    (answer(503, retry_after="0"), ServiceUnavailable),
    (answer(429, retry_after="0"), RateLimited),
    (answer(408), ServiceUnavailable),
    (Reset(), ServiceUnavailable),
    (Truncate(10), ServiceUnavailable),
    (answer(400, {"error": {"code": "BadRequest", "message": "no"}}), InvalidRequest),
    (answer(401, {"error": {"code": "401", "message": "no"}}), CredentialsRejected),
    (answer(200, "<html>"), MalformedAnswer),
    (answer(200, "[]"), MalformedAnswer),
]


@pytest.mark.parametrize(("action", "error"), ONCE, ids=lambda value: repr(value)[:40])
async def test_a_call_that_fails_is_never_sent_twice(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, action: Any, error: Any
) -> None:
    for name in ("partner", "reasoner", "assistant", "vectors"):
        emulation.log.clear()
        cloud.faults.add(Fault(action=action, method="POST"))
        with pytest.raises(error):
            await _invoked(connect(), _known(name), EMBEDDING if name == "vectors" else CHAT)
        assert len(model_calls(emulation.log)) == 1


async def test_a_deployment_out_of_capacity_says_how_long_to_wait(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.add(Deployment(name="partner", model="DeepSeek-V3.1", rate_limited=True))
    with pytest.raises(RateLimited) as refusal:
        await _invoked(connect(), _known("partner"))
    assert refusal.value.retry_after == 7
    assert (refusal.value.request_id or "").startswith(REQUEST_ID)
    assert len(model_calls(emulation.log)) == 1


@pytest.mark.parametrize("name", ["partner", "reasoner"])
async def test_a_filtered_prompt_is_told_from_a_wrong_request(connect: Connect, name: str) -> None:
    request = InvocationRequest(prompt="a content-filter-trigger")
    with pytest.raises(ContentFiltered) as refusal:
        await _invoked(connect(), _known(name), request)
    assert refusal.value.code == "content_filter"


async def test_a_deployment_that_does_not_exist_is_not_looked_for_elsewhere(
    connect: Connect, emulation: Emulation
) -> None:
    with pytest.raises(DeploymentNotFound):
        await _invoked(connect(), _found("nobody"))
    assert _one_call(emulation).status == 404


async def test_a_deployment_the_router_does_not_know_yet_is_not_found_with_a_hint_to_wait(
    connect: Connect, account: Account
) -> None:
    account.add(Deployment(name="partner", model="DeepSeek-V3.1", routed=False))
    with pytest.raises(DeploymentNotFound) as refusal:
        await _invoked(connect(), _known("partner"))
    assert refusal.value.code == "unknown_model"
    assert "wait" in refusal.value.hint


async def test_a_wrong_key_is_refused_with_the_request_id_to_quote(connect: Connect) -> None:
    with pytest.raises(CredentialsRejected) as refusal:
        await _invoked(connect(key=WRONG_KEY), _known("partner"))
    error: ProviderError = refusal.value
    assert (error.provider, error.operation, error.status) == (
        "azure_foundry",
        "invoke_model",
        401,
    )
    assert (error.request_id or "").startswith(REQUEST_ID)


@pytest.mark.parametrize(
    "reply",
    [{"choices": [{"message": {}}]},
     {"choices": [{"message": {"content": None}}], "usage": {"prompt_tokens": True}},
     {"choices": [{"message": {"content": ""}}], "model": 5, "usage": []},
     {"choices": [{"message": {"content": "\ud800"}}], "model": "\ud800"}],
)  # fmt: skip
async def test_an_answer_without_words_is_an_answer_of_which_nothing_is_known(
    connect: Connect, cloud: AzureCloud, reply: dict[str, Any]
) -> None:
    cloud.faults.add(Fault(action=answer(200, reply), method="POST"))
    found = await _invoked(connect(), _known("partner"))
    assert found.text in ("", "?")
    assert (found.model, found.input_tokens, found.output_tokens) == (None, None, None)
    assert found.model_dump_json()


@pytest.mark.parametrize("name", ["partner", "assistant"])
@pytest.mark.parametrize(
    "reply",
    [{}, {"choices": []}, {"choices": [{}]}, {"choices": None, "usage": []}, {"content": "text"}],
)
async def test_an_object_without_an_answer_proves_nothing(
    connect: Connect, cloud: AzureCloud, name: str, reply: dict[str, Any]
) -> None:
    cloud.faults.add(Fault(action=answer(200, reply), method="POST"))
    with pytest.raises(MalformedAnswer):
        await _invoked(connect(), _known(name))


@pytest.mark.parametrize("data", [None, [], [{}], [{"embedding": []}], [{"embedding": "AAAA"}]])
async def test_an_embedding_without_numbers_is_malformed(
    connect: Connect, cloud: AzureCloud, data: object
) -> None:
    cloud.faults.add(Fault(action=answer(200, {"data": data}), method="POST"))
    with pytest.raises(MalformedAnswer):
        await _invoked(connect(), _known("vectors"), EMBEDDING)
