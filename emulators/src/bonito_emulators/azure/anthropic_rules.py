"""Reading a request of Anthropic's Messages API: what is refused, and who speaks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from bonito_emulators.azure import errors, schema
from bonito_emulators.models.anthropic_schema import CountRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators.azure.call import Call
    from bonito_emulators.models.anthropic_schema import Message

Request = TypeVar("Request", bound=CountRequest)


def read(call: Call, body: Mapping[str, Any], *, request: type[Request]) -> Request:
    """Reads a request; null and an empty list count as absent.

    Raises:
        Refusal: a value is of the wrong form, or the turns are.
    """
    given = {name: value for name, value in body.items() if value is not None and value != []}
    read_request = schema.read(call, given, schema=request, refuse=_refusal)
    _refuse_turns(read_request.messages)
    if read_request.tool_choice is not None and not read_request.tools:
        raise errors.anthropic_invalid(
            "tool_choice: tool_choice may only be specified while providing tools"
        )
    return read_request


def _refusal(fault: schema.Fault) -> errors.Refusal:
    return errors.anthropic_invalid(f"{fault.dotted}: {fault.message}")


def _refuse_turns(messages: list[Message]) -> None:
    """Source of the rules: the errors that Anthropic's API is known to give."""
    if messages[0].role != "user":
        raise errors.anthropic_invalid('messages: first message must use the "user" role')
    for index, message in enumerate(messages):
        last = index == len(messages) - 1
        if not message.content and not (last and message.role == "assistant"):
            raise errors.anthropic_invalid(
                f"messages.{index}: all messages must have non-empty content except for the"
                " optional final assistant message"
            )
