"""The emulated resources, and what tests say about them in a word."""

from __future__ import annotations

from typing import Any, Protocol

from bonito_emulators import RecordedRequest, RequestLog
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_OPENAI_USER,
    Account,
    Application,
    ClientSecret,
    Deployment,
    Role,
    RoleAssignment,
    Tenant,
)
from bonito_providers import Connection

KEYS = ("first-key-of-contoso-5b1e8f0c97aa4d", "second-key-of-contoso-0d9c7b6a5e4f3")
WRONG_KEY = "a-key-of-nobody-4f6b2a1c9d8e7f60"
OPENAI = "https://contoso.openai.azure.com"
COGNITIVE = "https://contoso.cognitiveservices.azure.com"
UPGRADED = "https://upgraded.services.ai.azure.com"
LOGIN, ARM = "login.microsoftonline.com", "management.azure.com"
HOST = "contoso.openai.azure.com"

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
CLIENT = "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6"
SECRET = "Aq8Q~Zk2vT7xN4mL9pR1sD6wF3hJ5bYcG0eUiO"
SUBSCRIPTION = "6e1b0c3a-9d2f-4a5e-8b7c-1f2e3d4c5b6a"
GROUP = "production"

BY_KEY = {"endpoint": OPENAI, "api_key": KEYS[0]}
PRINCIPAL = {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}
BY_PRINCIPAL = {"endpoint": OPENAI, **PRINCIPAL}
PLACE = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
MANAGED = {**BY_PRINCIPAL, **PLACE}


class Connect(Protocol):
    """Opens a connection to an emulated resource."""

    def __call__(self, **fields: str) -> Connection: ...


def accounts() -> list[Account]:
    """Makes a resource of the old kind, and one that Microsoft has upgraded."""
    standing = [
        Deployment(name="mini", model="gpt-4o-mini", sku="Standard"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="vectors", model="text-embedding-3-small", sku="Standard"),
    ]
    upgraded = [
        Deployment(name="mini", model="gpt-4o-mini"),
        Deployment(name="partner", model="DeepSeek-V3.1"),
    ]
    place: dict[str, Any] = {"keys": KEYS, "region": "westeurope", **PLACE}
    return [
        Account(name="contoso", kind="OpenAI", deployments=standing, **place),
        Account(name="upgraded", deployments=upgraded, **place),
    ]


def roles(*named: Role) -> list[RoleAssignment]:
    """Makes assignments that hold in the whole subscription."""
    return [RoleAssignment(role=role, scope=f"/subscriptions/{SUBSCRIPTION}") for role in named]


def tenant() -> Tenant:
    """Makes the directory with the service principal, who may deploy and call."""
    application = Application(
        client_id=CLIENT,
        secrets=[ClientSecret(value=SECRET)],
        roles=roles(COGNITIVE_SERVICES_CONTRIBUTOR, COGNITIVE_SERVICES_OPENAI_USER),
    )
    return Tenant(id=TENANT, domains=("contoso.onmicrosoft.com",), applications=[application])


def model_calls(log: RequestLog) -> list[RecordedRequest]:
    """Gives the requests that a model answers and somebody pays for."""
    return [
        request
        for request in log.select(method="POST")
        if request.path.endswith(("/completions", "/embeddings"))
    ]
