"""A check as it goes on: what it finds is sent item by item, and what became of it at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol, TypeVar

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bonito_host.web.errors import defect
from bonito_providers.errors import BonitoError
from bonito_providers.report import CheckItem
from bonito_providers.telling import Progress

Result = TypeVar("Result")
Result_contra = TypeVar("Result_contra", contravariant=True)

Check = Callable[[Progress], Awaitable[Result]]
"""A check that tells a listener its items."""


class Words(Protocol[Result_contra]):
    """How a check is written: as a page, or as events."""

    def begun(self) -> str:
        """Return what is sent at once."""

    def found(self, item: CheckItem) -> str:
        """Return what is sent of an item."""

    def done(self, result: Result_contra) -> str:
        """Return what is sent at the end."""

    def failed(self, error: BonitoError) -> str:
        """Return what is sent at the end of a check that came to none."""


class Followed(StreamingResponse):
    """An answer that is sent while a check goes on; the check ends if its reader leaves.

    Args:
        check: Tells its items; not begun before somebody reads.
        words: How it is written.
        media_type: What that is.
    """

    def __init__(self, check: Check[Result], words: Words[Result], *, media_type: str) -> None:
        self._pieces = _written(check, words)
        # A proxy that collected the pieces would make one late answer of them.
        headers = {"x-accel-buffering": "no"}
        super().__init__(self._pieces, headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces as they come."""
        async with aclosing(self._pieces):
            await super().__call__(scope, receive, send)


async def _written(check: Check[Result], words: Words[Result]) -> AsyncGenerator[str, None]:
    yield words.begun()
    news: asyncio.Queue[CheckItem | None] = asyncio.Queue()
    checking = asyncio.ensure_future(check(news.put_nowait))
    checking.add_done_callback(lambda _: news.put_nowait(None))
    try:
        while (item := await news.get()) is not None:
            yield words.found(item)
        yield await _outcome(checking, words)
    finally:
        checking.cancel()
        await asyncio.gather(checking, return_exceptions=True)


async def _outcome(checking: asyncio.Future[Result], words: Words[Result]) -> str:
    try:
        result = await checking
    except BonitoError as error:
        return words.failed(error)
    except Exception as error:  # noqa: BLE001 - the answer has begun: what it ends with says so
        return words.failed(defect(error))
    return words.done(result)
