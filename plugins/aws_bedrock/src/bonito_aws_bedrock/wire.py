"""The only module that calls: one operation of AWS at a time, in a thread of the connection."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.regions import Service
from bonito_providers.errors import InvalidRequest, MalformedAnswer, ProviderError

if TYPE_CHECKING:
    from bonito_aws_bedrock.sdk import Toolkit
    from bonito_providers.connection import Connection

Found = TypeVar("Found")

THREADS = 8
"""Calls that one connection has under way at the most; the others wait their turn."""
MOST_PAGES = 200
_REPEATABLE = frozenset(
    {
        "GetCallerIdentity",
        "ListTagsForResource",
        "PutUseCaseForModelAccess",
    }
)
"""What may be sent twice although it is a POST."""


def own(connection: Connection) -> BedrockCredentials:
    """Return the connection's credentials as what they are."""
    return cast("BedrockCredentials", connection.credentials)


async def call(
    connection: Connection, service: Service, operation: str, /, **parameters: object
) -> Mapping[str, Any]:
    """Return the parsed answer of one operation.

    Cancelling gives the request up at once. A write that was sent by then may have been applied:
    the same plan, deployed again, finds out.

    Raises:
        ProviderError: A refusal, or no answer.
        InvalidRequest: The SDK refuses the parameters.
        MalformedAnswer: The SDK cannot read the answer.
    """
    toolkit = await _toolkit(connection)
    await toolkit.signin.refresh()
    return await toolkit.run(service, operation, parameters)


async def call_by_key(
    connection: Connection, service: Service, operation: str, /, **parameters: object
) -> Mapping[str, Any]:
    """Return the same by the API key of a connection that signs with something else.

    Raises:
        ProviderError: As `call`.
    """
    return await (await _toolkit(connection)).run(service, operation, parameters, who="api_key")


async def rows(
    connection: Connection, operation: str, key: str, /, **parameters: object
) -> AsyncIterator[Any]:
    """Yield the rows of every page of a listing.

    Raises:
        MalformedAnswer: A page has no such list, or the pages do not end.
    """
    seen: set[object] = set()
    token: dict[str, object] = {}
    for _ in range(MOST_PAGES):
        answer = await call(connection, "bedrock", operation, **parameters, **token)
        listed = answer.get(key)
        if not isinstance(listed, list):
            raise MalformedAnswer(f"{operation} answered without {key}.", hint="Report it.")
        for row in listed:
            yield row
        following = answer.get("nextToken")
        if following is None:
            return
        if following in seen:
            break
        seen.add(following)
        token = {"nextToken": following}
    raise MalformedAnswer(
        f"The pages of {operation} lead in a circle or do not end.", hint="Report it."
    )


async def _toolkit(connection: Connection) -> Toolkit:
    async def make() -> Toolkit:
        # Should this fail, the threads end as soon as nothing holds on to them any more.
        threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bonito-aws")
        return await in_thread(threads, lambda: _opened(connection, threads))

    async def close(toolkit: Toolkit) -> None:
        await toolkit.close()

    return cast("Toolkit", await connection.once("aws sdk", make, close=close))


def _opened(connection: Connection, threads: ThreadPoolExecutor) -> Toolkit:
    """Load the SDK, which takes a quarter of a second: not on the event loop."""
    from bonito_aws_bedrock.sdk import Toolkit

    return Toolkit(connection, threads)


def may_repeat(operation: str) -> bool:
    """Tell whether a POST that failed may be sent again."""
    return operation in _REPEATABLE


async def in_thread(threads: ThreadPoolExecutor, work: Callable[[], Found]) -> Found:
    """Return what blocking work returns, done in the caller's context."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, context.run, work)


class Together:
    """Readings that wait side by side."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []

    def create_task(self, reading: Coroutine[Any, Any, Found]) -> asyncio.Task[Found]:
        """Begin one; its result is there when the block has ended."""
        task = asyncio.ensure_future(reading)
        self.tasks.append(task)
        return task


@asynccontextmanager
async def together() -> AsyncIterator[Together]:
    """Let several readings wait side by side, and raise the first failure when all have ended.

    None is cut off because another failed: which failure is raised must not be a matter of chance.
    """
    group = Together()
    yield group
    await asyncio.gather(*group.tasks, return_exceptions=True)
    for task in group.tasks:
        task.result()


async def optional(reading: Awaitable[Found]) -> tuple[Found | None, ProviderError | None]:
    """Return what was read, or the error that stood in its way."""
    try:
        return await reading, None
    except ProviderError as error:
        return None, error


def refused_parameters(error: Exception) -> InvalidRequest:
    """Return the error for parameters that the SDK itself refuses; its text quotes no value."""
    return InvalidRequest(
        f"The SDK refuses the parameters ({type(error).__name__}).",
        hint="Check names and ids against the listing.",
    )
