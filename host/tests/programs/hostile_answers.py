"""Calls every route of LiteLLM against services that misbehave; prints what came of each.

A process of its own: LiteLLM, its environment and the process guard last as long as one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from pydantic import SecretStr

from bonito_emulators import Emulation, Fault, Redirect, Reset, Respond, Truncate
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers.errors import BonitoError
from bonito_providers.gateway import GatewayConfig, GatewayEntry, RoutableDeployment
from bonito_providers.redaction import Redactor
from bonito_providers.registry import ProviderRegistry

KEY = sys.argv[1]
FOREIGN, SIBLING = "collector.example", "fabrikam.services.ai.azure.com"
BASE = "https://contoso.services.ai.azure.com"
ROUTES: dict[str, dict[str, str]] = {
    "models": {"model": "azure_ai/DeepSeek-V3.1", "api_version": "2024-05-01-preview"},
    "dated": {"model": "azure/gpt-4o-mini", "api_version": "2024-10-21"},
    "v1": {"model": "azure/gpt-4o-mini", "api_version": "v1"},
    "claude": {"model": "azure_ai/claude-sonnet-4-5"},
    "embedding dated": {"model": "azure/text-embedding-3-small", "api_version": "2024-10-21"},
    "embedding v1": {"model": "azure/text-embedding-3-small", "api_version": "v1"},
}
PAGE = Respond(200, {"content-type": "text/html"}, "<html>Sign in</html>")
ERROR: dict[str, Any] = {"error": {"code": "AuthenticationTypeDisabled", "message": f"No {KEY}"}}
ACTIONS: dict[str, Any] = {
    "redirect to a foreign host": Redirect(f"https://{FOREIGN}/take"),
    "redirect to a sibling": Redirect(f"https://{SIBLING}/take"),
    "page": PAGE,
    "other JSON": Respond(200, {}, {"hello": "world"}),
    "JSON list": Respond(200, {"content-type": "application/json"}, "[1]"),
    "failure": Respond(500, {}, {"error": {"message": KEY}}),
    "busy": Respond(503, {}, f"busy {KEY}"),
    "too many": Respond(429, {"retry-after": "7"}, {"error": {"code": "429", "message": "slow"}}),
    "wrong key": Respond(401, {}, {"error": {"code": "401", "message": f"Not {KEY[:20]}"}}),
    "keys disabled": Respond(403, {}, ERROR),
    "unknown": Respond(404, {}, {"error": {"code": "DeploymentNotFound", "message": "None."}}),
    "filtered": Respond(400, {}, {"error": {"code": "content_filter", "message": "Filtered."}}),
    "reset": Reset(),
    "truncated": Truncate(20),
}


class Collector:
    """A host of nobody's, which takes whatever comes."""

    name = "collector"
    host_patterns = (FOREIGN,)

    def knows(self, host: str) -> bool:
        return host == FOREIGN

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


def build_cloud() -> AzureCloud:
    names = ["DeepSeek-V3.1", "gpt-4o-mini", "claude-sonnet-4-5", "text-embedding-3-small"]
    deployments = [Deployment(name=name, model=name) for name in names]
    contoso = Account(name="contoso", keys=(KEY, KEY[::-1]), deployments=deployments)
    return AzureCloud([contoso, Account(name="fabrikam", keys=(KEY, KEY[::-1]))])


def entries() -> GatewayConfig:
    return GatewayConfig.build(
        RoutableDeployment(
            connection="c",
            deployment=name,
            entry=GatewayEntry(
                model_name=name,
                litellm_params={**params, "api_base": BASE} | own_key(name),
                surface=name,
            ),
        )
        for name, params in {**ROUTES, "keyless": ROUTES["models"]}.items()
    )


def own_key(name: str) -> dict[str, Any]:
    return {} if name == "keyless" else {"api_key": SecretStr(KEY)}


async def control(emulation: Emulation, cloud: AzureCloud) -> dict[str, Any]:
    """What LiteLLM does when it is left alone; if it did not, the rest would prove nothing."""
    import litellm

    ask = {"messages": [{"role": "user", "content": "hello"}], "api_base": BASE}
    seen: dict[str, Any] = {}
    for host in (FOREIGN, SIBLING):
        cloud.faults.add(Fault(path_prefix="/", action=Redirect(f"https://{host}/take")))
        with contextlib.suppress(Exception):
            await litellm.acompletion(**ROUTES["models"], **ask, api_key=KEY)
        (stolen,) = emulation.log.select(host, path="/take")
        seen[f"control {host}"] = stolen.header("api-key")
    with contextlib.suppress(Exception):
        await litellm.acompletion(**ROUTES["models"], **ask)
    seen["control keyless"] = emulation.log.requests[-1].header("api-key")
    emulation.log.clear()
    return seen


async def attempts(gateway: Any, name: str) -> AsyncIterator[tuple[str, Any]]:
    ask = [{"role": "user", "content": "hello"}]
    if name.startswith("embedding"):
        yield name, gateway.embed(f"c/{name}", ["hello"])
    else:
        yield name, gateway.chat(f"c/{name}", ask)
        yield f"{name} stream", whole(gateway.stream(f"c/{name}", ask))


async def whole(pieces: AsyncIterator[str]) -> str:
    return "".join([piece async for piece in pieces])


async def outcome(call: Any) -> dict[str, Any]:
    try:
        await call
    except BonitoError as error:
        return {
            "class": type(error).__name__,
            "message": error.message,
            "hint": error.hint,
            "retry_after": getattr(error, "retry_after", None),
            "cause": repr(error.__cause__ or error.__context__),
        }
    return {"class": None}


async def main(emulation: Emulation, cloud: AzureCloud) -> None:
    registry = ProviderRegistry.discover()
    result = await control(emulation, cloud)

    from bonito_host.litellm_adapter import Gateway, load
    from bonito_host.process_guard import guard_process

    guard_process(registry, trusted_networks=("127.0.0.0/8",))
    load()
    redact = Redactor([SecretStr(KEY)])
    async with Gateway(entries(), redact=redact) as gateway:
        for what, action in ACTIONS.items():
            for name in ROUTES:
                cloud.faults.clear()
                cloud.faults.add(Fault(path_prefix="/", times=None, action=action))
                async for way, call in attempts(gateway, name):
                    before = len(emulation.log.requests)
                    result[f"{what} | {way}"] = await outcome(call)
                    result[f"{what} | {way}"]["requests"] = len(emulation.log.requests) - before
        cloud.faults.clear()
        for name in ROUTES:
            async for way, call in attempts(gateway, name):
                result[f"none | {way}"] = await outcome(call)
        result["keyless"] = await outcome(
            gateway.chat("c/keyless", [{"role": "user", "content": "x"}])
        )
        result["keyless headers"] = dict(emulation.log.requests[-1].headers)
    result["hosts"] = sorted({request.host for request in emulation.log.requests})
    result["refused"] = emulation.log.refused_names
    result["violations"] = emulation.log.violations
    print(json.dumps(result))  # noqa: T201 - read by the test


if __name__ == "__main__":
    cloud = build_cloud()
    with Emulation(cloud, Collector()) as emulation, emulation.in_process():
        asyncio.run(main(emulation, cloud))
