"""Served models: nothing is created for them; they are there, or something is needed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_gcp_vertex import errors, facts, names, wire
from bonito_gcp_vertex.findings import bare
from bonito_gcp_vertex.rows import PublisherRow, require_row
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, DeploymentRef, State, Surface
from bonito_providers.errors import ModelNotFound, PermissionMissing

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

SKU = "serverless"
BILLING = "Billed by use; nothing is paid while it is not called."
_UNKNOWN_TERMS = (
    "Whether the publisher's terms are accepted and the project may call it, only a call tells."
)


def ref_of(connection: Connection, name: str) -> DeploymentRef:
    """Return how to find a served model again; nothing is called."""
    credentials = wire.own(connection)
    resource = f"{credentials.project}/{credentials.location}"
    return DeploymentRef(provider="gcp_vertex", resource=resource, name=name)


def deployment(connection: Connection, row: PublisherRow, state: State) -> Deployment:
    """Return a served model from its row of the catalogue."""
    known = facts.known(connection, row.publisher, row.model)
    location = wire.own(connection).location
    form = known.surface
    told = Surface(name=form, reason="The form its publisher documents.") if form else None
    return Deployment(
        ref=ref_of(connection, names.served_name(row)),
        model=facts.described(connection, row.publisher, row.model, version=row.version),
        endpoint=wire.placed(connection, location, ""),
        surfaces=(told,) if told else (),
        state=state,
        sku=SKU,
        billing=BILLING,
        warnings=() if known.terms_needed is False else (_UNKNOWN_TERMS,),
        source="Model Garden's catalogue.",
        observed_at=connection.clock.now(),
    )


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return a served model as the catalogue has it now; the model is not called."""
    try:
        row = await find(connection, ref.name)
    except PermissionMissing as error:
        if error.code != errors.DISABLED:
            raise
        needing = bare(connection, ref, State.NEEDS_ACTION)
        return needing.model_copy(update={"actions": error.actions, "error": error.message})
    if row is None:
        return bare(connection, ref, State.ABSENT)
    return deployment(connection, row, State.READY).model_copy(update={"ref": ref})


async def find(connection: Connection, name: str) -> PublisherRow | None:
    """Return the row of a served model by its deployment's name; None where there is none."""
    named = names.read_model_id(name)
    if named is None:
        return None
    model = f"{named.model}@{named.version}" if named.version else named.model
    url = wire.catalogue(wire.published(named.publisher, model))
    try:
        response = await wire.call(connection, "GET", url, missing=errors.MODEL)
    except ModelNotFound as error:
        if error.code != errors.NOT_FOUND:
            raise  # something in the service's place said "not found"
        return None
    row = require_row(PublisherRow, json_object(response), response)
    if (row.publisher, row.model) != (named.publisher, named.model):
        raise errors.unreadable(response, "another model than the one that was asked for")
    return None if row.is_weights else row
