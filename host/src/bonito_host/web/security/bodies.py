"""Request bodies: bounded, and read once more by whom they are for."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.types import Message, Receive

LARGEST = 1024 * 1024


class BodyTooLarge(Exception):
    """The body is larger than any form or document of this host."""


class ClientGone(Exception):
    """The client went away in the middle of its request."""


async def read_body(receive: Receive) -> bytes:
    """Return a request's whole body.

    Raises:
        BodyTooLarge: As said; the rest is not read.
        ClientGone: As said.
    """
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > LARGEST:
            raise BodyTooLarge
        if not message.get("more_body", False):
            return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body once more, and then what comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def form_value(body: bytes, name: str) -> str:
    """Return a field of a form as browsers send it; empty where there is none."""
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=1000)
    return fields.get(name, [""])[0]
