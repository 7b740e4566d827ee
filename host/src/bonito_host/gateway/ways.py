"""The way of one call: under which name LiteLLM knows it, and what must not come back on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bonito_providers.redaction import Redactor, redact_all


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a call goes.

    Attributes:
        name: What LiteLLM calls the route, or the group of routes.
        asked: The name the caller used, which may be an alias.
        redactors: Hide the secrets of the connections it may reach.
        failed: Told the id of the route that failed, or None where LiteLLM does not say.
    """

    name: str
    asked: str
    redactors: tuple[Redactor, ...]
    failed: Callable[[str | None], None]

    def redact(self, text: str) -> str:
        """Hide the secrets of the connections the call may reach; the same object if none."""
        return redact_all(text, self.redactors)
