"""How many calls to the cloud each step of a deployment costs, and that it does not grow.

Counts the requests that an emulated cloud received, with few and with many models and
deployments. Only further pages of a listing may be more. Time plays no part in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bonito_azure_foundry import plugin
from bonito_emulators import Emulation
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    Account,
    Application,
    AzureCloud,
    ClientSecret,
    Creation,
    Deployment,
    Pace,
    RoleAssignment,
    Tenant,
)
from bonito_providers import (
    Connection,
    DeploymentPlan,
    DeploymentRequest,
    NetworkSettings,
    Provider,
    State,
    wait,
)

PAGE = 100
KEY = "a-key-of-the-benchmark-5b1e8f0c97aa4d"
CLIENT = "66666666-7777-4888-9999-000000000000"
SECRET = "a~secret~of~the~benchmark"  # noqa: S105 - of nobody
FIELDS = {
    "endpoint": "https://contoso.services.ai.azure.com",
    "api_key": KEY,
    "tenant_id": DEFAULT_TENANT,
    "client_id": CLIENT,
    "client_secret": SECRET,
    "subscription_id": DEFAULT_SUBSCRIPTION,
    "resource_group": "rg-ai",
}
REQUEST = DeploymentRequest(model="model-7", name="own")


@dataclass(frozen=True)
class Size:
    """How much there is in the cloud."""

    models: int
    deployments: int

    def __str__(self) -> str:
        return f"{self.models} models, {self.deployments} deployments"


SIZES = (Size(10, 10), Size(500, 50))


@dataclass(frozen=True)
class Cost:
    """What a step cost: calls, and those among them for further pages."""

    calls: int
    pages: int
    hosts: Counter[str]

    @property
    def beyond_paging(self) -> int:
        """The calls that must not grow."""
        return self.calls - self.pages


class Impatient:
    """A clock whose sleeps take no time."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the time, sleeps included."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds slept."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self._elapsed += seconds
        await asyncio.sleep(0)


def cloud_of(size: Size) -> AzureCloud:
    """Make an account with so many models on offer and so many deployments."""
    account = Account(name="contoso", keys=(KEY, f"{KEY}-2"), region="westeurope")
    account.creation = Creation(shape="header", pace=Pace(looks=2))
    scope = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
    roles = [
        RoleAssignment(role=role, scope=scope) for role in (CONTRIBUTOR, COGNITIVE_SERVICES_USER)
    ]
    application = Application(client_id=CLIENT, secrets=[ClientSecret(value=SECRET)], roles=roles)
    cloud = AzureCloud([account], tenants=[Tenant(id=DEFAULT_TENANT, applications=[application])])
    with tempfile.TemporaryDirectory() as directory:
        models, usages = Path(directory) / "models.json", Path(directory) / "usages.json"
        models.write_text(json.dumps({"value": [_model(n) for n in range(size.models)]}))
        usages.write_text(json.dumps({"value": [_usage()]}))
        cloud.load_recorded(models, usages)
    for number in range(size.deployments):
        account.add(Deployment(name=f"standing-{number}", model=f"model-{number % 10}", capacity=1))
    cloud.page_size = PAGE
    return cloud


def _model(number: int) -> dict[str, Any]:
    sku = {"name": "GlobalStandard", "usageName": "quota", "capacity": {"default": 1, "maximum": 9}}
    model = {
        "format": "OpenAI",
        "name": f"model-{number}",
        "version": "1",
        "isDefaultVersion": True,
        "skus": [sku],
        "capabilities": {"chatCompletion": "true"},
        "lifecycleStatus": "GenerallyAvailable",
    }
    name = f"OpenAI.model-{number}.1"
    return {"kind": "AIServices", "name": name, "location": "WestEurope", "model": model}


def _usage() -> dict[str, Any]:
    return {"name": {"value": "quota"}, "currentValue": 0, "limit": 1000, "unit": "Count"}


async def measure(size: Size) -> dict[str, Cost]:
    """Walk through every step on a connection of its own and count what reached the cloud."""
    with Emulation(cloud_of(size)) as emulation:

        async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [emulation.resolve(host, port)]

        network = NetworkSettings(
            tls=emulation.client_context(),
            resolver=resolver,
            trusted_networks=("127.0.0.0/8",),
            clock=Impatient(),
        )
        provider = Provider(plugin)
        costs: dict[str, Cost] = {}
        plans: list[DeploymentPlan] = []

        async def planned(one: Connection) -> None:
            plans.append(await provider.plan_deployment(one, REQUEST))

        async def deployed(one: Connection) -> None:
            made = await wait(one, plans[0])
            if made.state is not State.READY or not made.verified:
                message = f"the deployment ended {made.state.value}: {made.verified_reason}"
                raise RuntimeError(message)

        steps: dict[str, Callable[[Connection], Awaitable[Any]]] = {
            "check": provider.check_credentials,
            "models": provider.list_models,
            "plan": planned,
            "deploy + wait": deployed,
            "delete": lambda one: provider.delete_deployment(one, plans[0].ref),
        }
        for name, step in steps.items():
            emulation.log.clear()
            async with provider.connect(FIELDS, network=network) as connection:
                await step(connection)
            requests = emulation.log.requests
            costs[name] = Cost(
                calls=len(requests),
                pages=sum("skiptoken" in each.query for each in requests),
                hosts=Counter(each.host for each in requests),
            )
        return costs


async def main() -> int:
    """Measure, print, and return 1 if a step costs more calls in the larger cloud."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    print(f"Calls per step, each on a new connection that signs in; pages of {PAGE} rows.")
    few, many = [await measure(size) for size in SIZES]
    print(f"{'':16}{SIZES[0]!s:>28}{SIZES[1]!s:>30}")
    grown = []
    for step in few:
        texts = [f"{cost.calls} ({cost.pages} further pages)" for cost in (few[step], many[step])]
        print(f"{step:16}{texts[0]:>28}{texts[1]:>30}")
        if many[step].beyond_paging > few[step].beyond_paging:
            grown.append(step)
    for step, cost in many.items():
        hosts = ", ".join(f"{host} {count}" for host, count in sorted(cost.hosts.items()))
        print(f"  {step}: {hosts}")
    print(f"grown beyond paging: {', '.join(grown) or 'none'}")
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
