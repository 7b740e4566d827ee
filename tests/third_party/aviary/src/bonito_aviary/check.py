"""Trying the credentials out, item by item, without calling a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_aviary.deployments import Deployments
from bonito_aviary.wire import own
from bonito_providers.errors import (
    HostRefused,
    HostUnreachable,
    MalformedAnswer,
    ProviderError,
)
from bonito_providers.report import CheckItem, CredentialReport, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bonito_providers.connection import Connection

    Call = Callable[[], Awaitable[str]]

_TITLES = {
    "reach": "Reach the account",
    "authenticate": "Authenticate",
    "list_deployments": "List deployments",
    "manage": "Deploy models",
}


class Checking(Deployments):
    """The credential check."""

    async def report(self, connection: Connection) -> CredentialReport:
        """Reach, authenticate, list, and sign in to management where a client is given."""
        reach, authenticate = await self.entrance(connection)
        connection.tell(reach, authenticate)
        listed = await self.listing_item(connection, authenticate)
        connection.tell(listed)
        managed = await self.management_item(connection)
        return CredentialReport(
            items=(reach, authenticate, listed, managed),
            notes=(f"The endpoint was understood as {own(connection).endpoint}.",),
            facts={"account": own(connection).account},
            observed_at=connection.clock.now(),
        )

    async def entrance(self, connection: Connection) -> tuple[CheckItem, CheckItem]:
        """Make the one call that tells whether the host is there and the key is right."""

        async def knock() -> str:
            await self.listed(connection, "/v1/models")
            return "the key is accepted"

        authenticate, failure = await _tried(connection, "authenticate", knock)
        update = {"name": "reach", "title": _TITLES["reach"]}
        if failure is not None and not _answered(failure):
            reach = authenticate.model_copy(update=update)
            return reach, _not_checked("authenticate", "The account was not reached.")
        passed = {"verdict": Verdict.PASSED, "reason": "answers", "error": None, "action": None}
        return authenticate.model_copy(update={**update, **passed}), authenticate

    async def listing_item(self, connection: Connection, authenticate: CheckItem) -> CheckItem:
        """List what is deployed, if the key was accepted."""
        if authenticate.verdict is not Verdict.PASSED:
            return _not_checked("list_deployments", "Pointless before the key is accepted.")

        async def count() -> str:
            rows = await self.listed(connection, "/v1/deployments")
            return f"{len(rows)} deployment{'' if len(rows) == 1 else 's'}"

        return (await _tried(connection, "list_deployments", count))[0]

    async def management_item(self, connection: Connection) -> CheckItem:
        """Sign in and find the account; that it may be written, only a write tells."""
        if not own(connection).manages:
            reason = "A key cannot deploy; add a client of the account."
            return _not_checked("manage", reason).model_copy(update={"essential": False})

        async def find() -> str:
            await self.account(connection)
            return f"{own(connection).account_id} is the account behind the endpoint"

        item, _ = await _tried(connection, "manage", find)
        return item.model_copy(update={"essential": False})


def _answered(failure: ProviderError) -> bool:
    """Whether the host itself said no; a connection that broke off says nothing."""
    if isinstance(failure, HostUnreachable | HostRefused):
        return False
    return failure.status is not None or isinstance(failure, MalformedAnswer)


async def _tried(
    connection: Connection, name: str, call: Call
) -> tuple[CheckItem, ProviderError | None]:
    started = connection.clock.monotonic()
    failure: ProviderError | None = None
    reason = ""
    try:
        reason = await call()
    except ProviderError as error:
        failure = error
        reason = f"{error.message} {error.hint}".strip()
    item = CheckItem(
        name=name,
        title=_TITLES[name],
        verdict=Verdict.FAILED if failure else Verdict.PASSED,
        reason=reason,
        seconds=connection.clock.monotonic() - started,
        error=failure.kind if failure else None,
        action=failure.actions[0] if failure and failure.actions else None,
    )
    return item, failure


def _not_checked(name: str, reason: str) -> CheckItem:
    return CheckItem(name=name, title=_TITLES[name], verdict=Verdict.NOT_CHECKED, reason=reason)
