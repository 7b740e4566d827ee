"""`bonito gateway chat`: one call to a route or a failover group of all stored connections."""

from __future__ import annotations

import asyncio
import difflib

import click

from bonito_host.application import Application
from bonito_host.commands.gateway_groups import write_unreachable
from bonito_host.gateway_places import gather
from bonito_host.options import common_options, store_options
from bonito_providers.errors import DeploymentNotFound
from bonito_providers.gateway import GatewayConfig


@click.command("chat")
@common_options
@store_options
@click.argument("name")
@click.argument("prompt")
@click.option("--stream", is_flag=True, help="Print the answer as it comes.")
@click.pass_obj
def chat(application: Application, /, *, name: str, prompt: str, stream: bool) -> None:
    """Ask NAME, a route, a short name or an accepted group, through LiteLLM."""
    asyncio.run(_ask(application, name, prompt, stream=stream))


async def _ask(application: Application, name: str, prompt: str, *, stream: bool) -> None:
    gathered = await gather(application)
    write_unreachable(gathered, application.output)
    config = gathered.config
    _require_routed(name, config)
    from bonito_host import gateway_calls

    async with gateway_calls.open_gateway(application, config, gathered.redact) as gateway:
        call = gateway_calls.Asking(gateway, name, application.output)
        await (call.stream(prompt) if stream else call.chat(prompt))


def _require_routed(name: str, config: GatewayConfig) -> None:
    known = [*dict.fromkeys(route.entry.model_name for route in config.routes), *config.aliases]
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        like = f"Did you mean {', '.join(close)}?" if close else ""
        hint = like or "`bonito gateway export --all` shows what is routed."
        raise DeploymentNotFound(f"Nothing is routed as {name[:100]!r}.", hint=hint)
