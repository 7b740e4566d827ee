"""Reading what Bedrock lists: models, profiles, throughput, tags, and whose account it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from bonito_aws_bedrock import wire
from bonito_aws_bedrock.rows import ModelRow, ProfileRow, ThroughputRow, read
from bonito_providers.catalog import Skipped
from bonito_providers.connection import Connection
from bonito_providers.errors import (
    AuthenticationError,
    DeploymentNotFound,
    MalformedAnswer,
    ModelNotFound,
)
from bonito_providers.values import Value

OWNER_TAG, OWNER = "managed-by", "bonito-providers"
_ACCOUNT = re.compile(r"[0-9]{12}")

Row = TypeVar("Row", bound=Value)


@dataclass(frozen=True)
class Read(Generic[Row]):
    """Rows in the service's order, and those that could not be read."""

    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...] = ()


async def models(connection: Connection) -> Read[ModelRow]:
    """Return the foundation models of the region."""
    return await _read(connection, ModelRow, "ListFoundationModels", "modelSummaries")


async def model(connection: Connection, identity: str) -> ModelRow | None:
    """Return one foundation model, or None where it is listed no more."""
    try:
        answer = await wire.call(
            connection, "bedrock", "GetFoundationModel", modelIdentifier=identity
        )
    except ModelNotFound:
        return None
    return read(ModelRow, answer.get("modelDetails"))


async def service_profiles(connection: Connection) -> Read[ProfileRow]:
    """Return the profiles that the service defines for the caller's region."""
    return await _profiles(connection, "SYSTEM_DEFINED")


async def own_profiles(connection: Connection) -> Read[ProfileRow]:
    """Return the account's application profiles."""
    return await _profiles(connection, "APPLICATION")


async def throughputs(connection: Connection) -> Read[ThroughputRow]:
    """Return the account's provisioned throughput."""
    return await _read(
        connection,
        ThroughputRow,
        "ListProvisionedModelThroughputs",
        "provisionedModelSummaries",
    )


async def owned(connection: Connection, arn: str) -> bool | None:
    """Tell by its tags whether this project made a resource; None where they are not shown."""
    try:
        answer = await wire.call(connection, "bedrock", "ListTagsForResource", resourceARN=arn)
    except (AuthenticationError, DeploymentNotFound):
        return None
    tags = answer.get("tags")
    if not isinstance(tags, list):
        raise MalformedAnswer("The tags of a resource cannot be read.", hint="Report it.")
    return {"key": OWNER_TAG, "value": OWNER} in tags


async def owned_each(connection: Connection, arns: Sequence[str]) -> list[bool | None]:
    """Tell the same of many; the connection's threads bound how many are asked at once."""
    async with wire.together() as group:
        asked = [group.create_task(owned(connection, arn)) for arn in arns]
    return [each.result() for each in asked]


async def account(connection: Connection) -> str:
    """Return the account's number, asked for at most once in a connection's life.

    A role's ARN says it. An API key is no identity for STS, so there it is read from a profile's.

    Raises:
        MalformedAnswer: The answer holds no such number.
    """
    given = wire.own(connection)
    if given.role_arn is not None:
        return account_in(given.role_arn)

    async def find() -> str:
        if not given.signs:
            return await account_of_key(connection)
        answer = await wire.call(connection, "sts", "GetCallerIdentity")
        return _number(answer.get("Account"))

    return cast("str", await connection.once("account", find))


async def account_of_key(connection: Connection) -> str:
    """Return the number of the API key's account, which a profile's ARN tells."""
    listed = await wire.call_by_key(
        connection, "bedrock", "ListInferenceProfiles", typeEquals="SYSTEM_DEFINED", maxResults=1
    )
    first = read(ProfileRow, next(iter(listed.get("inferenceProfileSummaries") or ()), None))
    return _number(account_in(first.arn) if first else None)


def account_in(arn: str) -> str:
    """Return the number of the account to which a resource belongs."""
    return arn.split(":")[4]


def _number(account: object) -> str:
    """Return an account's number, if it is one.

    It becomes part of every reference; a wrong one would make what stands unfindable.
    """
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        raise MalformedAnswer("AWS does not say which account this is.", hint="Try again.")
    return account


async def _profiles(connection: Connection, kind: str) -> Read[ProfileRow]:
    return await _read(
        connection,
        ProfileRow,
        "ListInferenceProfiles",
        "inferenceProfileSummaries",
        typeEquals=kind,
    )


async def _read(
    connection: Connection, kind: type[Row], operation: str, key: str, **parameters: object
) -> Read[Row]:
    found: list[Row] = []
    skipped: list[Skipped] = []
    async for raw in wire.rows(connection, operation, key, **parameters):
        row = read(kind, raw)
        if row is None:
            reason = f"{operation} lists a row that cannot be read."
            skipped.append(Skipped(id=f"row {len(found) + len(skipped) + 1}", reason=reason))
        else:
            found.append(row)
    return Read(tuple(found), tuple(skipped))
