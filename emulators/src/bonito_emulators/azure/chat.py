"""Chat on the OpenAI-shaped surfaces: what a body may hold, and who answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import chat_rules, completions, errors
from bonito_emulators.azure.chat_rules import ChatRequest
from bonito_emulators.azure.replies import EventStream, json_reply, model_headers
from bonito_emulators.models import chat_schema
from bonito_emulators.models.answers import Prompt, Tool, answer, count_tokens
from bonito_emulators.models.chat_messages import content_text
from bonito_emulators.models.chat_schema import PlainFormat, SchemaFormat, ToolChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from bonito_emulators.azure.call import Call
    from bonito_emulators.azure.catalogue import CatalogueModel
    from bonito_emulators.azure.deployments import Deployment

# What no reasoning model takes, and what takes its place. Source: the documentation's table of
# unsupported parameters; `stop`: OpenAI's own API, same code base.
_NOT_FOR_REASONING = {
    "max_tokens": "max_completion_tokens",
    "top_p": None,
    "stop": None,
    "presence_penalty": None,
    "frequency_penalty": None,
    "logprobs": None,
    "top_logprobs": None,
    "logit_bias": None,
}


def chat_response(
    call: Call, body: Mapping[str, Any], *, deployment: Deployment, model: CatalogueModel
) -> Response:
    """Answers a chat request whose keys are known.

    Raises:
        Refusal: the body is wrong, the prompt is filtered, or the model takes no such parameter.
    """
    request = chat_rules.read(call, body)
    _refuse_reasoning_parameters(request, model)
    prompt = _prompt(call, request)
    if any(trigger in prompt.text for trigger in call.account.content_filter_triggers):
        raise errors.content_filtered()
    said = answer(prompt, model=model.id)
    headers = model_headers(deployment, tokens=said.prompt_tokens + said.completion_tokens)
    if request.stream:
        options = request.stream_options
        include_usage = options is not None and bool(options.include_usage)
        events = completions.events(said, model=model.id, include_usage=include_usage)
        return EventStream(events, headers=headers)
    return json_reply(completions.completion(said, model=model.id), headers=headers)


def refuse_unknown(call: Call, body: Mapping[str, Any], *, known: frozenset[str]) -> None:
    """Refuses keys that OpenAI's API does not know, and records them.

    Raises:
        Refusal: there are such keys.
    """
    if unknown := body.keys() - known:
        call.violation(f"the body holds unknown keys: {', '.join(sorted(unknown))}")
        raise errors.unrecognized_argument(unknown)


def _refuse_reasoning_parameters(request: ChatRequest, model: CatalogueModel) -> None:
    """Applies what reasoning models refuse, by the model and not by the deployment's name."""
    if not model.reasoning:
        return
    for name, instead in _NOT_FOR_REASONING.items():
        if getattr(request, name) is not None:
            raise errors.unsupported_parameter(name, instead)
    if request.temperature not in {None, 1}:
        raise errors.unsupported_value("temperature", request.temperature)


def _prompt(call: Call, request: ChatRequest) -> Prompt:
    if request.n not in {None, 1}:
        call.violation("more than one choice is not emulated")
    turns = [(message.role, content_text(message.content)) for message in request.messages]
    text = next((words for role, words in reversed(turns) if role != "assistant"), "")
    tools = request.tools or []
    return Prompt(
        text=text,
        tokens=sum(count_tokens(words) for _, words in turns) + len(tools),
        limit=request.max_completion_tokens or request.max_tokens,
        tool=None if turns[-1][0] == "tool" else _tool(request, tools),
        schema=_schema(request.response_format),
    )


def _tool(request: ChatRequest, tools: list[chat_schema.Tool]) -> Tool | None:
    """Picks the function to call: the one asked for, else the first."""
    choice = request.tool_choice
    if not tools or choice == "none":
        return None
    functions = [tool.function for tool in tools]
    if isinstance(choice, ToolChoice):
        wanted = choice.function.name
        functions = [function for function in functions if function.name == wanted]
        if not functions:
            raise errors.invalid_value(
                f"Tool choice {wanted!r} not found in 'tools' parameter.", parameter="tool_choice"
            )
    return Tool(name=functions[0].name, schema=functions[0].parameters or {})


def _schema(form: PlainFormat | SchemaFormat | None) -> Mapping[str, Any] | None:
    if isinstance(form, SchemaFormat):
        return form.json_schema.definition or {}
    if form is not None and form.type == "json_object":
        return {"type": "object", "properties": {"answer": {"type": "string"}}}
    return None
