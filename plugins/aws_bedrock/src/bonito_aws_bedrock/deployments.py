"""What stands in the account: application profiles and provisioned throughput."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from bonito_aws_bedrock import catalogue, recent, wire
from bonito_aws_bedrock.facts import overrides_of
from bonito_aws_bedrock.models import describe
from bonito_aws_bedrock.regions import host
from bonito_aws_bedrock.rows import ModelRow, ProfileRow, ThroughputRow
from bonito_aws_bedrock.sources import PROVISIONED, Source
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import Deployment, DeploymentRef, State
from bonito_providers.errors import InvalidRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

PROVIDER = "aws_bedrock"
PER_TOKEN = "Billed by the token; the profile itself costs nothing."  # noqa: S105 - no password
_ADDRESS = re.compile(r"https://bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com/model/([^/]+)")
_STATES = {"InService": State.READY, "Failed": State.FAILED}
Standing = ProfileRow | ThroughputRow


async def listing(connection: Connection) -> Listing[Deployment]:
    """List application profiles and provisioned throughput, whoever made them."""
    async with wire.together() as group:
        listed = group.create_task(catalogue.models(connection))
        made = group.create_task(catalogue.own_profiles(connection))
        reserved = group.create_task(catalogue.throughputs(connection))
    known, profiles, bought = listed.result(), made.result(), reserved.result()
    rows, shadowed = _by_name((*_oldest_first(profiles.rows), *bought.rows))
    resource = await own_resource(connection)
    marks = await catalogue.owned_each(connection, [row.arn for row in rows])
    by_id = {row.id: row for row in known.rows}
    items = [
        deployed(connection, row, resource=resource, model=by_id.get(row.model), owned=mark)
        for row, mark in zip(rows, marks, strict=True)
    ]
    unread = (*profiles.skipped, *bought.skipped)
    return Listing(
        items=tuple(sorted(items, key=lambda each: each.ref.name)),
        skipped=(*shadowed, *unread),
        complete=True,
        source="Application inference profiles and provisioned throughput of the account",
        notes=("Models and profiles of the service itself can be adopted by their id.",),
        observed_at=connection.clock.now(),
    )


async def find(connection: Connection, name: str) -> Standing | None:
    """Return what stands under a name: a profile, else throughput, listed or made just now."""
    async with wire.together() as group:
        made = group.create_task(catalogue.own_profiles(connection))
        reserved = group.create_task(catalogue.throughputs(connection))
    rows: Sequence[Standing] = (*_oldest_first(made.result().rows), *reserved.result().rows)
    found = next((row for row in rows if row.name == name), None)
    if found is None:
        return await recent.look(connection, name)
    await recent.shown(connection, name)
    return found


async def profile_named(connection: Connection, name: str) -> ProfileRow | None:
    """Return the application profile of that name, the oldest should there be several."""
    rows = _oldest_first((await catalogue.own_profiles(connection)).rows)
    return next((row for row in rows if row.name == name), None)


async def still_stands(connection: Connection, row: Standing) -> bool:
    """Tell whether what was deleted is listed all the same."""
    listed = catalogue.own_profiles if isinstance(row, ProfileRow) else catalogue.throughputs
    return row.arn in {each.arn for each in (await listed(connection)).rows}


async def read(connection: Connection, row: Standing) -> Deployment:
    """Return what stands, with its model and owner as the cloud tells them now."""
    async with wire.together() as group:
        model = group.create_task(catalogue.model(connection, row.model))
        mark = group.create_task(catalogue.owned(connection, row.arn))
    resource = await own_resource(connection)
    return deployed(connection, row, resource=resource, model=model.result(), owned=mark.result())


def deployed(
    connection: Connection,
    row: Standing,
    *,
    resource: str,
    model: ModelRow | None,
    owned: bool | None,
) -> Deployment:
    """Return a row as a deployment."""
    ref = DeploymentRef(provider=PROVIDER, resource=resource, name=row.name)
    facts = describe(row.model, model, overrides=overrides_of(connection))
    return Deployment(
        ref=ref,
        model=facts.model_copy(update={"price_key": _price_key(row)}),
        endpoint=endpoint(connection, row.arn),
        state=state_of(row),
        owned=owned,
        sku=PROVISIONED if isinstance(row, ThroughputRow) else row.scope,
        capacity=row.units if isinstance(row, ThroughputRow) else None,
        billing=_hourly(row) if isinstance(row, ThroughputRow) else PER_TOKEN,
        source="Bedrock, as of now",
        observed_at=connection.clock.now(),
    )


def from_source(
    connection: Connection, source: Source, *, resource: str, model: ModelRow
) -> Deployment:
    """Return what the service itself offers under an id: nothing of it is the account's."""
    return Deployment(
        ref=DeploymentRef(provider=PROVIDER, resource=resource, name=source.id),
        model=describe(model.id, model, overrides=overrides_of(connection)),
        endpoint=endpoint(connection, source.id),
        state=State.READY,
        owned=False,
        sku=source.scope,
        billing="Billed by the token.",
        source="Bedrock's own models and profiles",
        observed_at=connection.clock.now(),
    )


