"""Makes every call of the wire matrix with the real LiteLLM and prints what arrived, as JSON.

Runs as a process of its own, because LiteLLM reads its trust and environment when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import (
    GatewayConfig,
    NetworkSettings,
    ProviderRegistry,
    RoutableDeployment,
)
from plugins.azure_foundry.tests.wire_cells import (
    HOSTS,
    KEY,
    LIMIT,
    PROMPT,
    ROWS,
    SENSITIVE,
    TOOL,
    Cell,
    cells,
)


def main() -> None:
    """Call every cell and print one JSON object: cell id to what was sent and what came back."""
    standing = [Deployment(name=row.name, model=row.model) for row in ROWS]
    account = Account(
        name="contoso", keys=(KEY, KEY[::-1]), deployments=standing, projects=("team",)
    )
    with Emulation(AzureCloud([account])) as emulation, emulation.in_process():
        outcome = asyncio.run(_calls(emulation))
    json.dump(outcome, sys.stdout)


async def _calls(emulation: Emulation) -> dict[str, Any]:
    import litellm

    litellm.suppress_debug_info = True
    routes, unsupported = await _routes(emulation)
    router = litellm.Router(
        model_list=[route.entry.to_litellm() for route in routes], num_retries=0
    )
    known = {(route.connection, route.deployment): route.entry.model_name for route in routes}
    outcome: dict[str, Any] = {}
    for cell in cells():
        name = known.get((cell.pasted, cell.row.name))
        if name is None:
            outcome[cell.id] = {"unsupported": unsupported[cell.pasted, cell.row.name]}
            continue
        emulation.log.clear()
        answer, error = None, None
        try:
            answer = await _call(router, name, cell)
        except Exception as raised:  # noqa: BLE001 - LiteLLM raises many; the test wants none
            error = f"{type(raised).__name__}: {raised}"
        outcome[cell.id] = {
            "requests": [_seen(each) for each in emulation.log.requests],
            "violations": emulation.log.violations,
            "refused_names": emulation.log.refused_names,
            "answer": answer,
            "error": error,
        }
    return outcome


async def _routes(
    emulation: Emulation,
) -> tuple[Sequence[RoutableDeployment], dict[tuple[str, str], str]]:
    async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    registry = ProviderRegistry.discover()
    candidates = []
    for _, forms in HOSTS.values():
        for pasted in forms:
            selection = registry.select("azure", {"endpoint": pasted, "api_key": KEY})
            provider = selection.provider
            async with provider.connect(selection.fields, id=pasted, network=network) as connection:
                listing = await provider.list_deployments(connection)
                candidates += [
                    RoutableDeployment(
                        connection=pasted,
                        deployment=item.ref.name,
                        entry=provider.build_gateway_entry(connection.credentials, item),
                    )
                    for item in listing.items
                ]
    config = GatewayConfig.build(candidates)
    unsupported = {
        (each.connection, each.deployment): each.entry.reason
        for each in candidates
        if not each.entry.supported
    }
    return config.routes, unsupported


async def _call(router: Any, name: str, cell: Cell) -> str:
    messages = [{"role": "user", "content": PROMPT}]
    if cell.operation == "embeddings":
        reply = await router.aembedding(model=name, input=[PROMPT])
        return f"{len(reply.data[0]['embedding'])} dimensions"
    if cell.operation == "stream":
        chunks = await router.acompletion(
            model=name, messages=messages, max_tokens=LIMIT, stream=True
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
    tools = {"tools": [TOOL]} if cell.operation == "tools" else {}
    reply = await router.acompletion(model=name, messages=messages, max_tokens=LIMIT, **tools)
    message = reply.choices[0].message
    if message.tool_calls:
        return f"calls {message.tool_calls[0].function.name}"
    return str(message.content)


def _seen(request: Any) -> dict[str, Any]:
    return {
        "host": request.host,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": {name: value for name, value in request.headers if name in SENSITIVE},
        "body": request.json(),
        "user_agent": request.user_agent,
    }


if __name__ == "__main__":
    main()
