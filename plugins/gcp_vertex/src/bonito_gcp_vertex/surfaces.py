"""The forms in which models are called, each with its verb and its own body."""

from __future__ import annotations

GENERATE_CONTENT = "generate_content"
"""Gemini's own API."""
EMBED_CONTENT = "embed_content"
"""Embeddings of the Gemini family from the second on."""
PREDICT = "predict"
"""The older embeddings."""
ANTHROPIC = "anthropic"
"""Anthropic's Messages API by `rawPredict`."""
MISTRAL = "mistral"
"""OpenAI's form by `rawPredict`."""
OPENAPI = "openapi"
"""OpenAI's form at the endpoint that all served open models share."""
ENDPOINT = "endpoint"
"""OpenAI's form at an endpoint of the project's own."""

EMBEDDING = frozenset({EMBED_CONTENT, PREDICT})
"""The forms that embed; all others chat."""
