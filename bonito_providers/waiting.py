"""Waiting for a deployment, and proving by one short call that it answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRef, State
from bonito_providers.errors import (
    BonitoError,
    DeadlineExceeded,
    DeploymentNotFound,
    ProviderError,
    TemporaryError,
)
from bonito_providers.invocation import InvocationRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

Progress = Callable[[Deployment], None]

TIMEOUT = 30 * 60.0
"""Seconds a deployment may take. Failures of partner models were seen after more than five
minutes, so a shorter limit would call them successes."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 30.0
SETTLING = 10 * 60.0
"""Seconds in which a new deployment may still answer "not found"; services speak of five."""
PROBED_KINDS = ("chat", "embedding")
_ON_ITS_WAY = (State.QUEUED, State.PROVISIONING)


async def wait(
    connection: Connection,
    plan: DeploymentPlan,
    *,
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - cuts between calls, never within one
    progress: Progress | None = None,
) -> Deployment:
    """Carry a plan out and follow it to its end, then prove the deployment by one call.

    Can be cancelled at any point and started again with the same plan, in this process or
    another. Returns in a final state, or in NEEDS_ACTION, which only a person can leave.

    Args:
        connection: Where.
        plan: What; sent again as long as the cloud has not accepted it.
        timeout: Seconds, the proof included.
        progress: Told of every state seen.

    Raises:
        DeadlineExceeded: Not there in time; it goes on in the cloud.
    """
    end = connection.clock.monotonic() + timeout
    pauses = _Pauses(connection, end)
    provider = connection.provider
    deployment = await provider.deploy(connection, plan)
    created = deployment.created
    # One that was still on its way is new, also where an earlier wait has created it.
    new = created or deployment.state in _ON_ITS_WAY
    while deployment.state in _ON_ITS_WAY:
        if progress:
            progress(deployment)
        await pauses.next(deployment.retry_after, ref=plan.ref)
        try:
            if deployment.state is State.QUEUED:
                deployment = await provider.deploy(connection, plan)
                created = created or deployment.created
            else:
                deployment = await provider.get_deployment(connection, plan.ref)
        except TemporaryError as error:
            deployment = deployment.model_copy(update={"retry_after": error.retry_after})
        deployment = deployment.model_copy(update={"created": created})
    if deployment.state is State.READY:
        settling = min(SETTLING, end - connection.clock.monotonic()) if new else 0
        deployment = await verify(connection, deployment, settling=settling)
    if progress:
        progress(deployment)
    return deployment


async def verify(
    connection: Connection, deployment: Deployment, *, settling: float = 0
) -> Deployment:
    """Return the deployment with `verified` set by one short call.

    Args:
        connection: Where.
        deployment: What; its kind decides the call.
        settling: Seconds in which "not found" and temporary failures are tried again.
    """
    kind = deployment.model.kind or "chat"
    if kind not in PROBED_KINDS:
        return _marked(
            deployment, verified=None, reason=f"there is no short call that proves a {kind} model"
        )
    request = InvocationRequest.model_validate({"kind": kind})
    pauses = _Pauses(connection, connection.clock.monotonic() + settling)
    while True:
        try:
            answer = await connection.provider.invoke_model(connection, deployment, request)
        except (DeploymentNotFound, TemporaryError) as error:
            if not pauses.allow(error.retry_after):
                return _marked(deployment, verified=False, reason=_said(error))
            retry_after = error.retry_after
        except BonitoError as error:
            return _marked(deployment, verified=False, reason=_said(error))
        else:
            return _marked(
                deployment, verified=True, reason=f"answered by {answer.model or 'the model'}"
            )
        await pauses.next(retry_after, ref=deployment.ref)


class _Pauses:
    """Backoff with jitter, bounded by what the service asks for and by an end."""

    def __init__(self, connection: Connection, end: float) -> None:
        self._clock = connection.clock
        self._end = end
        self._pause = FIRST_PAUSE

    def allow(self, retry_after: float | None) -> bool:
        return self._clock.monotonic() + max(retry_after or 0, self._pause) < self._end

    async def next(self, retry_after: float | None, *, ref: DeploymentRef) -> None:
        asked = min(retry_after, LONGEST_PAUSE) if retry_after is not None else None
        pause = self._pause * random.uniform(0.75, 1) if asked is None else asked  # noqa: S311 - jitter
        if self._clock.monotonic() + pause >= self._end:
            raise DeadlineExceeded(
                f"{ref.name} is not ready yet; it goes on in the cloud.",
                hint="Ask again later with the same plan.",
                provider=ref.provider,
                operation="wait",
            )
        self._pause = min(self._pause * 1.5, LONGEST_PAUSE)
        await self._clock.sleep(max(pause, 0.1))


def _marked(deployment: Deployment, *, verified: bool | None, reason: str) -> Deployment:
    return deployment.model_copy(update={"verified": verified, "verified_reason": reason})


def _said(error: BonitoError) -> str:
    code = f" [{error.code}]" if isinstance(error, ProviderError) and error.code else ""
    return f"{error.message}{code} {error.hint}".strip()
