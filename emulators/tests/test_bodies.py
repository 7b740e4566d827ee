"""Bodies that the data planes refuse: with a 400 that names the fault, never with a 5xx."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deployment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KEY = "first-key-of-the-emulated-account"
HEADERS = {
    "api-key": KEY,
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
    "extra-parameters": "pass-through",
}
MODELS, DATED = "?api-version=2024-05-01-preview", "?api-version=2024-10-21"
CHATS = (
    f"/models/chat/completions{MODELS}",
    "/openai/v1/chat/completions",
    f"/openai/deployments/mini/chat/completions{DATED}",
)
EMBEDDINGS = (
    f"/models/embeddings{MODELS}",
    "/openai/v1/embeddings",
    f"/openai/deployments/vectors/embeddings{DATED}",
)
MESSAGES = "/anthropic/v1/messages"
COUNT = f"{MESSAGES}/count_tokens"

FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {"a": {}}}}
USER = {"role": "user", "content": "hello"}
ASKED = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
TOLD = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}
CHAT: dict[str, Any] = {"model": "mini", "messages": [USER]}
EMBED: dict[str, Any] = {"model": "vectors", "input": "text"}
MESSAGE: dict[str, Any] = {"model": "sonnet", "max_tokens": 9, "messages": [USER]}
RICH_CHAT = CHAT | {
    "messages": [
        {"role": "system", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]},
        {"role": "assistant", "content": None, "tool_calls": [ASKED]},
        TOLD,
        USER,
    ],
    "max_tokens": 5,
    "temperature": 1,
    "stop": ["x"],
    "stream": True,
    "stream_options": {"include_usage": True},
    "tools": [{"type": "function", "function": FUNCTION}],
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
    "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
}
RICH_MESSAGE = MESSAGE | {
    "messages": [
        USER,
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "1", "name": "a", "input": {}}],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "1",
                    "content": [{"type": "text", "text": "sunny"}],
                },
                {"type": "text", "text": "Well?"},
            ],
        },
    ],
    "system": [{"type": "text", "text": "Be brief."}],
    "tools": [{"name": "a", "description": "A tool.", "input_schema": {"type": "object"}}],
    "tool_choice": {"type": "tool", "name": "a"},
    "temperature": 0.5,
}
SEEDS = {
    **dict.fromkeys(CHATS, RICH_CHAT),
    **dict.fromkeys(EMBEDDINGS, EMBED | {"dimensions": 8, "encoding_format": "base64"}),
    MESSAGES: RICH_MESSAGE,
    COUNT: {name: RICH_MESSAGE[name] for name in ("model", "messages", "system", "tools")},
}


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    """One account for all bodies: a body changes nothing in it."""
    deployments = [
        Deployment(name="mini", model="gpt-4o-mini"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="sonnet", model="claude-sonnet-4-5", version="20250929"),
        Deployment(name="vectors", model="text-embedding-3-small"),
    ]
    cloud = AzureCloud([Account(name="acme", keys=(KEY, "second"), deployments=deployments)])
    url = "https://acme.services.ai.azure.com"
    with (
        Emulation(cloud) as emulation,
        emulation.in_process(),
        httpx.Client(base_url=url, headers=HEADERS) as client,
    ):
        yield client


def send(service: httpx.Client, path: str, body: object) -> httpx.Response:
    """Sends a body as it is; the escapes of `json.dumps` let lone surrogates pass."""
    return service.post(path, content=json.dumps(body))


@pytest.mark.parametrize("path", SEEDS)
def test_a_rich_body_is_served(service: httpx.Client, path: str) -> None:
    assert send(service, path, SEEDS[path]).status_code == 200


@pytest.mark.parametrize("path", CHATS)
@pytest.mark.parametrize(
    ("change", "parameter", "code"),
    [
        ({"max_tokens": -1}, "max_tokens", "integer_below_min_value"),
        ({"max_tokens": 0}, "max_tokens", "integer_below_min_value"),
        ({"max_tokens": "abc"}, "max_tokens", "invalid_type"),
        ({"max_tokens": True}, "max_tokens", "invalid_type"),
        ({"temperature": 9.5}, "temperature", "decimal_above_max_value"),
        ({"temperature": "hot"}, "temperature", "invalid_type"),
        ({"messages": None}, "messages", "invalid_type"),
        ({"messages": ["x"]}, "messages[0]", "invalid_type"),
        ({"messages": [{"role": []}]}, "messages[0]", "invalid_value"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", None),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content", "invalid_type"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages[0].content[0].text",
            None,
        ),
        ({"messages": [{"role": "assistant"}]}, "messages[0]", "invalid_value"),
        ({"messages": [TOLD]}, "messages", None),
        ({"messages": [USER, TOLD]}, "messages", None),
        (
            {"messages": [{"role": "assistant", "tool_calls": [ASKED]}, USER]},
            "messages",
            None,
        ),
        ({"stream": "yes"}, "stream", "invalid_type"),
        ({"stream_options": {}}, "stream_options", None),
        ({"response_format": {"type": "zzz"}}, "response_format", "invalid_value"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", None),
        (
            {"max_tokens": 1, "max_completion_tokens": 1},
            "max_tokens",
            "invalid_parameter_combination",
        ),
        ({"temperature": 9}, "temperature", "integer_above_max_value"),
        ({"tool_choice": "auto"}, "tool_choice", None),
        ({"parallel_tool_calls": True}, "parallel_tool_calls", None),
        ({"tools": [{}]}, "tools[0].type", None),
        ({"tools": "no"}, "tools", "invalid_type"),
        ({"tools": []}, "tools", "invalid_value"),
        ({"stop": ["x"] * 5}, "stop", "invalid_value"),
    ],
)
def test_a_chat_of_the_wrong_form_is_refused_by_the_place_of_its_fault(
    service: httpx.Client, path: str, change: dict[str, Any], parameter: str, code: str | None
) -> None:
    answer = send(service, path, CHAT | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"], error["code"]) == (
        "invalid_request_error",
        parameter,
        code,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"max_tokens": 5},
        {"top_p": 0.5},
        {"stop": "x"},
        {"presence_penalty": 0.5},
        {"frequency_penalty": 0.5},
        {"logit_bias": {"1": 1}},
        {"logprobs": True},
        {"logprobs": True, "top_logprobs": 1},
    ],
)
def test_a_reasoning_model_takes_none_of_the_parameters_of_others(
    service: httpx.Client, change: dict[str, Any]
) -> None:
    assert send(service, CHATS[1], CHAT | change).status_code == 200
    answer = send(service, CHATS[1], CHAT | {"model": "reasoner"} | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["param"] in change) == ("unsupported_parameter", True)


@pytest.mark.parametrize("path", EMBEDDINGS)
@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"input": ""}, "input"),
        ({"input": [""]}, "input"),
        ({"input": [[]]}, "input"),
        ({"input": [True]}, "input"),
        ({"input": ["x", 1]}, "input"),
        ({"input": None}, "input"),
        ({"dimensions": 0}, "dimensions"),
        ({"dimensions": True}, "dimensions"),
        ({"encoding_format": "hex"}, "encoding_format"),
    ],
)
def test_an_embedding_of_the_wrong_form_is_refused_by_the_place_of_its_fault(
    service: httpx.Client, path: str, change: dict[str, Any], parameter: str
) -> None:
    answer = send(service, path, EMBED | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["type"], error["param"]) == ("invalid_request_error", parameter)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"max_tokens": True}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"temperature": 3}, "temperature"),
        ({"messages": [{"role": "user", "content": ""}]}, "messages.0"),
        ({"messages": [{"role": "user", "content": []}]}, "messages.0"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages.0.content.0"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"messages": [{"role": "assistant", "content": "x"}, USER]}, "messages"),
        ({"tool_choice": {"type": "auto"}}, "tool_choice"),
        ({"tools": [{}]}, "tools.0.name"),
        ({"stream": "yes"}, "stream"),
        ({"system": 7}, "system"),
    ],
)
def test_a_message_of_the_wrong_form_is_refused_by_the_place_of_its_fault(
    service: httpx.Client, change: dict[str, Any], place: str
) -> None:
    answer = send(service, MESSAGES, MESSAGE | change)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith(f"{place}: ")


def test_an_answer_may_be_begun_for_the_model_with_nothing(service: httpx.Client) -> None:
    begun = MESSAGE | {"messages": [USER, {"role": "assistant", "content": ""}]}
    assert send(service, MESSAGES, begun).status_code == 200


@pytest.mark.parametrize("path", SEEDS)
@pytest.mark.parametrize(
    "content",
    [
        b'{"messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"temperature": NaN}',
        b'{"metadata": ' + b"[" * 70 + b"]" * 70 + b"}",
        b"[" * 100_000,
        b'"\xff"',
        b"",
    ],
    ids=["surrogate", "nan", "deep", "deepest", "latin", "empty"],
)
def test_what_no_json_reader_takes_is_refused(
    service: httpx.Client, path: str, content: bytes
) -> None:
    answer = service.post(path, content=content)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "The request body is not a valid JSON object."


NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 9.5, "", "x", "\ud800", [], {}, [{}], ["x"], 10**400]
)
VALUES = NASTY | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def places(value: object) -> list[tuple[Any, ...]]:
    """Gives the way to every value within."""
    steps: Iterable[tuple[Any, object]] = ()
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [(), *((step, *rest) for step, part in steps for rest in places(part))]


def replaced(body: dict[str, Any], place: tuple[Any, ...], value: object) -> object:
    """Puts another value at a place; the body itself for the empty way."""
    if not place:
        return value
    changed: Any = copy.deepcopy(body)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


@pytest.mark.parametrize("path", SEEDS)
@given(data=st.data())
def test_no_json_body_makes_the_service_fail(
    service: httpx.Client, path: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(places(SEEDS[path])))
    body = replaced(SEEDS[path], place, data.draw(VALUES))
    assert send(service, path, body).status_code < 500


@pytest.mark.parametrize("path", [CHATS[0], MESSAGES])
@given(schema=VALUES)
def test_no_schema_of_a_tool_makes_the_service_fail(
    service: httpx.Client, path: str, schema: object
) -> None:
    parts = {"type": ["string", "null"], "enum": schema, "items": schema, "properties": schema}
    parameters = {"type": "object", "properties": {"a": schema, "b": parts, "c": {"type": schema}}}
    chat_tool = {"type": "function", "function": {"name": "a", "parameters": parameters}}
    tool = {"name": "a", "input_schema": parameters} if path == MESSAGES else chat_tool
    seed = MESSAGE if path == MESSAGES else CHAT
    assert send(service, path, seed | {"tools": [tool]}).status_code < 500
