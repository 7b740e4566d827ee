"""Plugins that let nobody else work while they wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from bonito_aviary.plugin import Aviary
from bonito_providers import Connection, CredentialReport, Deployment, Listing
from contract_tests.tests.gallery.broken import broken

BLOCKING = "anchors 0.2: a blocking async path survived a well-known suite"


@broken(
    "LOOP-01",
    incident="Ctrl-C did nothing: the check caught it and reported a failure.",
    source="monolith: bare except around provider calls, aws_gcp row 1",
)
class SwallowsCancellation(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        try:
            return await super().report(connection)
        except asyncio.CancelledError:
            return CredentialReport(items=(), observed_at=connection.clock.now())


@broken(
    "LOOP-01",
    incident="A call that nobody waited for any more went on, page after page.",
    source="anchors 4.6: cancellation passes, and nothing goes on behind it",
)
class GoesOnWhenCancelled(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        async def all_of_it() -> Listing[Deployment]:
            await super(GoesOnWhenCancelled, self).deployments(connection)
            return await super(GoesOnWhenCancelled, self).deployments(connection)

        return await asyncio.shield(asyncio.ensure_future(all_of_it()))


@broken(
    "LOOP-02",
    incident="One lock around every call: a slow customer made all others wait.",
    source="design 4.5: correctness never rests on a lock, and a lock costs everybody",
)
class OneCallAtATime(Aviary):
    def __init__(self) -> None:
        self.lock = asyncio.Lock()

    async def call(
        self,
        connection: Connection,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        async with self.lock:
            return await super().call(connection, method, path, body=body)


@broken(
    "LOOP-03", incident="A blocking client stopped the whole host for a second.", source=BLOCKING
)
class BlocksForASecond(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        time.sleep(1.1)  # noqa: ASYNC251 - what is wrong with it
        return await super().report(connection)


@broken(
    "LOOP-04",
    incident="Signing on the loop, and a pause of 100 ms for each model.",
    source="monolith: RSA on the loop and a sleep for each model, aws_gcp rows 3 and 18",
)
class PausesOnTheLoop(Aviary):
    async def report(self, connection: Connection) -> CredentialReport:
        for _ in range(3):
            time.sleep(0.1)  # noqa: ASYNC251 - what is wrong with it
        return await super().report(connection)
