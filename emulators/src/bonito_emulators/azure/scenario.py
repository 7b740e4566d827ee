"""The story of the demonstration: one account with the cases that matter."""

from __future__ import annotations

from bonito_emulators.azure.accounts import Account, Deployment
from bonito_emulators.azure.cloud import AzureCloud
from bonito_emulators.scenario import DemoConnection, Scenario

_KEYS = (
    "7Qm2xT9vKc4ZpR8wLd1sYf6BnHj3GaUe5oViXqMt0Nz2",
    "Wb5uE1rHk9Tq3CyJn7Xs2PzVm8LoDf4GiAg6RtKe0Sw1",
)
_WRONG_KEY = "Nn8dKf2LsQ6vBt4XyZ1cRm7WjHp5GuEa3iOoTqVk9Ux0"
_PASTED_ENDPOINT = (
    "https://Contoso.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"
)


def build_cloud() -> AzureCloud:
    """Makes the account `contoso`, with deployments that LiteLLM routes in different ways."""
    deployments = [
        Deployment(name="gpt-4o-mini", model="gpt-4o-mini"),
        Deployment(name="DeepSeek-V3.1", model="DeepSeek-V3.1"),
        Deployment(name="reasoner", model="gpt-5-mini"),
        Deployment(name="claude-sonnet-4-5", model="claude-sonnet-4-5"),
        Deployment(name="assistant", model="claude-haiku-4-5"),
        Deployment(name="text-embedding-3-small", model="text-embedding-3-small"),
    ]
    contoso = Account(name="contoso", keys=_KEYS, deployments=deployments, projects=("team",))
    return AzureCloud([contoso])


scenario = Scenario(
    name="azure",
    title="A Microsoft Foundry resource with models of four publishers",
    connections=(
        DemoConnection(
            cloud="azure",
            choice={},
            fields={"endpoint": _PASTED_ENDPOINT, "api_key": _KEYS[0]},
            wrong_fields={"endpoint": _PASTED_ENDPOINT, "api_key": _WRONG_KEY},
            adopt="DeepSeek-V3.1",
            prompt="Say hello.",
        ),
    ),
    build=build_cloud,
)
