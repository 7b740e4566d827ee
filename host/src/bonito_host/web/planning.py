"""Plans: made and kept for pages and API, and begun by their id alone."""

from __future__ import annotations

import asyncio

from bonito_host.activation import planned, started
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_host.web.runs import Run
from bonito_host.web.services import Services
from bonito_providers.credentials import Capability
from bonito_providers.deployment import DeploymentRequest
from bonito_providers.errors import CapabilityUnavailable, PlanRefused

_NOTHING = "This provider deploys nothing: what it has can be called already."
_TRY = "Find it among the deployments."


async def plan(services: Services, connection: str, request: DeploymentRequest) -> StoredPlan:
    """Return a stored plan for a request: the one that is being carried out, else a new one.

    Raises:
        RecordMissing: There is no such connection.
        CapabilityUnavailable: Its credentials cannot deploy, and it names what is missing; or its
            provider deploys nothing, and nothing is.
        ProviderError: The service cannot be asked, or refuses.
    """
    async with services.connections.use(connection) as opened:
        if not opened.provider.deploys:
            raise CapabilityUnavailable(Capability.DEPLOY, message=_NOTHING, hint=_TRY)
        running = await started(services.store, opened, request)
        return running or await planned(services.store, opened, request)


async def begin(services: Services, id: str) -> tuple[StoredPlan, Run]:
    """Begin to carry a plan out, or find it going on.

    Raises:
        RecordMissing: There is no such plan.
        PlanRefused: It is over, or something has to be done first.
    """
    stored = await asyncio.to_thread(services.store.plans.get, id)
    if stored.status not in {PlanStatus.PLANNED, PlanStatus.STARTED}:
        raise PlanRefused(
            f"This plan is {stored.status.value}: it is not carried out again.", hint="Plan again."
        )
    if stored.plan.actions and stored.status is PlanStatus.PLANNED:
        raise PlanRefused(
            "Something has to be done before this can be deployed.",
            hint="Do it, then plan again.",
        )
    run = await services.runs.deploy(stored)
    return await asyncio.to_thread(services.store.plans.get, id), run
