"""Makes every call of the wire matrix with the real LiteLLM and prints what arrived, as JSON.

Runs as a process of its own, because LiteLLM reads its trust and environment when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bonito_emulators import Emulation
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import (
    GatewayConfig,
    NetworkSettings,
    ProviderRegistry,
    RoutableDeployment,
)
from plugins.azure_openai.tests.resources import LOGIN, accounts, tenant
from plugins.azure_openai.tests.wire_cells import (
    IDENTITIES,
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
    account = accounts()[0]
    account = replace(
        account,
        kind="AIServices",
        deployments=[Deployment(name=row.name, model=row.model) for row in ROWS],
    )
    cloud = AzureCloud([account], tenants=[tenant()])
    registry = ProviderRegistry.discover()
    # As a host does before it loads LiteLLM.
    for name in registry.provider("azure_openai").info.environment:
        os.environ.pop(name, None)
    with Emulation(cloud) as emulation, emulation.in_process():
        outcome = asyncio.run(_calls(registry, cloud, emulation))
    json.dump(outcome, sys.stdout)


async def _calls(
    registry: ProviderRegistry, cloud: AzureCloud, emulation: Emulation
) -> dict[str, Any]:
    import litellm

    litellm.suppress_debug_info = True
    routes = await _routes(registry, emulation)
    router = litellm.Router(
        model_list=[route.entry.to_litellm() for route in routes], num_retries=0
    )
    known = {(route.connection, route.deployment): route.entry.model_name for route in routes}
    outcome: dict[str, Any] = {}
    for cell in cells():
        emulation.log.clear()
        answer, error = None, None
        try:
            answer = await _call(router, known[cell.connection, cell.row.name], cell)
        except Exception as raised:  # noqa: BLE001 - LiteLLM raises many; the test wants none
            error = f"{type(raised).__name__}: {raised}"
        requests = emulation.log.requests
        outcome[cell.id] = {
            "requests": [_seen(each, cloud) for each in requests if each.host != LOGIN],
            "sign_ins": [each.body.decode() for each in requests if each.path.endswith("/token")],
            "violations": emulation.log.violations,
            "refused_names": emulation.log.refused_names,
            "answer": answer,
            "error": error,
        }
    return outcome


async def _routes(registry: ProviderRegistry, emulation: Emulation) -> Sequence[RoutableDeployment]:
    async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    candidates = []
    for cell in {each.connection: each for each in cells()}.values():
        record = {"endpoint": cell.endpoint, **IDENTITIES[cell.identity]}
        selection = registry.select("azure", record, stored=True)
        provider = selection.provider
        async with provider.connect(selection.fields, network=network) as connection:
            listing = await provider.list_deployments(connection)
            candidates += [
                RoutableDeployment(
                    connection=cell.connection,
                    deployment=item.ref.name,
                    entry=provider.build_gateway_entry(connection.credentials, item),
                )
                for item in listing.items
            ]
    return GatewayConfig.build(candidates).routes


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


def _seen(request: Any, cloud: AzureCloud) -> dict[str, Any]:
    headers = {name: value for name, value in request.headers if name in SENSITIVE}
    if "authorization" in headers:
        token = cloud.directory.token(headers["authorization"].removeprefix("Bearer "))
        headers["authorization"] = f"Bearer of {token.audience if token else 'nobody'}"
    return {
        "host": request.host,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": headers,
        "body": request.json(),
        "user_agent": request.user_agent,
    }


if __name__ == "__main__":
    main()
