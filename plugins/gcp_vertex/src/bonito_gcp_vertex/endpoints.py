"""Endpoints of the project's own: what stands in the region, and in which state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bonito_gcp_vertex import actions, errors, facts, names, surfaces, wire
from bonito_gcp_vertex.findings import Found, bare
from bonito_gcp_vertex.rows import (
    EndpointRow,
    OperationRow,
    UploadedModelRow,
    read_row,
    read_rows,
    require_row,
)
from bonito_providers.answers import json_object
from bonito_providers.catalog import Skipped
from bonito_providers.deployment import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    State,
    Surface,
)
from bonito_providers.errors import DeploymentNotFound

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

MARK = "managed by bonito"
"""What this project writes into an endpoint's display name. `:deploy` takes no labels."""
BILLING = "Billed by the hour while it stands, called or not."
POLL = 20.0
"""Seconds until a deployment is looked at again; it takes ten minutes and more."""
_EXHAUSTED = 8
"""`google.rpc.Code`: the quota or the machines are used up."""
_PUBLISHED = "publishers/"


@dataclass(frozen=True)
class Around:
    """What an endpoint's own row does not tell.

    Attributes:
        published: By an uploaded model's id, the publisher's model it was made from.
        operations: By an uploaded model's id, the deployment of it.
    """

    published: Mapping[str, str]
    operations: Mapping[str, OperationRow]


def ref_of(connection: Connection, name: str) -> DeploymentRef:
    """Return how to find an endpoint again; nothing is called."""
    credentials = wire.own(connection)
    resource = f"{credentials.project}/{credentials.region or '-'}"
    return DeploymentRef(provider="gcp_vertex", resource=resource, name=name)


def display_name(name: str) -> str:
    """Return what an endpoint of this project's own is called for people."""
    return f"{name} ({MARK})"


def is_owned(row: EndpointRow) -> bool:
    """Whether this project made it, as its display name says."""
    return row.display_name == display_name(row.id)


async def standing(connection: Connection, region: str) -> Found:
    """Return every endpoint of the region, whoever made it."""
    rows = await wire.pages(connection, _url(connection, region, "/endpoints"), "endpoints")
    read: dict[str, EndpointRow] = {}
    skipped: list[Skipped] = []
    for raw in rows.items:
        row = read_row(EndpointRow, raw)
        if isinstance(row, EndpointRow):
            read.setdefault(row.id, row)
        else:
            skipped.append(Skipped(id="(no name)", reason=f"The row cannot be read: {row}."))
    around = await _around(connection, region, unfinished=_unfinished(read)) if read else None
    items = [_deployment(connection, read[name], around) for name in sorted(read)] if around else []
    return Found(tuple(items), tuple(skipped), rows.notes, complete=not rows.note)


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return an endpoint as it is now, with the reason where its deployment failed."""
    region = require_region(connection)
    row = await find(connection, ref.name)
    around = await _around(connection, region, unfinished=row is None or not row.deployed_models)
    if row is not None:
        return _deployment(connection, row, around)
    operation = around.operations.get(f"{names.MODEL_PREFIX}{ref.name}")
    if operation is None:
        return bare(connection, ref, State.ABSENT)
    # The endpoint appears in the course of the operation that makes it.
    state = State.ABSENT if operation.done else State.PROVISIONING
    failure = operation.error.message if operation.error else None
    published = operation.metadata.publisher_model if operation.metadata else None
    update = {"model": _model(connection, published), "error": failure}
    return bare(connection, ref, state).model_copy(update=update)


async def find(connection: Connection, name: str) -> EndpointRow | None:
    """Return an endpoint's row, or None where there is none."""
    url = _url(connection, require_region(connection), f"/endpoints/{quote(name, safe='')}")
    try:
        response = await wire.call(connection, "GET", url)
    except DeploymentNotFound as error:
        if error.code != errors.NOT_FOUND:
            raise  # something in the service's place said "not found"
        return None
    return require_row(EndpointRow, json_object(response), response)