def bare(connection: Connection, ref: DeploymentRef, state: State) -> Deployment:
    """Return a deployment of which nothing but its state is known."""
    return Deployment(ref=ref, state=state, observed_at=connection.clock.now())


def state_of(row: Standing) -> State:
    """Return where a row stands; any other state is one on the way, as Creating and Updating."""
    if isinstance(row, ProfileRow):
        return State.READY if row.status == "ACTIVE" else State.PROVISIONING
    return _STATES.get(row.status or "", State.PROVISIONING)


def endpoint(connection: Connection, identity: str) -> str:
    """Return the address under which an id or ARN is called."""
    base = host("bedrock-runtime", wire.own(connection).region)
    return f"https://{base}/model/{quote(identity, safe='')}"


def called_id(deployment: Deployment) -> str:
    """Return the id or ARN by which a deployment is called.

    Raises:
        InvalidRequest: The deployment has no such address.
    """
    found = _ADDRESS.fullmatch(deployment.endpoint or "")
    if found is None:
        raise InvalidRequest(
            f"{deployment.ref.name} has no address of Bedrock's runtime.",
            hint="Look the deployment up again.",
        )
    return unquote(found[1])


def is_callable(deployment: Deployment) -> bool:
    """Tell whether a deployment has an address of Bedrock's runtime."""
    return _ADDRESS.fullmatch(deployment.endpoint or "") is not None


async def own_resource(connection: Connection) -> str:
    """Return what this connection's deployments belong to: a region of an account."""
    return f"arn:aws:bedrock:{wire.own(connection).region}:{await catalogue.account(connection)}"


async def require_own(connection: Connection, ref: DeploymentRef) -> None:
    """Refuse a reference to another provider, account or region.

    Raises:
        InvalidRequest: It is one.
    """
    if (ref.provider, ref.resource) != (PROVIDER, await own_resource(connection)):
        raise InvalidRequest(
            f"{ref.name} belongs to {ref.resource}, not to this connection's account and region.",
            hint="Use the connection it was made with.",
        )


def _oldest_first(rows: Sequence[ProfileRow]) -> list[ProfileRow]:
    """Sort those of one name, should there be several, so that everybody means the same one."""
    return sorted(rows, key=lambda row: (str(row.created_at or ""), row.arn))


def _by_name(rows: Sequence[Standing]) -> tuple[list[Standing], list[Skipped]]:
    found: dict[str, Standing] = {}
    skipped = []
    for row in rows:
        if row.name in found:
            reason = f"Another one is called {row.name} too; adopt it by its ARN in the console."
            skipped.append(Skipped(id=row.arn, reason=reason))
        else:
            found[row.name] = row
    return list(found.values()), skipped


def _price_key(row: Standing) -> str | None:
    """Return where the price of a token is found; by the hour there is none.

    LiteLLM 1.105.3 fails on its own row of Titan where that is the base model of a profile.
    """
    if isinstance(row, ThroughputRow) or row.model.startswith("amazon.titan-embed-"):
        return None
    return row.model


def _hourly(row: ThroughputRow) -> str:
    term = f", committed for {row.commitment}" if row.commitment else ""
    return f"Billed by the hour for {row.units or 'its'} model units{term}, used or not."
