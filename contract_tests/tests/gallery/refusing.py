"""Plugins that refuse without a word of help, or cannot say which call it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bonito_aviary.plugin import Aviary
from bonito_providers.errors import Conflict, ModelNotFound, PlanRefused, ProviderError
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bonito_providers import (
        Connection,
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
        Listing,
    )
    from bonito_providers.errors import DeploymentNotFound
    from bonito_providers.invocation import Invocation, InvocationRequest


@contextmanager
def _without_help(kind: type[ProviderError]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        error.hint, error.actions = "", ()
        raise


@broken(
    "ERR-16",
    incident="Somebody had deployed another model under the name: a dead end, said the page.",
    source="peers: 'deployment already exists', and nothing else",
)
class TakenAndNoMore(Aviary):
    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        with _without_help(Conflict):
            return await super().plan(connection, request)


@broken(
    "ERR-16",
    incident="A model that was not there was refused without a word of where the others are.",
    source="monolith: services/model_activation.py, 'model not found'",
)
class NoSuchModelAndNoMore(Aviary):
    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        with _without_help(ModelNotFound):
            return await super().plan(connection, request)


@broken(
    "ERR-16",
    incident="The deployment was somebody else's; how to delete it nevertheless was not said.",
    source="peers: terraform's 'resource not managed', without the flag",
)
class NotYoursAndNoMore(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        with _without_help(Conflict):
            return await super().delete(connection, ref, include_unowned=include_unowned)


@broken(
    "ERR-16",
    incident="A change was refused, and the switch that allows it was nowhere named.",
    source="peers: capacity changes refused with 'invalid operation'",
)
class ChangedAndNoMore(Aviary):
    def require_announced(self, plan: DeploymentPlan, changes: Sequence[str]) -> None:
        with _without_help(PlanRefused):
            super().require_announced(plan, changes)


@broken(
    "ERR-16",
    incident="A typing mistake in a name ended with 'not found' and nothing to go on with.",
    source="monolith: deployments looked up by the name that was typed",
)
class NotThereAndNoMore(Aviary):
    async def not_found(self, connection: Connection, name: str) -> DeploymentNotFound:
        error = await super().not_found(connection, name)
        error.hint = ""
        return error


@broken(
    "CALL-08",
    incident="Support asked for the id of the call; nobody had kept it.",
    source="peers: azure-sdk issues that end with 'please give the apim-request-id'",
)
class ForgetsTheRequestId(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return answer.model_copy(update={"request_id": "req-1"})


@broken(
    "LIST-10",
    incident="A whole listing was called incomplete, so that nothing was ever told as gone.",
    source="peers: inventories that never trust themselves to delete a row",
)
class NeverSureOfTheEnd(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        return listing.model_copy(
            update={"complete": False, "notes": ("There may be more of them.",)}
        )
