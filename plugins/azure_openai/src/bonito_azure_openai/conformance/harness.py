"""An Azure OpenAI resource as the contract suite finds it, and the truth about it."""

from __future__ import annotations

from collections.abc import Collection

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
from bonito_azure_arm.conformance.refusals import of_arm, of_data_plane, of_entra
from bonito_azure_arm.conformance.told import told
from bonito_azure_openai.conformance.endpoints import ENDPOINT, HOST, PASTED
from bonito_azure_openai.conformance.management_situations import PLANS
from bonito_azure_openai.conformance.routes import ROUTES
from bonito_azure_openai.conformance.situations import SITUATIONS
from bonito_contract_tests import Access, Blocked
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import ActionKind, DeploymentRequest

OFFERED = (
    "babbage",  # retired, and offered as nothing
    "dall-e-3",
    "DeepSeek-V3.1",  # not of OpenAI
    "gpt-4o",  # two versions; no quota for Standard
    "gpt-4o-mini",
    "gpt-5-mini",  # not on Standard
    "gpt-image-1",  # retired
    "Llama-3.3-70B-Instruct",  # not of OpenAI, in five versions
    "text-embedding-3-large",
    "text-embedding-3-small",
    "whisper",
)
_OTHERS = ("DeepSeek-V3.1", "Llama-3.3-70B-Instruct")


class OpenAIHarness(AzureHarness):
    """A resource of the kind OpenAI, and the application that manages it."""

    plugin = "bonito_azure_openai.plugin"
    account_kind = "OpenAI"
    sku = "Standard"
    accesses = (
        Access(
            name="key",
            fields={"endpoint": ENDPOINT, "api_key": KEY},
            wrong={"api_key": WRONG_KEY},
        ),
        Access(
            name="principal",
            fields={"endpoint": ENDPOINT, **PRINCIPAL},
            wrong={"client_secret": WRONG_SECRET},
        ),
        Access(
            name="management",
            fields={"endpoint": ENDPOINT, **PRINCIPAL, **PLACE},
            wrong={"client_secret": WRONG_SECRET},
        ),
    )
    deployable = (
        DeploymentRequest(model="gpt-4o-mini"),
        DeploymentRequest(model="text-embedding-3-large"),
        DeploymentRequest(model="gpt-5-mini", name="thinker", sku="GlobalStandard"),
    )
    adoptable = ("mini", "reasoner", "vectors")
    unknown_model = DeploymentRequest(model="gpt-of-nobody")
    blocked = (
        Blocked(request=DeploymentRequest(model="gpt-4o"), action=ActionKind.REQUEST_QUOTA),
        Blocked(
            request=DeploymentRequest(model="gpt-5-mini"),
            action=ActionKind.ENABLE_IN_CONSOLE,
            unblocked=DeploymentRequest(model="gpt-5-mini", sku="GlobalStandard"),
        ),
    )
    refusals = (
        *of_data_plane(HOST, "list_models", "list_deployments"),
        *of_arm("plan_deployment", access="management"),
        *of_entra("list_models", access="principal"),
    )
    planned = (
        *planned("OpenAI", "Standard", residency="in the resource's region"),
        *PLANS,
    )
    situations = (*told("OpenAI", "Standard", host=HOST), *SITUATIONS)
    pasted = PASTED
    routes = ROUTES

    def cloud(self) -> AzureCloud:
        """Return the resource with a deployment of each sort."""
        contoso = account(
            "OpenAI",
            Deployment(name="mini", model="gpt-4o-mini", sku="Standard"),
            Deployment(name="claude-like", model="gpt-4o-mini", sku="Standard", capacity=10),
            Deployment(name="reasoner", model="gpt-5-mini"),
            Deployment(name="vectors", model="text-embedding-3-small", sku="Standard"),
            Deployment(name="undated", model="gpt-4o", sku="Standard", capacity=1),
            Deployment(name="pictures", model="dall-e-3", sku="Standard", capacity=1),
            Deployment(name="broken", model="gpt-5-mini", provisioning_state="Failed"),
            Deployment(name="ours", model="gpt-5-mini", capacity=1, tags=dict(OWN)),
        )
        cloud = AzureCloud([contoso], tenants=[tenant()])
        cloud.offer_only(OFFERED)
        return cloud

    def models(self, cloud: AzureCloud, access: Access) -> Collection[str]:
        """Return OpenAI's models in service; the data plane lists the others among them."""
        return [each for each in super().models(cloud, access) if not _of_others(each)]

    def skipped(self, cloud: AzureCloud, access: Access) -> Collection[str]:
        """Return what is retired or not OpenAI's."""
        others = [each for each in super().models(cloud, access) if _of_others(each)]
        return [*super().skipped(cloud, access), *others]


def _of_others(model: str) -> bool:
    return model.startswith(_OTHERS)
