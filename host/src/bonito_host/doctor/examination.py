"""The examination: the installation first, then what stands on it, then one connection.

What stands on something that does not work is not tried: its failures would hide the cause.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bonito_host.application import Application
from bonito_host.doctor import choosing, distributions, kept, litellm_release, plugins, surroundings
from bonito_host.doctor.choosing import Chosen
from bonito_host.doctor.findings import Diagnosis, Part
from bonito_host.options import ConnectionChoice
from bonito_providers.registry import ProviderRegistry

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.network import NetworkSettings


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What an examination came to, and what one has to know to write it down.

    Attributes:
        diagnosis: Facts and findings.
        registry: The plugins that were found.
        chosen: The connection, if one was found; keep it while anything is written, since its
            secrets are recognised only as long as it lives.
    """

    diagnosis: Diagnosis
    registry: ProviderRegistry
    chosen: Chosen | None


def examine(
    application: Application,
    choice: ConnectionChoice,
    environment: Mapping[str, str],
    *,
    network: NetworkSettings | None = None,
    offline: bool = False,
) -> Examined:
    """Examine the installation, and the connection if one is named.

    Args:
        application: The operator's settings.
        choice: Which connection.
        environment: The variables to look at.
        network: The way out; None is the operator's.
        offline: Whether no call may leave this machine.
    """
    application, parts = _installation(application, environment, offline=offline)
    chosen: Chosen | None = None
    if choosing.is_named(application, choice):
        chosen, more = _chosen(application, choice, parts)
        parts = [*parts, more]
        if chosen and not any(part.faulty for part in (more, *_named(parts, "environment"))):
            # A policy that does not load must not be got round.
            offline = offline or any(part.faulty for part in _named(parts, "wrappers"))
            out = network or application.settings.network()
            parts += asyncio.run(examine_connection(chosen, out, offline=offline))
    diagnosis = Diagnosis(parts=tuple(parts))
    return Examined(diagnosis=diagnosis, registry=application.registry, chosen=chosen)


def _installation(
    application: Application, environment: Mapping[str, str], *, offline: bool
) -> tuple[Application, list[Part]]:
    """Examine what there is without a connection; a broken wrapper does not hide the plugins."""
    settings = application.settings
    wrappers = plugins.examine_wrappers(settings.plugins)
    if wrappers.faulty:
        unwrapped = replace(settings, plugins=replace(settings.plugins, wrappers=()))
        application = replace(application, settings=unwrapped)
    registry = application.registry
    return application, [
        wrappers,
        distributions.examine(plugins.packages(registry)),
        plugins.examine_providers(registry),
        surroundings.examine(environment, registry),
        kept.examine(application.store_location, key=settings.key, offline=offline),
        litellm_release.examine(),
    ]


def _chosen(
    application: Application, choice: ConnectionChoice, parts: Iterable[Part]
) -> tuple[Chosen | None, Part]:
    if choice.stored:
        (store,) = _named(parts, "store")
        if unopened := choosing.unopened(choice.stored, store):
            return None, unopened
    return choosing.choose(application, choice)


def _named(parts: Iterable[Part], title: str) -> list[Part]:
    return [part for part in parts if part.title == title]


async def examine_connection(
    chosen: Chosen, network: NetworkSettings, *, offline: bool
) -> list[Part]:
    """Examine one connection: what its fields mean, the way out, the check, the gateway's routes.

    Args:
        chosen: The connection; it opens.
        network: The way out.
        offline: Whether no call may leave this machine.
    """
    from bonito_host.doctor import checking, reaching, rehearsal, routes

    rehearsed = await rehearsal.rehearse(chosen, network)
    meaning = Part(
        title="endpoint",
        facts={
            "understood as": list(rehearsed.notes),
            "calls first": list(map(str, rehearsed.ways)),
        },
        findings=tuple(map(checking.of_item, rehearsed.refused)),
    )
    if offline:
        async with chosen.connect(network) as connection:
            return [meaning, await _routed(connection, chosen.seen, network)]
    suffixes = chosen.provider.info.host_suffixes
    way = await reaching.examine(rehearsed.ways, suffixes=suffixes, network=network)
    if way.faulty or meaning.faulty:
        return [meaning, way]
    async with chosen.connect(network) as connection:
        checked = await checking.examine(connection)
        parts = [meaning, way, checked.clock, checked.check]
        if not checked.usable:
            return parts
        found, listing = await routes.listed(connection)
        return [*parts, listing, await _routed(connection, found, network)]


async def _routed(
    connection: Connection, deployments: Iterable[Deployment], network: NetworkSettings
) -> Part:
    from bonito_host.doctor import routes

    if litellm_release.installed() is None:
        return Part(title="gateway", facts={"routes": "unknown without LiteLLM"})
    return await routes.examine(connection, deployments, extra_hosts=network.extra_hosts)
