"""What is asked for in the account that the harness describes."""

from __future__ import annotations

from bonito_providers import DeploymentRequest

HOURLY = frozenset({"aws_hourly_billing"})
COMMITTED = HOURLY | {"aws_commitment"}
AGREED = frozenset({"aws_model_agreement", "aws_use_case_form"})
FORM = {
    "company_name": "Acme",
    "company_website": "https://acme.example",
    "intended_users": "0",
    "industry": "Technology",
    "use_cases": "internal chat gateway",
}
NOVA = DeploymentRequest(model="amazon.nova-lite-v1:0")
MICRO = DeploymentRequest(model="amazon.nova-micro-v1:0")
EMBED = DeploymentRequest(model="cohere.embed-v4:0")
RESERVED = DeploymentRequest(model="amazon.nova-lite-v1:0:24k", sku="provisioned")
CLAUDE = DeploymentRequest(model="anthropic.claude-opus-5")


def asked(request: DeploymentRequest, **changes: object) -> DeploymentRequest:
    """Return the same wish with other fields."""
    return request.model_copy(update=changes)


def reserved(name: str, **changes: object) -> DeploymentRequest:
    """Return the wish for throughput under a name, with the consent that it takes."""
    return asked(RESERVED, name=name, **{"consents": HOURLY, **changes})
