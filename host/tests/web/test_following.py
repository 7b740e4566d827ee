"""An answer that is sent while a check goes on ends the check with itself."""

from __future__ import annotations

import asyncio
import logging

import pytest
from starlette.types import Message

from bonito_host.web.following import Followed
from bonito_providers.errors import BonitoError
from bonito_providers.report import CheckItem, Verdict
from bonito_providers.telling import Progress

pytestmark = pytest.mark.anyio

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}
REACH = CheckItem(name="reach", title="Reach", verdict=Verdict.PASSED)


class Plain:
    """Words for a test."""

    def begun(self) -> str:
        return "begun,"

    def found(self, item: CheckItem) -> str:
        return f"{item.name},"

    def done(self, result: str) -> str:
        return result

    def failed(self, error: BonitoError) -> str:
        return type(error).__name__


class Reader:
    """Reads until it has a text, and leaves."""

    def __init__(self, until: str = "never") -> None:
        self.text = ""
        self._until = until
        self._leaving = asyncio.Event()

    async def send(self, message: Message) -> None:
        self.text += message.get("body", b"").decode()
        if self._until in self.text:
            self._leaving.set()

    async def receive(self) -> Message:
        await self._leaving.wait()
        return {"type": "http.disconnect"}


async def test_the_check_is_ended_when_its_reader_leaves() -> None:
    ended = asyncio.Event()

    async def check(progress: Progress) -> str:
        progress(REACH)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return "done"

    reader = Reader(until="reach")
    answer = Followed(check, Plain(), media_type="text/plain")
    await answer(SCOPE, reader.receive, reader.send)
    assert ended.is_set()
    assert reader.text == "begun,reach,"


async def test_what_a_check_found_is_sent_before_what_it_came_to() -> None:
    async def check(progress: Progress) -> str:
        progress(REACH)
        return "done"

    reader = Reader()
    answer = Followed(check, Plain(), media_type="text/plain")
    await answer(SCOPE, reader.receive, reader.send)
    assert reader.text == "begun,reach,done"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-length" not in answer.headers


async def test_a_check_that_crashes_ends_with_a_defect_and_its_words_are_logged_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def check(_: Progress) -> str:
        message = "not for the reader"
        raise RuntimeError(message)

    reader = Reader()
    with caplog.at_level(logging.ERROR):
        await Followed(check, Plain(), media_type="text/plain")(SCOPE, reader.receive, reader.send)
    assert reader.text == "begun,HostDefect"
    assert "not for the reader" in caplog.text
