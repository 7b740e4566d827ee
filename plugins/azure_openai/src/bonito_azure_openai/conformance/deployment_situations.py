"""What is told of deployments: by ARM, else by the undocumented listing, else by nobody.

Of models too, where that depends on who lists. A service that cannot be asked now is no reason to
ask another.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import answered
from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_arm.conformance.questions import ACCOUNTS, instead
from bonito_azure_arm.conformance.situations import without_listing
from bonito_azure_arm.conformance.told_preview import of_answers, of_no_answer
from bonito_azure_arm.conformance.told_rows import data
from bonito_azure_openai.conformance.catalogue_situations import SKIPPED, UNSEEN
from bonito_azure_openai.conformance.endpoints import ENDPOINT
from bonito_azure_openai.errors import RouteAbsent
from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import deploying, deployment, deployments, meeting, models
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import DeploymentRequest
from bonito_providers.errors import (
    InvalidRequest,
    PermissionMissing,
    ServiceUnavailable,
)

_PREVIEW = "/openai/deployments"
_DOWN = instead(ACCOUNTS, 503, {}, times=None)
_CLOSED = "Azure Resource Manager did not list them"

_DEPLOYMENTS = (
    Told(
        name="a deployment",
        ask=deployment("mini"),
        tells={
            "ref.resource": "contoso",
            "endpoint": ENDPOINT,
            "state": "ready",
            "owned": None,
            "sku": None,
            "model.name": "gpt-4o-mini",
            "model.publisher": "OpenAI",
        },
        says=("undocumented 2023-03-15-preview",),
        sends=(f"GET {_PREVIEW}",),
    ),
    Told(
        name="a model of which nothing is known may be a fine-tune",
        ask=answered(
            deployments, data({"id": "a", "model": "ours", "status": "succeeded"}), path=_PREVIEW
        ),
        tells={"items.0.model.name": "ours", "items.0.model.format": None, "notes": []},
    ),
    *of_answers("mini", absent=RouteAbsent),
)
_UNLISTED = (
    *of_no_answer("mini"),
    Told(
        name="all models",
        ask=models,
        tells={"complete": True, "items.0.deployed_as": None},
        says=(UNSEEN, "can be adopted"),
    ),
)
_NOT_MANAGED = (
    Told(
        name="all deployments",
        ask=deployments,
        tells={"complete": True, "items.0.owned": None, "notes.1": NOTHING},
        says=(_CLOSED, "undocumented"),
    ),
    Told(
        name="all models",
        ask=models,
        tells={"complete": False, "items.0.skus": None},
        says=(_CLOSED, UNSEEN),
    ),
)
_MANAGED = (
    Told(
        name="all deployments",
        ask=deployments,
        tells={
            "complete": True,
            "notes": [],
            "source": "The deployments of contoso, by Azure Resource Manager.",
            "items.1.sku": "Standard",
            "items.1.owned": False,
        },
    ),
    Told(
        name="all models",
        ask=models,
        tells={
            "complete": True,
            "source": "The catalogue of swedencentral, by Azure Resource Manager.",
        },
        unsaid=(UNSEEN,),
    ),
)
_UNREACHED = (
    Told(name="all deployments", ask=meeting(deployments, _DOWN), refused=ServiceUnavailable),
    Told(name="all models", ask=meeting(models, _DOWN), refused=ServiceUnavailable),
)


def _of_partners(source: str) -> Told:
    return Told(
        name="all deployments",
        ask=deployments,
        tells={
            "skipped.0.id": "partner",
            "skipped.0.reason": SKIPPED["DeepSeek-V3.1"],
            "items.7.ref.name": "vectors",
            "items.8": NOTHING,
        },
        says=(source,),
    )


_FOREIGN = Told(
    name="adopting one that is not OpenAI's",
    ask=deploying(DeploymentRequest(name="partner", adopt=True)),
    refused=InvalidRequest,
    tells={"hint": "Connect the resource as Azure AI Foundry too."},
    says=("partner cannot be adopted here: its format is DeepSeek",),
)


def _upgraded(cloud: AzureCloud) -> None:
    contoso = cloud.account("contoso")
    contoso.kind = "AIServices"
    contoso.add(Deployment(name="partner", model="DeepSeek-V3.1"))


def _without_roles(cloud: AzureCloud) -> None:
    cloud.directory.tenants[0].applications[0].roles = []


def _without_either(cloud: AzureCloud) -> None:
    without_listing(cloud)
    _without_roles(cloud)


DEPLOYMENTS = (
    Situation(name="by key", access="key", told=_DEPLOYMENTS),
    Situation(name="by nobody", access="key", prepare=without_listing, told=_UNLISTED),
    Situation(name="by a service principal", access="management", told=(*_MANAGED, *_UNREACHED)),
    Situation(
        name="by a service principal without a role, and a key",
        access="management",
        fields={"api_key": KEY},
        prepare=_without_roles,
        told=_NOT_MANAGED,
    ),
    Situation(
        name="by a service principal without a role, where a key lists nothing",
        access="management",
        fields={"api_key": KEY},
        prepare=_without_either,
        told=(
            Told(
                name="all deployments",
                ask=deployments,
                refused=PermissionMissing,
                tells={"code": "AuthorizationFailed", "status": 403},
            ),
        ),
    ),
    Situation(
        name="a resource that was upgraded to Foundry",
        access="key",
        prepare=_upgraded,
        told=(_of_partners("undocumented"), _FOREIGN),
    ),
    Situation(
        name="a resource that was upgraded to Foundry, by a service principal",
        access="management",
        prepare=_upgraded,
        told=(_of_partners("by Azure Resource Manager"), _FOREIGN),
    ),
)
