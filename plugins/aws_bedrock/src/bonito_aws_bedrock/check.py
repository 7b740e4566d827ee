"""Trying the credentials out: who they are and what Bedrock lets them do are separate items."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bonito_aws_bedrock import catalogue, wire
from bonito_aws_bedrock.errors import knows_the_caller
from bonito_providers.errors import (
    CredentialsRejected,
    HostRefused,
    HostUnreachable,
    MalformedAnswer,
    ProviderError,
)
from bonito_providers.report import CheckItem, CredentialReport, Verdict

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

_TITLES = {
    "reach": "Reach AWS",
    "authenticate": "Authenticate",
    "list_models": "List models",
    "list_profiles": "List inference profiles",
    "list_deployments": "List deployments",
    "route": "Route by the API key",
}
_LATER = ("list_profiles", "list_deployments")


async def report(connection: Connection) -> CredentialReport:
    """Reach, authenticate, and list; nothing is called that costs anything or changes anything."""
    given = wire.own(connection)
    first, failure = await _tried(connection, "authenticate", lambda: _identity(connection))
    models = None
    if not given.signs:
        first, failure, models = _by_api_key(first, failure)
    reach, authenticate = _entrance(first, failure)
    items = [reach, authenticate]
    connection.tell(*items)
    if authenticate.verdict is Verdict.PASSED:
        if models is None:
            models, _ = await _tried(connection, "list_models", lambda: _models(connection))
        items.append(models)
        connection.tell(models)
        for name in _LATER:
            items.append(await _later(connection, name))
            connection.tell(items[-1])
    else:
        why = "Pointless before AWS accepts the credentials."
        items += [_not_checked(name, why) for name in ("list_models", *_LATER)]
        connection.tell(*items)
    if given.signs and given.api_key is not None:
        items.append((await _tried(connection, "route", lambda: _by_key(connection)))[0])
    return CredentialReport(
        items=tuple(items),
        notes=_notes(connection),
        facts={"region": given.region},
        observed_at=connection.clock.now(),
    )


async def _identity(connection: Connection) -> str:
    """Ask who the keys belong to, which needs no permission; STS knows no API keys."""
    if not wire.own(connection).signs:
        return await _models(connection)
    answer = await wire.call(connection, "sts", "GetCallerIdentity")
    arn = answer.get("Arn")
    if not isinstance(arn, str):
        raise MalformedAnswer("STS does not say who this is.", hint="Try again.")
    return f"AWS knows these credentials as {arn}."


async def _by_key(connection: Connection) -> str:
    """Ask whose the key is: the routes it serves lead to resources of one account."""
    keys, own = await catalogue.account_of_key(connection), await catalogue.account(connection)
    if keys != own:
        raise CredentialsRejected(
            f"The API key is of the account {keys}, the role of {own}.",
            hint="Make an API key in the role's account, or leave it out.",
        )
    return "Bedrock accepts the API key, by which LiteLLM routes."


async def _models(connection: Connection) -> str:
    return f"{len((await catalogue.models(connection)).rows)} models are listed."


async def _later(connection: Connection, name: str) -> CheckItem:
    async def profiles() -> str:
        return f"{len((await catalogue.service_profiles(connection)).rows)} profiles are listed."

    async def standing() -> str:
        own = (await catalogue.own_profiles(connection)).rows
        bought = (await catalogue.throughputs(connection)).rows
        return f"{len(own)} profiles of the account and {len(bought)} with provisioned throughput."

    item, _ = await _tried(connection, name, profiles if name == "list_profiles" else standing)
    return item.model_copy(update={"essential": name == "list_profiles"})


def _by_api_key(
    tried: CheckItem, failure: ProviderError | None
) -> tuple[CheckItem, ProviderError | None, CheckItem]:
    """Tell from one call both whether the key is right and whether it may list models."""
    models = tried.model_copy(update={"name": "list_models", "title": _TITLES["list_models"]})
    if failure is None:
        return tried.model_copy(update={"reason": "Bedrock accepts the API key."}), None, models
    if not knows_the_caller(failure):
        return tried, failure, models
    known = {"verdict": Verdict.PASSED, "error": None, "action": None}
    reason = {"reason": "Bedrock knows whose API key it is."}
    return tried.model_copy(update={**known, **reason}), None, models


def _entrance(tried: CheckItem, failure: ProviderError | None) -> tuple[CheckItem, CheckItem]:
    """Return what the first call tells of reaching and of authenticating."""
    update = {"name": "reach", "title": _TITLES["reach"]}
    if failure is not None and not _answered(failure):
        return tried.model_copy(update=update), _not_checked("authenticate", "AWS was not reached.")
    passed = {"verdict": Verdict.PASSED, "reason": "AWS answers.", "error": None, "action": None}
    return tried.model_copy(update={**update, **passed}), tried


def _notes(connection: Connection) -> tuple[str, ...]:
    given = wire.own(connection)
    notes = []
    if given.role_arn is not None:
        notes.append(
            f"Requests are made as {given.role_arn}, with the external ID of this connection."
        )
    if given.allowed_regions is not None:
        notes.append(f"Requests are routed to {given.allowed_regions} only.")
    return tuple(notes)


def _answered(failure: ProviderError) -> bool:
    """Whether AWS itself said no; a connection that broke off says nothing."""
    if isinstance(failure, HostUnreachable | HostRefused):
        return False
    return failure.status is not None or isinstance(failure, MalformedAnswer)


async def _tried(
    connection: Connection, name: str, ask: Callable[[], Awaitable[str]]
) -> tuple[CheckItem, ProviderError | None]:
    started = connection.clock.monotonic()
    failure: ProviderError | None = None
    reason = ""
    try:
        reason = await ask()
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
