"""What the plugin says of the untouched cloud, asked once a run.

Most checks need a deployment or a plan to begin with, and a harness's cloud is always fresh in the
same state: asking again would make an author wait for what is known. Checks of the listing and of
plans ask for themselves.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from bonito_providers import Capability, DeploymentRequest

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Deployment, DeploymentPlan

Found = TypeVar("Found")
LASTING = 300.0
"""Seconds; plans live for a quarter of an hour."""


class Findings:
    """What was found out, until it might be out of date."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], tuple[float, Any]] = {}

    async def of(self, key: tuple[Any, ...], find: Callable[[], Awaitable[Found]]) -> Found:
        """Return what is known by that key, or else find it out; what fails is not kept."""
        since, found = self._found.get(key, (0.0, None))
        if key not in self._found or time.monotonic() - since > LASTING:
            found = await find()
            self._found[key] = time.monotonic(), found
        result: Found = found
        return result


async def listed(bench: Bench, access: Access) -> Sequence[Deployment]:
    """Return what an access lists; nothing where it cannot list."""
    if Capability.LIST_DEPLOYMENTS not in bench.capabilities(access):
        return ()

    async def find() -> Sequence[Deployment]:
        async with bench.connect(access) as connection:
            return (await bench.provider.list_deployments(connection)).items

    return await bench.findings.of(("listed", access.name), find)


async def planned(bench: Bench, access: Access, request: DeploymentRequest) -> DeploymentPlan:
    """Return the plan for a request, whatever it says has to be done first."""

    async def find() -> DeploymentPlan:
        async with bench.connect(access) as connection:
            return await bench.provider.plan_deployment(connection, request)

    return await bench.findings.of(("planned", access.name, request.model_dump_json()), find)


async def adopted(bench: Bench, access: Access, name: str) -> Deployment:
    """Return what stands under a name, as that access adopts it, which changes nothing."""
    kind = bench.harness.standing(bench.cloud)[name].kind
    request = DeploymentRequest(adopt=True, name=name, kind=kind)

    async def find() -> Deployment:
        plan = await planned(bench, access, request)
        async with bench.connect(access) as connection:
            return await bench.provider.deploy(connection, plan)

    return await bench.findings.of(("adopted", access.name, name), find)
