"""All that a hook says, in every way it can be written, to look for secrets in."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bonito_providers import Connection
from bonito_providers.errors import BonitoError
from tests.core.leaks import frames_with

Hook = Callable[[Connection], Awaitable[Any]]


async def all_seen(
    connection: Connection, hook: Hook, secret: str, logged: pytest.LogCaptureFixture
) -> str:
    """Gives whatever a hook returns, raises, logs or warns of."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        async with connection:
            said = await _everything_said(connection, hook, secret)
            said += f"{connection!r} {connection.credentials!r} {connection.provider!r}"
    records = [f"{record.__dict__} {record.getMessage()}" for record in logged.records]
    return " ".join([said, logged.text, *records, *(str(each.message) for each in warned)])


async def _everything_said(connection: Connection, hook: Hook, secret: str) -> str:
    try:
        result = await hook(connection)
    except BonitoError as error:
        notes = getattr(error, "__notes__", [])
        found = f"{error!r} {error} {vars(error)} {error.args} {notes}"
        frames = frames_with(error, secret)
    else:
        dumped = result.model_dump_json() if hasattr(result, "model_dump_json") else ""
        return f"{result!r} {result} {dumped}"
    # This very frame knows the secret, for it looks for it.
    assert [frame for frame in frames if not frame.startswith("_everything_said")] == []
    return found
