"""Chat on the OpenAI-shaped surfaces: what a body may hold, and who answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import completions, errors
from bonito_emulators.azure.answers import Prompt, Tool, answer, count_tokens
from bonito_emulators.azure.replies import EventStream, json_reply, model_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from bonito_emulators.azure.call import Call
    from bonito_emulators.azure.catalogue import CatalogueModel
    from bonito_emulators.azure.deployments import Deployment

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


def chat_response(
    call: Call, body: Mapping[str, Any], *, deployment: Deployment, model: CatalogueModel
) -> Response:
    """Answers a checked chat request.

    Raises:
        Refusal: the body is wrong, the prompt is filtered, or the model takes no such parameter.
    """
    _refuse_reasoning_parameters(body, model)
    prompt = _read_prompt(call, body)
    if any(trigger in prompt.text for trigger in call.account.content_filter_triggers):
        raise errors.content_filtered()
    said = answer(prompt, model=model.id)
    headers = model_headers(deployment, tokens=said.prompt_tokens + said.completion_tokens)
    if body.get("stream"):
        include_usage = bool((body.get("stream_options") or {}).get("include_usage"))
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


def content_text(content: object) -> str:
    """Gives the words of a message's content, whether a text or a list of parts."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _refuse_reasoning_parameters(body: Mapping[str, Any], model: CatalogueModel) -> None:
    """Applies what reasoning models refuse, by the model and not by the deployment's name."""
    if not model.reasoning:
        return
    if body.get("max_tokens") is not None:
        raise errors.unsupported_parameter("max_tokens", "max_completion_tokens")
    if (temperature := body.get("temperature")) not in (None, 1):
        raise errors.unsupported_value("temperature", temperature)


def _read_prompt(call: Call, body: Mapping[str, Any]) -> Prompt:
    messages = _messages(call, body)
    if body.get("n") not in (None, 1):
        call.violation("more than one choice is not emulated")
    text = next(
        (content_text(m.get("content")) for m in reversed(messages) if m["role"] != "assistant"), ""
    )
    tools = body.get("tools") or []
    return Prompt(
        text=text,
        tokens=sum(count_tokens(content_text(m.get("content"))) for m in messages) + len(tools),
        limit=body.get("max_completion_tokens") or body.get("max_tokens"),
        tool=None if messages[-1]["role"] == "tool" else _tool(body, tools),
        schema=_schema(body.get("response_format") or {}),
    )


def _messages(call: Call, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "messages" not in body:
        raise errors.missing_property("messages")
    messages = body["messages"]
    if not isinstance(messages, list) or not messages:
        raise errors.invalid_value(
            "'messages' must be a list that is not empty", parameter="messages"
        )
    for index, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role not in _ROLES:
            call.violation(f"messages[{index}] has the role {role!r}")
            raise errors.invalid_value(
                f"Invalid value: {role!r}.", parameter=f"messages[{index}].role"
            )
    return messages


def _tool(body: Mapping[str, Any], tools: list[dict[str, Any]]) -> Tool | None:
    """Picks the function to call: the one asked for, else the first."""
    choice = body.get("tool_choice")
    if not tools or choice == "none":
        return None
    functions = [tool["function"] for tool in tools]
    if isinstance(choice, dict):
        wanted = choice.get("function", {}).get("name")
        functions = [function for function in functions if function["name"] == wanted]
        if not functions:
            raise errors.invalid_value(
                f"Tool choice {wanted!r} not found in 'tools' parameter.", parameter="tool_choice"
            )
    return Tool(name=functions[0]["name"], schema=functions[0].get("parameters") or {})


def _schema(response_format: Mapping[str, Any]) -> Mapping[str, Any] | None:
    match response_format.get("type"):
        case "json_object":
            return {"type": "object", "properties": {"answer": {"type": "string"}}}
        case "json_schema":
            schema: Mapping[str, Any] = response_format["json_schema"].get("schema", {})
            return schema
        case _:
            return None
