"""Frames of `application/vnd.amazon.eventstream`, with their checksums."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7


def event(kind: str, payload: Mapping[str, Any]) -> bytes:
    """Gives the frame of an event."""
    return _frame({":event-type": kind, ":message-type": "event"}, payload)


def exception(kind: str, message: str) -> bytes:
    """Gives the frame of an error in the middle of a stream."""
    headers = {":exception-type": kind, ":message-type": "exception"}
    return _frame(headers, {"message": message})


def _frame(headers: Mapping[str, str], payload: Mapping[str, Any]) -> bytes:
    named = {**headers, ":content-type": "application/json"}
    head = b"".join(_header(name, value) for name, value in named.items())
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(head) + len(body), len(head))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + body
    return message + struct.pack(">I", zlib.crc32(message))


def _header(name: str, value: str) -> bytes:
    encoded = value.encode()
    length = struct.pack(">BH", _STRING, len(encoded))
    return bytes([len(name)]) + name.encode() + length + encoded
