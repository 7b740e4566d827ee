"""Asks the emulated service by four clients; prints a JSON object of their answers.

With the argument `in-process` it emulates itself; otherwise the environment leads to the service.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import ExitStack

from bonito_emulators import Emulation
from bonito_emulators.azure.scenario import scenario

KEY = scenario.connections[0].fields["api_key"]
BASE = "https://contoso.services.ai.azure.com"
VERSION = "2024-05-01-preview"
URL = f"{BASE}/models/chat/completions?api-version={VERSION}"
FOREIGN = "https://foreign.example/"


def body(client: str) -> dict[str, object]:
    return {"model": "DeepSeek-V3.1", "messages": [{"role": "user", "content": client}]}


def by_httpx() -> str:
    import httpx

    with httpx.Client(headers={"api-key": KEY}) as client:
        return str(client.post(URL, json=body("httpx")).json()["choices"][0]["message"]["content"])


def by_requests() -> str:
    import requests

    with requests.post(
        URL, json=body("requests"), headers={"api-key": KEY}, timeout=30
    ) as response:
        return str(response.json()["choices"][0]["message"]["content"])


async def by_aiohttp() -> str:
    import aiohttp

    async with (
        aiohttp.ClientSession(trust_env=True, headers={"api-key": KEY}) as session,
        session.post(URL, json=body("aiohttp")) as response,
    ):
        return str((await response.json())["choices"][0]["message"]["content"])


async def by_litellm() -> str:
    import litellm

    response = await litellm.acompletion(
        model="azure_ai/DeepSeek-V3.1",
        api_base=BASE,
        api_key=KEY,
        api_version=VERSION,
        messages=[{"role": "user", "content": "litellm"}],
    )
    return str(response.choices[0].message.content)


def foreign_by_httpx() -> str:
    import httpx

    try:
        httpx.get(FOREIGN)
    except httpx.HTTPError as error:
        return f"refused: {error}"
    return "reached"


def foreign_by_requests() -> str:
    import requests

    try:
        requests.get(FOREIGN, timeout=30)
    except requests.RequestException as error:
        return f"refused: {error}"
    return "reached"


async def foreign_by_aiohttp() -> str:
    import aiohttp

    try:
        async with aiohttp.ClientSession(trust_env=True) as session, session.get(FOREIGN):
            return "reached"
    except aiohttp.ClientError as error:
        return f"refused: {error}"


async def foreign_by_litellm() -> str:
    import litellm

    try:
        await litellm.acompletion(
            model="azure_ai/DeepSeek-V3.1",
            api_base="https://foreign.services.ai.azure.com",
            api_key=KEY,
            messages=[{"role": "user", "content": "litellm"}],
        )
    except Exception as error:  # noqa: BLE001 - whatever it raises, it was refused
        return f"refused: {error}"
    return "reached"


def main() -> None:
    with ExitStack() as stack:
        result: dict[str, object] = {}
        emulation = None
        if sys.argv[1:] == ["in-process"]:
            emulation = stack.enter_context(Emulation(scenario.start_cloud()))
            stack.enter_context(emulation.in_process())
        result["answers"] = [
            by_httpx(),
            asyncio.run(by_aiohttp()),
            by_requests(),
            asyncio.run(by_litellm()),
        ]
        result["foreign"] = [
            foreign_by_httpx(),
            asyncio.run(foreign_by_aiohttp()),
            foreign_by_requests(),
            asyncio.run(foreign_by_litellm()),
        ]
        if emulation is not None:
            result["violations"] = emulation.log.violations
            result["refused_names"] = emulation.log.refused_names
            result["agents"] = [request.user_agent for request in emulation.log.requests]
        print(json.dumps(result))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
