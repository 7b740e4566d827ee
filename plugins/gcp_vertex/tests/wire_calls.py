"""Makes calls of every form with the real LiteLLM and prints what arrived, as JSON.

Runs as a process of its own, because LiteLLM reads its trust and environment when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from bonito_emulators import Emulation
from bonito_gcp_vertex import plugin
from bonito_providers import DeploymentRequest, NetworkSettings, Provider
from plugins.gcp_vertex.tests.resources import fields, google

CHATS = (
    "google/gemini-3.8-flash",
    "google/gemma-4-26b-a4b-it-maas",
    "anthropic/claude-opus-5",
    "anthropic/claude-sonnet-4-5@20250929",
    "mistralai/mistral-medium-3",
    "meta/llama-3.3-70b-instruct-maas",
    "qwen/qwen3-next-80b-a3b-instruct-maas",
    "openai/gpt-oss-120b-maas",
)
EMBEDDINGS = ("google/text-embedding-005", "google/gemini-embedding-2")
PROMPT = "Say hello to Paris."
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def main() -> None:
    """Call every form and print one JSON object."""
    cloud = google()
    cloud.project.enabled_partners |= {"anthropic", "mistralai"}
    cloud.project.shares_data_with.add("anthropic")
    with Emulation(cloud) as emulation, emulation.in_process():
        outcome = asyncio.run(_calls(emulation))
    json.dump(outcome, sys.stdout)


async def _calls(emulation: Emulation) -> dict[str, Any]:
    import litellm

    litellm.suppress_debug_info = True
    # It would fetch tokenisers of models it knows by name, to count what the service counts.
    litellm.disable_hf_tokenizer_download = True
    entries = await _entries(emulation)
    router = litellm.Router(model_list=entries, num_retries=0)
    cells = [(name, each) for name in CHATS for each in ("chat", "stream", "tools")]
    cells += [(name, "embedding") for name in EMBEDDINGS]
    outcome: dict[str, Any] = {}
    for name, operation in cells:
        emulation.log.clear()
        answer, error = None, None
        try:
            answer = await _call(router, name, operation)
        except Exception as raised:  # noqa: BLE001 - LiteLLM raises many; the test wants none
            error = f"{type(raised).__name__}: {raised}"
        served = [each for each in emulation.log.requests if "oauth2" not in each.host]
        outcome[f"{name} {operation}"] = {
            "requests": [_seen(each) for each in served],
            "violations": emulation.log.violations,
            "refused_names": emulation.log.refused_names,
            "answer": answer,
            "error": error,
        }
    return outcome


async def _entries(emulation: Emulation) -> list[dict[str, Any]]:
    async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    provider = Provider(plugin)
    entries = []
    async with provider.connect(fields(), network=network) as connection:
        for name in (*CHATS, *EMBEDDINGS):
            request = DeploymentRequest(name=name, adopt=True)
            plan = await provider.plan_deployment(connection, request)
            deployment = await provider.deploy(connection, plan)
            entry = provider.build_gateway_entry(connection.credentials, deployment)
            entries.append(entry.to_litellm())
    return entries


async def _call(router: Any, name: str, operation: str) -> str:
    if operation == "embedding":
        reply = await router.aembedding(model=name, input=[PROMPT])
        return f"{len(reply.data[0]['embedding'])} dimensions"
    messages = [{"role": "user", "content": PROMPT}]
    if operation == "stream":
        chunks = await router.acompletion(model=name, messages=messages, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
    tools = {"tools": [TOOL]} if operation == "tools" else {}
    reply = await router.acompletion(model=name, messages=messages, **tools)
    message = reply.choices[0].message
    if message.tool_calls:
        return f"calls {message.tool_calls[0].function.name}"
    return str(message.content)


def _seen(request: Any) -> dict[str, Any]:
    authorization = request.header("authorization") or ""
    return {
        "host": request.host,
        "path": request.path,
        "query": request.query,
        "bearer": authorization.startswith("Bearer ya29."),
        "body": request.json(),
    }


if __name__ == "__main__":
    main()
