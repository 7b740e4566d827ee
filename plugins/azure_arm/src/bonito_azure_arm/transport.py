"""azure-core's transport over a connection's own HTTP client: guard, deadlines, one retry layer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.core.utils import case_insensitive_dict

from bonito_azure_arm import errors
from bonito_azure_arm.addresses import require_own

if TYPE_CHECKING:
    import httpx


class ConnectionTransport(AsyncHttpTransport[HttpRequest, AsyncHttpResponse]):
    """Sends what an Azure SDK wants sent through `Connection.http`, to one host only.

    The client belongs to the connection, so opening and closing this does nothing.
    """

    def __init__(self, client: httpx.AsyncClient, *, host: str) -> None:
        self._client = client
        self._host = host

    async def send(self, request: HttpRequest, **kwargs: object) -> AsyncHttpResponse:
        """Send one request and read its answer whole; answers are capped below this.

        Raises:
            HostRefused: The service named another host to go on at; nothing is sent there.
        """
        require_own(request.url, self._host)
        content: Any = request.content
        # azure-identity gives the fields of a form, everything else the bytes of a body.
        body = {"data": content} if isinstance(content, Mapping) else {"content": content}
        answer = await self._client.request(
            request.method, request.url, headers=dict(request.headers), **body
        )
        return ReadResponse(request, answer)

    async def open(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""

    async def __aexit__(self, *exc_info: object) -> None:
        """Do nothing."""


class SignInTransport(ConnectionTransport):
    """The same for Entra, whose failures the SDK reports without their status."""

    async def send(self, request: HttpRequest, **kwargs: object) -> AsyncHttpResponse:
        """Send one request.

        Raises:
            ProviderError: Entra redirects, is overloaded, or fails.
        """
        answer = await super().send(request, **kwargs)
        if answer.status_code // 100 not in (2, 4) or answer.status_code == 429:  # noqa: PLR2004 - HTTP
            raise errors.sign_in_error("", answer.status_code)
        return answer


class ReadResponse(AsyncHttpResponse):
    """An answer that was read, in the form azure-core expects."""

    def __init__(self, request: HttpRequest, answer: httpx.Response) -> None:
        self._request = request
        self._answer = answer
        self._headers: MutableMapping[str, str] = case_insensitive_dict(dict(answer.headers))

    @property
    def request(self) -> HttpRequest:
        """The request."""
        return self._request

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self._answer.status_code

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers, by any case."""
        return self._headers

    @property
    def reason(self) -> str:
        """The status in words."""
        return self._answer.reason_phrase

    @property
    def content_type(self) -> str | None:
        """The content type."""
        kind: str | None = self._answer.headers.get("content-type")
        return kind

    @property
    def is_closed(self) -> bool:
        """Always: the answer was read."""
        return True

    @property
    def is_stream_consumed(self) -> bool:
        """Always: the answer was read."""
        return True

    @property
    def encoding(self) -> str | None:
        """The character encoding."""
        return self._answer.encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        if value is not None:
            self._answer.encoding = value

    @property
    def url(self) -> str:
        """The address asked."""
        return str(self._answer.url)

    @property
    def content(self) -> bytes:
        """The body."""
        return self._answer.content

    def body(self) -> bytes:
        """The body; without this name the SDK reads a response as it does a file."""
        return self.content

    def text(self, encoding: str | None = None) -> str:
        """The body as text."""
        return self._answer.content.decode(encoding or "utf-8", errors="replace")

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """The body as JSON."""
        return self._answer.json()

    def raise_for_status(self) -> None:
        """Raise if the status is an error."""
        if self.status_code >= 400:  # noqa: PLR2004 - HTTP
            raise HttpResponseError(response=self)

    async def read(self) -> bytes:
        """The body."""
        return self.content

    async def iter_raw(self, **kwargs: object) -> AsyncIterator[bytes]:
        """The body in one piece."""
        yield self.content

    async def iter_bytes(self, **kwargs: object) -> AsyncIterator[bytes]:
        """The body in one piece."""
        yield self.content

    def stream_download(self, pipeline: object, **kwargs: object) -> AsyncIterator[bytes]:
        """The body, as the SDK's long operations ask for it."""
        return self.iter_bytes()

    async def close(self) -> None:
        """Do nothing."""

    async def __aexit__(self, *exc_info: object) -> None:
        """Do nothing."""
