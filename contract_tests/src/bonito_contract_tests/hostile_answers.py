"""Answers that quote secrets, lead elsewhere, or grow without end."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_contract_tests.interceptions import answer_of, send_answer
from bonito_emulators import Respond

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_COMMON = frozenset(
    {b"accept", b"accept-encoding", b"connection", b"content-length", b"content-type", b"host"}
)
"""Headers of every request, which would only push the telling ones out of a short text."""
_MEGABYTE = 1024 * 1024
_LONGEST_HEADER = 4000


@dataclass(frozen=True)
class Echo:
    """Refuses with everything it was given, as services and the proxies before them do."""

    status: int

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Quotes headers and body, in the refusal's headers and in its text."""
        given = b"; ".join(
            b"%s: %s" % (name, value) for name, value in scope["headers"] if name not in _COMMON
        ).decode("latin-1")
        body = (await receive()).get("body", b"").decode("latin-1")
        said = f"you sent {given} {body}"
        error = {"error": {"code": "echo", "message": said}, "message": said, "detail": said}
        headers = {"x-echo": given[:_LONGEST_HEADER], "x-request-id": given[:_LONGEST_HEADER]}
        await Respond(self.status, headers, error)(app, scope, receive, send)


@dataclass(frozen=True)
class Rewritten:
    """Lets the cloud answer, and rewrites the texts of its headers and body.

    Attributes:
        rewrite: What happens to each text.
        body: Whether the body is rewritten as well; else the headers alone.
    """

    rewrite: Callable[[str], str]
    body: bool = True

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the rewritten answer."""
        start, payload = await answer_of(app, scope, receive)
        headers = [
            (name, self.rewrite(value.decode("latin-1")).encode("latin-1"))
            for name, value in start["headers"]
        ]
        body = self.rewrite(payload.decode("latin-1")).encode("latin-1")
        await send_answer(send, {**start, "headers": headers}, body if self.body else payload)


@dataclass(frozen=True)
class Huge:
    """Answers with JSON that goes on for so many megabytes, piece by piece."""

    megabytes: int

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends until all is sent, or the client has gone."""
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in _endless_list(self.megabytes):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def bomb(megabytes: int) -> Respond:
    """Return an answer of a few kilobytes that says it unpacks to so many megabytes."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"[") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * _MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush each block stands for itself and can be repeated.
    return compressed(head + block * megabytes + packer.flush(), "deflate")


def compressed(payload: bytes, coding: str) -> Respond:
    """Return an answer whose body is said to be compressed."""
    headers = {"content-type": "application/json", "content-encoding": coding}
    return Respond(200, headers, payload)


def _endless_list(megabytes: int) -> Iterator[bytes]:
    yield b"["
    yield from itertools.repeat(b" " * _MEGABYTE, megabytes)
    yield b"]"
