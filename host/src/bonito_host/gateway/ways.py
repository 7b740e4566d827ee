"""The way of one call: under which name LiteLLM knows it, and what must not come back on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bonito_host.gateway.answers import Answer
from bonito_host.gateway.ledger import Metered
from bonito_host.gateway.live_router import LiveRouter
from bonito_providers.redaction import Redactor, redacted


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a call goes.

    Attributes:
        router: What sends it.
        name: What LiteLLM calls the route, or the group of routes.
        asked: The name the caller used, which may be an alias.
        redactors: Hide the secrets of the connections it may reach.
        call: Where what is learnt of it is noted.
    """

    router: LiveRouter
    name: str
    asked: str
    redactors: tuple[Redactor, ...]
    call: Metered

    def redact(self, text: str) -> str:
        """Hide the secrets of the connections the call may reach."""
        for redact in self.redactors:
            text = redact(text)
        return text

    def arrived(self, answer: Answer) -> Answer:
        """Note an answer, or a piece of one, and return it as the caller may see it."""
        self.call.take(answer)
        document = {**answer.document, "model": self.asked}
        if "data" not in document:  # vectors hold no text
            for redact in self.redactors:
                document = redacted(document, redact)
        return replace(answer, document=document)
