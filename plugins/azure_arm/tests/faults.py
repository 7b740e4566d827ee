"""Faults of the emulated services, in a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_emulators.faults import Action, Fault, Respond


def answer(status: int, body: Mapping[str, Any] | str | bytes = b"", **headers: str) -> Respond:
    """Makes the answer of a fault; a header's dashes are written as underscores."""
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    return Respond(status, written, body)


def always(
    action: Action, path_prefix: str = "/", *, method: str | None = None, host: str | None = None
) -> Fault:
    """Makes a fault that hits every such request."""
    return Fault(action=action, path_prefix=path_prefix, method=method, host=host, times=None)
