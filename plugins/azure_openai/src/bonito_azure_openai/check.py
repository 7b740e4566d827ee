"""Trying the credentials out, item by item, without calling a model or changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_azure_arm.checks import Checklist, answered
from bonito_azure_openai import deployments, management, wire
from bonito_providers.credentials import Capability
from bonito_providers.errors import ProviderError
from bonito_providers.report import CheckItem, CredentialReport, Verdict

if TYPE_CHECKING:
    from bonito_azure_arm.accounts import Account
    from bonito_providers.connection import Connection

_CHECKS = Checklist(
    {
        "reach": "Reach the endpoint",
        "authenticate": "Authenticate",
        "list_deployments": "List deployments",
        "manage": "Manage the resource",
    }
)


async def report(connection: Connection) -> CredentialReport:
    """Reach, authenticate, list deployments, and find the account that is managed."""
    reach, authenticate = await _entrance(connection)
    connection.tell(reach, authenticate)
    if authenticate.verdict is Verdict.PASSED:
        listed = await _listing(connection)
    else:
        why = "pointless before the credentials are accepted"
        listed = _CHECKS.not_checked("list_deployments", why)
    connection.tell(listed)
    managed, account = await _management(connection)
    return CredentialReport(
        items=(reach, authenticate, listed, managed),
        notes=_notes(connection, account),
        facts=_facts(account),
        observed_at=connection.clock.now(),
    )


async def _entrance(connection: Connection) -> tuple[CheckItem, CheckItem]:
    """Make the one call whose answer tells whether the host is there and lets the caller in."""
    started = connection.clock.monotonic()
    try:
        await wire.authentication(connection)
    except ProviderError as error:
        seconds = connection.clock.monotonic() - started
        if not answered(error):
            unreached = _CHECKS.not_checked("authenticate", "Entra was not reached")
            return _CHECKS.failed("reach", error, seconds), unreached
        reach = _CHECKS.not_checked("reach", "Entra gave no token to ask it with")
        return reach, _CHECKS.failed("authenticate", error, seconds)
    failure: ProviderError | None = None
    try:
        await wire.get_json(connection, "/openai/models", api_version=wire.CATALOGUE_VERSION)
    except ProviderError as error:
        failure = error
    seconds = connection.clock.monotonic() - started
    if failure is None:
        who = "the key" if wire.own(connection).api_key else "the service principal"
        accepted = _CHECKS.passed("authenticate", f"{who} is accepted", seconds)
        return _CHECKS.passed("reach", "answers", seconds), accepted
    if not answered(failure):
        unreached = _CHECKS.not_checked("authenticate", "the endpoint was not reached")
        return _CHECKS.failed("reach", failure, seconds), unreached
    refused = _CHECKS.failed("authenticate", failure, seconds)
    return _CHECKS.passed("reach", "answers", seconds), refused


async def _listing(connection: Connection) -> CheckItem:
    started = connection.clock.monotonic()
    try:
        found = await deployments.read(connection)
    except ProviderError as error:
        return _CHECKS.failed("list_deployments", error, connection.clock.monotonic() - started)
    if not found.known:
        return _CHECKS.not_checked("list_deployments", " ".join(found.notes))
    count = len(found.items)
    text = f"{count} deployment{'' if count == 1 else 's'}."
    seconds = connection.clock.monotonic() - started
    return _CHECKS.passed("list_deployments", " ".join((text, found.source, *found.notes)), seconds)


async def _management(connection: Connection) -> tuple[CheckItem, Account | None]:
    """Find the account; what may be written shows only by writing, which a check does not."""
    missing = wire.own(connection).capabilities().missing.get(Capability.DEPLOY)
    if missing:
        item = _CHECKS.not_checked("manage", f"not possible without {', '.join(missing)}")
        return item.model_copy(update={"essential": False}), None
    started = connection.clock.monotonic()
    try:
        lifecycle = await management.lifecycle(connection)
        account = await lifecycle.account()
    except ProviderError as error:
        failed = _CHECKS.failed("manage", error, connection.clock.monotonic() - started)
        return failed.model_copy(update={"essential": False}), None
    seconds = connection.clock.monotonic() - started
    text = (
        f"{account.name}, of kind {account.kind} in {account.location}, may be read; whether it "
        "may be changed shows when something is deployed"
    )
    return _CHECKS.passed("manage", text, seconds), account


def _notes(connection: Connection, account: Account | None) -> tuple[str, ...]:
    credentials = wire.own(connection)
    notes = [f"The endpoint was understood as {credentials.address}."]
    if credentials.api_key is not None and credentials.principal is not None:
        notes.append("Calls are made with the key; the service principal only manages.")
    if account is not None and account.kind == "AIServices":
        notes.append(
            "The account is a Foundry resource: as Azure AI Foundry it offers models of other "
            "publishers too."
        )
    return tuple(notes)


def _facts(account: Account | None) -> dict[str, str]:
    if account is None:
        return {}
    return {"account": account.name, "kind": account.kind, "region": account.location}
