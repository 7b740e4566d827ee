"""Guards the process behind an open proxy and calls out by httpx; prints what was refused.

The process guard sees connections to the proxy only, so that the request gate has to refuse.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

import httpx

from bonito_host.process_guard import GuardRefusal, guard_process
from bonito_host.settings import Settings
from bonito_providers.registry import ProviderRegistry

PROXY, *ADDRESSES = sys.argv[1:]


def at_once(address: str) -> str:
    try:
        httpx.get(address)
    except GuardRefusal:
        return "refused"
    except httpx.TransportError:
        return "tried"
    return "done"


async def asynchronously(address: str) -> str:
    try:
        async with httpx.AsyncClient() as client:
            await client.get(address)
    except GuardRefusal:
        return "refused"
    except httpx.TransportError:
        return "tried"
    return "done"


def main() -> None:
    services = Settings.read(os.environ).services
    guard_process(ProviderRegistry.discover(), services=services, proxy=PROXY or None)
    outcomes = {each: [at_once(each), asyncio.run(asynchronously(each))] for each in ADDRESSES}
    print(json.dumps(outcomes))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
