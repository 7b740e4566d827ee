"""Aviary with three faults: in what it skips, what it deletes and what it calls a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_aviary.plugin import INFO, Aviary
from bonito_providers.catalog import Skipped
from bonito_providers.errors import CredentialsRejected, PermissionMissing
from bonito_providers.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

    from bonito_providers.catalog import Model
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment, DeploymentRef
    from bonito_providers.errors import ProviderError
    from bonito_providers.info import ProviderInfo


class BrokenAviary(Aviary):
    """Skips in silence, deletes what others made, and takes a refused right for a wrong key."""

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        """Return a name card of its own, so that both can be installed."""
        name = "broken_aviary"
        return INFO.model_copy(update={"name": name, "cloud": name, "title": "Broken Aviary"})

    def ref(self, connection: Connection, name: str) -> DeploymentRef:
        """Name this provider in references, as its name card does."""
        return super().ref(connection, name).model_copy(update={"provider": "broken_aviary"})

    def parsed(self, connection: Connection, rows: Iterable[object]) -> Iterator[Model | Skipped]:
        """Pass over what cannot be read, without a word."""
        found = super().parsed(connection, rows)
        return (each for each in found if not isinstance(each, Skipped))

    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        """Call a missing permission a wrong key."""
        error = super().refusal(connection, response)
        if not isinstance(error, PermissionMissing):
            return error
        return CredentialsRejected(error.message, status=error.status, code=error.code)

    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        """Delete without asking whose it is."""
        return await super().delete(connection, ref, include_unowned=True)


provider = BrokenAviary()
