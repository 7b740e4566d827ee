"""One short call, as LiteLLM makes it, and what its refusals become."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonito_azure_openai.facts import describe
from bonito_emulators import Emulation, Fault, Redirect, Reset
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, Deployment, Invocation, InvocationRequest, State
from bonito_providers.deployment import DeploymentRef
from bonito_providers.errors import (
    BonitoError,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
    KeyAuthenticationDisabled,
    MalformedAnswer,
    ModelNotFound,
    RateLimited,
    ServiceUnavailable,
)
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_openai.tests.json_values import JSON
from plugins.azure_openai.tests.resources import (
    BY_KEY,
    BY_PRINCIPAL,
    HOST,
    KEYS,
    OPENAI,
    WRONG_KEY,
    Connect,
    model_calls,
)
from tests.virtual_time import START

pytestmark = pytest.mark.anyio

CHAT = "/openai/deployments/mini/chat/completions"


async def _called(
    connection: Connection,
    name: str = "mini",
    model: str | None = "gpt-4o-mini",
    **asked: Any,
) -> Invocation:
    deployment = Deployment(
        ref=DeploymentRef(provider="azure_openai", resource="contoso", name=name),
        model=describe(model),
        state=State.READY,
        observed_at=START,
    )
    async with connection:
        request = InvocationRequest(**asked)
        return await connection.provider.invoke_model(connection, deployment, request)


async def test_a_key_travels_in_its_own_header_and_the_version_is_the_routed_one(
    connect: Connect, emulation: Emulation
) -> None:
    reply = await _called(connect(), prompt="Say hello.", max_tokens=7)
    assert reply.text is not None
    assert "Say hello." in reply.text
    assert (reply.model, reply.surface) == ("gpt-4o-mini-2024-07-18", "deployments")
    [request] = emulation.log.requests
    assert (request.host, request.path) == (HOST, CHAT)
    assert request.query == "api-version=2024-12-01-preview"
    assert (request.header("api-key"), request.header("authorization")) == (KEYS[0], None)
    assert request.json() == {
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 7,
    }


async def test_a_principal_travels_as_a_token_and_its_secret_not_at_all(
    connect: Connect, emulation: Emulation
) -> None:
    assert (await _called(connect(**BY_PRINCIPAL))).text is not None
    [request] = emulation.log.select(HOST)
    assert request.header("api-key") is None
    assert (request.header("authorization") or "").startswith("Bearer ey")
    assert set(request.json()) == {"messages", "max_tokens"}


@pytest.mark.parametrize("model", ["gpt-5-mini", None])
async def test_a_reasoning_model_gets_the_limit_it_takes_known_or_not(
    connect: Connect, emulation: Emulation, model: str | None
) -> None:
    await _called(connect(), "reasoner", model)
    calls = [request.json() for request in model_calls(emulation.log)]
    assert "max_completion_tokens" in calls[-1]
    assert "max_tokens" not in calls[-1]
    assert len(calls) == (1 if model else 2)


async def test_an_embedding_is_measured(connect: Connect, emulation: Emulation) -> None:
    reply = await _called(connect(), "vectors", "text-embedding-3-small", kind="embedding")
    assert (reply.dimensions, reply.text) == (1536, None)
    [request] = emulation.log.requests
    assert request.path == "/openai/deployments/vectors/embeddings"


@pytest.mark.parametrize("name", ["../mini", "a/b", "a?b", "a#b", "a%2fb", "é"])
async def test_a_name_cannot_lead_to_another_path(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, name: str
) -> None:
    cloud.faults.add(always(answer(404, {"error": {"code": "DeploymentNotFound"}})))
    with pytest.raises(DeploymentNotFound):
        await _called(connect(), name)
    [request] = emulation.log.requests
    assert request.path.startswith("/openai/deployments/")
    assert request.path.endswith("/chat/completions")
    assert request.query == "api-version=2024-12-01-preview"


def _refusal(code: str | None, **more: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "words of the service", **more}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, _refusal("content_filter"), ContentFiltered),
        (400, _refusal("BadRequest"), InvalidRequest),
        (401, _refusal("401"), CredentialsRejected),
        (401, {"statusCode": 401, "message": "token"}, CredentialsRejected),
        (403, _refusal("AuthenticationTypeDisabled"), KeyAuthenticationDisabled),
        (404, _refusal("DeploymentNotFound"), DeploymentNotFound),
        (404, _refusal("api_not_supported"), InvalidRequest),
        (404, "<html>", InvalidRequest),
        (410, _refusal("ModelDeprecated"), ModelNotFound),
        (418, "", InvalidRequest),
        (429, _refusal("429"), RateLimited),
        (500, _refusal("InternalServerError"), ServiceUnavailable),
        (503, "<html>", ServiceUnavailable),
        (200, "<html>", MalformedAnswer),
        (200, "[]", MalformedAnswer),
    ],
)
async def test_a_refusal_is_the_error_that_says_what_to_do(
    connect: Connect, cloud: AzureCloud, status: int, body: Any, kind: type[BonitoError]
) -> None:
    cloud.faults.add(always(answer(status, body, x_request_id="the-request")))
    with pytest.raises(kind) as raised:
        await _called(connect())
    assert type(raised.value) is kind or kind is InvalidRequest
    assert raised.value.hint or status == 400
    assert "<html>" not in str(raised.value)


async def test_a_rate_limit_says_how_long_to_wait_and_nothing_is_sent_twice(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    deployment = account.deployment("mini")
    assert deployment is not None
    deployment.rate_limited = True
    with pytest.raises(RateLimited) as raised:
        await _called(connect())
    assert raised.value.retry_after == 7
    assert raised.value.request_id
    assert len(emulation.log.requests) == 1


async def test_a_wrong_key_and_a_lost_connection_are_told_apart(
    connect: Connect, cloud: AzureCloud
) -> None:
    with pytest.raises(CredentialsRejected):
        await _called(connect(endpoint=OPENAI, api_key=WRONG_KEY))
    cloud.faults.add(always(Reset()))
    with pytest.raises(ServiceUnavailable):
        await _called(connect())


@pytest.mark.parametrize("fields", [BY_KEY, BY_PRINCIPAL])
async def test_a_redirect_is_not_followed(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, fields: dict[str, str]
) -> None:
    cloud.faults.add(always(Redirect("https://upgraded.openai.azure.com/x"), host=HOST))
    with pytest.raises(HostRefused):
        await _called(connect(**fields))
    assert emulation.log.select("upgraded.openai.azure.com") == []


REPLIES = JSON | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("model", "choices", "usage", "data"), JSON)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reply=REPLIES.filter(lambda each: isinstance(each, dict)))
@pytest.mark.parametrize("kind", ["chat", "embedding"])
async def test_an_answer_of_any_shape_is_read_or_called_malformed(
    connect: Connect, cloud: AzureCloud, kind: str, reply: dict[str, Any]
) -> None:
    cloud.faults.add(Fault(action=answer(200, reply)))
    try:
        read = await _called(connect(), kind=kind)
    except MalformedAnswer:
        return
    assert reply.get("choices" if kind == "chat" else "data")
    assert read.model_dump_json()
