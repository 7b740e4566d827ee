"""Trying the credentials out, without calling a model or changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_openai_compatible import wire
from bonito_openai_compatible.facts import service_facts
from bonito_providers.errors import (
    HostRefused,
    HostUnreachable,
    MalformedAnswer,
    ProviderError,
    TemporaryError,
)
from bonito_providers.report import CheckItem, CredentialReport, Verdict

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

_TITLES = {"reach": "Reach the endpoint", "authenticate": "Authenticate"}
_PUBLIC = (
    "It lets this connection in; but it lists its models to anybody, so whether it takes the key "
    "shows when a model is called."
)
_UNDECIDED = (
    "It lets this connection in; but asked without the key, it did not answer now, so whether it "
    "takes the key shows when a model is called."
)
_NO_KEY = 500
"""How LiteLLM's proxy answers whoever gives no key."""


async def report(connection: Connection) -> CredentialReport:
    """Reach and authenticate: list the models, and learn whether that says anything of the key."""
    started = connection.clock.monotonic()
    failure: ProviderError | None = None
    reason, count = "", None
    reach: CheckItem | None = None
    try:
        count = len((await wire.models(connection)).rows)
        reach = _passed("reach", "It answers.", connection.clock.monotonic() - started)
        connection.tell(reach)
        reason = await _judgement(connection)
    except ProviderError as error:
        failure = error
    seconds = connection.clock.monotonic() - started
    notes = [f"The endpoint was understood as {wire.own(connection).endpoint}."]
    if count is not None:
        notes.append(f"It lists {count} model{'' if count == 1 else 's'}.")
    return CredentialReport(
        items=_items(reach, failure, reason, seconds),
        notes=tuple(notes),
        observed_at=connection.clock.now(),
    )


async def _judgement(connection: Connection) -> str:
    """Return what is known of the key, after the models were listed with it.

    A listing says nothing where anybody gets one, as from OpenRouter and llama.cpp's server; of an
    endpoint that nothing is known of, asking without the key tells.

    Raises:
        ProviderError: The key is refused where it is judged, or nothing more is answered.
    """
    credentials = wire.own(connection)
    if credentials.api_key is None:
        return "The endpoint asks for no key."
    service = credentials.endpoint.service
    if service is not None:
        key_path = service_facts(service).key_path
        if key_path:
            await wire.send(connection, "GET", f"{credentials.endpoint}{key_path}")
        return "The key is accepted."
    try:
        await wire.send(connection, "GET", f"{credentials.endpoint}/models", anonymous=True)
    except ProviderError as error:
        if not _answered(error):
            raise
        return _UNDECIDED if _passing(error) else "The key is accepted."
    return _PUBLIC


def _items(
    reach: CheckItem | None, failure: ProviderError | None, reason: str, seconds: float
) -> tuple[CheckItem, CheckItem]:
    """Return both items; that of reaching is known already where the models were listed."""
    if reach is None and failure is not None and not _answered(failure):
        unreached = CheckItem(
            name="authenticate",
            title=_TITLES["authenticate"],
            verdict=Verdict.NOT_CHECKED,
            reason="The endpoint was not reached.",
        )
        return _failed("reach", failure, seconds), unreached
    reach = reach or _passed("reach", "It answers.", seconds)
    if failure is None:
        return reach, _passed("authenticate", reason, seconds)
    return reach, _failed("authenticate", failure, seconds)


def _answered(failure: ProviderError) -> bool:
    """Whether the host itself said no; a connection that broke off says nothing."""
    if isinstance(failure, HostUnreachable | HostRefused):
        return False
    return failure.status is not None or isinstance(failure, MalformedAnswer)


def _passing(failure: ProviderError) -> bool:
    """Whether the host turned away whoever asked just then, with a key or without."""
    return isinstance(failure, TemporaryError) and failure.status != _NO_KEY


def _passed(name: str, reason: str, seconds: float) -> CheckItem:
    return CheckItem(
        name=name, title=_TITLES[name], verdict=Verdict.PASSED, reason=reason, seconds=seconds
    )


def _failed(name: str, failure: ProviderError, seconds: float) -> CheckItem:
    return CheckItem(
        name=name,
        title=_TITLES[name],
        verdict=Verdict.FAILED,
        reason=f"{failure.message} {failure.hint}".strip(),
        seconds=seconds,
        error=failure.kind,
        action=failure.actions[0] if failure.actions else None,
    )
