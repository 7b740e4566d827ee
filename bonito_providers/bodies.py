"""Answer bodies that cannot grow without bound, compressed or not."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import httpcore
import httpx

from bonito_providers.errors import MalformedAnswer, ProviderError
from bonito_providers.failures import NETWORK_FAILURES, named_failure

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_CODINGS = {"gzip": _GZIP_OR_ZLIB, "x-gzip": _GZIP_OR_ZLIB, "deflate": _GZIP_OR_ZLIB}


class CappedBody(httpx.AsyncByteStream):
    """A body that is decompressed in bounded steps and refused past a limit.

    httpx decompresses a chunk whole, so that 64 kB on the wire can become 64 MB at once; here no
    step yields more than the limit allows.

    Args:
        response: The answer as it arrives.
        host: For error texts.
        limit: Bytes after decompression.
    """

    def __init__(self, response: httpcore.Response, host: str, *, limit: int) -> None:
        self._response = response
        self._host = host
        self._limit = limit
        self._size = 0
        self._coding = ""
        self.headers: list[tuple[bytes, bytes]] = []
        for name, value in response.headers:
            if name.lower() == b"content-encoding":
                self._coding = value.decode("latin-1").strip().lower()
            else:
                self.headers.append((name, value))
        if self._coding not in ("", "identity"):
            # The length was that of the compressed body.
            self.headers = [each for each in self.headers if each[0].lower() != b"content-length"]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the decompressed body, piece by piece.

        Raises:
            MalformedAnswer: Too large, an unknown coding, or damaged.
        """
        if self._coding in ("", "identity"):
            async for chunk in self._chunks():
                yield self._counted(chunk)
            return
        decompressor = zlib.decompressobj(self._window())
        empty = True
        async for chunk in self._chunks():
            empty = False
            rest = chunk
            while rest:
                yield self._counted(self._decompressed(decompressor, rest))
                rest = decompressor.unconsumed_tail
        # An answer without a body may still name the coding it would have had.
        if not (empty or decompressor.eof):
            raise self._malformed("a compressed body that ends too early")

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._response.aclose()

    async def _chunks(self) -> AsyncIterator[bytes]:
        failure: ProviderError | None = None
        try:
            async for chunk in self._response.aiter_stream():
                yield chunk
        except NETWORK_FAILURES as error:
            failure = named_failure(error, self._host)
        if failure is not None:
            raise failure

    def _window(self) -> int:
        if self._coding not in _CODINGS:
            raise self._malformed(f"the content coding {self._coding[:40]!r}")
        return _CODINGS[self._coding]

    def _decompressed(self, decompressor: zlib._Decompress, data: bytes) -> bytes:
        try:
            return decompressor.decompress(data, self._limit - self._size + 1)
        except zlib.error:
            raise self._malformed("a damaged compressed body") from None

    def _counted(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._limit:
            raise self._malformed(f"more than {self._limit // 1024 // 1024} MB")
        return data

    def _malformed(self, what: str) -> MalformedAnswer:
        return MalformedAnswer(
            f"{self._host} answered with {what}.",
            hint="No known answer of the service looks like this; report it if it stays.",
        )
