"""Wrappers around provider calls: tracing, policy, audit. Off until the operator names them.

A wrapper is a module or object with one function, under an entry point of the group
``bonito_wrappers``:

    async def around_call(call: Call, proceed: Proceed) -> object:
        started = time.monotonic()
        try:
            return await proceed()
        finally:
            record(call.provider, call.hook, time.monotonic() - started)

It may answer in the call's place, raise, or let it go on; it may not change the arguments.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

GROUP = "bonito_wrappers"
"""The entry-point group of wrappers."""

Proceed = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Call:
    """A call to a provider, as a wrapper sees it: no credentials, no secret.

    Attributes:
        provider: The provider's name.
        hook: Which hook.
        connection: The connection's id.
        arguments: Its other arguments by name: requests, plans and references.
    """

    provider: str
    hook: str
    connection: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Wrapper(Protocol):
    """What an entry point of the group leads to."""

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        """Do something before, after or instead of the call, and return its result."""


async def call_through(wrappers: Sequence[Wrapper], call: Call, innermost: Proceed) -> object:
    """Call through the wrappers in their order, the first one outermost."""
    if not wrappers:
        return await innermost()
    first, *rest = wrappers
    return await first.around_call(call, lambda: call_through(rest, call, innermost))
