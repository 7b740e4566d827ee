"""The story of the demonstration: one account with the cases that matter."""

from __future__ import annotations

from bonito_emulators.azure import errors
from bonito_emulators.azure.accounts import Account
from bonito_emulators.azure.cloud import AzureCloud
from bonito_emulators.azure.deployments import Deployment
from bonito_emulators.azure.directory import Application, ClientSecret, Tenant
from bonito_emulators.azure.roles import COGNITIVE_SERVICES_USER, CONTRIBUTOR, RoleAssignment
from bonito_emulators.azure.subscriptions import DEFAULT_SUBSCRIPTION, DEFAULT_TENANT
from bonito_emulators.faults import Fault, Respond
from bonito_emulators.scenario import DemoConnection, Scenario

_KEYS = (
    "7Qm2xT9vKc4ZpR8wLd1sYf6BnHj3GaUe5oViXqMt0Nz2",
    "Wb5uE1rHk9Tq3CyJn7Xs2PzVm8LoDf4GiAg6RtKe0Sw1",
)
_LEGACY_KEYS = (
    "Pf3wHn8RzLd5Yk1TgVq9Xc7MbJs2UaEo6ZiKtWx4Cr0B",
    "Ue6yQm1KvTj4Na9ZsGx8Rf2DpLb5WhCo7XiMtYk3Vn0J",
)
_LEGACY_ENDPOINT = "https://contoso-openai.openai.azure.com/"
_CLIENT_ID = "3d1f6c0e-52b8-4f0e-9b43-7c5a90d2e1b6"
_CLIENT_SECRET = "Emulated~Secret~Of~The~Demo~Application~42"  # noqa: S105 - of nobody
_WRONG_KEY = "Nn8dKf2LsQ6vBt4XyZ1cRm7WjHp5GuEa3iOoTqVk9Ux0"
_PASTED_ENDPOINT = (
    "https://Contoso.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"
)


def build_cloud() -> AzureCloud:
    """Makes `contoso`, with deployments that LiteLLM routes in different ways, and its manager."""
    deployments = [
        Deployment(name="gpt-4o-mini", model="gpt-4o-mini"),
        Deployment(name="DeepSeek-V3.1", model="DeepSeek-V3.1"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="claude-sonnet-4-5", model="claude-sonnet-4-5"),
        Deployment(name="assistant", model="claude-haiku-4-5"),
        Deployment(name="text-embedding-3-small", model="text-embedding-3-small"),
    ]
    contoso = Account(name="contoso", keys=_KEYS, deployments=deployments, projects=("team",))
    legacy = Account(
        name="contoso-openai",
        kind="OpenAI",
        keys=_LEGACY_KEYS,
        deployments=[
            Deployment(name="chat", model="gpt-4o-mini", sku="Standard"),
            Deployment(name="embed", model="text-embedding-3-small", sku="Standard"),
        ],
    )
    scope = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
    application = Application(
        client_id=_CLIENT_ID,
        secrets=[ClientSecret(value=_CLIENT_SECRET)],
        roles=[
            RoleAssignment(role=CONTRIBUTOR, scope=scope),
            RoleAssignment(role=COGNITIVE_SERVICES_USER, scope=scope),
        ],
    )
    tenant = Tenant(
        id=DEFAULT_TENANT, domains=("contoso.onmicrosoft.com",), applications=[application]
    )
    return AzureCloud([contoso, legacy], tenants=[tenant])


def throttling(host: str) -> Fault:
    """Refuses every call of a model of one resource, until it is called off."""
    refusal = errors.rate_limited()
    return Fault(
        action=Respond(refusal.status, refusal.headers, refusal.body),
        host=host,
        method="POST",
        times=None,
    )


scenario = Scenario(
    name="azure",
    title="A Microsoft Foundry resource, and an Azure OpenAI one from before",
    connections=(
        DemoConnection(
            cloud="azure",
            choice={},
            fields={"endpoint": _PASTED_ENDPOINT, "api_key": _KEYS[0]},
            wrong_fields={"endpoint": _PASTED_ENDPOINT, "api_key": _WRONG_KEY},
            adopt="DeepSeek-V3.1",
            prompt="Say hello.",
            management={
                "tenant_id": DEFAULT_TENANT,
                "client_id": _CLIENT_ID,
                "client_secret": _CLIENT_SECRET,
                "subscription_id": DEFAULT_SUBSCRIPTION,
                "resource_group": "rg-ai",
                "account_name": "contoso",
            },
            deploy=("gpt-4o", "DeepSeek-R1", "gpt-oss-120b"),
            throttling=(throttling("contoso.services.ai.azure.com"),),
        ),
        DemoConnection(
            cloud="azure",
            choice={"azure_mode": "openai"},
            fields={"endpoint": _LEGACY_ENDPOINT, "api_key": _LEGACY_KEYS[0]},
            wrong_fields={"endpoint": _LEGACY_ENDPOINT, "api_key": _WRONG_KEY},
            adopt="chat",
            prompt="Say hello.",
            throttling=(throttling("contoso-openai.openai.azure.com"),),
        ),
    ),
    build=build_cloud,
)
