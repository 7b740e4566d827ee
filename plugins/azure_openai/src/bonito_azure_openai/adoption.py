"""Taking over what stands: without management fields the only way to a deployment."""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import TYPE_CHECKING

from bonito_azure_openai import deployments, invoke
from bonito_azure_openai.facts import describe, overrides_of
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import CapabilityUnavailable, DeploymentNotFound, InvalidRequest
from bonito_providers.invocation import InvocationRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRef, DeploymentRequest

PLAN_LIFETIME = timedelta(minutes=15)


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what adopting would do: find the deployment in a listing, else call it once."""
    name = request.name or ""
    kind = _kind(request)
    found = await deployments.read(connection)
    standing = _standing(found, name, kind=request.kind)
    warnings = list(found.notes)
    if standing is None:
        _require_unlisted(found, name)
        warnings.append(f"Adopting sends {name} one short {kind} call to prove it.")
    now = connection.clock.now()
    return DeploymentPlan(
        ref=deployments.reference(connection, name),
        request=request,
        model=standing.model if standing else describe(None, kind=kind),
        sku=standing.sku if standing else None,
        capacity=standing.capacity if standing else None,
        cost="Adopting changes nothing and costs nothing beyond a call of a few tokens.",
        warnings=tuple(warnings),
        created_at=now,
        expires_at=now + PLAN_LIFETIME,
    )


async def adopt(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Return the deployment that the plan names, found in a listing or proved by a call.

    Raises:
        DeploymentNotFound: There is none of that name.
        InvalidRequest: The plan is for another resource.
    """
    _require_own(connection, plan.ref)
    found = await deployments.read(connection)
    standing = _standing(found, plan.ref.name, kind=plan.request.kind)
    if standing is None:
        _require_unlisted(found, plan.ref.name)
        standing = await _proved(connection, plan)
    return standing.model_copy(update={"created": False, "ref": plan.ref})


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as the listing shows it, or as absent if it does not.

    Raises:
        CapabilityUnavailable: No listing tells for sure, and only a call could.
    """
    _require_own(connection, ref)
    found = await deployments.read(connection)
    standing = _standing(found, ref.name)
    if standing is not None:
        return standing
    if _tells_of(found, ref.name):
        return deployments.deployment(
            connection, ref.name, describe(None), source=found.source, state=State.ABSENT
        )
    raise CapabilityUnavailable(
        "list_deployments",
        message=f"No listing tells of {ref.name} for sure, so its state cannot be read.",
        hint="Verify it: a short call tells whether it answers.",
    )


async def _proved(connection: Connection, plan: DeploymentPlan) -> Deployment:
    kind = _kind(plan.request)
    guess = deployments.deployment(
        connection, plan.ref.name, describe(None, kind=kind), source="Typed, proved by a call."
    )
    answer = await invoke.invoke(
        connection, guess, InvocationRequest.model_validate({"kind": kind})
    )
    model = describe(answer.model, kind=kind, overrides=overrides_of(connection))
    return guess.model_copy(update={"model": model})


def _kind(request: DeploymentRequest) -> str:
    kind = request.kind or "chat"
    if kind not in ("chat", "embedding"):
        raise InvalidRequest(
            f"A {kind} deployment cannot be proved by a short call.",
            hint="Adopt deployments of kind chat or embedding.",
        )
    return kind


def _standing(found: deployments.Found, name: str, *, kind: str | None = None) -> Deployment | None:
    """Return the listed deployment; where no listing tells what it is for, the user does."""
    item = next((item for item in found.items if item.ref.name == name), None)
    if item is None or item.model.kind is not None or kind is None:
        return item
    return item.model_copy(update={"model": item.model.model_copy(update={"kind": kind})})


def _tells_of(found: deployments.Found, name: str) -> bool:
    """Whether the listing says enough to conclude from it that there is no such deployment."""
    unread = {each.id for each in found.skipped}
    return found.known and found.complete and name not in unread


def _require_unlisted(found: deployments.Found, name: str) -> None:
    """Raise if the listing says that there is no such deployment, or that it is not OpenAI's."""
    for each in found.foreign:
        if each.id == name:
            raise InvalidRequest(
                f"{name} cannot be adopted here: {each.reason}.",
                hint="Connect the resource as Azure AI Foundry too.",
            )
    if not _tells_of(found, name):
        return
    names = [item.ref.name for item in found.items]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    meant = f"Did you mean {', '.join(close)}? " if close else ""
    raise DeploymentNotFound(
        f"The resource has no deployment called {name}.",
        hint=f"{meant}A model must be deployed before it can be called; its deployment has a name "
        "of its own.",
        code="DeploymentNotFound",
    )


def _require_own(connection: Connection, ref: DeploymentRef) -> None:
    mine = deployments.reference(connection, ref.name)
    if (ref.provider, ref.resource) != (mine.provider, mine.resource):
        raise InvalidRequest(
            f"{ref.name} belongs to {ref.provider}/{ref.resource}, not to this connection.",
            hint="Use the connection it was made with.",
        )
