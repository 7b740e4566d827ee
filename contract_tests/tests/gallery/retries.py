"""Plugins that try again too often, too soon or not at all, and that do not let go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import Rows, own
from bonito_providers.catalog import Listing, Model
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import (
    CredentialsRejected,
    HostUnreachable,
    InvalidRequest,
    MalformedAnswer,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
    TemporaryError,
)
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentPlan, DeploymentRef
    from bonito_providers.invocation import Invocation, InvocationRequest


@broken(
    "ERR-04",
    incident="The plugin retried what the client had retried: nine calls for each.",
    source="aws_gcp: SDK retries on top of a client's own",
)
class RetriesOfItsOwn(Aviary):
    async def manage(
        self,
        connection: Connection,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        for _ in range(3):
            try:
                return await super().manage(connection, method, url, body=body)
            except TemporaryError:
                await connection.clock.sleep(1)
        return await super().manage(connection, method, url, body=body)


@broken(
    "ERR-04",
    incident="Reading a deployment went on until the service was well again.",
    source="monolith: polling loops without an end",
)
class PollsThroughAnOutage(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        for _ in range(10):
            try:
                return await super().get(connection, ref)
            except TemporaryError:
                await connection.clock.sleep(30)
        return await super().get(connection, ref)


@broken(
    "ERR-05",
    incident="Retry-After was read as a number only; a date was taken for none.",
    source="anchors: Retry-After as HTTP date and retry-after-ms",
)
class PausesAreNumbers(Aviary):
    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        error = super().refusal(connection, response)
        text = response.headers.get("retry-after", "")
        error.retry_after = float(text) if text.isdecimal() else None
        return error


@broken(
    "ERR-05",
    incident="The plugin slept for the hour that the service named, and then failed anyway.",
    source="peers: clients that obey any Retry-After",
)
class SleepsForAnHour(Aviary):
    async def manage(
        self,
        connection: Connection,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        try:
            return await super().manage(connection, method, url, body=body)
        except RateLimited as error:
            await connection.clock.sleep(error.retry_after or 0)
            raise


@broken(
    "ERR-05",
    incident="A failure was raised anew, without the pause it came with.",
    source="monolith: except Exception, raise of another",
)
class RaisedAnew(Aviary):
    async def deployment_rows(self, connection: Connection) -> Rows:
        try:
            return await super().deployment_rows(connection)
        except TemporaryError as error:
            raise ServiceUnavailable("The listing failed.", status=error.status) from None


@broken(
    "ERR-06",
    incident="One reset in a listing of twenty pages failed the whole listing.",
    source="aws_gcp: SDK set to one attempt and nothing in its place",
)
class NeverTriesAgain(Aviary):
    async def manage(
        self,
        connection: Connection,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        headers = await self.management_headers(connection)
        never = {"idempotent": False}
        response = await connection.http.request(
            method, url, json=body, headers=headers, extensions=never
        )
        return self.accepted(connection, response)


@broken(
    "ERR-07",
    incident="A lost answer of a model was asked for again, and paid for twice.",
    source="anchors: a POST repeated blindly",
)
class CallsMarkedIdempotent(Aviary):
    async def call(
        self,
        connection: Connection,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        response = await connection.http.request(
            method,
            f"{own(connection).endpoint}{path}",
            json=body,
            headers=self.headers(connection),
            extensions={"idempotent": True},
        )
        return self.accepted(connection, response)


@broken(
    "ERR-07",
    incident="After a failure the call was sent by another surface, though the first had counted.",
    source="azure: two surfaces for one deployment",
)
class AnotherSurfaceAfterAFailure(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        try:
            return await super().invoke(connection, deployment, request)
        except TemporaryError:
            return await super().invoke(connection, deployment, request)


@broken(
    "ERR-08",
    incident="A listing that broke off was taken for an empty account.",
    source="monolith: providers/gcp_vertex.py, except Exception: return []",
)
class BrokenOffIsEmpty(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        try:
            return await super().deployments(connection)
        except ServiceUnavailable:
            return Listing[Deployment](
                items=(), complete=True, source="The account.", observed_at=connection.clock.now()
            )


@broken(
    "ERR-08",
    incident="A connection that broke was reported as a rejected key.",
    source="monolith: onboarding, any exception is 'invalid credentials'",
)
class BrokenIsRejected(Aviary):
    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        try:
            return await super().listed(connection, path)
        except ServiceUnavailable as error:
            raise CredentialsRejected("The key was not accepted.") from error


@broken(
    "ERR-09",
    incident="A client of the plugin's own unpacked whatever came.",
    source="httpx: a chunk is decompressed whole, 64 kB become 64 MB",
)
class UnpacksWithoutMeasure(Aviary):
    async def pages(self, connection: Connection, first: str) -> Rows:
        headers = await self.management_headers(connection)
        stream = connection.http.stream("GET", first, headers=headers)
        try:
            async with stream as response:
                await response.aread()
        except MalformedAnswer:
            return Rows((), "The listing was too large.")
        return await super().pages(connection, first)


@broken(
    "ERR-10",
    incident="A mistyped endpoint gave an empty listing instead of an error.",
    source="monolith: providers/azure_foundry.py, exceptions swallowed while listing",
)
class UnreachableIsEmpty(Aviary):
    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        try:
            return await super().listed(connection, path)
        except HostUnreachable:
            return ()


@broken(
    "ERR-08",
    incident="What broke off while a key listed models was taken for an account without any.",
    source="monolith: providers/azure_foundry.py, the exception is swallowed if any was found",
)
class BrokenOffIsEmptyForAKey(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        try:
            return await super().models(connection)
        except ServiceUnavailable:
            if own(connection).manages:
                raise
            return Listing[Model](
                items=(), complete=True, source="The account.", observed_at=connection.clock.now()
            )


@broken(
    "ERR-10",
    incident="A name that did not resolve was called an invalid request, so nobody tried later.",
    source="peers: DNS failures mapped to 400",
)
class UnreachableIsInvalid(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        try:
            return await super().deployments(connection)
        except HostUnreachable as error:
            raise InvalidRequest(error.message) from error


@broken(
    "ERR-11",
    incident="A cancelled listing came back as an empty one, since everything was caught.",
    source="anchors: except BaseException around a call",
)
class CatchesCancellation(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        try:
            return await super().deployments(connection)
        except asyncio.CancelledError:
            return Listing[Deployment](
                items=(), complete=False, source="Nothing.", observed_at=connection.clock.now()
            )


class SwallowedInTheWrite(Aviary):
    """Takes a caller that goes away during the write for a cloud that is slow."""

    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        try:
            return await super().write(connection, plan, created=created)
        except asyncio.CancelledError:
            return self.queued(connection, plan, 5.0)


@broken(
    "ERR-11",
    incident="A host that shut down during a write was told that it was queued, and hung.",
    source="anchors: a call that is let go at its first request only",
)
class QueuedWhenCancelled(SwallowedInTheWrite):
    """Breaks at the last request of a hook, not the first."""


@broken(
    "LIFE-20",
    incident="A process that ended during the write stored that nothing had been accepted.",
    source="anchors: except BaseException around a call",
)
class QueuedAtTheEnd(SwallowedInTheWrite):
    """Breaks in the write alone."""


@broken(
    "ERR-11",
    incident="A removal that was cancelled was told as under way.",
    source="anchors: except BaseException around a call",
)
class DeletingWhenCancelled(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        try:
            return await super().delete(connection, ref, include_unowned=include_unowned)
        except asyncio.CancelledError:
            return self.bare(connection, ref, State.DELETING)


@broken(
    "ERR-11",
    incident="What one caller had cancelled stayed cancelled for all that came later.",
    source="anchors: a shared task awaited without a shield",
)
class StaysCancelled(Aviary):
    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Listing[Deployment]]] = {}

    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        task = self._tasks.get(connection.id)
        if task is None or (task.done() and not task.cancelled()):
            task = asyncio.ensure_future(super().deployments(connection))
            self._tasks[connection.id] = task
        return await task


@broken(
    "ERR-15",
    incident="After an hour every call was refused, until the host was started again.",
    source="monolith: providers/gcp_vertex.py, a token is fetched once",
)
class TokenForEver(Aviary):
    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        headers = await super().management_headers(connection)

        async def make() -> SecretStr:
            return SecretStr(headers["authorization"])

        kept: SecretStr = await connection.once("broken.for_ever", make)
        return {"authorization": kept.get_secret_value()}
