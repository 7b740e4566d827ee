"""Deleting an endpoint to the last resource: its deployed model, itself, and the uploaded model."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bonito_gcp_vertex import deployments, endpoints, errors, names, wire
from bonito_gcp_vertex.findings import bare
from bonito_gcp_vertex.rows import EndpointRow, OperationRow, require_row
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRef

PATIENCE, POLL = 60.0, 5.0
"""Seconds that a step is followed, within the hook's deadline; and the pause between looks."""
_BUSY = "FAILED_PRECONDITION"
_DELETING = {"state": State.DELETING, "retry_after": POLL}
_QUEUED = {"state": State.QUEUED, "retry_after": 60.0}
"""What is told of what cannot be deleted before it is built; seconds until it is tried again."""


async def delete(
    connection: Connection, ref: DeploymentRef, *, include_unowned: bool
) -> Deployment:
    """Delete an endpoint; deleting again goes on where it ended.

    Raises:
        Conflict: It is not this project's own, or a served model, of which nothing stands here.
    """
    deployments.require_own(connection, ref)
    if names.is_served(ref.name):
        raise Conflict(
            f"{ref.name} is served by its publisher; nothing of it stands in the project.",
            hint="Take it out of the gateway instead.",
        )
    row = await endpoints.find(connection, ref.name)
    if row is None:
        return await _unless_on_its_way(connection, ref)
    if not endpoints.is_owned(row) and not include_unowned:
        raise Conflict(
            f"{ref.name} was not created by this project, as far as its display name tells.",
            hint="Delete it including what is not owned, if that is what you want.",
        )
    return await _removed(connection, ref, row)


async def _unless_on_its_way(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Remove what is left of an endpoint, unless one is about to appear and to be paid for."""
    standing = await endpoints.get(connection, ref)
    if standing.state is State.ABSENT:
        return await _without_endpoint(connection, ref)
    # Until it is there, nothing can be deleted, and no call stops the operation that makes it.
    return standing.model_copy(update=_QUEUED)


async def _removed(connection: Connection, ref: DeploymentRef, row: EndpointRow) -> Deployment:
    standing = await endpoints.get(connection, ref)
    if standing.state is State.PROVISIONING:
        # Being built it cannot be deleted, and there is no call that stops it.
        return standing.model_copy(update=_QUEUED)
    url = _url(connection, f"/endpoints/{quote(ref.name, safe='')}")
    for deployed in row.deployed_models:
        body = {"deployedModelId": deployed.id}
        if not await _done(connection, "POST", f"{url}:undeployModel", body):
            return standing.model_copy(update=_DELETING)
    try:
        deleted = await _done(connection, "DELETE", url)
    except InvalidRequest as error:
        if error.code != _BUSY:
            raise
        # The model has come onto it in the meantime.
        return standing.model_copy(update=_QUEUED)
    if not deleted:
        return standing.model_copy(update=_DELETING)
    if endpoints.is_owned(row):
        return await _without_endpoint(connection, ref)
    return bare(connection, ref, State.ABSENT)


async def _without_endpoint(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Remove the model that an endpoint of this project's own leaves behind."""
    gone = bare(connection, ref, State.ABSENT)
    if not names.is_endpoint_name(ref.name):
        return gone
    url = _url(connection, f"/models/{names.MODEL_PREFIX}{ref.name}")
    return gone if await _done(connection, "DELETE", url) else gone.model_copy(update=_DELETING)


def _url(connection: Connection, path: str) -> str:
    region = endpoints.require_region(connection)
    return wire.placed(connection, region, path, version="v1beta1")


async def _done(
    connection: Connection, method: str, url: str, body: dict[str, str] | None = None
) -> bool:
    """Make a call and follow its operation for a while; what is gone already is done.

    Raises:
        ServiceUnavailable: The operation failed.
        MalformedAnswer: The answer names no operation of this place.
        ProviderError: The call was refused.
    """
    try:
        response = await wire.call(connection, method, url, body=body)
    except DeploymentNotFound as error:
        if error.code != errors.NOT_FOUND:
            raise
        return True
    operation = require_row(OperationRow, json_object(response), response)
    end = connection.clock.monotonic() + PATIENCE
    while not operation.done and connection.clock.monotonic() < end:
        await connection.clock.sleep(POLL)
        operation = await _looked(connection, operation)
    if operation.error is not None:
        raise ServiceUnavailable(
            f"Vertex AI did not take it away: {operation.error.message[:300]}",
            hint="Delete again; if it stays, look at the endpoint in the console.",
        )
    return operation.done


async def _looked(connection: Connection, operation: OperationRow) -> OperationRow:
    region = endpoints.require_region(connection)
    _, found, rest = operation.name.partition(f"/locations/{region}/")
    if not found or ".." in rest:
        raise MalformedAnswer(
            "Vertex AI named an operation of another place.",
            hint="Look at the endpoint in the console, and report it.",
        )
    response = await wire.call(connection, "GET", _url(connection, f"/{rest}"))
    return require_row(OperationRow, json_object(response), response)
