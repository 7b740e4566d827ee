"""The plan for weights: an endpoint, what it runs on, and what has to be agreed to first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bonito_gcp_vertex import actions, endpoints, facts, names, wire
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import Conflict, InvalidRequest

if TYPE_CHECKING:
    from bonito_gcp_vertex.resolving import Wanted
    from bonito_gcp_vertex.rows import Machine, PublisherRow
    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection

LIFETIME = timedelta(minutes=15)
HOURLY, LICENCE = "hourly_billing", "model_licence"
"""The consents: to pay by the hour, and to the licence of somebody else's weights."""
_GONE = (State.ABSENT, State.DELETING)
_QUOTA = "The quota for the machine is not known; the region may have none left."


@dataclass(frozen=True)
class Draft:
    """A plan, and what stood under its name when it was made."""

    plan: DeploymentPlan
    standing: Deployment


async def plan(connection: Connection, wanted: Wanted, row: PublisherRow) -> Draft:
    """Return what deploying weights would do, changing nothing.

    Raises:
        Conflict: Another model stands under that name.
        InvalidRequest: The name, SKU or region is none.
    """
    name = wanted.request.name or names.endpoint_name(wanted.named)
    _refuse_name(name)
    if wire.own(connection).region is None:
        raise InvalidRequest(
            f"{row.id} has to be deployed in a region, and the connection names none.",
            hint="Give endpoint_region, such as us-central1.",
        )
    machine = machine_for(row, wanted.request.sku)
    standing = await endpoints.get(connection, endpoints.ref_of(connection, name))
    _refuse_other_model(standing, row)
    now = connection.clock.now()
    model = facts.described(connection, row.publisher, row.model, version=row.version)
    drafted = DeploymentPlan(
        ref=endpoints.ref_of(connection, name),
        request=wanted.request,
        model=model.model_copy(update={"price_key": None}),
        sku=machine.sku,
        region=wire.own(connection).region,
        cost=endpoints.BILLING,
        warnings=(_QUOTA,),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    changes = differences(standing, drafted)
    needed: tuple[Action, ...] = ()
    if standing.state in _GONE or changes:
        needed = await consents_for(connection, wanted, row)
    preview = {"body": body(drafted, row, machine)}
    update = {"changes": changes, "actions": needed, "preview": preview}
    return Draft(drafted.model_copy(update=update), standing)


def machine_for(row: PublisherRow, asked: str | None) -> Machine:
    """Return what to run on: as asked, else what the catalogue names first.

    Raises:
        InvalidRequest: The catalogue names no such machine, or none at all.
    """
    by_sku = {machine.sku: machine for machine in row.machines}
    if asked is not None and asked in by_sku:
        return by_sku[asked]
    if asked is None and by_sku:
        return next(iter(by_sku.values()))
    raise InvalidRequest(
        f"{row.id} cannot be deployed that way.",
        hint=f"Its SKUs: {', '.join(by_sku) or 'none that the catalogue names'}.",
    )


async def consents_for(
    connection: Connection, wanted: Wanted, row: PublisherRow
) -> tuple[Action, ...]:
    """Return what a person has to agree to before anything is created."""
    needed = []
    if HOURLY not in wanted.request.consents:
        needed.append(actions.pay_by_the_hour(consent=HOURLY))
    unread = row.third_party and LICENCE not in wanted.request.consents
    if unread and not await _licence_accepted(connection, row):
        project = wire.own(connection).project
        needed.append(actions.accept_licence(row.publisher, row.model, project, consent=LICENCE))
    return tuple(needed)


def differences(standing: Deployment, plan: DeploymentPlan) -> tuple[str, ...]:
    """Return how the plan differs from what stands under its name."""
    if standing.state in _GONE:
        return ()
    pairs = (
        ("version", standing.model.version, plan.model.version),
        ("SKU", standing.sku, plan.sku),
    )
    return tuple(f"{what} {old} to {new}" for what, old, new in pairs if old not in (None, new))


def body(plan: DeploymentPlan, row: PublisherRow, machine: Machine) -> dict[str, Any]:
    """Return the body of the call that carries a plan out (ModelGardenService.Deploy)."""
    spec = machine.model_dump(by_alias=True, exclude_none=True)
    agreed = LICENCE in plan.request.consents
    return {
        "publisherModelName": f"{row.name}@{row.version_id or 'default'}",
        "modelConfig": {
            "modelUserId": f"{names.MODEL_PREFIX}{plan.ref.name}",
            **({"acceptEula": True} if agreed else {}),
        },
        "endpointConfig": {
            "endpointDisplayName": endpoints.display_name(plan.ref.name),
            "endpointUserId": plan.ref.name,
            # On a host of its own it could not be called under googleapis.com.
            "dedicatedEndpointDisabled": True,
        },
        "deployConfig": {"dedicatedResources": {"machineSpec": spec, "minReplicaCount": 1}},
    }


def _refuse_name(name: str) -> None:
    if not names.is_endpoint_name(name):
        raise InvalidRequest(
            "That is no name for an endpoint.",
            hint="Up to 55 small letters, digits and hyphens, with a letter first.",
        )


def _refuse_other_model(standing: Deployment, row: PublisherRow) -> None:
    """Refuse a name under which another model stands; one that is not known may be any.

    Raises:
        Conflict: The text names what stands.
    """
    if standing.state in _GONE:
        return
    there = (standing.model.format, standing.model.name)
    if there != (row.publisher, row.model):
        raise Conflict(
            f"{standing.ref.name} is an endpoint of {standing.model.name or 'an unknown model'} "
            "already.",
            hint="Choose another name for the deployment.",
        )


async def _licence_accepted(connection: Connection, row: PublisherRow) -> bool:
    """Ask whether the project has accepted a licence; a POST that only reads."""
    project = wire.own(connection).project
    url = wire.catalogue(f"projects/{project}/modelGardenEula:check")
    response = await wire.call(
        connection, "POST", url, body={"publisherModel": row.name}, idempotent=True
    )
    # The field is left out when it is false.
    return json_object(response).get("publisherModelEulaAcked") is True
