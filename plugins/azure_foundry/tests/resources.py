"""The emulated resources, and what tests say about them in a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bonito_emulators import RecordedRequest, RequestLog
from bonito_emulators.azure import Account, Deployment
from bonito_providers import Connection

KEYS = ("first-key-of-contoso-5b1e8f0c97aa4d", "second-key-of-contoso-0d9c7b6a5e4f3")
WRONG_KEY = "a-key-of-nobody-4f6b2a1c9d8e7f60"
SERVICES = "https://contoso.services.ai.azure.com"
OPENAI = "https://contoso.openai.azure.com"
COGNITIVE = "https://contoso.cognitiveservices.azure.com"
PROJECT = f"{SERVICES}/api/projects/team"

MODEL_CALLS = ("chat/completions", "embeddings", "/messages")
"""How the path of a request that a model answers, and somebody pays for, ends."""


class Connect(Protocol):
    """Opens a connection to the emulated resource."""

    def __call__(self, endpoint: str = ..., key: str = ...) -> Connection: ...


def foundry() -> Account:
    """Makes a Foundry resource with a deployment of each sort."""
    deployments = [
        Deployment(name="mini", model="gpt-4o-mini"),
        Deployment(name="partner", model="DeepSeek-V3.1"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="assistant", model="claude-haiku-4-5"),
        Deployment(name="vectors", model="text-embedding-3-small"),
    ]
    return Account(name="contoso", keys=KEYS, deployments=deployments, projects=("team",))


def openai_only() -> Account:
    """Makes a resource of the kind that has no services host."""
    return Account(
        name="legacy",
        kind="OpenAI",
        keys=KEYS,
        deployments=[Deployment(name="mini", model="gpt-4o-mini")],
    )


def model_calls(log: RequestLog) -> list[RecordedRequest]:
    """Gives the requests that called a model."""
    return [request for request in log.select(method="POST") if request.path.endswith(MODEL_CALLS)]


def keys_sent(log: RequestLog) -> Iterator[tuple[str, str]]:
    """Gives the host and the value of every header that carries a key."""
    for request in log.requests:
        for name in ("api-key", "x-api-key", "authorization"):
            if (value := request.header(name)) is not None:
                yield request.host, value.removeprefix("Bearer ")
