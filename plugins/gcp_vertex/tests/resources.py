"""The emulated project, and what tests say about it in a word."""

from __future__ import annotations

import json
from typing import Any, Protocol

from bonito_emulators import RequestLog
from bonito_emulators.gcp import GoogleCloud, Project, service_account
from bonito_providers import Connection, DeploymentRequest

PROJECT, REGION = "acme-prod", "us-central1"
GEMMA = "publishers/google/models/gemma3@gemma-3-1b-it"
FLASH = "google/gemini-3.8-flash"
CLAUDE = "anthropic/claude-opus-5"
PAID = frozenset({"hourly_billing"})
WEIGHTS = DeploymentRequest(model="google/gemma3@gemma-3-1b-it", name="mine", consents=PAID)
VERBS = (":generateContent", ":predict", ":rawPredict", ":embedContent", "/chat/completions")
"""How the path of a request that a model answers, and somebody pays for, ends."""


class Connect(Protocol):
    """Opens a connection to the emulated project."""

    def __call__(self, **changed: Any) -> Connection: ...


def key_file(*, wrong: bool = False) -> dict[str, str]:
    """Gives the key file of the project's service account, or one with another's key."""
    return service_account(PROJECT).key_file(wrong=wrong)


def fields() -> dict[str, Any]:
    """Gives what a user types."""
    return {"service_account_json": json.dumps(key_file()), "endpoint_region": REGION}


def google() -> GoogleCloud:
    """Makes the project, with an endpoint of somebody else's."""
    cloud = GoogleCloud(Project(id=PROJECT), [service_account(PROJECT)])
    cloud.put_endpoint("team-gemma", GEMMA, location=REGION)
    return cloud


def paid_calls(log: RequestLog) -> list[str]:
    """Gives the paths of calls to models."""
    return [each.path for each in log.requests if each.path.endswith(VERBS)]
