"""Services that speak the OpenAI API on the local machine, and what is known of them.

What is not written here is refused, and recorded as a violation.

Hosts
    ``api.openai.com/v1``, ``api.groq.com/openai/v1``, ``openrouter.ai/api/v1``,
    ``api.deepseek.com/v1``, by https.

Authentication
    ``Authorization: Bearer`` and a key, with every call: else 401 ``invalid_api_key``. OpenRouter
    lists its models to anybody, and judges a key at ``GET /key``.

Calls
    ``GET /models``: ``{object, data}`` with rows of ``{id, object, created, owned_by}``. Groq adds
    ``active`` and ``context_window``. OpenRouter answers ``{data, links}`` with rows of ``{id,
    context_length, architecture, pricing}``, in pages by ``limit`` and ``offset``, the next one at
    ``links.next``.
    ``POST /chat/completions`` in one piece and as a stream, with tools; ``POST /embeddings``.
    ``model`` is an ``id`` of the listing.

Refusals
    ``{"error": {"message", "type", "param", "code"}}``; OpenRouter: ``{"error": {"message",
    "code"}}`` with the status as code. Every answer has an ``x-request-id``.
    An unknown model: 404 ``model_not_found``. A model that does not chat: 404 with ``param``
    ``model``; one that does not embed: 403. A reasoning model refuses ``max_tokens``: 400
    ``unsupported_parameter``.

Sources: OpenAI API reference; Groq, OpenRouter and DeepSeek documentation (`services.SERVICES`).
"""

from __future__ import annotations

from bonito_openai_compatible.conformance.emulator.accounts import (
    KEY,
    WRONG_KEY,
    Account,
    Offered,
)
from bonito_openai_compatible.conformance.emulator.cloud import CompatibleCloud

__all__ = ["KEY", "WRONG_KEY", "Account", "CompatibleCloud", "Offered"]
