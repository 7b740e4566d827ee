"""Calls every deployment of the demonstration with the real LiteLLM and no key; prints JSON.

Runs as a process of its own, because LiteLLM reads its trust and environment when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from bonito_azure_foundry import plugin
from bonito_emulators import Emulation
from bonito_emulators.azure import AzureCloud
from bonito_emulators.azure.scenario import scenario
from bonito_providers import GatewayConfig, NetworkSettings, Provider, RoutableDeployment


def main() -> None:
    """Print deployment to the data-plane requests made for it, and the answer."""
    cloud = scenario.start_cloud()
    assert isinstance(cloud, AzureCloud)
    cloud.account("contoso").local_auth_disabled = True
    with Emulation(cloud) as emulation, emulation.in_process():
        outcome = asyncio.run(_calls(emulation))
    json.dump({"calls": outcome, "violations": emulation.log.violations}, sys.stdout)


async def _calls(emulation: Emulation) -> dict[str, Any]:
    import litellm

    litellm.suppress_debug_info = True
    config, kinds = await _routes(emulation)
    router = litellm.Router(model_list=config.to_litellm(), num_retries=0)
    outcome: dict[str, Any] = {}
    for route in config.routes:
        emulation.log.clear()
        name = route.entry.model_name
        if kinds[route.deployment] == "embedding":
            reply = await router.aembedding(model=name, input=["Say hello."])
            answer = f"{len(reply.data[0]['embedding'])} dimensions"
        else:
            messages = [{"role": "user", "content": "Say hello."}]
            reply = await router.acompletion(model=name, messages=messages, max_tokens=16)
            answer = str(reply.choices[0].message.content)
        seen = [each for each in emulation.log.requests if each.host.startswith("contoso.")]
        outcome[route.deployment] = {
            "answer": answer,
            "paths": [each.path for each in seen],
            "headers": [dict(each.headers) for each in seen],
            "bodies": [each.body.decode() for each in seen],
        }
    return outcome


async def _routes(emulation: Emulation) -> tuple[GatewayConfig, dict[str, str | None]]:
    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    first = scenario.connections[0]
    fields = {"endpoint": first.fields["endpoint"], **first.management}
    provider = Provider(plugin)
    async with provider.connect(fields, network=network) as connection:
        listing = await provider.list_deployments(connection)
        entries = [
            RoutableDeployment(
                connection="contoso",
                deployment=each.ref.name,
                entry=provider.build_gateway_entry(connection.credentials, each),
            )
            for each in listing.items
        ]
    kinds = {each.ref.name: each.model.kind for each in listing.items}
    return GatewayConfig.build(entries), kinds


if __name__ == "__main__":
    main()
