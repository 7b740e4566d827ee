"""Taking over what stands: an endpoint of the region, or a served model that answers."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from bonito_gcp_vertex import (
    activation,
    catalogue,
    deployments,
    endpoints,
    facts,
    names,
    planning,
    serving,
    wire,
)
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRequest, State
from bonito_providers.errors import DeploymentNotFound

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

_FREE = "Adopting changes nothing and costs nothing."
_PROBED = "Adopting changes nothing; one call of one token shows whether the project may call it."


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what adopting would do: nothing but to find what stands.

    Raises:
        DeploymentNotFound: Nothing stands under that name.
    """
    found = await _require(connection, request.name or "")
    now, own = connection.clock.now(), wire.own(connection)
    return DeploymentPlan(
        ref=found.ref,
        request=request,
        model=found.model,
        sku=found.sku,
        region=own.location if names.is_served(found.ref.name) else own.region,
        cost=_PROBED if _is_probed(connection, found) else _FREE,
        created_at=now,
        expires_at=now + planning.LIFETIME,
    )


async def adopt(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Return what the plan names; where only a call tells whether it answers, it is called.

    Raises:
        DeploymentNotFound: Nothing stands under that name any more.
    """
    deployments.require_own(connection, plan.ref)
    found = await _require(connection, plan.ref.name)
    if _is_probed(connection, found):
        return await activation.prove(connection, plan)
    return found.model_copy(update={"created": False})


async def _require(connection: Connection, name: str) -> Deployment:
    found = await _found(connection, name)
    if found is not None:
        return found
    close = difflib.get_close_matches(name, await _names(connection), n=3, cutoff=0.4)
    region = wire.own(connection).region
    hint = f"Did you mean {', '.join(close)}?" if close else "List the deployments and models."
    raise DeploymentNotFound(
        "Nothing of that name stands in the project.",
        hint=hint if region or close else f"{hint} Endpoints need endpoint_region.",
    )


async def _names(connection: Connection) -> list[str]:
    """Return the names of all that may be adopted, listed or not."""
    rows = await catalogue.read(connection)
    read, _ = catalogue.parsed(rows.items)
    standing = (await deployments.found(connection, rows)).items
    served = {names.served_name(row) for row in read if not row.is_weights}
    return sorted(served | {each.ref.name for each in standing})


async def _found(connection: Connection, name: str) -> Deployment | None:
    if names.is_served(name):
        row = await serving.find(connection, name)
        if row is None or names.served_name(row) != name:
            return None
        return serving.deployment(connection, row, State.READY)
    if wire.own(connection).region is None or not names.is_endpoint_name(name):
        return None
    found = await endpoints.get(connection, endpoints.ref_of(connection, name))
    return None if found.state is State.ABSENT else found


def _is_probed(connection: Connection, found: Deployment) -> bool:
    publisher, served, model = found.ref.name.partition("/")
    return bool(served) and facts.known(connection, publisher, model).terms_needed is not False
