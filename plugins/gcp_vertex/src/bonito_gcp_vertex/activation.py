"""Served models: enabling the API, and proving by the smallest call that the project may call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_gcp_vertex import (
    deploying,
    endpoints,
    errors,
    facts,
    invoke,
    names,
    planning,
    resolving,
    serving,
    surfaces,
    wire,
)
from bonito_gcp_vertex.actions import ENABLE_CONSENT
from bonito_gcp_vertex.rows import OperationRow, ServiceRow, require_row
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import (
    DeploymentNotFound,
    InvalidRequest,
    PermissionMissing,
    PlanRefused,
    ProviderError,
)
from bonito_providers.invocation import InvocationRequest

if TYPE_CHECKING:
    from bonito_gcp_vertex.resolving import Wanted
    from bonito_gcp_vertex.rows import PublisherRow
    from bonito_providers.connection import Connection

ENABLING_PAUSE = 10.0
"""Seconds until it is asked again whether the API is enabled; minutes are documented."""
_SERVICE = "aiplatform.googleapis.com"
_PROBED = "Deploying proves by one call of one token that the project may call the model."
_COUNTED = (
    "Deploying proves by counting tokens, which is free, that the project may call the model."
)


def plan(connection: Connection, wanted: Wanted, row: PublisherRow) -> DeploymentPlan:
    """Return the plan for a served model: nothing is created, one call is made.

    Raises:
        InvalidRequest: A SKU or a name is asked for that a served model cannot have.
    """
    request = wanted.request
    name = names.served_name(row)
    if request.sku not in (None, serving.SKU):
        raise InvalidRequest(
            f"{row.id} is served by its publisher: its only SKU is serverless.",
            hint="Name no SKU.",
        )
    if request.name not in (None, name):
        raise InvalidRequest(
            f"A served model has no name but its own: {name}.", hint="Leave the name out."
        )
    known = facts.known(connection, row.publisher, row.model)
    free = known.surface == surfaces.GENERATE_CONTENT
    warnings = [] if known.surface is None else [_COUNTED if free else _PROBED]
    if known.surface is None:
        warnings.append("The form in which it is called is not known, so that nothing proves it.")
    return _plan(connection, wanted, name, version=row.version, warnings=tuple(warnings))


def plan_enabling(
    connection: Connection, wanted: Wanted, error: PermissionMissing
) -> DeploymentPlan:
    """Return the plan for a project whose API is not enabled; the catalogue cannot be read."""
    consented = ENABLE_CONSENT in wanted.request.consents
    name = wanted.request.name or names.served_name(wanted.named)
    drafted = _plan(
        connection,
        wanted,
        name,
        version=wanted.named.version,
        warnings=("The Vertex AI API is not enabled, so that the catalogue cannot be read yet.",),
    )
    preview: dict[str, Any] = {"enable": _SERVICE, **drafted.preview}
    # Whether it is served or weights is not known yet, and so what it costs.
    update = {"preview": preview, "actions": () if consented else error.actions, "cost": None}
    return drafted.model_copy(update=update)


def enables(plan: DeploymentPlan) -> bool:
    """Whether carrying the plan out begins by enabling the API."""
    return ENABLE_CONSENT in plan.request.consents and "enable" in plan.preview


async def enable(connection: Connection, plan: DeploymentPlan) -> Deployment | None:
    """Begin to enable the API, which takes minutes: QUEUED; None where it is enabled already.

    Asking again while it is under way changes nothing.

    Raises:
        InvalidRequest: It could not be enabled.
        ProviderError: As the service refuses it.
    """
    project = wire.own(connection).project
    url = f"{wire.SERVICE_USAGE}/v1/projects/{project}/services/{_SERVICE}"
    response = await wire.call(connection, "GET", url)
    if require_row(ServiceRow, json_object(response), response).state == "ENABLED":
        return None
    response = await wire.call(connection, "POST", f"{url}:enable", body={})
    operation = require_row(OperationRow, json_object(response), response)
    if operation.error is not None:
        raise InvalidRequest(
            f"The API was not enabled: {operation.error.message[:300]}",
            hint="Enable it in the console, and deploy again.",
        )
    return deploying.queued(connection, plan, ENABLING_PAUSE)


async def prove(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Return the served model, ready or with what a person has to do first.

    An API that was enabled a moment ago is told as disabled for some minutes: QUEUED until then.
    """
    try:
        return await _proved(connection, plan)
    except ProviderError as error:
        if error.code == errors.DISABLED and enables(plan):
            return deploying.queued(connection, plan, ENABLING_PAUSE)
        return deploying.refused(connection, plan, error)


async def _proved(connection: Connection, plan: DeploymentPlan) -> Deployment:
    row = await serving.find(connection, plan.ref.name)
    if row is None:
        # The catalogue could not be read before the API was enabled, or has changed since.
        await resolving.row_of(connection, resolving.read(plan.request))
        raise PlanRefused(f"{plan.ref.name} is not a served model.", hint="Plan again.")
    found = serving.deployment(connection, row, State.READY)
    found = found.model_copy(update={"created": False, "ref": plan.ref})
    try:
        await _probe(connection, found)
    except DeploymentNotFound as error:
        location = wire.own(connection).location
        text = f"{plan.ref.name} is not served in {location}: {error.message}"
        return found.model_copy(update={"state": State.FAILED, "error": text})
    return found


async def _probe(connection: Connection, found: Deployment) -> None:
    form = found.surfaces[0].name if found.surfaces else None
    if form is None:
        return
    if form == surfaces.GENERATE_CONTENT:
        await invoke.count_tokens(connection, found.ref.name)
        return
    kind = "embedding" if form in surfaces.EMBEDDING else "chat"
    request = InvocationRequest.model_validate({"kind": kind, "max_tokens": 1})
    await invoke.invoke(connection, found, request)


def _plan(
    connection: Connection,
    wanted: Wanted,
    name: str,
    *,
    version: str | None,
    warnings: tuple[str, ...],
) -> DeploymentPlan:
    named, now, own = wanted.named, connection.clock.now(), wire.own(connection)
    ref_of = serving.ref_of if names.is_served(name) else endpoints.ref_of
    return DeploymentPlan(
        ref=ref_of(connection, name),
        request=wanted.request,
        model=facts.described(connection, named.publisher, named.model, version=version),
        sku=serving.SKU,
        region=own.location if names.is_served(name) else own.region,
        cost=serving.BILLING,
        warnings=warnings,
        preview={"call": f"{own.location}/{name}"},
        created_at=now,
        expires_at=now + planning.LIFETIME,
    )
