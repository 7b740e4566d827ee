"""Broken hooks: names, signatures, kinds and results."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any

from bonito_aviary.plugin import INFO, Aviary
from bonito_providers import Connection, Credentials, Listing, Model, hookimpl
from contract_tests.tests.gallery.broken import broken

SILENT = "anchors 0.9: pluggy drops a misspelt hook in silence"
WAITING = "monolith: onboarding refreshes synchronously in an async route, aws_gcp row 18"


@broken("HOOK-01", incident="A misspelt hook was never called, and nobody was told.", source=SILENT)
class MisspeltHook(Aviary):
    @hookimpl
    async def list_model(self, connection: Connection) -> Listing[Model]:
        return await self.models(connection)


@broken("HOOK-01", incident="A hook was written without async, and blocked.", source=WAITING)
class HookWithoutAsync(Aviary):
    @hookimpl
    def check_credentials(self, connection: Connection) -> Any:
        return self.report(connection)


@broken(
    "HOOK-01",
    incident="An argument with a default always had the default: pluggy does not pass it.",
    source="anchors 0.9: pluggy 1.7 checks arguments at call time only",
)
class ArgumentWithDefault(Aviary):
    @hookimpl
    async def list_models(self, connection: Connection, limit: int = 50) -> Listing[Model]:
        listing = await self.models(connection)
        return listing.model_copy(update={"items": listing.items[:limit]})


@broken(
    "HOOK-01",
    incident="What was created could not be deleted: there was no hook for it.",
    source="monolith: api/routes/deployments.py, orphans cost by the hour, aws_gcp row 9",
)
class CannotDelete(Aviary):
    delete_deployment = None  # type: ignore[assignment]  # no hook: the fault


@broken("HOOK-01", incident="A hook without its mark was never called.", source=SILENT)
class HookWithoutMark(Aviary):
    async def list_models(self, connection: Connection) -> Listing[Model]:
        return await self.models(connection)


@broken(
    "HOOK-02",
    incident="Drawing the form asked the service for its regions, and hung without a network.",
    source="monolith: onboarding.py, region list, aws_gcp row 12",
)
class FormAsksTheService(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        with suppress(OSError), socket.socket() as asking:
            asking.settimeout(0.1)
            asking.connect(("127.0.0.1", 9))
        return super().credential_schema()


@broken(
    "HOOK-02",
    incident="A form showed what the environment of the host held.",
    source="monolith: gateway.py, the environment fills in for a connection, aws_gcp row 14",
)
class FormReadsTheEnvironment(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        os.environ.get("AVIARY_ENDPOINT")
        return super().credential_schema()


@broken(
    "HOOK-03",
    incident="Validating gave True, and the page had nothing to show.",
    source="monolith: validate_credentials returns a bool",
)
class TrueForAReport(Aviary):
    @hookimpl
    async def check_credentials(self, connection: Connection) -> Any:
        return (await self.report(connection)).usable


@broken(
    "HOOK-03",
    incident="Listings were dicts, each provider's with keys of its own.",
    source="monolith: list_models returns dicts whose keys differ by cloud",
)
class DictsForModels(Aviary):
    @hookimpl
    async def list_models(self, connection: Connection) -> Any:
        listing = await self.models(connection)
        return listing.model_copy(update={"items": tuple(map(dict, listing.items))})


@broken(
    "HOOK-03",
    incident="The name card was a dict that nothing had checked.",
    source="anchors 0.9: pluggy checks no types of results",
)
class DictForACard(Aviary):
    @hookimpl
    def provider_info(self) -> Any:
        return INFO.model_dump()
