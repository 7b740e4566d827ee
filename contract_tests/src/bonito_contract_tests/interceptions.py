"""What the suite does to answers on their way from an author's cloud to the plugin."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bonito_emulators import Reset, Respond, exchange_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bonito_emulators import Action, RecordedRequest

Change = Callable[[Any], Any]
"""A JSON document to the one that is sent instead."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, by the definition of HTTP."""


@dataclass
class Altered:
    """Lets the cloud answer, and changes what it says where that is a success in JSON.

    Attributes:
        change: What happens to each document.
        altered: How many answers it made different.
    """

    change: Change
    altered: int = field(default=0, init=False)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the changed answer; what is no JSON goes through as it is."""
        start, payload = await answer_of(app, scope, receive)
        await send_answer(send, start, self._changed(start, payload))

    def _changed(self, start: Message, payload: bytes) -> bytes:
        if not 200 <= start["status"] < 300:  # noqa: PLR2004 - HTTP's successes
            return payload
        try:
            document = json.loads(payload)
        except ValueError:
            return payload
        changed = self.change(document)
        self.altered += changed != document
        return json.dumps(changed).encode()


@dataclass(frozen=True)
class At:
    """Does something to every repetition of one request, a page of a listing for example.

    Attributes:
        request: As it came the first time; host, method, path and query count.
        action: What happens to it.
    """

    request: RecordedRequest
    action: Action

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the action serve that request and the cloud serve all others."""
        asked = (
            exchange_of(scope).host,
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
        )
        one = self.request
        hit = asked == (one.host, one.method, unquote(one.path), one.query)
        await (self.action(app, scope, receive, send) if hit else app(scope, receive, send))


@dataclass
class Endless:
    """Answers every later reading of a path as it was answered first, whatever page it asks for.

    A listing whose first page names a next one so never ends. After `limit` repeats it answers
    with failures, so that the one who is caught in it gets out.
    """

    limit: int
    _first: dict[tuple[str, str], tuple[Message, bytes]] = field(default_factory=dict, init=False)
    _repeats: itertools.count[int] = field(default_factory=itertools.count, init=False)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request the first time, and repeat that ever after."""
        if scope["method"] != "GET":
            await app(scope, receive, send)
            return
        place = (exchange_of(scope).host, scope["path"])
        if place not in self._first:
            self._first[place] = await answer_of(app, scope, receive)
        elif next(self._repeats) >= self.limit:
            await Respond(503)(app, scope, receive, send)
            return
        await send_answer(send, *self._first[place])


@dataclass
class After:
    """Does something to every request but the first few.

    Attributes:
        passed: How many requests are served as if nothing were.
        action: What happens to the others.
        reached: Set once such a one has come.
    """

    passed: int
    action: Action
    reached: threading.Event = field(default_factory=threading.Event, init=False)
    _count: itertools.count[int] = field(default_factory=itertools.count, init=False)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or let the action do so."""
        if next(self._count) < self.passed:
            await app(scope, receive, send)
            return
        self.reached.set()
        await self.action(app, scope, receive, send)


@dataclass
class OnWrite:
    """Does something to the answer of the first request that changed the cloud.

    Attributes:
        held: Returns what the cloud holds; a write is a request after which that is different.
        action: What happens to the answer, once.
        writes: The writes seen: host, method and path.
    """

    held: Callable[[], object]
    action: Action | None = None
    writes: list[tuple[str, str, str]] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; the first write is answered by the action."""
        if scope["method"] in READING:
            await app(scope, receive, send)
            return
        before = self.held()
        start, payload = await answer_of(app, scope, receive)
        first = False
        if self.held() != before:
            with self._lock:
                first = not self.writes
                self.writes.append((exchange_of(scope).host, scope["method"], scope["path"]))
        if first and self.action is not None:
            await self.action(_replaying(start, payload), scope, receive, send)
        else:
            await send_answer(send, start, payload)


@dataclass
class Together:
    """Holds requests back until as many have come, so that none has seen another's effect.

    Attributes:
        count: How many are waited for.
        patience: Seconds after which one that came alone goes on.
    """

    count: int
    patience: float = 0.5
    _arrived: int = field(default=0, init=False)
    _all: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with the others."""
        self._arrived += 1
        if self._arrived >= self.count:
            self._all.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                await self._all.wait()
        await app(scope, receive, send)


def lost_answer(held: Callable[[], object]) -> OnWrite:
    """Return what lets the cloud apply a write and then breaks the connection, once."""
    return OnWrite(held, Reset())


async def answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Let the cloud answer into memory."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def send_answer(send: Send, start: Message, payload: bytes) -> None:
    """Send an answer whose length may have changed."""
    headers = [(key, value) for key, value in start["headers"] if key != b"content-length"]
    length = (b"content-length", str(len(payload)).encode())
    await send({**start, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": payload})


def _replaying(start: Message, payload: bytes) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_answer(send, start, payload)

    return app


def some_of(requests: Sequence[RecordedRequest]) -> list[RecordedRequest]:
    """Return the first requests, the middle one and the last ones, each once."""
    different = list({(each.host, each.path, each.query): each for each in requests}.values())
    last = len(different) - 1
    places = {0, 1, 2, 3, len(different) // 2, last - 1, last}
    return [different[place] for place in sorted(places) if 0 <= place <= last]
