"""Taking over what stands: all that a key allows of the life of a deployment."""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import TYPE_CHECKING

from bonito_azure_foundry import deployments, invoke, surfaces, wire
from bonito_azure_foundry.facts import describe, overrides_of
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import CapabilityUnavailable, DeploymentNotFound, InvalidRequest
from bonito_providers.invocation import InvocationRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRef, DeploymentRequest

PLAN_LIFETIME = timedelta(minutes=15)


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what adopting would do: find the deployment in a listing, else call it once."""
    if not request.adopt or request.name is None:
        raise InvalidRequest("Adopting needs the name of a deployment.")
    kind = _kind(request)
    found = await deployments.read(connection)
    warnings = list(found.notes)
    standing = _standing(found, request.name, kind=request.kind)
    if standing is None and _complete(found, request.name):
        raise _not_found(request.name, found)
    if standing is None:
        warnings.append(f"Adopting sends {request.name} one short {kind} call to prove it.")
    now = connection.clock.now()
    return DeploymentPlan(
        ref=deployments.reference(connection, request.name),
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
    if standing is None and _complete(found, plan.ref.name):
        raise _not_found(plan.ref.name, found)
    if standing is None:
        standing = await _proved(connection, plan)
    seen = await surfaces.observe(connection, surfaces.MODELS, surfaces.OPENAI_V1)
    changes = {"created": False, "ref": plan.ref}
    return deployments.with_surfaces(standing, seen).model_copy(update=changes)


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
    if _complete(found, ref.name):
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


def _complete(found: deployments.Found, name: str) -> bool:
    """Whether the listing says enough to conclude from it that there is no such deployment."""
    unread = {each.id for each in found.skipped}
    return found.known and found.complete and name not in unread


def _not_found(name: str, found: deployments.Found) -> DeploymentNotFound:
    names = [item.ref.name for item in found.items]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    meant = f"Did you mean {', '.join(close)}? " if close else ""
    return DeploymentNotFound(
        f"The resource has no deployment called {name}.",
        hint=f"{meant}A model must be deployed before it can be called; its deployment has a name "
        "of its own.",
        code="DeploymentNotFound",
    )


def _require_own(connection: Connection, ref: DeploymentRef) -> None:
    resource = wire.own(connection).address.resource
    if ref.provider != connection.provider.info.name or ref.resource != resource:
        raise InvalidRequest(
            f"{ref.name} belongs to {ref.provider}/{ref.resource}, not to this connection.",
            hint="Use the connection it was made with.",
        )
