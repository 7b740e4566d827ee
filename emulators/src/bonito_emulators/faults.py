"""Faults that a test orders from a cloud, and that really happen on the socket."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bonito_emulators.exchange import exchange_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Action(Protocol):
    """What happens to a request instead of, or around, the application's answer."""

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers the request, with the help of the application or without."""
        ...


@dataclass(frozen=True)
class Respond:
    """Answers with exactly this; a mapping as body is sent as JSON."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | Mapping[str, Any] = b""

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer; the application never sees the request."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not isinstance(self.body, bytes | str):
            headers.setdefault("content-type", "application/json")
        payload = self._payload()
        headers.setdefault("content-length", str(len(payload)))
        await send(_start(self.status, [(k.encode(), v.encode()) for k, v in headers.items()]))
        await send(_body(payload))

    def _payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


@dataclass(frozen=True)
class Redirect:
    """Sends the client elsewhere; 307, so that it would repeat method, body and headers."""

    location: str
    status: int = 307

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the redirect; the application never sees the request."""
        await Respond(self.status, {"location": self.location})(app, scope, receive, send)


@dataclass(frozen=True)
class Reset:
    """Resets the connection before any byte of an answer."""

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Breaks the connection; the application never sees the request."""
        await exchange_of(scope).reset()


@dataclass(frozen=True)
class Truncate:
    """Declares the whole answer, sends its first bytes and closes the connection."""

    after_bytes: int

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Cuts the application's own answer short."""
        start, payload = await _answer(app, scope, receive)
        await send(_with_length(start, len(payload)))
        await send(_body(payload[: self.after_bytes], more=True))
        await exchange_of(scope).hang_up()


@dataclass(frozen=True, kw_only=True)
class Slow:
    """Waits before the application sees the request."""

    seconds_before: float

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves the request late, or not at all when the client has gone."""
        if await exchange_of(scope).pause(self.seconds_before):
            await app(scope, receive, send)


@dataclass(frozen=True, kw_only=True)
class Drip:
    """Sends the answer in small pieces with a pause after each."""

    bytes_at_once: int = 1
    seconds_between: float = 0.01

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Stretches the application's own answer, until the client goes."""
        start, payload = await _answer(app, scope, receive)
        await send(_with_length(start, len(payload)))
        for offset in range(0, len(payload), self.bytes_at_once):
            await send(_body(payload[offset : offset + self.bytes_at_once], more=True))
            if not await exchange_of(scope).pause(self.seconds_between):
                return
        await send(_body(b""))


@dataclass(frozen=True)
class AfterApplied:
    """Lets the request take effect, and only then does something to the answer.

    `AfterApplied(Reset())` is the answer that is lost: the cloud has done what was asked, and the
    client cannot know.
    """

    action: Action

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves the request into memory and hands its answer to the action, as if fresh."""
        start, payload = await _answer(app, scope, receive)

        async def answered(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send(start)
            await send(_body(payload))

        await self.action(answered, scope, receive, send)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Which requests are hit, how often (None: for ever), and what happens to them."""

    action: Action
    path_prefix: str = "/"
    method: str | None = None
    host: str | None = None
    times: int | None = 1

    def hits(self, scope: Scope, host: str) -> bool:
        """Tells whether the request is one of those."""
        return (
            str(scope["path"]).startswith(self.path_prefix)
            and self.method in (None, scope["method"])
            and self.host in (None, host)
        )


class Faults:
    """The faults ordered from one cloud; any thread may add and clear them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Orders a fault; of several that match, the one added first happens."""
        with self._lock:
            self._waiting.append((fault, fault.times))

    def clear(self) -> None:
        """Calls off everything that has not happened yet."""
        with self._lock:
            self._waiting.clear()

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request by the first fault that hits it, else by the application."""
        action = self._take(scope)
        if action is None:
            await app(scope, receive, send)
        else:
            await action(app, scope, receive, send)

    def _take(self, scope: Scope) -> Action | None:
        host = exchange_of(scope).host
        with self._lock:
            for index, (fault, left) in enumerate(self._waiting):
                if fault.hits(scope, host):
                    if left is not None:
                        self._waiting[index : index + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault.action
        return None


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _body(payload: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": payload, "more_body": more}


def _with_length(start: Message, length: int) -> Message:
    headers = [(key, value) for key, value in start["headers"] if key != b"content-length"]
    return {**start, "headers": [*headers, (b"content-length", str(length).encode())]}


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Lets the application answer into memory."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])
