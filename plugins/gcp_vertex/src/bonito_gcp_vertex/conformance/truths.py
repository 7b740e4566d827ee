"""What is true of the emulated catalogue's models, written from Google's documentation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bonito_contract_tests import ModelTruth

if TYPE_CHECKING:
    from bonito_emulators.gcp import PublisherModel

_GOOGLE = ModelTruth(publisher="Google", sold_by="first_party", terms_needed=False)
_PARTNER = ModelTruth(sold_by="partner", terms_needed=True)
_UNKNOWN = ModelTruth(kind="nobody says", publisher="contoso", price_key="there is none")

_TRUTHS = {
    "google/gemini-4-argon": replace(_GOOGLE, kind="chat", price_key="vertex_ai/gemini-4-argon"),
    "google/gemini-3.8-flash": replace(
        _GOOGLE, kind="chat", price_key="vertex_ai/gemini-3.8-flash"
    ),
    "google/gemini-3.5-flash-lite": replace(
        _GOOGLE, kind="chat", price_key="vertex_ai/gemini-3.5-flash-lite"
    ),
    "google/gemini-3.1-flash-image": replace(_GOOGLE, kind="image"),
    "google/gemini-embedding-2": replace(
        _GOOGLE, kind="embedding", price_key="vertex_ai/gemini-embedding-2"
    ),
    "google/text-embedding-005": replace(_GOOGLE, kind="embedding", price_key="text-embedding-005"),
    "google/veo-3.1-lite-generate-001": replace(_GOOGLE, kind="video"),
    "google/gemma3": ModelTruth(kind="chat", publisher="Google", sold_by="first_party"),
    "google/gemma-4-26b-a4b-it-maas": replace(
        _GOOGLE, kind="chat", price_key="vertex_ai/google/gemma-4-26b-a4b-it-maas"
    ),
    "anthropic/claude-opus-5": replace(
        _PARTNER, kind="chat", publisher="Anthropic", price_key="vertex_ai/claude-opus-5"
    ),
    "anthropic/claude-sonnet-4-5": replace(
        _PARTNER, kind="chat", publisher="Anthropic", price_key="vertex_ai/claude-sonnet-4-5"
    ),
    "mistralai/mistral-medium-3": replace(
        _PARTNER, kind="chat", publisher="Mistral AI", price_key="vertex_ai/mistral-medium-3"
    ),
    "mistralai/magistral-medium-2509": replace(
        _PARTNER, kind="chat", publisher="Mistral AI", price_key="vertex_ai/magistral-medium-2509"
    ),
    "mistralai/mistral-ocr-2505": replace(_PARTNER, kind="ocr", publisher="Mistral AI"),
    "mistral-ai/mistral": ModelTruth(kind="chat", publisher="Mistral AI", terms_needed=True),
    "meta/llama-3.3-70b-instruct-maas": ModelTruth(
        kind="chat", publisher="Meta", price_key="vertex_ai/meta/llama-3.3-70b-instruct-maas"
    ),
    "meta/llama3-3": ModelTruth(kind="chat", publisher="Meta", terms_needed=True),
    "qwen/qwen3-next-80b-a3b-instruct-maas": ModelTruth(
        kind="chat", publisher="Qwen", price_key="vertex_ai/qwen/qwen3-next-80b-a3b-instruct-maas"
    ),
    "deepseek-ai/deepseek-r1-0528-maas": ModelTruth(
        kind="chat",
        publisher="DeepSeek",
        price_key="vertex_ai/deepseek-ai/deepseek-r1-0528-maas",
    ),
    "openai/gpt-oss-120b-maas": ModelTruth(
        kind="chat", publisher="OpenAI", price_key="vertex_ai/openai/gpt-oss-120b-maas"
    ),
    "xai/grok-4.7": ModelTruth(
        kind="chat", publisher="xAI", sold_by="partner", price_key="vertex_ai/xai/grok-4.7"
    ),
    "ai21/jamba-1.5-mini": ModelTruth(kind="chat", publisher="AI21 Labs", sold_by="partner"),
    # Nothing documents it, so that whatever a listing says of it but its publisher is made up.
    "contoso/weather-oracle": replace(_UNKNOWN, sold_by="nobody", lifecycle="GA"),
}
_SHOWN = ("lifecycle", "publisher", "skus")
"""What a row of the catalogue itself tells."""


def truth_of(model: PublisherModel) -> ModelTruth:
    """Return what is true of one version of a model."""
    known = _TRUTHS[f"{model.publisher}/{model.name}"]
    skus = [
        f"{machine.type}:{machine.count}x{machine.accelerator}" for machine in model.machines
    ] or ["serverless"]
    return replace(known, lifecycle=model.stage, skus=skus, shown=_SHOWN)
