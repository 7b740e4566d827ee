"""`/anthropic`: the Messages API and its stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from bonito_emulators import Emulation

PATH = "/anthropic/v1/messages"
COUNT = f"{PATH}/count_tokens"


def body(**more: Any) -> dict[str, Any]:
    question = {"role": "user", "content": [{"type": "text", "text": "hello there"}]}
    return {"model": "sonnet", "max_tokens": 100, "messages": [question], **more}


@pytest.fixture
def keyed(client: httpx.Client, key: str) -> httpx.Client:
    client.headers.update({"x-api-key": key, "anthropic-version": "2023-06-01"})
    return client


def events(answer: httpx.Response) -> list[Any]:
    found = []
    for block in filter(None, answer.text.split("\n\n")):
        name, data = block.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        found.append(event)
    return found


def test_a_message_is_answered(emulation: Emulation, keyed: httpx.Client) -> None:
    answer = keyed.post(PATH, json=body(system="Be brief.")).json()
    assert (answer["type"], answer["role"]) == ("message", "assistant")
    assert answer["model"] == "claude-sonnet-4-5-20250929"
    text = "This is claude-sonnet-4-5-20250929. You said: hello there"
    assert answer["content"] == [{"type": "text", "text": text}]
    assert answer["stop_reason"] == "end_turn"
    assert answer["usage"] == {"input_tokens": 4, "output_tokens": 7}
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("x-api-key",), 200),
        (("api-key",), 200),
        (("authorization",), 200),
        (("x-api-key", "api-key"), 200),
        ((), 401),
    ],
)
def test_the_key_comes_in_any_of_its_headers(
    client: httpx.Client, key: str, headers: tuple[str, ...], status: int
) -> None:
    given = {name: f"Bearer {key}" if name == "authorization" else key for name in headers}
    given["anthropic-version"] = "2023-06-01"
    assert client.post(PATH, json=body(), headers=given).status_code == status


@pytest.mark.parametrize("version", [None, "2099-01-01"])
def test_the_version_header_is_required(
    client: httpx.Client, key: str, version: str | None
) -> None:
    headers = {"x-api-key": key} | ({} if version is None else {"anthropic-version": version})
    answer = client.post(PATH, json=body(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("anthropic-version: ")


@pytest.mark.parametrize(
    ("change", "status", "fragment"),
    [
        ({"max_tokens": None}, 400, "max_tokens: Field required"),
        ({"messages": []}, 400, "messages: Field required"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "messages.0.role"),
        ({"azure_ad_token": "t"}, 400, "azure_ad_token: Extra inputs are not permitted"),
        ({"model": "mini"}, 404, "Requested API is currently not supported"),
        ({"model": "nothing"}, 404, "deployment for this resource does not exist"),
    ],
)
def test_a_body_that_cannot_be_served_is_refused(
    keyed: httpx.Client, change: dict[str, Any], status: int, fragment: str
) -> None:
    answer = keyed.post(PATH, json=body(**change))
    assert answer.status_code == status
    assert fragment in answer.json()["error"]["message"]


def test_an_unknown_key_in_the_body_is_a_violation(
    emulation: Emulation, keyed: httpx.Client
) -> None:
    keyed.post(PATH, json=body(custom_field=1))
    [sentence] = emulation.log.violations
    assert sentence.endswith("the body holds unknown keys: custom_field")


def test_a_stream_adds_up_to_the_message(keyed: httpx.Client) -> None:
    found = events(keyed.post(PATH, json=body(stream=True)))
    kinds = [event["type"] for event in found]
    assert kinds[:3] == ["message_start", "content_block_start", "ping"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(kinds[3:-3]) == {"content_block_delta"}
    assert found[0]["message"]["content"] == []
    assert found[0]["message"]["stop_reason"] is None
    said = "".join(event["delta"]["text"] for event in found[3:-3])
    assert said == "This is claude-sonnet-4-5-20250929. You said: hello there"
    assert found[-2]["delta"]["stop_reason"] == "end_turn"
    assert found[-2]["usage"]["output_tokens"] == 7


def test_a_tool_is_used_and_its_result_answered(keyed: httpx.Client) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    asked = body(tools=[{"name": "weather", "input_schema": schema}])
    answer = keyed.post(PATH, json=asked).json()
    [block] = answer["content"]
    assert answer["stop_reason"] == "tool_use"
    assert (block["type"], block["name"]) == ("tool_use", "weather")
    assert block["input"] == {"city": "hello there"}
    found = events(keyed.post(PATH, json=asked | {"stream": True}))
    deltas = [event["delta"] for event in found if event["type"] == "content_block_delta"]
    assert json.loads("".join(delta["partial_json"] for delta in deltas)) == block["input"]
    result = {"type": "tool_result", "tool_use_id": block["id"], "content": "sunny"}
    asked["messages"] += [
        {"role": "assistant", "content": [block]},
        {"role": "user", "content": [result]},
    ]
    last = keyed.post(PATH, json=asked).json()
    assert last["stop_reason"] == "end_turn"
    assert last["content"][0]["text"].endswith("You said: sunny")


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_a_success_with_its_own_reason(keyed: httpx.Client, stream: bool) -> None:  # noqa: FBT001 - a parameter
    messages = [{"role": "user", "content": "content-filter-trigger"}]
    answer = keyed.post(PATH, json=body(messages=messages, stream=stream))
    assert answer.status_code == 200
    assert '"stop_reason": "refusal"' in answer.text.replace('":"', '": "')


def test_tokens_are_counted_without_an_answer(keyed: httpx.Client) -> None:
    asked = body(system="Be brief.")
    assert keyed.post(COUNT, json=asked).status_code == 400
    del asked["max_tokens"]
    assert keyed.post(COUNT, json=asked).json() == {"input_tokens": 4}


def test_an_answer_is_cut_at_the_limit(keyed: httpx.Client) -> None:
    answer = keyed.post(PATH, json=body(max_tokens=2)).json()
    assert answer["stop_reason"] == "max_tokens"
    assert answer["content"][0]["text"] == "This is"


def test_the_surface_is_served_on_the_services_host_only(keyed: httpx.Client) -> None:
    assert keyed.post(f"https://acme.openai.azure.com{PATH}", json=body()).status_code == 404
