"""What is told of deployments: by ARM, else by the undocumented listing, else by nobody.

Of models too, where that depends on who lists. A service that cannot be asked now is no reason to
ask another.
"""

from __future__ import annotations

from collections.abc import Mapping

from bonito_azure_arm.conformance.asking import (
    answered,
    catalogue,
    deployment_called,
    listing,
    told_otherwise,
)
from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_arm.conformance.questions import ACCOUNTS, deploying, instead, looking, met
from bonito_azure_openai.conformance.catalogue_situations import SKIPPED, UNSEEN
from bonito_azure_openai.conformance.endpoints import ENDPOINT
from bonito_azure_openai.errors import RouteAbsent
from bonito_contract_tests import Situation, Told
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import DeploymentRequest
from bonito_providers.errors import (
    CapabilityUnavailable,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ServiceUnavailable,
)

_PREVIEW = "/openai/deployments"
_DOWN = instead(ACCOUNTS, 503, {}, times=None)
_CLOSED = "Azure Resource Manager did not list them"


def _of(row: object) -> Mapping[str, object]:
    return {"data": [row]}


_DEPLOYMENTS = (
    Told(
        name="a deployment",
        ask=deployment_called("mini"),
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
            listing, _of({"id": "a", "model": "ours", "status": "succeeded"}), path=_PREVIEW
        ),
        tells={"items.0.model.name": "ours", "items.0.model.format": None, "notes": []},
    ),
    Told(
        name="an operator knows whose model it is",
        ask=told_otherwise(
            deployment_called("mini"),
            {"match": "gpt-4o-*", "publisher": "Ours", "source": "ours", "date": "2026-01-01"},
        ),
        tells={"model.publisher": "Ours"},
    ),
    Told(
        name="something else answers in the listing's place",
        ask=answered(listing, "<html>", path=_PREVIEW, status=404),
        refused=RouteAbsent,
        tells={"status": 404, "code": None},
    ),
    Told(
        name="no rows at all",
        ask=answered(listing, {"data": {}}, path=_PREVIEW),
        refused=MalformedAnswer,
    ),
)
_UNLISTED = (
    Told(
        name="all deployments",
        ask=listing,
        tells={
            "items": [],
            "complete": False,
            "source": "No listing answers.",
            "notes.2": "nothing",
        },
        says=("The preview listing did not answer", "can be adopted"),
    ),
    Told(
        name="a deployment",
        ask=looking("mini"),
        refused=CapabilityUnavailable,
        tells={"status": 404, "code": "404"},
    ),
    Told(
        name="all models",
        ask=catalogue,
        tells={"complete": True, "items.0.deployed_as": None},
        says=(UNSEEN, "can be adopted"),
    ),
)
_NOT_MANAGED = (
    Told(
        name="all deployments",
        ask=listing,
        tells={"complete": True, "items.0.owned": None, "notes.1": "nothing"},
        says=(_CLOSED, "undocumented"),
    ),
    Told(
        name="all models",
        ask=catalogue,
        tells={"complete": False, "items.0.skus": None},
        says=(_CLOSED, UNSEEN),
    ),
)
_MANAGED = (
    Told(
        name="all deployments",
        ask=listing,
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
        ask=catalogue,
        tells={
            "complete": True,
            "source": "The catalogue of swedencentral, by Azure Resource Manager.",
        },
        unsaid=(UNSEEN,),
    ),
)
_UNREACHED = (
    Told(name="all deployments", ask=met(listing, _DOWN), refused=ServiceUnavailable),
    Told(name="all models", ask=met(catalogue, _DOWN), refused=ServiceUnavailable),
)


def _of_partners(source: str) -> Told:
    return Told(
        name="all deployments",
        ask=listing,
        tells={
            "skipped.0.id": "partner",
            "skipped.0.reason": SKIPPED["DeepSeek-V3.1"],
            "items.7.ref.name": "vectors",
            "items.8": "nothing",
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


def _without_listing(cloud: AzureCloud) -> None:
    cloud.account("contoso").legacy_listing = False


def _without_roles(cloud: AzureCloud) -> None:
    cloud.directory.tenants[0].applications[0].roles = []


def _without_either(cloud: AzureCloud) -> None:
    _without_listing(cloud)
    _without_roles(cloud)


DEPLOYMENTS = (
    Situation(name="by key", access="key", told=_DEPLOYMENTS),
    Situation(name="by nobody", access="key", prepare=_without_listing, told=_UNLISTED),
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
                ask=listing,
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
