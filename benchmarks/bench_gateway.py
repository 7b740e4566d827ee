"""What the gateway costs: its start with many deployments, a change, a call, streams held open.

An emulated cloud answers in this process; the gateway, and LiteLLM's Router called directly for
comparison, run in processes of their own whose processor time is read. Blocks of calls through
the two are interleaved, so that a noisy machine is noisy for both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bonito_emulators import Drip, Emulation, Fault
from bonito_emulators.azure import Account, AzureCloud
from bonito_emulators.azure import Deployment as EmulatedDeployment
from bonito_host.store.store import Store
from bonito_providers import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    GatewayConfig,
    ProviderRegistry,
    RoutableDeployment,
    State,
)

KEY = "a-key-of-the-benchmark-5b1e8f0c97aa4d"
MODEL = "DeepSeek-V3.1"
ASK = {"messages": [{"role": "user", "content": "hello"}]}
FIRST_CALL_LIMIT, CHANGE_LIMIT, RATIO_LIMIT = 15.0, 0.1, 1.3
BLOCKS, CHANGES = 7, 20
STREAM_SECONDS = 5.0


@dataclass(frozen=True)
class Size:
    """How much there is."""

    connections: int
    deployments: int
    calls: int
    streams: int

    @property
    def all(self) -> int:
        """How many deployments the gateway knows."""
        return self.connections * self.deployments


def account_name(number: int) -> str:
    """Return what an account and the connection to it are called."""
    return f"account-{number:03}"


def names_of(size: Size) -> list[str]:
    """Return the deployments' names, the same in every account."""
    return [f"model-{number:03}" for number in range(size.deployments)]


def cloud_of(size: Size) -> AzureCloud:
    """Return the accounts with their deployments."""
    deployments = names_of(size)
    accounts = [
        Account(
            name=account_name(number),
            keys=(KEY, KEY[::-1]),
            deployments=[EmulatedDeployment(name=name, model=MODEL) for name in deployments],
        )
        for number in range(size.connections)
    ]
    return AzureCloud(accounts)


def fields_of(number: int) -> dict[str, str]:
    """Return what connects to an account."""
    endpoint = f"https://{account_name(number)}.services.ai.azure.com"
    return {"azure_mode": "foundry", "endpoint": endpoint, "api_key": KEY}


def deployment_of(number: int, name: str) -> Deployment:
    """Return a deployment as a listing would."""
    return Deployment(
        ref=DeploymentRef(
            provider="azure_foundry", resource=fields_of(number)["endpoint"], name=name
        ),
        model=DeployedModel(format="DeepSeek", name=MODEL, kind="chat"),
        endpoint=fields_of(number)["endpoint"],
        state=State.READY,
        observed_at=datetime.now(UTC),
    )


def fill(store: Store, size: Size) -> str:
    """Store the connections with what was last seen of them, and return a caller's key."""
    for number in range(size.connections):
        store.connections.save(
            account_name(number),
            provider="azure_foundry",
            cloud="azure",
            title="Azure AI Foundry",
            credentials=fields_of(number),
            report={"usable": True},
        )
        seen = [deployment_of(number, name) for name in names_of(size)]
        store.listings.replace(account_name(number), seen)
    return store.callers.create("the benchmark").key


# --- the two programs whose time is read -------------------------------------------------------


def serve_gateway() -> None:
    """Serve the gateway, with a route that measures changes."""
    import uvicorn
    from fastapi import FastAPI

    from bonito_host.application import Application
    from bonito_host.gateway.endpoints import router
    from bonito_host.gateway.service import GatewayService
    from bonito_host.lending import lend_connections
    from bonito_host.output import Output
    from bonito_host.settings import Settings

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings = Settings.read(os.environ)
        application = Application(settings=settings, output=Output(as_json=True, colour=False))
        connections = lend_connections(application)
        async with GatewayService(application, connections) as gateway:
            app.state.services = SimpleNamespace(gateway=gateway)
            yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(router)

    @app.get("/cpu")
    def cpu() -> float:
        return time.process_time()

    @app.post("/refresh")
    async def refresh() -> None:
        gateway: GatewayService = app.state.services.gateway
        await gateway.refresh()

    @app.post("/changes")
    async def changes() -> list[float]:
        gateway: GatewayService = app.state.services.gateway
        taken = []
        for number in range(CHANGES):
            before = time.perf_counter()
            await gateway.put(account_name(0), deployment_of(0, f"new-{number}"))
            taken.append(time.perf_counter() - before)
            if not gateway.routes(f"{account_name(0)}/new-{number}"):
                message = "the change has not arrived"
                raise RuntimeError(message)
        return taken

    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", loop="asyncio"))
    server.run(sockets=[listening])


def call_directly() -> None:
    """Call LiteLLM's Router as often as a line of stdin says; print the time it took."""
    from bonito_host.litellm_adapter import load
    from bonito_host.process_guard import guard_process

    registry = ProviderRegistry.discover()
    guard_process(registry, proxy=os.environ.get("BONITO_PROXY"))
    load()
    import litellm

    selection = registry.select("azure", fields_of(0))
    credentials = selection.provider.read_credentials(selection.fields)
    entry = selection.provider.build_gateway_entry(credentials, deployment_of(0, "model-000"))
    route = RoutableDeployment(connection=account_name(0), deployment="model-000", entry=entry)
    router = litellm.Router(
        model_list=GatewayConfig.build([route]).to_litellm(),
        num_retries=0,
        disable_cooldowns=True,
    )

    async def block(calls: int) -> float:
        before = time.process_time()
        for _ in range(calls):
            await router.acompletion(model=route.route_name, **ASK)
        return time.process_time() - before

    async def answer_lines() -> None:
        await block(1)
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(await block(int(line)), flush=True)

    asyncio.run(answer_lines())


