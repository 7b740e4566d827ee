"""The demonstration: plugins, a connection, its models and deployments, a call through LiteLLM.

Everything is real but the cloud: the plugins, TLS under the clouds' own host names, LiteLLM. What
is told comes from what was returned and from the emulation's log of requests.
"""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import sys
from collections.abc import Mapping, Sequence

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.demo_calls import Adopted, call_all
from bonito_host.demo_connection import tell_choice, walk_connection
from bonito_host.demo_failover import propose, tell_failover
from bonito_host.demo_management import walk_management
from bonito_host.emulation import DemoConnection, Emulation, Stage, prepare
from bonito_host.story import Story
from bonito_providers.connection import Connection
from bonito_providers.gateway import GatewayConfig
from bonito_providers.redaction import redact_live

LOOPBACK = "127.0.0.0/8"
_HEAVY = ("litellm", "openai", "httpx", "aiohttp", "requests", "fastapi")


def run(application: Application) -> int:
    """Tell the whole story; return 1 if anything in it did not happen as it should."""
    story = Story(application.output)
    tell_plugins(application, story)
    stage = prepare()
    if not any(_installed(application, each) for each in stage.connections):
        clouds = ", ".join(dict.fromkeys(each.cloud for each in stage.connections))
        raise click.UsageError(f"No provider is installed for what is emulated: {clouds}.")
    with stage.emulation as emulation, emulation.in_process():
        # The emulated clouds stand on this machine, and no proxy leads to them.
        settings = dataclasses.replace(
            application.settings, trusted_networks=(LOOPBACK,), proxy=None, credentials={}
        )
        inside = Application(settings=settings, output=application.output)
        inside.registry = application.registry
        asyncio.run(_walk(inside, stage, story))
        played = [each for each in stage.connections if _installed(application, each)]
        tell_verdict(played, emulation, story)
    story.finish()
    return exit_codes.DEFECT if story.failures else exit_codes.DONE


def tell_plugins(application: Application, story: Story) -> None:
    """Tell what is installed, and that finding it loaded nothing heavy."""
    story.chapter("Plugins are discovered")
    before = set(sys.modules)
    records = application.registry.records
    for record in records:
        took = "" if record.import_seconds is None else f", {record.import_seconds * 1000:.0f} ms"
        story.say(f"{record.name} {record.version}: {record.status.value}{took}")
        if record.reason:
            story.say(f"  {record.reason} → {record.mend}")
    fresh = sorted({name.partition(".")[0] for name in set(sys.modules) - before})
    story.say(f"Packages loaded by that: {', '.join(fresh) or 'none'}")
    heavy = [name for name in _HEAVY if name in sys.modules]
    if heavy:
        story.fail(f"discovery loaded {', '.join(heavy)}")
    else:
        story.say(f"Not loaded: {', '.join(_HEAVY)}")


async def _walk(application: Application, stage: Stage, story: Story) -> None:
    adopted: list[Adopted] = []
    told: set[str] = set()
    for scenario in stage.scenarios:
        for demo in scenario.connections:
            if not _installed(application, demo):
                story.say(f"Left out: {_named(demo)}, whose provider is not installed.")
                continue
            story.chapter(f"Connect to {_named(demo)}: {scenario.title}")
            if demo.cloud not in told:
                tell_choice(application.registry, demo.cloud, story)
                told.add(demo.cloud)
            connection = _connect(application, demo, demo.fields)
            wrong = _connect(application, demo, demo.wrong_fields)
            async with connection, wrong:
                adopted += await walk_connection(connection, wrong, demo, story)
            if demo.deploy:
                managing = _connect(application, demo, {**demo.fields, **demo.management})
                async with managing:
                    adopted += await walk_management(managing, demo, story)
    await _call(application, adopted, stage, story)


async def _call(
    application: Application, adopted: list[Adopted], stage: Stage, story: Story
) -> None:
    from bonito_host.gateway_calls import open_gateway

    group = propose(GatewayConfig.build(each.route(each.chat) for each in adopted))
    routes = [route for each in adopted for route in each.routes]
    config = GatewayConfig.build(routes, groups=[group] if group else [])
    async with open_gateway(application, config, redact_live) as gateway:
        await call_all(gateway, adopted, stage.emulation.log, story)
        if group is not None:
            await tell_failover(gateway, group, adopted, stage, story)


def _installed(application: Application, demo: DemoConnection) -> bool:
    infos = [each.info for each in application.registry.providers]
    return any(
        each.cloud == demo.cloud and demo.choice.items() <= each.selector.items() for each in infos
    )


def _named(demo: DemoConnection) -> str:
    return " ".join((demo.cloud, *(f"({name}={value})" for name, value in demo.choice.items())))


def _connect(
    application: Application, demo: DemoConnection, fields: Mapping[str, str]
) -> Connection:
    selection = application.registry.select(demo.cloud, {**demo.choice, **fields})
    network = application.settings.network()
    name = "-".join((demo.cloud, *demo.choice.values()))
    return selection.provider.connect(selection.fields, id=name, network=network)


def tell_verdict(played: Sequence[DemoConnection], emulation: Emulation, story: Story) -> None:
    """Tell whether the emulated services were content, and what to try next."""
    log = emulation.log
    story.chapter("The verdict of the emulated services")
    story.say(f"{len(log.requests)} requests, {len(log.violations)} that no real service knows")
    for sentence in log.violations:
        story.fail(sentence)
    story.say(f"Other names asked for: {', '.join(log.refused_names) or 'none'}")
    if story.failures:
        return
    story.chapter("Try next")
    for line in _next(played):
        story.say(line)


def _next(connections: Sequence[DemoConnection]) -> list[str]:
    # As it was called, where a shell would not find it by its name.
    bonito = "bonito" if shutil.which("bonito") else sys.argv[0]
    # Without a cloud's name, `bonito emulate` gives a command the credentials of the first.
    lines = [f"{bonito} emulate -- {bonito} check"]
    firsts: dict[str, DemoConnection] = {}
    for each in connections:
        firsts.setdefault(each.cloud, each)
    for cloud, first in firsts.items():
        chat = f"{bonito} chat {first.adopt} 'Hello'"
        lines.append(f"{bonito} emulate --cloud {cloud} -- {chat}")
    return [*lines, f"{bonito} check   asks for credentials of your own"]
