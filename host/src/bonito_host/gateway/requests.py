"""What callers may ask: OpenAI's own fields by name, and nothing that LiteLLM would obey.

LiteLLM takes addresses, keys, headers, fallbacks and switches of its own from the same place as a
prompt, and copies fields it does not know into the request. So what is not known here is refused:
a list of what is forbidden would always lack the next one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bonito_host.gateway.messages import require_messages
from bonito_host.gateway.request_refused import (
    LONGEST_MODEL,
    RequestRefused,
    require_list,
    require_only,
    unprintable,
)

_CHAT = frozenset(
    {
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "modalities",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
    }
)
_EMBEDDING = frozenset({"dimensions", "input", "user"})
_NUMBER, _TEXT, _OBJECT, _SWITCH = (int, float), (str,), (dict,), (bool,)
_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("frequency_penalty", "presence_penalty", "temperature", "top_p"), _NUMBER),
    **dict.fromkeys(("max_completion_tokens", "max_tokens", "n", "seed", "top_logprobs"), (int,)),
    **dict.fromkeys(("logprobs", "parallel_tool_calls"), _SWITCH),
    **dict.fromkeys(("prompt_cache_key", "reasoning_effort", "safety_identifier"), _TEXT),
    **dict.fromkeys(("service_tier", "user", "verbosity"), _TEXT),
    **dict.fromkeys(("audio", "logit_bias", "prediction", "stream_options"), _OBJECT),
    **dict.fromkeys(("function_call", "tool_choice"), (str, dict)),
    "dimensions": (int,),
    "input": (str, list),
    "modalities": (list,),
    "response_format": _OBJECT,
    "stop": (str, list),
}
"""What a field must be: on anything else LiteLLM fails with errors that look like a service's."""
_WORDS: Mapping[type, str] = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a whole number",
    list: "a list",
    str: "a text",
}
_FUNCTION = frozenset({"description", "name", "parameters"})
_TOOL = frozenset({"function", "type"})


@dataclass(frozen=True, kw_only=True)
class GatewayRequest:
    """A request that may be passed on.

    Attributes:
        model: The name the caller used.
        body: The other fields, as the caller gave them.
        stream: Whether to answer as the answer comes.
        base64: Whether vectors are wanted in base64.
    """

    model: str
    body: Mapping[str, Any]
    stream: bool = False
    base64: bool = False


def chat_request(text: bytes) -> GatewayRequest:
    """Read the body of a call to ``/v1/chat/completions``.

    Raises:
        RequestRefused: It is no JSON object, lacks something, or holds what may not be passed on.
    """
    fields = _fields(text)
    model, stream = _model(fields), _flag(fields, "stream")
    body = _known(fields, _CHAT)
    require_messages(body.get("messages"))
    _require_tools(body.get("tools", []))
    _require_functions(body.get("functions", []))
    if not stream:
        # It means something for streams only, and services refuse it elsewhere.
        body.pop("stream_options", None)
    return GatewayRequest(model=model, body=body, stream=stream)


def embedding_request(text: bytes) -> GatewayRequest:
    """Read the body of a call to ``/v1/embeddings``.

    Raises:
        RequestRefused: As `chat_request`.
    """
    fields = _fields(text)
    model = _model(fields)
    # Not every service knows formats, so that vectors are asked for as numbers and packed here.
    format = fields.pop("encoding_format", "float")
    if format not in ("float", "base64"):
        raise RequestRefused("encoding_format is float or base64.", field="encoding_format")
    body = _known(fields, _EMBEDDING)
    texts = body.get("input")
    if not texts or not all(isinstance(each, str | int | list) for each in texts):
        raise RequestRefused("input must hold at least one text.", field="input")
    return GatewayRequest(model=model, body=body, base64=format == "base64")


def _fields(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise RequestRefused("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise RequestRefused("The body must be a JSON object.")
    return value


def _no_json(constant: str) -> None:
    # NaN and the infinities, which Python reads and no service does.
    raise ValueError(constant)


def _model(fields: dict[str, Any]) -> str:
    model = fields.pop("model", None)
    if not isinstance(model, str) or not model:
        raise RequestRefused("model must name one of the gateway's models.", field="model")
    if len(model) > LONGEST_MODEL or any(map(unprintable, model)):
        message = f"model must have at most {LONGEST_MODEL} characters, and none of control."
        raise RequestRefused(message, field="model", model=model)
    return model


def _flag(fields: dict[str, Any], name: str) -> bool:
    value = fields.pop(name, None)
    if value not in (None, True, False):
        raise RequestRefused(f"{name} must be true or false.", field=name)
    return bool(value)


def _known(fields: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    for name in fields:
        if name not in known:
            raise RequestRefused(f"The gateway does not take the field {name[:80]!r}.", field=name)
    # OpenAI's clients write null for what they leave to the service.
    given = {name: value for name, value in fields.items() if value is not None}
    for name, value in given.items():
        _require_kind(name, value)
    return given


def _require_kind(name: str, value: object) -> None:
    kinds = _KINDS.get(name)
    # Python takes true for a number.
    if kinds is None or (isinstance(value, kinds) and isinstance(value, bool) is (bool in kinds)):
        return
    told = " or ".join(_WORDS[kind] for kind in kinds)
    raise RequestRefused(f"{name} must be {told}.", field=name)


def _require_tools(tools: object) -> None:
    for number, tool in enumerate(require_list(tools, "tools")):
        field = f"tools[{number}]"
        # Other kinds of tools name servers that LiteLLM would call.
        if not isinstance(tool, dict) or tool.get("type") != "function":
            raise RequestRefused("The gateway takes tools of type function only.", field=field)
        require_only(tool, _TOOL, field)
        _require_function(tool.get("function"), _FUNCTION | {"strict"}, f"{field}.function")


def _require_functions(functions: object) -> None:
    for number, function in enumerate(require_list(functions, "functions")):
        _require_function(function, _FUNCTION, f"functions[{number}]")


def _require_function(function: object, known: frozenset[str], field: str) -> None:
    if not isinstance(function, dict):
        raise RequestRefused("A function must be an object.", field=field)
    require_only(function, known, field)
    if not isinstance(function.get("name"), str):
        raise RequestRefused("A function must have a name.", field=f"{field}.name")
