"""A Foundry resource as the contract suite finds it, and the truth about it."""

from __future__ import annotations

from bonito_azure_arm.conformance.harness import (
    KEY,
    OWN,
    PLACE,
    PRINCIPAL,
    WRONG_KEY,
    WRONG_SECRET,
    AzureHarness,
    account,
    tenant,
)
from bonito_azure_arm.conformance.plans import planned
from bonito_azure_arm.conformance.told import told
from bonito_azure_foundry.conformance.consent_situations import PLANS
from bonito_azure_foundry.conformance.endpoints import HOST, PASTED, SERVICES
from bonito_azure_foundry.conformance.refusals import REFUSALS
from bonito_azure_foundry.conformance.routes import ROUTES
from bonito_azure_foundry.conformance.situations import SITUATIONS
from bonito_contract_tests import Access, Blocked
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import ActionKind, DeploymentRequest

AGREED = frozenset({"marketplace_terms"})
ORGANISATION = {"organization_name": "Contoso", "country_code": "SE", "industry": "technology"}
CLAUDE = DeploymentRequest(model="claude-sonnet-4-5", name="poet", consents=AGREED)
CODE = DeploymentRequest(model="Codestral-2501", name="coder")

OFFERED = (
    "AI21-Jamba-1.5-Mini",  # of a kind that belongs to no account
    "babbage",  # retired, and offered as nothing
    "claude-haiku-4-5",
    "claude-sonnet-4-5",  # two versions, neither the default; wants to know who asks
    "Codestral-2501",  # sold by a partner
    "dall-e-3",
    "DeepSeek-R1",  # the usual capacity is five times the quota
    "DeepSeek-V3.1",
    "embed-v-4-0",  # tells no capability
    "gpt-4o",  # two versions
    "gpt-4o-mini",
    "gpt-5-mini",
    "gpt-5-nano",
    "gpt-5.2",  # not on GlobalStandard
    "gpt-5.5",  # no quota
    "gpt-image-1",  # retired
    "grok-4-fast-reasoning",  # takes no new deployments
    "Llama-3.3-70B-Instruct",  # its quota changes between versions
    "mistral-document-ai-2505",
    "text-embedding-3-small",
)


class FoundryHarness(AzureHarness):
    """A Foundry resource with a deployment of each sort, and the application that manages it."""

    plugin = "bonito_azure_foundry.plugin"
    account_kind = "AIServices"
    sku = "GlobalStandard"
    accesses = (
        Access(
            name="key",
            fields={"endpoint": SERVICES, "api_key": KEY},
            wrong={"api_key": WRONG_KEY},
        ),
        Access(
            name="keyless",
            fields={"endpoint": SERVICES, **PRINCIPAL, **PLACE},
            wrong={"client_secret": WRONG_SECRET},
        ),
        Access(
            name="management",
            fields={"endpoint": SERVICES, "api_key": KEY, **PRINCIPAL, **PLACE},
            wrong={"api_key": WRONG_KEY, "client_secret": WRONG_SECRET},
        ),
    )
    deployable = (
        DeploymentRequest(model="gpt-4o"),
        DeploymentRequest(model="DeepSeek-R1"),
        DeploymentRequest(model="text-embedding-3-small", name="search"),
    )
    adoptable = ("gpt-4o-mini", "DeepSeek-V3.1", "assistant", "vectors")
    unknown_model = DeploymentRequest(model="gpt-of-nobody")
    blocked = (
        Blocked(request=DeploymentRequest(model="gpt-5.5"), action=ActionKind.REQUEST_QUOTA),
        Blocked(
            request=CODE,
            action=ActionKind.ACCEPT_TERMS,
            unblocked=CODE.model_copy(update={"consents": AGREED}),
        ),
        Blocked(
            request=CLAUDE,
            action=ActionKind.SUBMIT_USE_CASE,
            unblocked=CLAUDE.model_copy(update={"fields": ORGANISATION}),
        ),
        Blocked(
            request=DeploymentRequest(model="grok-4-fast-reasoning"),
            action=ActionKind.ENABLE_IN_CONSOLE,
        ),
    )
    refusals = REFUSALS
    planned = (
        *planned(
            "AIServices",
            "GlobalStandard",
            residency="any region where Azure runs",
            second="DataZoneStandard",
        ),
        *PLANS,
    )
    situations = (*told("AIServices", "GlobalStandard", host=HOST), *SITUATIONS)
    pasted = PASTED
    routes = ROUTES

    def cloud(self) -> AzureCloud:
        """Return the resource with deployments that LiteLLM has to route in different ways."""
        contoso = account(
            "AIServices",
            Deployment(name="gpt-4o-mini", model="gpt-4o-mini"),
            Deployment(name="DeepSeek-V3.1", model="DeepSeek-V3.1"),
            Deployment(name="reasoner", model="gpt-5-mini"),
            Deployment(name="claude-like", model="gpt-4o"),
            Deployment(name="gpt-5.4-partner", model="DeepSeek-V3.1"),
            Deployment(name="claude-sonnet-4-5", model="claude-sonnet-4-5"),
            Deployment(name="assistant", model="claude-haiku-4-5"),
            Deployment(name="vectors", model="text-embedding-3-small"),
            Deployment(name="pictures", model="dall-e-3", sku="Standard", capacity=1),
            Deployment(name="broken", model="gpt-5-nano", provisioning_state="Failed"),
            Deployment(name="ours", model="gpt-5-nano", tags=dict(OWN)),
        )
        cloud = AzureCloud([contoso], tenants=[tenant()])
        cloud.offer_only(OFFERED)
        return cloud
