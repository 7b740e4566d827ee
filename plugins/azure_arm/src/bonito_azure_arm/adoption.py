"""Taking over what stands: found in a listing, else proved by one short call."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_azure_arm.facts import DataFile, overrides_of
from bonito_azure_arm.policy import PLAN_LIFETIME
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import CapabilityUnavailable, DeploymentNotFound, InvalidRequest
from bonito_providers.invocation import Invocation, InvocationRequest

if TYPE_CHECKING:
    from bonito_azure_arm.deployments import Found, Resource
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRef, DeploymentRequest

Read = Callable[["Connection"], Awaitable["Found"]]
Invoke = Callable[["Connection", Deployment, InvocationRequest], Awaitable[Invocation]]


@dataclass(frozen=True)
class Adoption:
    """A connection's deployments, without management.

    Attributes:
        resource: Whose they are.
        read: Lists them by the best way that answers.
        invoke: Calls one once.
        data: The provider's data file.
        foreign: What to do about a deployment that the provider does not deal with.
    """

    resource: Resource
    read: Read
    invoke: Invoke
    data: DataFile
    foreign: str = ""

    async def plan(self, request: DeploymentRequest) -> DeploymentPlan:
        """Return what adopting would do: find the deployment in a listing, else call it once.

        Raises:
            DeploymentNotFound: There is none of that name.
            InvalidRequest: It is one that cannot be adopted.
        """
        name = str(request.name)  # a request to adopt has one
        kind = _kind(request)
        found = await self.read(self.resource.connection)
        standing = _standing(found, name, kind=request.kind)
        warnings = list(found.notes)
        if standing is None:
            self._require_unlisted(found, name)
            warnings.append(f"Adopting sends {name} one short {kind} call to prove it.")
        now = self.resource.connection.clock.now()
        return DeploymentPlan(
            ref=self.resource.reference(name),
            request=request,
            model=standing.model if standing else self.data.describe(None, kind=kind),
            sku=standing.sku if standing else None,
            capacity=standing.capacity if standing else None,
            cost="Adopting changes nothing and costs nothing beyond a call of a few tokens.",
            warnings=tuple(warnings),
            created_at=now,
            expires_at=now + PLAN_LIFETIME,
        )

    async def adopt(self, plan: DeploymentPlan) -> Deployment:
        """Return the deployment that the plan names, found in a listing or proved by a call.

        Raises:
            DeploymentNotFound: There is none of that name.
            InvalidRequest: The plan is for another resource.
        """
        self._require_own(plan.ref)
        found = await self.read(self.resource.connection)
        standing = _standing(found, plan.ref.name, kind=plan.request.kind)
        if standing is None:
            self._require_unlisted(found, plan.ref.name)
            standing = await self._proved(plan)
        return standing.model_copy(update={"created": False, "ref": plan.ref})

    async def get(self, ref: DeploymentRef) -> Deployment:
        """Return the deployment as the listing shows it, or as absent if it does not.

        Raises:
            CapabilityUnavailable: No listing tells for sure, and only a call could.
        """
        self._require_own(ref)
        found = await self.read(self.resource.connection)
        standing = _standing(found, ref.name)
        if standing is not None:
            return standing
        if found.tells_of(ref.name):
            model = self.data.describe(None)
            return self.resource.deployment(
                ref.name, model, source=found.source, state=State.ABSENT
            )
        raise _unknown(ref.name, found)

    async def _proved(self, plan: DeploymentPlan) -> Deployment:
        kind, connection = _kind(plan.request), self.resource.connection
        guess = self.resource.deployment(
            plan.ref.name, self.data.describe(None), source="Typed, proved by a call."
        )
        request = InvocationRequest.model_validate({"kind": kind})
        answer = await self.invoke(connection, guess, request)
        overrides = overrides_of(connection)
        model = self.data.describe(answer.model, kind=kind, overrides=overrides)
        return guess.model_copy(update={"model": model})

    def _require_unlisted(self, found: Found, name: str) -> None:
        """Raise if the listing says that there is no such deployment, or that it is foreign."""
        for each in found.foreign:
            if each.id == name:
                message = f"{name} cannot be adopted here: {each.reason}."
                raise InvalidRequest(message, hint=self.foreign)
        if found.tells_of(name):
            raise _not_found(name, found)

    def _require_own(self, ref: DeploymentRef) -> None:
        mine = self.resource.reference(ref.name)
        if (ref.provider, ref.resource) != (mine.provider, mine.resource):
            raise InvalidRequest(
                f"{ref.name} belongs to {ref.provider}/{ref.resource}, not to this connection.",
                hint="Use the connection it was made with.",
            )


def _kind(request: DeploymentRequest) -> str:
    kind = request.kind or "chat"
    if kind not in ("chat", "embedding"):
        raise InvalidRequest(
            f"A deployment of kind {kind} cannot be proved by a short call.",
            hint="Adopt deployments of kind chat or embedding.",
        )
    return kind


def _standing(found: Found, name: str, *, kind: str | None = None) -> Deployment | None:
    """Return the listed deployment; where no listing tells what it is for, the user does."""
    item = next((item for item in found.items if item.ref.name == name), None)
    if item is None or item.model.kind is not None or kind is None:
        return item
    return item.model_copy(update={"model": item.model.model_copy(update={"kind": kind})})


def _unknown(name: str, found: Found) -> CapabilityUnavailable:
    error = CapabilityUnavailable(
        "list_deployments",
        message=f"No listing tells of {name} for sure, so its state cannot be read.",
        hint="Verify it: a short call tells whether it answers.",
    )
    if found.refusal is not None:
        error.status, error.code = found.refusal.status, found.refusal.code
        error.request_id = found.refusal.request_id
    return error


def _not_found(name: str, found: Found) -> DeploymentNotFound:
    names = [item.ref.name for item in found.items]
    close = difflib.get_close_matches(name, names)
    meant = f"Did you mean {', '.join(close)}? " if close else ""
    return DeploymentNotFound(
        f"The resource has no deployment called {name}.",
        hint=f"{meant}A model must be deployed before it can be called; its deployment has a name "
        "of its own.",
        code="DeploymentNotFound",
    )
