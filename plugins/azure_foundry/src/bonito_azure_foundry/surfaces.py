"""The ways a resource answers calls, and which of them were seen to answer.

Microsoft moved its documentation from `/models` to `/openai/v1` and retired the SDK of the
former; nobody said that the route itself stops. So both are looked at, never assumed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bonito_azure_foundry import wire
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_providers.deployment import Surface
from bonito_providers.errors import InvalidRequest, ProviderError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

MODELS = "models"
OPENAI_V1 = "openai_v1"
ANTHROPIC = "anthropic"
DEPLOYMENTS = "deployments"

_QUESTIONS = {
    MODELS: ("/models/info", wire.MODELS_VERSION),
    OPENAI_V1: ("/openai/v1/models", None),
    DEPLOYMENTS: ("/openai/models", wire.CLASSIC_VERSION),
}
"""A read-only call that answers, or refuses for another reason, where the surface exists."""


async def observe(connection: Connection, *names: str) -> tuple[Surface, ...]:
    """Look which of the named surfaces answer, all at once, calling no model."""
    return tuple(await asyncio.gather(*(_observe(connection, name) for name in names)))


async def _observe(connection: Connection, name: str) -> Surface:
    if name == MODELS and not wire.own(connection).address.is_services:
        return surface(
            connection, name, answers=False, reason="served only under .services.ai.azure.com"
        )
    path, api_version = _QUESTIONS[name]
    try:
        await wire.call(connection, "GET", path, api_version=api_version)
    except ProviderError as error:
        return judged(connection, name, error)
    return surface(connection, name, answers=True, reason="answers")


def judged(connection: Connection, name: str, error: ProviderError) -> Surface:
    """Return what a refused call says of a surface."""
    if isinstance(error, SurfaceAbsent):
        return surface(connection, name, answers=False, reason=error.message)
    if isinstance(error, InvalidRequest):
        return surface(
            connection, name, answers=True, reason="answers, though not to an empty question"
        )
    return surface(connection, name, answers=None, reason=error.message)


def surface(connection: Connection, name: str, *, answers: bool | None, reason: str) -> Surface:
    """Return an observation dated now."""
    return Surface(name=name, answers=answers, reason=reason, observed_at=connection.clock.now())