def require_region(connection: Connection) -> str:
    """Return where endpoints stand.

    Raises:
        DeploymentNotFound: The connection names no region, so that none can be found.
    """
    region = wire.own(connection).region
    if region is None:
        raise DeploymentNotFound(
            "Endpoints stand in regions, and the connection names none.",
            hint="Give endpoint_region, such as us-central1.",
        )
    return region


def _url(connection: Connection, region: str, path: str) -> str:
    return wire.placed(connection, region, path, version="v1beta1")


def _unfinished(rows: Mapping[str, EndpointRow]) -> bool:
    return any(not row.deployed_models for row in rows.values())


async def _around(connection: Connection, region: str, *, unfinished: bool) -> Around:
    """Read the models behind endpoints; what is under way, only where something is."""
    models = await wire.pages(connection, _url(connection, region, "/models"), "models")
    published = {
        row.id: row.published for row in read_rows(UploadedModelRow, models.items) if row.published
    }
    operations: dict[str, OperationRow] = {}
    if unfinished:
        url = _url(connection, region, "/operations")
        for row in read_rows(OperationRow, (await wire.pages(connection, url, "operations")).items):
            told = row.metadata.model_id if row.metadata else None
            model = (told or "").rpartition("/")[2]
            # One that runs counts before those that ended, of which the newest comes first.
            if model and (model not in operations or not row.done):
                operations[model] = row
    return Around(published, operations)


def _deployment(connection: Connection, row: EndpointRow, around: Around) -> Deployment:
    deployed = row.deployed_models[0] if row.deployed_models else None
    uploaded = deployed.model if deployed and deployed.model else f"{names.MODEL_PREFIX}{row.id}"
    identity = uploaded.rpartition("/")[2].partition("@")[0]
    operation = around.operations.get(identity)
    published = around.published.get(identity)
    if published is None and operation is not None and operation.metadata is not None:
        published = operation.metadata.publisher_model
    resources = deployed.dedicated_resources if deployed else None
    found = Deployment(
        ref=ref_of(connection, row.id),
        model=_model(connection, published),
        endpoint=_url(connection, require_region(connection), f"/endpoints/{row.id}"),
        surfaces=(Surface(name=surfaces.ENDPOINT, reason="An endpoint of the project's own."),),
        state=State.READY,
        owned=is_owned(row),
        sku=resources.machine_spec.sku if resources else None,
        billing=BILLING,
        warnings=_warnings(row),
        source=f"The endpoints in {require_region(connection)}.",
        observed_at=connection.clock.now(),
    )
    return found if deployed else _without_model(found, operation, wire.own(connection).project)


def _without_model(found: Deployment, operation: OperationRow | None, project: str) -> Deployment:
    """Return an endpoint that serves nothing: on its way, failed, or left over."""
    if operation is not None and not operation.done:
        return found.model_copy(update={"state": State.PROVISIONING, "retry_after": POLL})
    if operation is not None and operation.error is not None:
        exhausted = operation.error.code == _EXHAUSTED
        return found.model_copy(
            update={
                "state": State.NEEDS_ACTION if exhausted else State.FAILED,
                "actions": (actions.more_quota(project),) if exhausted else (),
                "error": f"The deployment failed: {operation.error.message or 'no reason given'}",
            }
        )
    text = "No model is deployed on the endpoint; delete it to begin anew."
    return found.model_copy(update={"state": State.FAILED, "error": text})


def _model(connection: Connection, published: str | None) -> DeployedModel:
    """Return the model behind ``publishers/{publisher}/models/{model}@{version}``."""
    path = (published or "").removeprefix(_PUBLISHED).replace("/models/", "/")
    named = names.read_model_id(path)
    if named is None:
        return DeployedModel()
    told = facts.described(connection, named.publisher, named.model, version=named.version)
    # The price file's rows are of the served models; an endpoint is paid by the hour.
    return told.model_copy(update={"price_key": None})


def _warnings(row: EndpointRow) -> tuple[str, ...]:
    if not row.dedicated_endpoint_dns:
        return ()
    return ("It answers on a host of its own, which bonito does not call.",)
