"""Trying a key file out, item by item, without calling a model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_gcp_vertex import catalogue, endpoints, facts, invoke, names, surfaces, wire
from bonito_providers.errors import (
    AuthenticationError,
    HostRefused,
    HostUnreachable,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
)
from bonito_providers.report import CheckItem, CredentialReport, Verdict

if TYPE_CHECKING:
    from bonito_gcp_vertex.rows import PublisherRow
    from bonito_providers.connection import Connection

_TITLES = {
    "reach": "Reach Google Cloud",
    "authenticate": "Authenticate",
    "list_models": "List models",
    "call_models": "Call models",
    "list_endpoints": "List endpoints",
}


@dataclass(frozen=True)
class _Tried:
    """What came of a call, and how long it took."""

    seconds: float
    reason: str = ""
    failure: ProviderError | None = None


async def report(connection: Connection) -> CredentialReport:
    """Authenticate, list, count tokens, and look at endpoints where a region is named."""
    rows: list[PublisherRow] = []

    async def read() -> str:
        rows.extend(await _first_models(connection))
        return f"{len(rows)} models of Google itself"

    tried = await _try(connection, read)
    listed = _item("list_models", tried) if _known(tried) else _pointless("list_models")
    items = [*_entrance(tried), listed]
    connection.tell(*items)
    items.append(await _calling(connection, rows))
    connection.tell(items[-1])
    items.append(await _endpoints(connection, known=_known(tried)))
    return CredentialReport(
        items=tuple(items),
        notes=(_understood(connection),),
        facts={
            "project": wire.own(connection).project,
            "location": wire.own(connection).location,
            "service_account": wire.own(connection).key.client_email,
        },
        observed_at=connection.clock.now(),
    )


async def _first_models(connection: Connection) -> tuple[PublisherRow, ...]:
    read, _ = catalogue.parsed((await catalogue.read(connection, "google")).items)
    return read


def _entrance(tried: _Tried) -> tuple[CheckItem, CheckItem]:
    """Return whether the service was reached, and whether it knows the service account."""
    failure = tried.failure
    if failure is not None and not _answered(failure):
        why = "Google Cloud was not reached."
        return _item("reach", tried), _not_checked("authenticate", why)
    reach = _passed("reach", "answers", tried.seconds)
    if failure is None or isinstance(failure, PermissionMissing):
        # Who may not do something is known.
        return reach, _passed("authenticate", "the key file is accepted", None)
    return reach, _item("authenticate", _Tried(0.0, tried.reason, failure))


def _known(tried: _Tried) -> bool:
    return tried.failure is None or isinstance(tried.failure, PermissionMissing)


async def _calling(connection: Connection, rows: list[PublisherRow]) -> CheckItem:
    """Count tokens, which needs the same permission as a call and is free."""
    served = [row for row in rows if _is_counted(connection, row)]
    if not served:
        return _pointless("call_models")
    name = names.served_name(served[0])
    place = wire.own(connection).location

    async def count() -> str:
        await invoke.count_tokens(connection, name)
        return f"{name} answers in {place}"

    return _item("call_models", await _try(connection, count))


def _is_counted(connection: Connection, row: PublisherRow) -> bool:
    known = facts.known(connection, row.publisher, row.model)
    stable = row.launch_stage == "GA"
    return stable and not row.is_weights and known.surface == surfaces.GENERATE_CONTENT


async def _endpoints(connection: Connection, *, known: bool) -> CheckItem:
    """List the endpoints of the region; a connection is of use without them."""
    region = wire.own(connection).region
    if region is None:
        item = _not_checked("list_endpoints", "The connection names no region for endpoints.")
    elif not known:
        item = _pointless("list_endpoints")
    else:

        async def count() -> str:
            found = len((await endpoints.standing(connection, region)).items)
            return f"{found} endpoint{'' if found == 1 else 's'} in {region}"

        item = _item("list_endpoints", await _try(connection, count))
    return item.model_copy(update={"essential": False})


def _understood(connection: Connection) -> str:
    credentials = wire.own(connection)
    return (
        f"Models are called in the project {credentials.project}, in {credentials.location}, by "
        f"{credentials.key.client_email}."
    )


def _answered(failure: ProviderError) -> bool:
    """Whether the service itself said no; a connection that broke off says nothing."""
    if isinstance(failure, HostUnreachable | HostRefused):
        return False
    if isinstance(failure, AuthenticationError):
        return True
    return failure.status is not None or isinstance(failure, MalformedAnswer)


async def _try(connection: Connection, call: Callable[[], Awaitable[str]]) -> _Tried:
    started = connection.clock.monotonic()
    reason, failure = "", None
    try:
        reason = await call()
    except ProviderError as error:
        failure = error
        reason = f"{error.message} {error.hint}".strip()
    return _Tried(connection.clock.monotonic() - started, reason, failure)


def _item(name: str, tried: _Tried) -> CheckItem:
    failure = tried.failure
    return CheckItem(
        name=name,
        title=_TITLES[name],
        verdict=Verdict.FAILED if failure else Verdict.PASSED,
        reason=tried.reason,
        seconds=tried.seconds,
        error=failure.kind if failure else None,
        action=failure.actions[0] if failure and failure.actions else None,
    )


def _passed(name: str, reason: str, seconds: float | None) -> CheckItem:
    return CheckItem(
        name=name, title=_TITLES[name], verdict=Verdict.PASSED, reason=reason, seconds=seconds
    )


def _pointless(name: str) -> CheckItem:
    return _not_checked(name, "Pointless before the models are listed.")


def _not_checked(name: str, reason: str) -> CheckItem:
    return CheckItem(name=name, title=_TITLES[name], verdict=Verdict.NOT_CHECKED, reason=reason)
