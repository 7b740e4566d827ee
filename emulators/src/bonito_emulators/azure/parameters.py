"""The keys that a request's body may hold, per surface."""

from __future__ import annotations

from bonito_emulators.models import parameters

# The Model Inference API, 2024-05-01-preview.
INFERENCE_CHAT = frozenset(
    {
        "frequency_penalty",
        "max_tokens",
        "messages",
        "modalities",
        "model",
        "presence_penalty",
        "response_format",
        "seed",
        "stop",
        "stream",
        "temperature",
        "tool_choice",
        "tools",
        "top_p",
    }
)
# Beside OpenAI's own.
OPENAI_CHAT = parameters.OPENAI_CHAT | {"data_sources", "user_security_context"}
_EMBEDDINGS = frozenset({"dimensions", "encoding_format", "input", "model"})
INFERENCE_EMBEDDINGS = _EMBEDDINGS | {"input_type"}
OPENAI_EMBEDDINGS = _EMBEDDINGS | {"user"}
