"""What calls the functions that the pages define, against clouds that answer on real sockets."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from bonito_emulators.azure.scenario import scenario
from tests.documentation.services import World, connect, key_value_store, served
from tests.toy_service import KEY

if TYPE_CHECKING:
    from bonito_providers import Provider

CONTOSO = scenario.connections[0]
FIELDS = dict(CONTOSO.fields)
MANAGED = {**FIELDS, **CONTOSO.management}


def readme(page: ModuleType, world: World) -> None:
    from bonito_providers.errors import HostRefused

    # Without an operator's settings the guard lets nothing go to this machine, emulated or not.
    with world.azure.in_process(), pytest.raises(HostRefused, match=r"127\.0\.0\.1"):
        asyncio.run(page.catalogue(FIELDS))


def consents(page: ModuleType, world: World) -> None:
    async def run() -> None:
        async with connect(world, MANAGED) as connection:
            asked = await page.planned(connection, "claude-haiku-4-5", frozenset())
            given = await page.planned(
                connection, "claude-haiku-4-5", frozenset({"marketplace_terms"})
            )
        assert "accept_terms" in {each.kind for each in asked.actions}
        assert "accept_terms" not in {each.kind for each in given.actions}

    asyncio.run(run())


def errors(page: ModuleType, world: World) -> None:
    import httpx

    from bonito_providers.errors import ModelNotFound, RateLimited, ServiceUnavailable

    async def run() -> None:
        async with world.connect_toy() as connection:
            known = httpx.Response(
                404, json={"error": {"code": "model_not_found", "message": "no\nsuch"}}
            )
            assert type(page.refusal(connection, known)) is ModelNotFound
            busy = httpx.Response(429, headers={"retry-after": "7"}, text="<html>")
            assert type(page.refusal(connection, busy)) is RateLimited
            assert page.refusal(connection, busy).retry_after == 7

            async def slow() -> list[str]:
                raise TimeoutError

            with pytest.raises(ServiceUnavailable) as caught:
                await page.listed(connection, slow)
            assert caught.value.__context__ is None

    asyncio.run(run())


def long_operation(page: ModuleType, world: World) -> None:
    async def run() -> None:
        async with world.connect_toy() as connection:
            world.service.busy, world.service.slowness = 1, 2
            found = await page.deployed(connection, "parrot-1")
            assert found.verified, found
            assert world.service.created == ["parrot-1"]

    asyncio.run(run())


def embedding(page: ModuleType, world: World) -> None:
    from bonito_providers import Connections

    async def look_up(_customer: str) -> tuple[Provider, Any]:
        chosen = page.registry.select("azure", FIELDS)
        return chosen.provider, chosen.provider.read_credentials(chosen.fields)

    async def run() -> None:
        assert await page.check(page.registry, FIELDS, world.network)
        assert not await page.check(page.registry, {"endpoint": "nowhere"}, world.network)
        async with Connections(look_up, network=world.network) as connections:
            assert (await page.models_of(connections, "contoso")).items
            async with connections.use("contoso") as connection:
                config = await page.routes(connection)
        assert "contoso/DeepSeek-V3.1" in [each.entry.model_name for each in config.routes]

    asyncio.run(run())


def many_customers(page: ModuleType, world: World) -> None:
    wrong = dict(CONTOSO.wrong_fields)

    async def run() -> None:
        accounts = page.Accounts({"good": ("azure", {"azure_mode": "foundry", **FIELDS})})
        accounts.rows["bad"] = ("azure", {"azure_mode": "foundry", **wrong})
        async with page.open_connections(accounts, world.network) as connections:
            counts = await page.count_all(connections, ["good", "bad"])
        assert counts["good"] > 0
        assert "key" in counts["bad"], counts

    asyncio.run(run())


def several_processes(page: ModuleType, world: World) -> None:
    from bonito_providers import State

    async def run(folder: Path) -> None:
        async with world.connect_toy() as connection:
            stored = await page.begin(connection, "raven-1", folder)
            assert KEY not in stored.read_text()
            before = await page.found_again(connection, stored)
            first = await page.carry_on(connection, stored)
            second = await page.carry_on(connection, stored)
        assert before.state is State.ABSENT
        assert (first.created, second.created) == (True, False)
        assert world.service.created.count("raven-1") == 1

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


def vault(page: ModuleType, world: World) -> None:
    from bonito_providers import ProviderRegistry

    async def run(address: str) -> None:
        kept = page.Vault(address, "token-of-the-vault", ProviderRegistry.discover())
        await kept.save("contoso", "azure", FIELDS)
        assert await page.models_of(kept, "contoso", world.network)
        await kept.client.aclose()

    with key_value_store("token-of-the-vault") as (address, secrets):
        asyncio.run(run(address))
    assert secrets["/v1/secret/data/bonito/contoso"]["azure_mode"] == "foundry"


def fastapi(page: ModuleType, _world: World) -> None:
    import httpx

    with served(page.app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/form/azure").json()["discriminator"]["propertyName"] == "azure_mode"
        report = client.post("/check/azure", json=FIELDS, timeout=30).json()
        assert report["items"][0]["verdict"] == "passed", report
        assert client.post("/models/azure", json=FIELDS, timeout=30).json()["items"]
        refused = client.post("/check/nowhere", json=FIELDS)
        assert refused.status_code == 422
        assert refused.json()["hint"] or refused.json()["message"]


def router(page: ModuleType, world: World) -> None:
    from bonito_providers import GatewayConfig

    async def run() -> None:
        async with connect(world, FIELDS) as connection:
            found = await page.candidates(connection)
        routes = page.Routes()
        whole = GatewayConfig.build(found)
        assert len(routes.replace(whole).added) == len(whole.routes)
        answer = await routes.router.acompletion(
            "contoso/DeepSeek-V3.1", [{"role": "user", "content": "Hello"}]
        )
        assert answer.choices[0].message.content
        change = routes.replace(GatewayConfig.build(found[:1]))
        assert len(change.removed) == len(whole.routes) - 1
        assert not routes.replace(GatewayConfig.build(found[:1])).changed
        assert page.told(whole) == [f"{each.deployment}: {each.reason}" for each in whole.left_out]
        await page.litellm.close_litellm_async_clients()

    asyncio.run(run())


def first_hooks(page: ModuleType, _world: World) -> None:
    """Try the three hooks of the page on the cloud of the page about proving."""
    proving = sys.modules["documented_prove_a_provider"]
    harness = proving.AcmeHarness()
    cloud = harness.cloud()
    listed = asyncio.run(proving.names_listed(completed(page), proving.KEY))
    assert set(listed) == set(harness.models(cloud, harness.accesses[0]))
    assert harness.standing(cloud) == {}


def completed(page: ModuleType) -> ModuleType:
    """A page's hooks, and from the toy provider those that are required besides."""
    from tests.fake_provider import plugin as toy

    whole = ModuleType("acme")
    for name in ("build_gateway_entry", "check_credentials", "list_deployments", "invoke_model"):
        setattr(whole, name, getattr(toy, name))
    vars(whole).update(vars(page))
    return whole


def if_chain(page: ModuleType, _world: World) -> None:
    assert page.entry_by_chain("gcp", {}, "x") is None


DRIVERS: Mapping[str, Callable[[ModuleType, World], None]] = {
    "README.md": readme,
    "docs/how-to/ask-for-a-consent.md": consents,
    "docs/how-to/embed-in-a-host.md": embedding,
    "docs/how-to/embed-in-fastapi.md": fastapi,
    "docs/how-to/follow-a-long-operation.md": long_operation,
    "docs/how-to/keep-credentials-in-your-vault.md": vault,
    "docs/how-to/leave-the-if-chain.md": if_chain,
    "docs/how-to/raise-errors.md": errors,
    "docs/how-to/reload-a-router.md": router,
    "docs/how-to/run-several-processes.md": several_processes,
    "docs/how-to/serve-many-customers.md": many_customers,
    "docs/how-to/write-a-provider.md": first_hooks,
}
