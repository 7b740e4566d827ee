"""Calls a failover group of three emulated clouds by the real LiteLLM, and tells who was asked.

The faults carry a Retry-After, which is what LiteLLM goes by: no clock decides anything here.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bonito_host.application import Application
from bonito_host.demo import LOOPBACK
from bonito_host.emulation import DemoConnection, Stage, prepare
from bonito_host.gateway_calls import open_gateway
from bonito_host.litellm_adapter import Gateway
from bonito_host.output import Output
from bonito_host.routes import entry_for
from bonito_host.settings import Settings
from bonito_providers import DeploymentRequest, FailoverGroup, GatewayConfig, RoutableDeployment
from bonito_providers.connection import Connection
from bonito_providers.errors import ProviderError
from bonito_providers.redaction import redact_live
from bonito_providers.waiting import wait

GROUP = "one-model"
HOUR, NONE = "3600", "0"


@dataclasses.dataclass(frozen=True)
class Member:
    """One place of the group: its route, its host, and the cloud whose faults can be ordered."""

    route: RoutableDeployment
    host: str
    cloud: Any
    demo: DemoConnection
    connection: Connection

    def throttle(self, retry_after: str) -> None:
        from bonito_emulators import Respond

        for fault in self.demo.throttling:  # type: ignore[attr-defined] # the scenario's own
            given: Respond = fault.action
            action = Respond(
                given.status, {**given.headers, "retry-after": retry_after}, given.body
            )
            self.cloud.faults.add(dataclasses.replace(fault, action=action))

    def refuse(self) -> None:
        from bonito_emulators import Respond

        for fault in self.demo.throttling:  # type: ignore[attr-defined] # the scenario's own
            action = Respond(400, {}, {"error": {"message": "No such parameter."}})
            self.cloud.faults.add(dataclasses.replace(fault, action=action))


async def members(application: Application, stage: Stage) -> list[Member]:
    """Deploy what the scenarios share, and return its places."""
    found = []
    for scenario, cloud in zip(stage.scenarios, stage.clouds, strict=True):
        demo = scenario.connections[0]
        if not demo.deploy:
            continue  # a service that deploys nothing, such as an endpoint of one's own
        fields = {**demo.choice, **demo.fields, **demo.management}
        selection = application.registry.select(demo.cloud, fields)
        network = application.settings.network()
        provider = selection.provider
        connection = provider.connect(selection.fields, id=demo.cloud, network=network)
        async with connection:
            request = DeploymentRequest(model=demo.deploy[-1])
            made = await wait(connection, await provider.plan_deployment(connection, request))
        route = RoutableDeployment(
            connection=demo.cloud,
            deployment=made.ref.name,
            entry=entry_for(connection, made),
            canonical_name=made.model.canonical_name,
        )
        host = str(made.endpoint).split("/")[2]
        found.append(Member(route, host, cloud, demo, connection))
    return found


class Told:
    """What each call came to: the members asked, by number, with their statuses, and the answer."""

    def __init__(self, gateway: Gateway, stage: Stage, places: list[Member]) -> None:
        self.gateway = gateway
        self.stage = stage
        self.places = places
        self.calls: dict[str, Any] = {}

    async def ask(self, when: str, *, name: str = GROUP, stream: bool = False) -> None:
        before = len(self.stage.emulation.log.requests)
        prompt = [{"role": "user", "content": "hello"}]
        error: dict[str, Any] = {}
        text = ""
        try:
            if stream:
                text = "".join([piece async for piece in self.gateway.stream(name, prompt)])
            else:
                text = (await self.gateway.chat(name, prompt)).text
        except ProviderError as failure:
            error = {
                "class": type(failure).__name__,
                "message": failure.message,
                "retry_after": failure.retry_after,
            }
        hosts = [place.host for place in self.places]
        asked = [
            (hosts.index(each.host) + 1, each.status)
            for each in self.stage.emulation.log.requests[before:]
            if each.host in hosts
        ]
        self.calls[when] = {"asked": asked, "text": text, "error": error}

    @asynccontextmanager
    async def throttled(self, *places: int, retry_after: str) -> AsyncIterator[None]:
        for place in places:
            self.places[place - 1].throttle(retry_after)
        yield
        for place in places:
            self.places[place - 1].cloud.faults.clear()


async def walk(told: Told) -> None:
    """Make the calls that the test asks about; those that put a place to rest come last."""
    await told.ask("all answer")
    async with told.throttled(1, retry_after=NONE):
        await told.ask("first throttled")
        await told.ask("first throttled, in a stream", stream=True)
        await told.ask("its own route", name=told.places[0].route.route_name)
    await told.ask("first recovered")
    async with told.throttled(1, 2, retry_after=NONE):
        await told.ask("two throttled")
    async with told.throttled(1, 2, 3, retry_after=NONE):
        await told.ask("all throttled")
    told.places[0].refuse()
    await told.ask("first refuses the request")
    told.places[0].cloud.faults.clear()
    async with told.throttled(1, retry_after=HOUR):
        await told.ask("first throttled for an hour")
        await told.ask("its own route for an hour", name=told.places[0].route.route_name)
        await told.ask("its own route again", name=told.places[0].route.route_name)
    await told.ask("first at rest")
    async with told.throttled(2, 3, retry_after=HOUR):
        await told.ask("the others throttled for an hour")
    await told.ask("all at rest")


async def main() -> dict[str, Any]:
    settings = dataclasses.replace(Settings.read({}), trusted_networks=(LOOPBACK,))
    application = Application(settings=settings, output=Output(as_json=True, colour=False))
    stage = prepare()
    with stage.emulation as emulation, emulation.in_process():
        places = await members(application, stage)
        names = [place.route.route_name for place in places]
        routes = [place.route for place in places]
        group = FailoverGroup(name=GROUP, members=tuple(names))
        config = GatewayConfig.build(routes, groups=[group])
        async with open_gateway(application, config, redact_live) as gateway:
            told = Told(gateway, stage, places)
            await walk(told)
        return {
            "canonical_names": [route.canonical_name for route in routes],
            "proposals": [each.model_dump() for each in config.proposals],
            "calls": told.calls,
            "violations": emulation.log.violations,
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main())))  # noqa: T201 - read by the test
