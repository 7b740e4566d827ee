"""Carries one stored plan out in a process of its own, as a host does that was started again.

Started by path with the interpreter alone. The plan, the plugin's name and the way to the emulated
cloud come as JSON on stdin; what came of it goes to stdout after `MARK`.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

MARK = "\x1e"


async def deployed(request: Mapping[str, Any]) -> str:
    """Deploy by a plugin that knows nothing but the plan; return the deployment as JSON."""
    from bonito_providers import DeploymentPlan, NetworkSettings, Provider

    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [("127.0.0.1", request["port"])]

    network = NetworkSettings(
        tls=ssl.create_default_context(cafile=request["certificate_authority"]),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
    )
    provider = Provider(_plugin(request))
    plan = DeploymentPlan.model_validate_json(request["plan"])
    async with provider.connect(request["fields"], id="elsewhere", network=network) as connection:
        return (await provider.deploy(connection, plan)).model_dump_json()


def _plugin(request: Mapping[str, Any]) -> object:
    module = import_module(request["module"])
    if not request["attribute"]:
        return module
    found = getattr(module, request["attribute"])
    return found() if request["make"] else found


def main() -> None:
    """Read the request, and write the deployment or what went wrong."""
    request = json.load(sys.stdin)
    sys.path[:] = request["path"]
    sys.dont_write_bytecode = True
    try:
        result = {"deployment": asyncio.run(deployed(request))}
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
        result = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(MARK + json.dumps(result))


if __name__ == "__main__":
    main()
