"""What callers may ask: OpenAI's own fields by name, and nothing that LiteLLM would obey.

LiteLLM takes addresses, keys, headers, fallbacks and switches of its own from the same place as a
prompt, and copies fields it does not know into the request. So what is not known here is refused:
a list of what is forbidden would always lack the next one.
"""

from __future__ import annotations

import json
import unicodedata
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
_FUNCTION = frozenset({"description", "name", "parameters"})
_TOOL = frozenset({"function", "type"})
_PARTS = frozenset({"file", "image_url", "input_audio", "refusal", "text"})
"""Other parts, such as films, name addresses in fields of their own."""
_PICTURES = ("data:", "https://")
_LONGEST_MODEL = 300
_LONGEST_FIELD = 80


def cleaned(text: str, *, longest: int = _LONGEST_MODEL) -> str:
    """Return a text as it can be kept and sent: cut, without controls and halves of characters."""
    return "".join("\ufffd" if _unprintable(each) else each for each in text[:longest])


class RequestRefused(Exception):
    """A request cannot be taken as it is.

    Attributes:
        message: Why, in one sentence.
        field: Which field is at fault, if one is; fit to be sent.
        model: The model's name where it is what is at fault, as the caller gave it.
    """

    def __init__(self, message: str, *, field: str | None = None, model: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        # A field that is not known carries the caller's own name for it.
        self.field = None if field is None else cleaned(field, longest=_LONGEST_FIELD)
        self.model = model


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
    for number, message in enumerate(messages):
        _require_content(message.get("content"), f"messages[{number}].content")
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
    if len(model) > _LONGEST_MODEL or any(map(_unprintable, model)):
        message = f"model must have at most {_LONGEST_MODEL} characters, and none of control."
        raise RequestRefused(message, field="model", model=model)
    return model


def _unprintable(character: str) -> bool:
    # Stores refuse NUL, and nothing can encode half a character.
    return unicodedata.category(character) in {"Cc", "Cs"}


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


def _require_tools(tools: object) -> None:
    for number, tool in enumerate(_list(tools, "tools")):
        field = f"tools[{number}]"
        # Other kinds of tools name servers that LiteLLM would call.
        if not isinstance(tool, dict) or tool.get("type") != "function":
            raise RequestRefused("The gateway takes tools of type function only.", field=field)
        _require_only(tool, _TOOL, field)
        _require_function(tool.get("function"), _FUNCTION | {"strict"}, f"{field}.function")


def _require_functions(functions: object) -> None:
    for number, function in enumerate(_list(functions, "functions")):
        _require_function(function, _FUNCTION, f"functions[{number}]")


def _require_function(function: object, known: frozenset[str], field: str) -> None:
    if not isinstance(function, dict):
        raise RequestRefused("A function must be an object.", field=field)
    _require_only(function, known, field)
    if not isinstance(function.get("name"), str):
        raise RequestRefused("A function must have a name.", field=f"{field}.name")


def _require_only(value: Mapping[str, Any], known: frozenset[str], field: str) -> None:
    for name in value:
        if name not in known:
            message = f"The gateway does not take the field {name[:80]!r} in {field}."
            raise RequestRefused(message, field=f"{field}.{name}")


def _require_content(content: object, field: str) -> None:
    if content is None or isinstance(content, str):
        return
    for number, part in enumerate(_list(content, field)):
        _require_part(part, f"{field}[{number}]")


def _require_part(part: object, field: str) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(kind, str) or kind not in _PARTS:
        message = f"A part of a message is of one of the types {', '.join(sorted(_PARTS))}."
        raise RequestRefused(message, field=field)
    # Whatever the type says: LiteLLM looks for some of these by their names alone.
    if "image_url" in part:
        _require_picture(part["image_url"], f"{field}.image_url")
    if "file" in part:
        _require_file(part["file"], f"{field}.file")
    if "input_audio" in part:
        _require_inline(part["input_audio"], "data", f"{field}.input_audio")


def _require_picture(picture: object, field: str) -> None:
    # A service would fetch any other address with the operator's rights, or LiteLLM from this host.
    url = picture.get("url") if isinstance(picture, dict) else picture
    # LiteLLM looks for some schemes anywhere in an address, so that there may be one only.
    if (
        not isinstance(url, str)
        or not url.startswith(_PICTURES)
        or "://" in url.removeprefix("https://")
    ):
        raise RequestRefused("A picture's address must be one data: or https: URL.", field=field)


def _require_file(file: object, field: str) -> None:
    if isinstance(file, dict) and "file_id" in file:
        message = "The gateway keeps no files: send the file itself as file_data."
        raise RequestRefused(message, field=f"{field}.file_id")
    _require_inline(file, "file_data", field)


def _require_inline(value: object, name: str, field: str) -> None:
    data = value.get(name) if isinstance(value, dict) else None
    # Base64 knows no colon, so that a colon makes an address of it.
    if not isinstance(data, str) or ":" in data.removeprefix("data:"):
        message = f"{name} must hold the data itself, in base64."
        raise RequestRefused(message, field=f"{field}.{name}")


def _list(value: object, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise RequestRefused(f"{field} must be a list.", field=field)
    return value
