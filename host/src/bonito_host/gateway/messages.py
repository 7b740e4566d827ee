"""Messages of a chat as OpenAI has them: what LiteLLM cannot translate is refused before it tries.

LiteLLM turns messages into each service's own shape, and fails on what is none with errors that
look like a service's. Whoever wrote the message is told of it here instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_host.gateway.request_refused import RequestRefused, require_list

_ROLES = frozenset({"assistant", "developer", "function", "system", "tool", "user"})
_NAMED = {"tool": "tool_call_id", "function": "name"}
"""What a message of a role must say it answers."""
_PARTS = frozenset({"file", "image_url", "input_audio", "refusal", "text"})
"""Other parts, such as films, name addresses in fields of their own."""
_INSTEAD = ("refusal", "audio")
"""What an assistant may have said in place of content."""
_WORDS = frozenset({"refusal", "text"})
_PICTURES = ("data:", "https://")


def require_messages(messages: object) -> None:
    """Refuse what is no list of messages.

    Raises:
        RequestRefused: It is none; the field at fault is named.
    """
    if not isinstance(messages, list) or not messages:
        raise RequestRefused("messages must be a list with at least one message.", field="messages")
    for number, message in enumerate(messages):
        field = f"messages[{number}]"
        if not isinstance(message, dict):
            raise RequestRefused("A message must be an object.", field=field)
        _require_message(message, field)


def _require_message(message: Mapping[str, Any], field: str) -> None:
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        told = f"A message's role is one of {', '.join(sorted(_ROLES))}."
        raise RequestRefused(told, field=f"{field}.role")
    if role in _NAMED:
        _require_text(message, _NAMED[role], field)
    if message.get("name") is not None:
        _require_text(message, "name", field)
    calls = role == "assistant" and _has_calls(message, field)
    content = message.get("content")
    if content is None and not calls and not any(message.get(each) for each in _INSTEAD):
        raise RequestRefused("A message must have content.", field=f"{field}.content")
    _require_content(content, f"{field}.content")


def _has_calls(message: Mapping[str, Any], field: str) -> bool:
    """Tell whether an assistant's message calls something; refuse a call that is none."""
    calls = message.get("tool_calls")
    for number, call in enumerate(require_list(calls, f"{field}.tool_calls") if calls else ()):
        place = f"{field}.tool_calls[{number}]"
        if not isinstance(call, dict) or call.get("type", "function") != "function":
            raise RequestRefused("A call must be an object of type function.", field=place)
        _require_text(call, "id", place)
        _require_call(call.get("function"), f"{place}.function")
    function = message.get("function_call")
    if function is not None:
        _require_call(function, f"{field}.function_call")
    return bool(calls) or function is not None


def _require_call(function: object, field: str) -> None:
    if not isinstance(function, dict):
        raise RequestRefused("A call names a function and its arguments.", field=field)
    for name in ("name", "arguments"):
        _require_text(function, name, field)


def _require_text(value: Mapping[str, Any], name: str, field: str) -> None:
    if not isinstance(value.get(name), str):
        raise RequestRefused(f"{name} must be a text.", field=f"{field}.{name}")


def _require_content(content: object, field: str) -> None:
    if content is None or isinstance(content, str):
        return
    for number, part in enumerate(require_list(content, field)):
        _require_part(part, f"{field}[{number}]")


def _require_part(part: object, field: str) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(kind, str) or kind not in _PARTS:
        message = f"A part of a message is of one of the types {', '.join(sorted(_PARTS))}."
        raise RequestRefused(message, field=field)
    if kind in _WORDS:
        _require_text(part, kind, field)
    # Whatever the type says: LiteLLM looks for some of these by their names alone.
    if kind == "image_url" or "image_url" in part:
        _require_picture(part.get("image_url"), f"{field}.image_url")
    if kind == "file" or "file" in part:
        _require_file(part.get("file"), f"{field}.file")
    if kind == "input_audio" or "input_audio" in part:
        _require_inline(part.get("input_audio"), "data", f"{field}.input_audio")


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
