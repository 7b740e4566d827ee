"""botocore's requests over a connection's own HTTP client: guard, deadlines, one retry layer.

botocore lets a handler of ``before-send`` answer in the network's place. This one hands the signed
request to `Connection.http` on the event loop and waits for it in the thread that botocore runs
in, so that no socket is opened anywhere else.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from botocore.awsrequest import AWSResponse, HeadersDict
from pydantic import SecretStr

from bonito_aws_bedrock import errors
from bonito_providers.answers import json_object

if TYPE_CHECKING:
    import httpx
    from botocore.credentials import ReadOnlyCredentials

    from bonito_aws_bedrock.session import CurrentCredentials
    from bonito_providers.connection import Connection

_CURRENT: ContextVar[Exchange] = ContextVar(__name__)
_CREDENTIALS = re.compile(r"<(?:SecretAccessKey|SessionToken)>([^<]+)<")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_SUCCESS = 300
_CREATED = 201


class Exchange:
    """One call under way: its request can be given up from the event loop at any time.

    Args:
        connection: Whose client sends it.
        idempotent: Whether a POST may be repeated.
        signs: What the request is signed with, or the API key that is sent instead.

    Attributes:
        signs: The same.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        idempotent: bool,
        signs: CurrentCredentials | SecretStr | None,
    ) -> None:
        self.signs = signs
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._idempotent = idempotent
        self._given_up = False
        self._sending: asyncio.Task[httpx.Response] | None = None

    def enter(self) -> None:
        """Make this the call that the handler serves in the present context."""
        _CURRENT.set(self)

    async def give_up(self) -> None:
        """End the request.

        What was sent already may have been applied; asking again finds out.
        """
        self._given_up = True
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])

    def send(self, request: Any) -> AWSResponse:  # noqa: ANN401 - botocore has no types
        """Send a signed request and return its answer, if it is a success.

        Raises:
            ProviderError: No answer, or a refusal.
            MalformedAnswer: A success that is not JSON where JSON is due.
        """
        outcome: Future[httpx.Response] = Future()
        self._loop.call_soon_threadsafe(self._begin, request, outcome)
        response = outcome.result()
        if response.status_code >= _SUCCESS:
            raise errors.refusal(response, now=self._connection.clock.now())
        content = response.content
        may_be_empty = request.method == "DELETE" or response.status_code == _CREATED
        if errors.is_sts(response):
            self._hide(response.text)
        elif content or not may_be_empty:
            content = _whole(content, json_object(response))
        headers = HeadersDict(dict(response.headers))
        return AWSResponse(str(response.url), response.status_code, headers, _Body(content))

    def _hide(self, text: str) -> None:
        """Keep a role's credentials out of every text, before botocore logs the answer."""
        self._connection.redact.add(*map(SecretStr, _CREDENTIALS.findall(text)))

    def _begin(self, request: Any, outcome: Future[httpx.Response]) -> None:  # noqa: ANN401 - botocore has no types
        """Start sending, on the event loop; the thread waits for the outcome."""
        if self._given_up:
            outcome.cancel()
            return
        self._sending = self._loop.create_task(self._sent(request))
        self._sending.add_done_callback(lambda task: _hand_over(task, outcome))

    async def _sent(self, request: Any) -> httpx.Response:  # noqa: ANN401 - botocore has no types
        outgoing = self._connection.http.build_request(
            request.method,
            request.url,
            content=request.body or b"",
            headers=dict(request.headers.items()),
            extensions={"idempotent": True} if self._idempotent else {},
        )
        return await self._connection.http.send(outgoing)


def _hand_over(task: asyncio.Task[httpx.Response], outcome: Future[httpx.Response]) -> None:
    if task.cancelled():
        outcome.cancel()
    elif (failure := task.exception()) is not None:
        outcome.set_exception(failure)
    else:
        outcome.set_result(task.result())


def _whole(content: bytes, document: Mapping[str, Any]) -> bytes:
    """Return a body without half characters, which JSON can carry and nothing can store."""
    if _HALF.search(content) is None:
        return content
    return json.dumps(document, ensure_ascii=False).encode(errors="replace")


class _Body(io.BytesIO):
    """A body that was read, in the form botocore expects."""

    def stream(self, amount: int = 1024, decode_content: bool | None = None) -> Iterator[bytes]:  # noqa: FBT001 - urllib3's signature
        """Yield the body in one piece."""
        yield self.read()


def before_send(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore has no types
    """Answer for the network: the handler that each client is given."""
    return _CURRENT.get().send(request)


def signing_key() -> ReadOnlyCredentials:
    """Return the access key of the call under way, which is made by a client that signs."""
    return cast("CurrentCredentials", _CURRENT.get().signs).frozen


def signing_token() -> str:
    """Return the API key of the call under way, which is made by a client that sends one."""
    return cast("SecretStr", _CURRENT.get().signs).get_secret_value()
