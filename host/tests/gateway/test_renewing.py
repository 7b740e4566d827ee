"""The gateway looks again after a look that failed, whatever failed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bonito_host.application import Application
from bonito_host.gateway.inventory import Inventory
from bonito_host.gateway.routing import Routing
from bonito_host.lending import lend_connections
from bonito_host.output import Output
from bonito_host.settings import Settings
from tests.virtual_time import VirtualClock


class Repairing(VirtualClock):
    """Time in which the database comes back while somebody waits, and which then stands still."""

    def __init__(self, away: Path, path: Path) -> None:
        super().__init__()
        self.looked_again = asyncio.Event()
        self._away, self._path = away, path

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if len(self.slept) == 1:
            self._away.replace(self._path)
        else:
            self.looked_again.set()
            await asyncio.Event().wait()


def test_a_look_that_failed_for_the_database_is_followed_by_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, away = tmp_path / "bonito.db", tmp_path / "away.db"
    settings = Settings.read({"BONITO_STORE": str(path)})
    application = Application(settings=settings, output=Output(as_json=True, colour=False))
    application.store.groups.save("anywhere", ["a/x", "b/x"])

    async def look() -> list[float]:
        clock = Repairing(away, path)
        connections = lend_connections(application)
        inventory = Inventory(application, connections)
        routing = Routing(inventory, application.store.groups.all, clock=clock)
        await routing.load()
        application.store.groups.save("accepted since", ["a/y", "b/y"])
        path.replace(away)
        looking = asyncio.ensure_future(routing.keep_renewed())
        await clock.looked_again.wait()
        looking.cancel()
        names = [each.name for each in routing.table.everything()[1]]
        assert names == ["accepted since", "anywhere"]
        await connections.aclose()
        return clock.slept

    with caplog.at_level(logging.WARNING):
        slept = asyncio.run(look())
    assert len(slept) == 2
    assert "looking at the clouds failed (OperationalError): again later" in caplog.text
