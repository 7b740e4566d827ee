"""What a connection has just made: Bedrock's listings show it in the end only.

Kept for a short while and for this connection alone: it spares a caller who follows what he made
from being told that it is not there, and nothing else rests on it. Another process has no more
than the listings, and throughput by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bonito_aws_bedrock import wire
from bonito_aws_bedrock.rows import ProfileRow, ThroughputRow, require
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import AuthenticationError, DeploymentNotFound

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

LAG = 60.0
"""Seconds in which something new may be shown by nothing; how long it takes is written nowhere."""
_PROFILE = ":application-inference-profile/"


@dataclass
class Made:
    """Something made here that may not be shown yet.

    Attributes:
        arn: Its ARN.
        told: What was told of it when it was made.
        until: How long not being shown means nothing, on the monotonic clock.
        shown: Whether it was shown since; from then on, not found means gone.
    """

    arn: str
    told: Deployment
    until: float
    shown: bool = False


async def remember(connection: Connection, arn: str, told: Deployment, *, shown: bool) -> None:
    """Keep in mind that this was made, and whether it was shown already."""
    now, every = connection.clock.monotonic(), await _made(connection)
    for name in [each for each, made in every.items() if now > made.until]:
        del every[name]
    every[told.ref.name] = Made(arn, told, now + LAG, shown)


async def forget(connection: Connection, name: str) -> None:
    """Keep it in mind no longer: it is being deleted."""
    (await _made(connection)).pop(name, None)


async def shown(connection: Connection, name: str) -> None:
    """Note that it is listed: from now on, not found means gone."""
    made = (await _made(connection)).get(name)
    if made is not None:
        made.shown = True


async def look(connection: Connection, name: str) -> ProfileRow | ThroughputRow | None:
    """Return what was made under a name, asked for by its ARN; None where it is not shown."""
    made = (await _made(connection)).get(name)
    if made is None or connection.clock.monotonic() > made.until:
        return None
    row = await (profile if _PROFILE in made.arn else throughput)(connection, made.arn)
    made.shown = made.shown or row is not None
    return row


async def told(connection: Connection, name: str) -> Deployment | None:
    """Return what was made under a name and may not be shown yet, as it was told then."""
    made = (await _made(connection)).get(name)
    now = connection.clock
    if made is None or made.shown or now.monotonic() > made.until:
        return None
    update = {"state": State.PROVISIONING, "created": None, "observed_at": now.now()}
    return made.told.model_copy(update=update)


async def profile(connection: Connection, arn: str) -> ProfileRow | None:
    """Return a profile by its ARN, or None where it is not shown."""
    try:
        answer = await wire.call(
            connection, "bedrock", "GetInferenceProfile", inferenceProfileIdentifier=arn
        )
    except (DeploymentNotFound, AuthenticationError):
        return None
    return require(ProfileRow, answer)


async def throughput(connection: Connection, identity: str) -> ThroughputRow | None:
    """Return throughput by its ARN or name, or None where it is not shown."""
    try:
        answer = await wire.call(
            connection, "bedrock", "GetProvisionedModelThroughput", provisionedModelId=identity
        )
    except (DeploymentNotFound, AuthenticationError):
        return None
    return require(ThroughputRow, answer)


async def _made(connection: Connection) -> dict[str, Made]:
    async def nothing() -> dict[str, Made]:
        return {}

    return cast("dict[str, Made]", await connection.once("made here", nothing))
