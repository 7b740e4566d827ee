"""What is told of deployments: by the project's listing, by the undocumented one, by none, by ARM.

Sources: REST reference of the project's deployments; that no documented route lists deployments to
a key alone: langflow PR 14509, model-hotel PR 506.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.situations import without_listing
from bonito_azure_arm.conformance.told_preview import of_answers, of_no_answer
from bonito_azure_foundry.conformance.endpoints import SERVICES
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import deploying, deployment, deployments
from bonito_emulators.azure import AzureCloud
from bonito_providers import DeploymentRequest

PROJECT = f"{SERVICES}/api/projects/team"
_ADOPTED = DeploymentRequest(name="gpt-4o-mini", adopt=True)
_REF = {"provider": "azure_foundry", "resource": "contoso", "name": "gpt-4o-mini", "details": {}}
_BOTH_SEEN: Mapping[str, Any] = {
    "surfaces.0.name": "models",
    "surfaces.0.answers": True,
    "surfaces.1.name": "openai_v1",
    "surfaces.1.answers": True,
}
_LISTED: Mapping[str, Any] = {
    "ref": _REF,
    "endpoint": SERVICES,
    "state": "ready",
    "owned": None,
    "model.name": "gpt-4o-mini",
    "model.kind": "chat",
    **_BOTH_SEEN,
}

_BY_PREVIEW = (
    Told(
        name="a deployment",
        ask=deployment("gpt-4o-mini"),
        tells={**_LISTED, "model.version": None, "sku": None, "capacity": None},
        says=("undocumented 2023-03-15-preview",),
    ),
    Told(
        name="the whole listing",
        ask=deployments,
        tells={"complete": True, "skipped": [], "notes": [], "items.10.state": "ready"},
        says=("undocumented 2023-03-15-preview",),
    ),
    Told(
        name="adopting one",
        ask=deploying(_ADOPTED),
        tells={**_LISTED, "created": False},
    ),
    *of_answers("gpt-4o-mini", absent=SurfaceAbsent),
)
_BY_NONE = (
    *of_no_answer("gpt-4o-mini"),
    Told(
        name="adopting one by a call",
        ask=deploying(_ADOPTED),
        tells={**_LISTED, "created": False, "model.version": "2024-07-18"},
    ),
)
_BY_ARM = (
    Told(
        name="a deployment",
        ask=deployment("gpt-4o-mini"),
        tells={
            **_LISTED,
            "owned": False,
            "sku": "GlobalStandard",
            "capacity": 50,
            "source": "Azure Resource Manager.",
        },
    ),
    Told(
        name="the whole listing",
        ask=deployments,
        tells={
            "complete": True,
            "source": "The deployments of contoso, by Azure Resource Manager.",
        },
    ),
)


def without_models(cloud: AzureCloud) -> None:
    """Take the surface /models away."""
    cloud.account("contoso").models_surface = False


def _taking_no_keys_in_projects(cloud: AzureCloud) -> None:
    cloud.account("contoso").project_listing_accepts_key = False


def _without_any(cloud: AzureCloud) -> None:
    without_listing(cloud)
    _taking_no_keys_in_projects(cloud)


DEPLOYMENTS = (
    Situation(name="deployments, by key", access="key", told=_BY_PREVIEW),
    Situation(
        name="deployments where /models is gone",
        access="key",
        prepare=without_models,
        told=(
            Told(
                name="a deployment",
                ask=deployment("gpt-4o-mini"),
                tells={**_LISTED, "surfaces.0.answers": False},
            ),
        ),
    ),
    Situation(
        name="deployments where nothing lists them",
        access="key",
        prepare=without_listing,
        told=_BY_NONE,
    ),
    Situation(
        name="deployments of a project that takes no keys",
        access="key",
        fields={"endpoint": PROJECT},
        prepare=_taking_no_keys_in_projects,
        told=(
            Told(
                name="the listing",
                ask=deployments,
                tells={"complete": True, "items.10.state": "ready", "notes.1": NOTHING},
                says=("The listing of project team did not answer", "undocumented"),
            ),
        ),
    ),
    Situation(
        name="deployments where neither project nor preview lists them",
        access="key",
        fields={"endpoint": PROJECT},
        prepare=_without_any,
        told=(
            Told(
                name="the listing",
                ask=deployments,
                tells={"items": [], "complete": False},
                says=(
                    "The listing of project team did not answer",
                    "The preview listing did not answer",
                    "can be adopted",
                ),
            ),
        ),
    ),
    Situation(name="deployments, by a service principal", access="management", told=_BY_ARM),
)
