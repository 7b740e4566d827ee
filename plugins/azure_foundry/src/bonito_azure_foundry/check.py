"""Trying a key and an endpoint out, item by item, without calling a model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.checks import Checklist, answered
from bonito_azure_foundry import deployments, management, surfaces, wire
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_providers.errors import ProviderError
from bonito_providers.report import CheckItem, CredentialReport, FieldChange, Verdict

if TYPE_CHECKING:
    from bonito_azure_arm.deployments import Found
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment, Surface

_CHECKS = Checklist(
    {
        "reach": "Reach the endpoint",
        "authenticate": "Authenticate",
        "list_deployments": "List deployments",
        "surface_models": "Surface /models",
        "surface_openai_v1": "Surface /openai/v1",
        "surface_deployments": "Surface /openai/deployments",
        "surface_anthropic": "Surface /anthropic",
        "manage": "Deploy models",
    }
)


async def report(connection: Connection) -> CredentialReport:
    """Reach, authenticate, list, and look which surfaces answer."""
    reach, authenticate = await _entrance(connection)
    items = [reach, authenticate]
    connection.tell(*items)
    proposals: tuple[FieldChange, ...] = ()
    if authenticate.verdict is Verdict.PASSED:
        listed, known = await _listing(connection)
        connection.tell(listed)
        items += [listed, *await _surfaces(connection, known)]
        proposals = await _proposal(connection)
    else:
        why = "pointless before the key is accepted"
        items += [_CHECKS.not_checked(name, why) for name in list(_CHECKS.titles)[2:-1]]
        connection.tell(*items)
    items.append(await _manage(connection))
    return CredentialReport(
        items=tuple(items),
        notes=_notes(connection),
        proposals=proposals,
        observed_at=connection.clock.now(),
    )


async def _entrance(connection: Connection) -> tuple[CheckItem, CheckItem]:
    """Make the one call whose answer tells whether the host is there and the key is right."""
    started = connection.clock.monotonic()
    failure: ProviderError | None = None
    try:
        await _first_call(connection)
    except ProviderError as error:
        failure = error
    seconds = connection.clock.monotonic() - started
    if failure is not None and not answered(failure):
        failed = _CHECKS.failed("reach", failure, seconds)
        return failed, _CHECKS.not_checked("authenticate", "the endpoint was not reached")
    reach = _CHECKS.passed("reach", "answers", seconds)
    if failure is not None:
        return reach, _CHECKS.failed("authenticate", failure, seconds)
    keyless = wire.own(connection).api_key is None
    what = "the service principal's token" if keyless else "the key"
    return reach, _CHECKS.passed("authenticate", f"{what} is accepted", seconds)


async def _first_call(connection: Connection) -> None:
    try:
        await wire.get_json(connection, "/openai/v1/models")
    except SurfaceAbsent:
        await wire.get_json(connection, "/openai/models", api_version=wire.CLASSIC_VERSION)


async def _listing(connection: Connection) -> tuple[CheckItem, tuple[Deployment, ...]]:
    async def read() -> Found:
        return await deployments.read(connection)

    found, failure, seconds = await _timed(connection, read)
    if failure is not None:
        return _CHECKS.failed("list_deployments", failure, seconds), ()
    if not found.known:
        return _CHECKS.not_checked("list_deployments", " ".join(found.notes)), ()
    count = len(found.items)
    text = (
        f"{count} deployment{'' if count == 1 else 's'}. {' '.join((found.source, *found.notes))}"
    )
    return _CHECKS.passed("list_deployments", text, seconds), found.items


async def _surfaces(connection: Connection, known: tuple[Deployment, ...]) -> list[CheckItem]:
    items = []
    for name in (surfaces.MODELS, surfaces.OPENAI_V1, surfaces.DEPLOYMENTS):
        started = connection.clock.monotonic()
        (seen,) = await surfaces.observe(connection, name)
        items.append(_surface(seen, connection.clock.monotonic() - started))
        connection.tell(items[-1])
    items.append(await _anthropic(connection, known))
    connection.tell(items[-1])
    return items


async def _anthropic(connection: Connection, known: tuple[Deployment, ...]) -> CheckItem:
    """Count a few tokens, which is free; the surface has nothing that reads without a model."""
    claude = next((each for each in known if each.model.format == "Anthropic"), None)
    if claude is None:
        why = "there is no deployment of Claude to ask it with"
        return _CHECKS.not_checked("surface_anthropic", why)
    name = claude.ref.name

    async def count() -> object:
        return await wire.call(
            connection,
            "POST",
            "/anthropic/v1/messages/count_tokens",
            headers={"anthropic-version": wire.ANTHROPIC_VERSION},
            body={"model": name, "messages": [{"role": "user", "content": "ping"}]},
        )

    _, failure, seconds = await _timed(connection, count)
    seen = (
        surfaces.surface(connection, surfaces.ANTHROPIC, answers=True, reason="answers")
        if failure is None
        else surfaces.judged(connection, surfaces.ANTHROPIC, failure)
    )
    return _surface(seen, seconds)


async def _manage(connection: Connection) -> CheckItem:
    """Sign the service principal in and find the account; that it may write only a write tells."""
    if wire.own(connection).management is None:
        item = _CHECKS.not_checked("manage", "an API key cannot manage deployments")
        return item.model_copy(update={"essential": False})

    async def find() -> object:
        return await (await management.lifecycle(connection)).account()

    account, failure, seconds = await _timed(connection, find)
    if failure is not None:
        return _CHECKS.failed("manage", failure, seconds)
    text = f"{account.name} in {account.location}, of kind {account.kind}, answers on the endpoint"
    return _CHECKS.passed("manage", text, seconds)


async def _proposal(connection: Connection) -> tuple[FieldChange, ...]:
    """Propose the host that serves every surface, and prove that it takes this key."""
    address = wire.own(connection).address
    if address.is_services:
        return ()
    try:
        await wire.get_json(connection, "/openai/v1/models", endpoint=address.services)
    except ProviderError as error:
        proved, reason = False, f"It did not take this key: {error.message}"
    else:
        proved, reason = True, "It takes this key and serves every surface, /models and Claude too."
    return (
        FieldChange(
            field="endpoint",
            given=str(address),
            proposed=str(address.services),
            proved=proved,
            reason=reason,
        ),
    )


def _notes(connection: Connection) -> tuple[str, ...]:
    address = wire.own(connection).address
    notes = [f"The endpoint was understood as {address.base}."]
    if address.project:
        notes.append(f"It names the project {address.project}, whose deployments are listed.")
    return tuple(notes)


async def _timed(
    connection: Connection, call: Callable[[], Awaitable[Any]]
) -> tuple[Any, ProviderError | None, float]:
    started = connection.clock.monotonic()
    result, failure = None, None
    try:
        result = await call()
    except ProviderError as error:
        failure = error
    return result, failure, connection.clock.monotonic() - started


def _surface(seen: Surface, seconds: float) -> CheckItem:
    verdict = {True: Verdict.PASSED, False: Verdict.FAILED, None: Verdict.NOT_CHECKED}
    name = f"surface_{seen.name}"
    return CheckItem(
        name=name,
        title=_CHECKS.titles[name],
        verdict=verdict[seen.answers],
        reason=seen.reason,
        seconds=seconds,
        essential=False,
    )
