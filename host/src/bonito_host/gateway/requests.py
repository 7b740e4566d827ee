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
_TOOLS = frozenset({"function"})
"""Other kinds of tools name servers that LiteLLM would call."""


class RequestRefused(Exception):
    """A request cannot be taken as it is.

    Attributes:
        message: Why, in one sentence.
        field: Which field is at fault, if one is.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


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
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise RequestRefused("messages must be a list with at least one message.", field="messages")
    if not all(isinstance(each, dict) for each in messages):
        raise RequestRefused("Each message must be an object.", field="messages")
    _require_functions(body.get("tools"))
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
    if not body.get("input"):
        raise RequestRefused("input must hold at least one text.", field="input")
    return GatewayRequest(model=model, body=body, base64=format == "base64")


def _fields(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise RequestRefused("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise RequestRefused("The body must be a JSON object.")
    return value


def _model(fields: dict[str, Any]) -> str:
    model = fields.pop("model", None)
    if not isinstance(model, str) or not model:
        raise RequestRefused("model must name one of the gateway's models.", field="model")
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
    return {name: value for name, value in fields.items() if value is not None}


def _require_functions(tools: object) -> None:
    if tools is None:
        return
    kinds = [each.get("type") if isinstance(each, dict) else None for each in _list(tools)]
    if not all(kind in _TOOLS for kind in kinds):
        raise RequestRefused("The gateway takes tools of the type function only.", field="tools")


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise RequestRefused("tools must be a list.", field="tools")
    return value
