"""The emulator keeps to OpenAI's API: as OpenAI's own client finds it, and as it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from bonito_emulators import Emulation
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from bonito_openai_compatible.conformance.emulator.chat import FORBIDDEN
from plugins.openai_compatible.tests.resources import KEY, WRONG_KEY

ADDRESS = "https://api.openai.com/v1"
TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}


@pytest.fixture
def http(emulation: Emulation) -> Iterator[httpx.Client]:
    proxy = httpx.Proxy(emulation.proxy_url)
    with httpx.Client(proxy=proxy, verify=emulation.client_context(), trust_env=False) as client:
        yield client


@pytest.fixture
def client(http: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(base_url=ADDRESS, api_key=KEY, http_client=http, max_retries=0)


def test_openais_client_lists_chats_streams_calls_tools_and_embeds(client: openai.OpenAI) -> None:
    assert "gpt-4o" in [each.id for each in client.models.list()]
    asked = [{"role": "user", "content": "hello"}]
    create: Any = client.chat.completions.create  # plain values, not its own types
    whole = create(model="gpt-4o", messages=asked, max_tokens=64)
    assert whole.choices[0].message.content == "This is gpt-4o. You said: hello"
    options = {"include_usage": True}
    chunks = list(create(model="gpt-4o", messages=asked, stream=True, stream_options=options))
    said = "".join(each.choices[0].delta.content or "" for each in chunks if each.choices)
    assert said == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    called = create(model="gpt-4o", messages=asked, tools=[TOOL])
    assert called.choices[0].message.tool_calls[0].function.name == "look_up"
    # The client asks for base64 and decodes it.
    vector = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"])
    assert [len(each.embedding) for each in vector.data] == [1536, 1536]


def test_openais_client_reads_each_refusal_as_what_it_is(client: openai.OpenAI) -> None:
    asked = [{"role": "user", "content": "hello"}]
    create: Any = client.chat.completions.create  # plain values, not its own types
    with pytest.raises(openai.AuthenticationError):
        client.copy(api_key=WRONG_KEY).models.list()
    with pytest.raises(openai.NotFoundError) as caught:
        create(model="gpt-nobody", messages=asked)
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as refused:
        create(model="o4-mini", messages=asked, max_tokens=5)
    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", "max_tokens")
    with pytest.raises(openai.BadRequestError) as filtered:
        create(model="gpt-4o", messages=[{"role": "user", "content": FORBIDDEN}])
    assert filtered.value.code == "content_policy_violation"
    with pytest.raises(openai.PermissionDeniedError):
        client.embeddings.create(model="gpt-4o", input="a")


BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("GET /elsewhere", None, 404),
        ("GET /key", None, 404),
        ("POST /models", {}, 405),
        ("DELETE /chat/completions", None, 405),
        ("GET /models?limit=5", None, 400),
        ("POST /chat/completions", {**BODY, "api_key": "x"}, 400),
        ("POST /chat/completions?x=1", BODY, 400),
    ],
)
def test_what_the_api_does_not_know_is_refused_and_recorded(
    http: httpx.Client, emulation: Emulation, call: str, body: object, status: int
) -> None:
    headers = {"authorization": f"Bearer {KEY}"}
    method, path = call.split()
    answer = http.request(method, f"{ADDRESS}{path}", json=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert len(emulation.log.violations) == 1
    emulation.log.clear()


@pytest.mark.parametrize(
    "body",
    [
        {"messages": BODY["messages"]},
        {**BODY, "messages": []},
        {**BODY, "max_tokens": 0},
        {**BODY, "temperature": "warm"},
        {**BODY, "stream_options": {"include_usage": True}},
        {**BODY, "tool_choice": "auto"},
    ],
)
def test_a_body_that_is_wrong_is_refused_without_a_call(
    http: httpx.Client, cloud: CompatibleCloud, body: object
) -> None:
    headers = {"authorization": f"Bearer {KEY}"}
    answer = http.post(f"{ADDRESS}/chat/completions", json=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert cloud.called == []


def test_openrouter_refuses_in_a_form_of_its_own(http: httpx.Client) -> None:
    answer = http.get("https://openrouter.ai/api/v1/key")
    assert answer.json() == {"error": {"message": "You didn't provide an API key.", "code": 401}}
