"""`/models`: what it takes, what it refuses, and how it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from bonito_emulators import Emulation
    from bonito_emulators.azure import Account

pytestmark = pytest.mark.slow

CHAT = "/models/chat/completions"
VERSION = "?api-version=2024-05-01-preview"
ACCESS_DENIED = {
    "error": {
        "code": "401",
        "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure"
        " to provide a valid key for an active subscription and use a correct regional API"
        " endpoint for your resource.",
    }
}


def body(model: str = "partner", text: str = "hello there", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


@pytest.fixture
def keyed(client: httpx.Client, key: str) -> httpx.Client:
    client.headers["api-key"] = key
    return client


def events(answer: httpx.Response) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def test_a_chat_is_answered_by_the_base_model(emulation: Emulation, keyed: httpx.Client) -> None:
    answer = keyed.post(CHAT + VERSION, json=body("mini")).json()
    assert answer["model"] == "gpt-4o-mini-2024-07-18"
    assert answer["object"] == "chat.completion"
    [choice] = answer["choices"]
    assert choice["message"]["content"] == "This is gpt-4o-mini-2024-07-18. You said: hello there"
    assert choice["finish_reason"] == "stop"
    assert choice["content_filter_results"]["hate"] == {"filtered": False, "severity": "safe"}
    assert answer["prompt_filter_results"][0]["prompt_index"] == 0
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 7, "total_tokens": 9}
    assert emulation.log.violations == []


def test_the_same_question_gets_the_same_answer(keyed: httpx.Client) -> None:
    first, second = (keyed.post(CHAT + VERSION, json=body()).json() for _ in range(2))
    assert first == second


def test_the_answer_carries_the_services_headers(keyed: httpx.Client) -> None:
    headers = keyed.post(CHAT + VERSION, json=body()).headers
    assert headers["x-ms-region"] == "swedencentral"
    assert headers["x-ms-deployment-name"] == "partner"
    assert headers["x-ratelimit-limit-tokens"] == "50000"
    assert headers["x-ratelimit-remaining-tokens"] == "49991"
    assert headers["x-ratelimit-limit-requests"] == "300"
    assert headers["apim-request-id"] == headers["x-request-id"]
    assert "strict-transport-security" in headers


def test_both_keys_are_valid(keyed: httpx.Client, account: Account) -> None:
    keyed.headers["api-key"] = account.keys[1]
    assert keyed.post(CHAT + VERSION, json=body()).status_code == 200


def test_the_key_may_be_repeated_as_bearer(
    emulation: Emulation, keyed: httpx.Client, key: str
) -> None:
    keyed.headers["authorization"] = f"Bearer {key}"
    assert keyed.post(CHAT + VERSION, json=body()).status_code == 200
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"api-key": "wrong"},
        {"api-key": ""},
        {"authorization": "Bearer first-key-of-the-emulated-account"},
        {"x-api-key": "first-key-of-the-emulated-account"},
        {"ocp-apim-subscription-key": "first-key-of-the-emulated-account"},
    ],
)
def test_any_other_credential_is_refused_without_being_a_violation(
    emulation: Emulation, client: httpx.Client, headers: dict[str, str]
) -> None:
    answer = client.post(CHAT + VERSION, json=body(), headers=headers)
    assert (answer.status_code, answer.json()) == (401, ACCESS_DENIED)
    assert emulation.log.violations == []


def test_two_different_credentials_are_a_violation(
    emulation: Emulation, keyed: httpx.Client
) -> None:
    keyed.headers["authorization"] = "Bearer something-else"
    assert keyed.post(CHAT + VERSION, json=body()).status_code == 401
    [sentence] = emulation.log.violations
    assert sentence == (
        "POST acme.services.ai.azure.com/models/chat/completions:"
        " api-key and authorization carry different credentials"
    )


def test_disabled_keys_are_refused_whatever_the_key(keyed: httpx.Client, account: Account) -> None:
    account.local_auth_disabled = True
    answer = keyed.post(CHAT + VERSION, json=body())
    assert answer.status_code == 403
    assert answer.json() == {
        "error": {
            "code": "AuthenticationTypeDisabled",
            "message": "Key based authentication is disabled for this resource.",
        }
    }
    assert answer.headers["x-ms-error-code"] == "AuthenticationTypeDisabled"
    account.local_auth_disabled = False
    assert keyed.post(CHAT + VERSION, json=body()).status_code == 200


@pytest.mark.parametrize(
    "query", ["", "?api-version=", "?api-version=2024-10-21", "?api-version=v1"]
)
def test_only_its_one_api_version_is_supported(
    emulation: Emulation, keyed: httpx.Client, query: str
) -> None:
    answer = keyed.post(CHAT + query, json=body())
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "BadRequest",
        "message": "API version not supported",
    }
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    ("query", "status", "violation"),
    [
        (f"{VERSION}&extra=1", 200, "the query parameter 'extra' is unknown here"),
        (
            f"{VERSION}&api-version=2024-05-01-preview",
            400,
            "the query parameter 'api-version' was given 2 times",
        ),
    ],
)
def test_an_odd_query_is_a_violation(
    emulation: Emulation, keyed: httpx.Client, query: str, status: int, violation: str
) -> None:
    assert keyed.post(CHAT + query, json=body()).status_code == status
    [sentence] = emulation.log.violations
    assert sentence.endswith(f": {violation}")


def test_a_parameter_of_openai_is_refused_by_name_and_no_violation(
    emulation: Emulation, keyed: httpx.Client
) -> None:
    answer = keyed.post(CHAT + VERSION, json=body(user="u", stream_options={}))
    assert answer.status_code == 422
    assert "Extra parameters ['stream_options', 'user'] are not allowed" in answer.text
    assert "Set extra-parameters to 'pass-through'" in answer.json()["detail"]
    assert emulation.log.violations == []


def test_a_parameter_nobody_knows_is_a_violation_too(
    emulation: Emulation, keyed: httpx.Client
) -> None:
    assert keyed.post(CHAT + VERSION, json=body(azure_ad_token="t")).status_code == 422
    [sentence] = emulation.log.violations
    assert sentence == (
        "POST acme.services.ai.azure.com/models/chat/completions:"
        " the body holds unknown keys: azure_ad_token"
    )


@pytest.mark.parametrize("policy", ["pass-through", "drop"])
def test_extra_parameters_pass_with_the_callers_leave(keyed: httpx.Client, policy: str) -> None:
    keyed.headers["extra-parameters"] = policy
    answer = keyed.post(CHAT + VERSION, json=body(max_completion_tokens=2))
    words = answer.json()["choices"][0]["message"]["content"].split()
    assert len(words) == (2 if policy == "pass-through" else 7)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"{}", "text/plain")],
)
def test_a_body_that_is_no_json_object_is_a_violation(
    emulation: Emulation, keyed: httpx.Client, content: bytes, kind: str
) -> None:
    answer = keyed.post(CHAT + VERSION, content=content, headers={"content-type": kind})
    assert answer.status_code in {400, 415}
    assert len(emulation.log.violations) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"messages": [{"role": "user", "content": "x"}]}, "no_model_name"),
        ({"model": "partner"}, None),
        ({"model": "partner", "messages": []}, "invalid_value"),
        ({"model": "partner", "messages": [{"role": "robot"}]}, "invalid_value"),
        ({"model": "nothing", "messages": []}, "DeploymentNotFound"),
        ({"model": "gpt-4o-mini", "messages": []}, "DeploymentNotFound"),
        ({"model": "sonnet", "messages": []}, "api_not_supported"),
        ({"model": "vectors", "messages": []}, "OperationNotSupported"),
    ],
)
def test_a_body_that_cannot_be_served_is_refused(
    keyed: httpx.Client, given: dict[str, Any], code: str | None
) -> None:
    answer = keyed.post(CHAT + VERSION, json=given)
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["code"] == code
    assert answer.headers.get("x-ms-error-code") == code


def test_a_deployment_the_router_does_not_know_yet_is_an_unknown_model(
    keyed: httpx.Client, account: Account
) -> None:
    deployment = account.deployment("partner")
    assert deployment is not None
    deployment.routed = False
    answer = keyed.post(CHAT + VERSION, json=body())
    assert answer.status_code == 400
    assert answer.headers["x-ms-error-code"] == "unknown_model"
    message = "Unknown model: partner"
    assert answer.json()["error"] == {
        "code": "unknown_model",
        "message": message,
        "details": message,
    }


def test_a_rate_limit_says_when_to_come_back(keyed: httpx.Client, account: Account) -> None:
    deployment = account.deployment("partner")
    assert deployment is not None
    deployment.rate_limited = True
    answer = keyed.post(CHAT + VERSION, json=body())
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["retry-after-ms"] == "7000"
    assert answer.headers["x-ratelimit-reset-tokens"] == "7"
    assert answer.headers["x-ratelimit-remaining-tokens"] == "0"
    assert answer.json()["error"]["code"] == "429"


def test_a_filtered_prompt_is_refused_with_both_levels_of_error(keyed: httpx.Client) -> None:
    answer = keyed.post(CHAT + VERSION, json=body(text="say content-filter-trigger"))
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["param"], error["type"]) == ("content_filter", "prompt", None)
    assert error["innererror"]["code"] == "ResponsibleAIPolicyViolation"
    assert error["innererror"]["content_filter_result"]["hate"]["filtered"] is True


@pytest.mark.parametrize(
    ("parameter", "code"),
    [({"max_tokens": 5}, "unsupported_parameter"), ({"temperature": 0.1}, "unsupported_value")],
)
def test_a_reasoning_model_refuses_by_its_model_and_not_by_its_name(
    keyed: httpx.Client, account: Account, parameter: dict[str, Any], code: str
) -> None:
    answer = keyed.post(CHAT + VERSION, json=body("reasoner", **parameter))
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert keyed.post(CHAT + VERSION, json=body("partner", **parameter)).status_code == 200


def test_an_answer_is_cut_at_the_limit(keyed: httpx.Client) -> None:
    answer = keyed.post(CHAT + VERSION, json=body(max_tokens=3)).json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["choices"][0]["message"]["content"] == "This is DeepSeek-V3.1."
    assert answer["usage"]["completion_tokens"] == 3


def test_a_stream_begins_with_the_recorded_empty_event(keyed: httpx.Client) -> None:
    answer = keyed.post(CHAT + VERSION, json=body(stream=True))
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["x-accel-buffering"] == "no"
    first, second, *rest = events(answer)
    filters = first.pop("prompt_filter_results")
    assert filters[0]["prompt_index"] == 0
    assert first == {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
    assert second["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert second["choices"][0]["content_filter_results"] == {}
    said = "".join(event["choices"][0]["delta"].get("content", "") for event in rest)
    assert said == "This is DeepSeek-V3.1. You said: hello there"
    assert rest[-1]["choices"][0]["delta"] == {}
    assert rest[-1]["choices"][0]["finish_reason"] == "stop"
    assert len({event["id"] for event in [second, *rest]}) == 1


def test_a_tool_is_called_with_arguments_of_its_schema(keyed: httpx.Client) -> None:
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"enum": ["C", "F"]},
            "days": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "boolean"}},
        },
    }
    tools = [
        {"type": "function", "function": {"name": "first", "parameters": {"type": "object"}}},
        {"type": "function", "function": {"name": "weather", "parameters": schema}},
    ]
    choice = {"type": "function", "function": {"name": "weather"}}
    asked = body(tools=tools, tool_choice=choice)
    answer = keyed.post(CHAT + VERSION, json=asked).json()["choices"][0]
    assert answer["finish_reason"] == "tool_calls"
    assert answer["message"]["content"] is None
    [call] = answer["message"]["tool_calls"]
    assert call["function"]["name"] == "weather"
    arguments = {"city": "hello there", "unit": "C", "days": 1, "tags": [True]}
    assert json.loads(call["function"]["arguments"]) == arguments
    streamed = events(keyed.post(CHAT + VERSION, json=asked | {"stream": True}))
    deltas = [e["choices"][0]["delta"].get("tool_calls") for e in streamed[1:]]
    parts = [delta[0] for delta in deltas if delta]
    assert (parts[0]["id"], parts[0]["function"]["name"]) == (call["id"], "weather")
    joined = "".join(part["function"]["arguments"] for part in parts)
    assert joined == call["function"]["arguments"]
    assert streamed[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_no_tool_is_called_against_the_callers_will_or_twice(keyed: httpx.Client) -> None:
    tools = [{"type": "function", "function": {"name": "weather"}}]
    unwilling = body(tools=tools, tool_choice="none")
    told = body(tools=tools)
    function = {"name": "weather", "arguments": "{}"}
    asked = [{"id": "call_1", "type": "function", "function": function}]
    told["messages"] += [
        {"role": "assistant", "content": None, "tool_calls": asked},
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
    ]
    for given in (unwilling, told):
        choice = keyed.post(CHAT + VERSION, json=given).json()["choices"][0]
        assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"].endswith("sunny")


def test_json_is_answered_where_json_is_asked_for(keyed: httpx.Client) -> None:
    answer = keyed.post(CHAT + VERSION, json=body(response_format={"type": "json_object"})).json()
    assert json.loads(answer["choices"][0]["message"]["content"]).keys() == {"answer"}


def test_the_surface_can_have_been_left(keyed: httpx.Client, account: Account) -> None:
    account.models_surface = False
    answer = keyed.post(CHAT + VERSION, json=body())
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}


@pytest.mark.parametrize("host", ["acme.openai.azure.com", "acme.cognitiveservices.azure.com"])
def test_the_surface_is_served_on_the_services_host_only(keyed: httpx.Client, host: str) -> None:
    assert keyed.post(f"https://{host}{CHAT}{VERSION}", json=body()).status_code == 404


def test_info_names_one_model(keyed: httpx.Client, account: Account) -> None:
    assert keyed.get(f"/models/info{VERSION}").json() == {
        "model_name": "gpt-4o-mini",
        "model_type": "chat-completion",
        "model_provider_name": "OpenAI",
    }
    account.deployments = []
    assert keyed.get(f"/models/info{VERSION}").status_code == 404
