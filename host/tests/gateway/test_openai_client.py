"""The real `openai` client against the gateway, with an emulated account behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import openai
import pytest

from bonito_emulators import Fault, RequestLog
from bonito_emulators.azure import Account, AzureCloud
from bonito_emulators.exchange import exchange_of
from host.tests.gateway.serving import Gateway

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# Every test finds the account as it was, and no fault that another has ordered.
pytestmark = pytest.mark.usefixtures("cloud", "account")

CHAT = "prod/DeepSeek-V3.1"
CLAUDE = "prod/claude-sonnet-4-5"
OPENAI = "prod/gpt-4o-mini"
EMBEDDING = "prod/text-embedding-3-small"
HELLO: list[Any] = [{"role": "user", "content": "hello"}]
HOURS = 3600.0
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


@dataclass(frozen=True)
class Begun:
    """A stream of which one piece has come, and the next is hours away."""

    delta: Mapping[str, Any]

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **self.delta}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "thinker"}
        piece = f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode()
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await exchange_of(scope).pause(HOURS)


@pytest.mark.parametrize("model", [CHAT, CLAUDE, OPENAI, "DeepSeek-V3.1"])
def test_a_chat_is_answered_under_the_name_that_was_asked(gateway: Gateway, model: str) -> None:
    answer = gateway.client().chat.completions.create(model=model, messages=HELLO)
    assert "hello" in (answer.choices[0].message.content or "")
    assert answer.model == model
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 0


@pytest.mark.parametrize("model", [CHAT, CLAUDE, OPENAI])
def test_a_stream_comes_in_pieces(gateway: Gateway, log: RequestLog, model: str) -> None:
    stream = gateway.client().chat.completions.create(model=model, messages=HELLO, stream=True)
    pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert len([each for each in pieces if each]) > 1
    assert "hello" in "".join(pieces)
    assert log.violations == []


def test_a_stream_tells_its_usage_where_that_was_asked_for(gateway: Gateway) -> None:
    stream = gateway.client().chat.completions.create(
        model=CHAT, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    usages = [chunk.usage for chunk in stream if chunk.usage is not None]
    assert len(usages) == 1
    assert usages[0].completion_tokens > 0
    assert gateway.last_call()["output_tokens"] == usages[0].completion_tokens


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reasoning_content", "Let me think."),
        ("reasoning", "Let me think."),
        ("function_call", {"name": "weather", "arguments": "{"}),
    ],
)
def test_whatever_a_model_says_first_is_passed_on_at_once(
    gateway: Gateway, cloud: AzureCloud, field: str, value: Any
) -> None:
    cloud.faults.add(Fault(action=Begun({field: value}), method="POST"))
    client = gateway.client()
    with client.chat.completions.create(model=CHAT, messages=HELLO, stream=True) as stream:
        delta = next(iter(stream)).choices[0].delta.model_dump(exclude_none=True)
    assert value in delta.values()


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_called(gateway: Gateway, *, stream: bool) -> None:
    asked: dict[str, Any] = {"model": CHAT, "messages": HELLO, "tools": [WEATHER]}
    client: Any = gateway.client()
    if stream:
        chunks = list(client.chat.completions.create(**asked, stream=True))
        calls = [
            call
            for chunk in chunks
            if chunk.choices
            for call in chunk.choices[0].delta.tool_calls or ()
        ]
        name = next(call.function.name for call in calls if call.function.name)
        arguments = "".join(call.function.arguments or "" for call in calls)
    else:
        answer = client.chat.completions.create(**asked)
        (call,) = list(answer.choices[0].message.tool_calls)
        name, arguments = call.function.name, call.function.arguments
    assert name == "weather"
    assert isinstance(json.loads(arguments), dict)


@pytest.mark.parametrize("options", [{}, {"encoding_format": "float"}])
def test_vectors_come_as_the_client_wants_them(gateway: Gateway, options: dict[str, Any]) -> None:
    answer = gateway.client().embeddings.create(model=EMBEDDING, input=["a", "b"], **options)
    assert [len(item.embedding) for item in answer.data] == [1536, 1536]
    assert all(isinstance(number, float) for number in answer.data[0].embedding)


def test_the_models_are_listed_with_their_aliases(gateway: Gateway) -> None:
    names = [each.id for each in gateway.client().models.list()]
    assert {CHAT, CLAUDE, EMBEDDING, "DeepSeek-V3.1"} <= set(names)
    assert gateway.client().models.retrieve(CHAT).id == CHAT


def test_an_unknown_model_is_not_found(gateway: Gateway, log: RequestLog) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        gateway.client().chat.completions.create(model="prod/nothing", messages=HELLO)
    assert refused.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError):
        gateway.client().models.retrieve("prod/nothing")
    assert log.requests == []


@pytest.mark.parametrize("stream", [False, True])
def test_a_throttled_deployment_says_when_to_come_back(gateway: Gateway, *, stream: bool) -> None:
    with pytest.raises(openai.RateLimitError) as refused:
        gateway.client().chat.completions.create(
            model="prod/crowded", messages=HELLO, stream=stream
        )
    assert int(refused.value.response.headers["retry-after"]) > 0
    assert gateway.last_call()["status"] == 429
    assert gateway.last_call()["failure"] == "RateLimited"


def test_the_hosts_own_wrong_credentials_are_no_fault_of_the_callers(
    gateway: Gateway, account: Account, log: RequestLog
) -> None:
    account.keys = ("another-key-0123456789abcdef", "yet-another-0123456789abcdef")
    with pytest.raises(openai.InternalServerError) as refused:
        gateway.client(max_retries=2).chat.completions.create(model=CHAT, messages=HELLO)
    assert refused.value.status_code == 502
    assert refused.value.code == "upstream_credentials_refused"
    assert "operator" in refused.value.message
    assert len(log.select(method="POST")) == 1


def test_many_ask_at_once(gateway: Gateway) -> None:
    async def all_of_them() -> list[str]:
        async with gateway.asynchronous() as client:
            answers = await asyncio.gather(
                *(
                    client.chat.completions.create(
                        model=CHAT, messages=[{"role": "user", "content": f"hello {number}"}]
                    )
                    for number in range(20)
                )
            )
        return [each.choices[0].message.content or "" for each in answers]

    answers = asyncio.run(all_of_them())
    assert all(f"hello {number}" in answer for number, answer in enumerate(answers))


def test_what_was_called_is_kept_without_the_words(gateway: Gateway) -> None:
    words = "a-sentence-that-nobody-may-keep"
    answer = gateway.client().chat.completions.create(
        model=OPENAI, messages=[{"role": "user", "content": words}]
    )
    call = gateway.last_call()
    assert answer.usage is not None
    assert call["connection"] == "prod"
    assert call["deployment"] == "gpt-4o-mini"
    assert call["input_tokens"] == answer.usage.prompt_tokens
    assert call["cost"] is None or call["cost"] > 0
    assert words not in json.dumps(gateway.state())
    assert words not in gateway.log.read_text()
    lines = map(json.loads, gateway.log.read_text().splitlines())
    logged = [line for line in lines if line["logger"] == "bonito_host.gateway.ledger"]
    assert logged[-1]["message"] == "call"
    assert logged[-1]["model"] == OPENAI
    assert logged[-1]["status"] == 200