# --- measuring ---------------------------------------------------------------------------------


@contextmanager
def program(role: str, variables: Mapping[str, str]) -> Any:  # noqa: ANN401 - a generator
    """Run this file as one of the two programs."""
    own = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), **variables}
    command = [sys.executable, __file__, "--role", role]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env=own, **pipes)  # type: ignore[call-overload] # pipes
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


class Caller:
    """Calls the gateway as any client would."""

    def __init__(self, port: int, key: str) -> None:
        import httpx

        headers = {"authorization": f"Bearer {key}"}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        self.http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers=headers,
            timeout=300,
            limits=limits,
            trust_env=False,
        )

    async def ask(self, model: str) -> None:
        """Ask once."""
        answer = await self.http.post("/v1/chat/completions", json={"model": model, **ASK})
        answer.raise_for_status()

    async def hold(self, model: str) -> float:
        """Read a stream to its end, and return the seconds it took."""
        before, done = time.perf_counter(), False
        body = {"model": model, "stream": True, **ASK}
        async with self.http.stream("POST", "/v1/chat/completions", json=body) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                if '"error"' in line:
                    raise RuntimeError(line)
                done = done or line == "data: [DONE]"
        if not done:
            message = "the stream ended early"
            raise RuntimeError(message)
        return time.perf_counter() - before

    async def cpu(self) -> float:
        """Return the processor time the gateway has used."""
        return float((await self.http.get("/cpu")).json())


def verdict(name: str, value: float, limit: float, unit: str) -> bool:
    """Print a figure against its limit."""
    kept = value <= limit
    print(f"{name:58}{value:9.3f} {unit:2} (at most {limit:g}) {'ok' if kept else 'MISSED'}")
    return kept


async def compare(caller: Caller, direct: subprocess.Popen[str], calls: int) -> float:
    """Return the median ratio of processor time per call, gateway to Router."""
    ratios = []
    model = f"{account_name(0)}/model-000"
    for _ in range(BLOCKS):
        before = await caller.cpu()
        for _ in range(calls):
            await caller.ask(model)
        through = await caller.cpu() - before
        alone = await asyncio.to_thread(_ask_line, direct, calls)
        ratios.append(through / alone)
        print(f"  {1000 * through / calls:6.2f} ms gateway, {1000 * alone / calls:6.2f} ms Router")
    return statistics.median(ratios)


def _ask_line(direct: subprocess.Popen[str], calls: int) -> float:
    if direct.stdin is None or direct.stdout is None:
        raise RuntimeError
    direct.stdin.write(f"{calls}\n")
    direct.stdin.flush()
    return float(direct.stdout.readline())


async def streams(caller: Caller, cloud: AzureCloud, count: int) -> None:
    """Hold streams open at the same time."""
    pace = Drip(bytes_at_once=400, seconds_between=STREAM_SECONDS / 4)
    cloud.faults.add(Fault(action=pace, method="POST", times=None))
    jobs = [caller.hold(f"{account_name(0)}/model-000") for _ in range(count)]
    taken = await asyncio.gather(*jobs)
    cloud.faults.clear()
    print(f"{count} streams held at the same time, each {min(taken):.1f} to {max(taken):.1f} s")


async def measure(size: Size) -> bool:
    """Measure everything, and tell whether all limits were kept."""
    cloud, kept = cloud_of(size), []
    with tempfile.TemporaryDirectory() as folder, Emulation(cloud) as emulation:
        path = Path(folder) / "bonito.db"
        key = fill(Store(path), size)
        variables = {**emulation.environment(), "BONITO_STORE": str(path)}
        started = time.perf_counter()
        with program("gateway", variables) as process:
            port = int(await asyncio.to_thread(process.stdout.readline))
            caller = Caller(port, key)
            last = f"{account_name(size.connections - 1)}/model-000"
            await caller.ask(last)
            taken, used = time.perf_counter() - started, await caller.cpu()
            name = f"first call, {size.all} deployments, from the start"
            kept.append(verdict(name, taken, FIRST_CALL_LIMIT, "s"))
            print(f"  with {used:.1f} s of processor time, the clouds being looked at meanwhile")
            changes: list[float] = (await caller.http.post("/changes")).json()
            kept.append(
                verdict("a change of one, median", statistics.median(changes), CHANGE_LIMIT, "s")
            )
            print(f"  slowest of {CHANGES}: {max(changes):.3f} s, while clouds are looked at")
            # The clouds have been looked at before calls are compared.
            (await caller.http.post("/refresh")).raise_for_status()
            with program("router", variables) as direct:
                await asyncio.to_thread(direct.stdout.readline)
                ratio = await compare(caller, direct, size.calls)
            kept.append(
                verdict("processor time per call, gateway to Router", ratio, RATIO_LIMIT, "x")
            )
            await streams(caller, cloud, size.streams)
            await caller.http.aclose()
    return all(kept)


def main() -> int:
    """Measure and print; return 1 if a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", choices=["gateway", "router"])
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--deployments", type=int, default=100)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--streams", type=int, default=200)
    given = parser.parse_args()
    if given.role:
        serve_gateway() if given.role == "gateway" else call_directly()
        return 0
    size = Size(given.connections, given.deployments, given.calls, given.streams)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    return 0 if asyncio.run(measure(size)) else 1


if __name__ == "__main__":
    sys.exit(main())
