"""The keys that a request's body may hold, per surface."""

from __future__ import annotations

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
# OpenAI's chat completions, with Azure's own `data_sources` and `user_security_context`.
OPENAI_CHAT = INFERENCE_CHAT | {
    "audio",
    "data_sources",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "metadata",
    "n",
    "parallel_tool_calls",
    "prediction",
    "prompt_cache_key",
    "reasoning_effort",
    "safety_identifier",
    "service_tier",
    "store",
    "stream_options",
    "top_logprobs",
    "user",
    "user_security_context",
    "verbosity",
    "web_search_options",
}
_EMBEDDINGS = frozenset({"dimensions", "encoding_format", "input", "model"})
INFERENCE_EMBEDDINGS = _EMBEDDINGS | {"input_type"}
OPENAI_EMBEDDINGS = _EMBEDDINGS | {"user"}
# Anthropic's Messages API, 2023-06-01, without beta features.
COUNT_TOKENS = frozenset({"messages", "model", "system", "thinking", "tool_choice", "tools"})
MESSAGES = COUNT_TOKENS | {
    "container",
    "max_tokens",
    "metadata",
    "output_config",
    "service_tier",
    "stop_sequences",
    "stream",
    "temperature",
    "top_k",
    "top_p",
}
