"""The emulated services, and an endpoint of the operator's own beside them."""

from __future__ import annotations

from typing import Protocol

from bonito_openai_compatible.conformance.emulator import KEY, WRONG_KEY, Account, Offered
from bonito_openai_compatible.conformance.emulator.accounts import default_accounts
from bonito_openai_compatible.services import Service
from bonito_providers import Connection

OPENAI = {"base_url": "https://api.openai.com/v1", "api_key": KEY}
GROQ = {"base_url": "https://api.groq.com", "api_key": KEY}
OPENROUTER = {"base_url": "https://openrouter.ai", "api_key": KEY}
OWN = {"base_url": "https://models.example.com"}
OWN_HOST = "models.example.com"
__all__ = ["GROQ", "KEY", "OPENAI", "OPENROUTER", "OWN", "OWN_HOST", "WRONG_KEY", "Connect"]


class Connect(Protocol):
    """Opens a connection to an emulated service."""

    def __call__(self, **fields: str) -> Connection: ...


def accounts() -> list[Account]:
    """Makes an account with every known service, and a server that somebody runs."""
    service = Service(name="own", host=OWN_HOST, path="/v1", source="none", date="2026-11-23")
    offered = [
        Offered("gpt-4o", owner="vllm", shown={"max_model_len": 8192}),
        Offered("thinker", reasoning=True, owner="vllm"),
    ]
    return [*default_accounts(), Account(service, offered, keys=())]
