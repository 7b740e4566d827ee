"""A caller who leaves ends the call at the service: nothing is paid that nobody reads."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bonito_emulators import Drip, Fault, RequestLog, Slow
from bonito_emulators.azure import AzureCloud
from host.tests.gateway.conftest import CONNECTION
from host.tests.gateway.serving import Gateway

pytestmark = pytest.mark.slow

MODEL = f"{CONNECTION}/DeepSeek-V3.1"
HOURS = 3600.0
HELLO: list[Any] = [{"role": "user", "content": "hello"}]


def wait_for_the_service(log: RequestLog) -> None:
    """Return when a call has reached the service."""
    while not log.select(method="POST"):
        time.sleep(0.01)


def last_call(gateway: Gateway, before: int) -> Any:
    """The record of the call that was cancelled, as soon as it is there."""
    while len(calls := gateway.state()["calls"]) == before:
        pass
    return calls[0]


@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_who_leaves_before_the_answer_ends_the_call(
    gateway: Gateway, cloud: AzureCloud, log: RequestLog, *, stream: bool
) -> None:
    cloud.faults.add(Fault(action=Slow(seconds_before=HOURS), method="POST"))
    before = len(gateway.state()["calls"])

    async def leave() -> None:
        async with gateway.asynchronous() as client:
            asking = asyncio.ensure_future(
                client.chat.completions.create(model=MODEL, messages=HELLO, stream=stream)
            )
            await asyncio.to_thread(wait_for_the_service, log)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(leave())
    call = last_call(gateway, before)
    assert call["status"] == 499
    assert call["cost"] is None
    assert "bonito_gateway_open_calls 0.0" in gateway.get("/metrics").text


def test_a_caller_who_leaves_in_the_midst_of_a_stream_ends_the_call(
    gateway: Gateway, cloud: AzureCloud
) -> None:
    slowly = Drip(bytes_at_once=1500, seconds_between=HOURS)
    cloud.faults.add(Fault(action=slowly, method="POST"))
    before = len(gateway.state()["calls"])

    async def leave() -> None:
        async with gateway.asynchronous() as client:
            pieces = await client.chat.completions.create(model=MODEL, messages=HELLO, stream=True)
            async for _ in pieces:
                break
            await pieces.close()

    asyncio.run(leave())
    call = last_call(gateway, before)
    assert call["status"] == 499
    assert call["streamed"]
