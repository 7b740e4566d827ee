"""What answers at each host: its keys, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bonito_openai_compatible.services import SERVICES, Service

KEY, WRONG_KEY = "sk-emulated-0123456789abcdefABCDEF", "sk-emulated-fedcba9876543210FEDCBA"
_ROUTER = "openrouter"
_CREATED = 1_763_200_000


@dataclass(frozen=True)
class Offered:
    """A model that a service offers.

    Attributes:
        id: Its name there.
        kind: What it really is for, whether the listing shows it or not.
        reasoning: Whether it refuses `max_tokens`.
        owner: What the listing says of it.
        shown: Further members of its row.
    """

    id: str
    kind: str = "chat"
    reasoning: bool = False
    owner: str = "system"
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        """The row in the listing."""
        row = {"id": self.id, "object": "model", "created": _CREATED, "owned_by": self.owner}
        return {**row, **self.shown}


@dataclass
class Account:
    """A customer's account with one service; a test may change it.

    Attributes:
        service: Where it answers.
        catalogue: What it offers.
        keys: What it accepts; without any it asks for none.
        public: Whether anybody may list the models.
        page_size: How many rows a page of OpenRouter holds.
    """

    service: Service
    catalogue: list[Offered]
    keys: tuple[str, ...] = (KEY,)
    public: bool = False
    page_size: int = 500

    @property
    def routes(self) -> bool:
        """Whether it is OpenRouter, whose listing and refusals have forms of their own."""
        return self.service.name == _ROUTER


OPENAI = (
    Offered("babbage-002", "completion"),
    Offered("dall-e-3", "image"),
    Offered("ft:gpt-4o-mini-2024-07-18:contoso::AbCdEf12", owner="contoso"),
    Offered("gpt-4o"),
    Offered("gpt-4o-mini"),
    Offered("gpt-5-mini", reasoning=True),
    Offered("gpt-5-nano-2025-08-07", reasoning=True),
    Offered("o3-pro", "responses", reasoning=True),
    Offered("o4-mini", reasoning=True),
    Offered("omni-moderation-latest", "moderation"),
    Offered("text-embedding-3-small", "embedding"),
    Offered("text-embedding-ada-002", "embedding", owner="openai-internal"),
    Offered("tts-1", "audio", owner="openai-internal"),
    Offered("whisper-1", "audio", owner="openai-internal"),
)
"""What an account lists, the odd ones before all: no row tells what a model is for."""
GROQ = (
    Offered("llama-retired", owner="Meta", shown={"active": False, "context_window": 8192}),
    Offered(
        "openai/gpt-oss-120b", owner="OpenAI", shown={"active": True, "context_window": 131072}
    ),
    Offered("qwen/qwen3.8-27b", owner="Qwen", shown={"active": True, "context_window": 131072}),
    Offered(
        "whisper-large-v3", "audio", owner="OpenAI", shown={"active": True, "context_window": 448}
    ),
)


def _routed(id: str, *outputs: str, context: int | None, kind: str = "chat") -> Offered:
    modalities = {"input_modalities": ["text"], "output_modalities": list(outputs)}
    pricing = {"prompt": "0.0000001", "completion": "0.0000004"}
    shown = {"context_length": context, "architecture": modalities, "pricing": pricing}
    return Offered(id, kind, shown=shown)


OPENROUTER = (
    _routed("anthropic/claude-sonnet-4.5", "text", context=1_000_000),
    _routed("google/gemini-image", "image", context=32_768, kind="image"),
    _routed("openai/gpt-4o", "text", context=128_000),
    _routed("openai/text-embedding-3-small", "embeddings", context=8192, kind="embedding"),
    _routed("openrouter/auto", "text", "image", context=None),
)
DEEPSEEK = (Offered("deepseek-chat", owner="deepseek"),)


def default_accounts() -> list[Account]:
    """Return an account with every known service."""
    offered = {"openai": OPENAI, "groq": GROQ, "openrouter": OPENROUTER, "deepseek": DEEPSEEK}
    return [
        Account(service, list(offered[service.name]), public=service.name == _ROUTER)
        for service in SERVICES
    ]
