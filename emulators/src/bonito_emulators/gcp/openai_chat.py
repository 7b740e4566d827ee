"""OpenAI's chat completions: served models, Mistral by `rawPredict`, and a customer's endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bonito_emulators.gcp import prediction, refusals
from bonito_emulators.gcp.request import Reply
from bonito_emulators.models import answers
from bonito_emulators.models.answers import Answer, Prompt, Tool, count_tokens, pieces
from bonito_emulators.models.chat_messages import content_text
from bonito_emulators.models.chat_schema import ChatRequest
from bonito_emulators.models.parameters import OPENAI_CHAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.vertex import Call

_FINISH = {"stop": "stop", "length": "length", "tool": "tool_calls"}
# Parameters of their own that Mistral and the served open models take.
_KNOWN = OPENAI_CHAT | {"safe_prompt", "random_seed", "prompt_mode"}


def answered(call: Call, *, model: str, named: str, stream: bool | None = None) -> Reply:
    """Answers a chat.

    Args:
        call: The call.
        model: What answers.
        named: What the body's `model` has to say.
        stream: Whether the verb asks for a stream; None where the body alone decides.

    Raises:
        Refusal: The body is not as documented.
    """
    call.request.read_query()
    body = call.request.json_object()
    asked = _read(call, body)
    if body.get("model", "") != named:
        call.request.violation(f"the body's model is {body.get('model')!r}, not {named!r}")
        raise refusals.invalid(f"Invalid model: {body.get('model')}")
    if stream is not None and bool(asked.stream) is not stream:
        call.request.violation("the verb and `stream` contradict each other")
    said = answers.answer(_prompt(asked), model=model)
    call.project.charge("called", named or model, model)
    if not asked.stream:
        return Reply(_completion(said, model))
    options = asked.stream_options
    usage = options is not None and bool(options.include_usage)
    return Reply(events=_events(said, model, include_usage=usage))


def raw(call: Call, model: PublisherModel, *, stream: bool) -> Reply:
    """Answers Mistral's `rawPredict`; the model stands in the path and in the body."""
    return answered(call, model=model.name, named=model.name, stream=stream)


def answer_openapi(call: Call) -> Reply:
    """Answers for the served models that share one endpoint; the body names the model.

    Raises:
        Refusal: There is no such model here.
    """
    body = call.request.json_object()
    publisher, _, name = str(body.get("model", "")).partition("/")
    model = prediction.admitted(call, publisher, name)
    if model.surface != "openai":
        raise refusals.invalid(f"{publisher}/{name} is not served by this endpoint.")
    return answered(call, model=model.name, named=f"{publisher}/{name}")


def answer_endpoint(call: Call, name: str) -> Reply:
    """Answers for a customer's own endpoint.

    Raises:
        Refusal: It is not there, or its model is not deployed yet.
    """
    endpoint = call.project.endpoints.get((call.place, name))
    place = f"projects/{call.project.id}/locations/{call.place}"
    if endpoint is None:
        raise refusals.not_found(f"{place}/endpoints/{name}")
    if endpoint.state != "deployed":
        raise refusals.failed_precondition(
            f"Endpoint {place}/endpoints/{name} doesn't have any deployed model."
        )
    return answered(call, model=endpoint.model_name, named="")


def answer(call: Call, *, endpoint: str) -> Reply:
    """Answers a chat at an endpoint; `openapi` is the one that all served models share.

    Raises:
        Refusal: It is not there, or does not take the body.
    """
    if call.request.method != "POST":
        raise call.request.no_such_route()
    call.require("aiplatform.endpoints.predict", f"endpoints/{endpoint}")
    return answer_openapi(call) if endpoint == "openapi" else answer_endpoint(call, endpoint)


def _read(call: Call, body: Mapping[str, Any]) -> ChatRequest:
    if unknown := sorted(body.keys() - _KNOWN):
        call.request.violation(f"the body holds {', '.join(unknown)}")
        raise refusals.invalid(f"Unknown name {unknown[0]}.")
    try:
        return ChatRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    raise refusals.invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _prompt(asked: ChatRequest) -> Prompt:
    turns = [(message.role, content_text(message.content)) for message in asked.messages]
    tools = asked.tools or []
    wanted = tools and turns[-1][0] != "tool" and asked.tool_choice != "none"
    tool = tools[0].function if wanted else None
    return Prompt(
        text=next((words for role, words in reversed(turns) if role != "assistant"), ""),
        tokens=sum(count_tokens(words) for _, words in turns) + len(tools),
        limit=asked.max_tokens or asked.max_completion_tokens,
        tool=None if tool is None else Tool(name=tool.name, schema=tool.parameters or {}),
    )


def _completion(said: Answer, model: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text}
    if said.reason == "tool":
        message |= {"content": None, "tool_calls": [_tool_call(said, said.arguments_json)]}
    choice = {"index": 0, "message": message, "finish_reason": _FINISH[said.reason]}
    return {
        **_envelope(said, model, "chat.completion"),
        "choices": [{**choice, "logprobs": None}],
        "usage": _usage(said),
    }


def _events(said: Answer, model: str, *, include_usage: bool) -> Iterator[bytes]:
    envelope = _envelope(said, model, "chat.completion.chunk")
    for delta in _deltas(said):
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        yield _event({**envelope, "choices": [choice]})
    last = {"index": 0, "delta": {}, "finish_reason": _FINISH[said.reason]}
    yield _event({**envelope, "choices": [last]})
    if include_usage:
        yield _event({**envelope, "choices": [], "usage": _usage(said)})
    yield b"data: [DONE]\n\n"


def _deltas(said: Answer) -> Iterator[dict[str, Any]]:
    if said.reason == "tool":
        yield {"role": "assistant", "tool_calls": [{"index": 0, **_tool_call(said, "")}]}
        for piece in pieces(said.arguments_json):
            yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
        return
    yield {"role": "assistant", "content": ""}
    yield from ({"content": piece} for piece in pieces(said.text))


def _tool_call(said: Answer, arguments: str) -> dict[str, Any]:
    function = {"name": said.tool_name, "arguments": arguments}
    return {"id": f"call_{said.identity}", "type": "function", "function": function}


def _envelope(said: Answer, model: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{said.identity}", "object": kind, "created": 1, "model": model}


def _usage(said: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": said.prompt_tokens,
        "completion_tokens": said.completion_tokens,
        "total_tokens": said.prompt_tokens + said.completion_tokens,
    }


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
