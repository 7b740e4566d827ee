"""Activate many deployments at once, as a host with many users does, on a clock that hurries."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bonito_host import activation
from bonito_host.settings import Settings
from bonito_host.store.store import Store
from bonito_providers import Connection, DeploymentRequest, ProviderRegistry, SystemClock

_HASTE = 50.0


class HastyClock:
    """Time passes faster than it does."""

    _clock = SystemClock()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic() * _HASTE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / _HASTE)


async def activate(store: Store, connection: Connection, name: str) -> dict[str, Any]:
    request = DeploymentRequest(model="gpt-4o", name=name, capacity=1)
    plan = await activation.planned(store, connection, request)
    made = await activation.carry_out(store, connection, plan)
    return {"name": name, "state": made.state.value, "verified": made.verified}


async def main(store: Store, names: list[str]) -> list[dict[str, Any]]:
    fields = store.connections.credentials("prod")
    network = dataclasses.replace(Settings.read(os.environ).network(), clock=HastyClock())
    selection = ProviderRegistry.discover().select("azure", fields, stored=True)
    async with selection.provider.connect(
        selection.fields, id="prod", network=network
    ) as connection:
        return list(await asyncio.gather(*(activate(store, connection, each) for each in names)))


if __name__ == "__main__":
    path, *given = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(main(Store(Path(path)), given))))
