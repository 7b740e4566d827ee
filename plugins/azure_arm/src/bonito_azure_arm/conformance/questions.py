"""Questions to a plugin that several situations share, and what stands in Azure's place in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.harness import GROUP
from bonito_contract_tests import Scene, asking
from bonito_contract_tests.asking import Find
from bonito_contract_tests.situations import Ask
from bonito_emulators.azure import DEFAULT_SUBSCRIPTION
from bonito_emulators.faults import Fault, Respond
from bonito_providers import Deployment, DeploymentRef, DeploymentRequest, Listing

RESOURCE = "contoso"
ARM = "management.azure.com"
_SUBSCRIPTION = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
_PROVIDER = "providers/Microsoft.CognitiveServices"
ACCOUNTS = f"{_SUBSCRIPTION}/resourceGroups/{GROUP}/{_PROVIDER}/accounts"
DEPLOYMENTS = f"{ACCOUNTS}/contoso/deployments"
_REGION = f"{_SUBSCRIPTION}/{_PROVIDER}/locations/swedencentral"
MODELS, USAGES = f"{_REGION}/models", f"{_REGION}/usages"
OPERATIONS = f"{_SUBSCRIPTION}/{_PROVIDER}/locations/SwedenCentral/operationResults"

Body = bytes | Mapping[str, Any]


def adopting(name: str, **more: str) -> DeploymentRequest:
    """Return a request to take over what stands under a name."""
    return DeploymentRequest.model_validate({"adopt": True, "name": name, **more})


def looking(name: str, *, resource: str = RESOURCE) -> Ask:
    """Look at a deployment."""
    return asking.looking(_named(name, resource))


def watching(name: str) -> Ask:
    """Look at a deployment, and count how often its long operation was asked for meanwhile."""

    async def ask(scene: Scene) -> Mapping[str, Any]:
        found = await looking(name)(scene)
        polls = [each for each in scene.wire() if "/operationResults/" in each.path]
        return {"found": found, "polls": len(polls)}

    return ask


def removing(name: str, *, include_unowned: bool = False, resource: str = RESOURCE) -> Ask:
    """Delete a deployment."""
    return asking.removing(_named(name, resource), include_unowned=include_unowned)


def forging(request: DeploymentRequest) -> Ask:
    """Plan, put the name of another resource into the plan, and have that carried out."""

    async def ask(scene: Scene) -> Deployment:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        elsewhere = plan.ref.model_copy(update={"resource": "elsewhere"})
        forged = plan.model_copy(update={"ref": elsewhere}).sealed()
        return await scene.provider.deploy(scene.connection, forged)

    return ask


async def models_by_name(scene: Scene) -> Mapping[str, Any]:
    """List the models, each under its name and version."""
    found = await asking.models(scene)
    items = {f"{each.name} {each.version}": each for each in found.items}
    return {**dict(found), "items": items, "skipped": _reasons(found)}


async def deployments_by_name(scene: Scene) -> Mapping[str, Any]:
    """List the deployments, each under its name."""
    found = await asking.deployments(scene)
    items = {each.ref.name: each for each in found.items}
    return {**dict(found), "items": items, "skipped": _reasons(found)}


def instead(
    path: str,
    status: int,
    body: Body,
    *,
    method: str = "GET",
    host: str = ARM,
    times: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """Return what answers with this, in place of the service, whatever is asked below a path."""
    sent = {"content-type": "application/json", **(headers or {})}
    action = Respond(status, sent, body)
    return Fault(action=action, path_prefix=path, method=method, host=host, times=times)


def refused(code: str | None, message: str = "No.") -> Mapping[str, Any]:
    """Return the body of a refusal of ARM."""
    return {"error": {"message": message} if code is None else {"code": code, "message": message}}


def _reasons(found: Listing[Any]) -> list[str]:
    return [f"{each.id}: {each.reason}" for each in found.skipped]


def _named(name: str, resource: str) -> Find:
    return lambda scene: DeploymentRef(
        provider=scene.provider.info.name, resource=resource, name=name
    )
