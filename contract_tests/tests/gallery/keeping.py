"""What some broken plugins keep on a connection, where they should ask the cloud."""

from __future__ import annotations

from typing import Any

from bonito_providers import Connection


async def kept(connection: Connection) -> dict[str, Any]:
    """Return a place of the connection's own."""

    async def make() -> dict[str, Any]:
        return {}

    place: dict[str, Any] = await connection.once("broken.kept", make)
    return place
