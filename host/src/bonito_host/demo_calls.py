"""The demonstration's chapters on calls: chat, stream, tools and embedding through LiteLLM."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_host.output import printable
from bonito_host.routes import entry_for
from bonito_host.story import Story
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.gateway import GatewayConfig, RoutableDeployment
from bonito_providers.redaction import redact_live

if TYPE_CHECKING:
    from bonito_host.application import Application
    from bonito_host.emulation import Emulation, RecordedRequest
    from bonito_host.litellm_adapter import Gateway

_AUTHENTICATION = ("authorization", "api-key", "x-api-key")
_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


@dataclass(frozen=True)
class Adopted:
    """What is called through LiteLLM for one connection.

    Attributes:
        connection: Where; may be closed already, since LiteLLM opens its own.
        chat: The adopted deployment.
        embedding: A deployment for embeddings, if one stands in the account.
        prompt: What to ask.
    """

    connection: Connection
    chat: Deployment
    embedding: Deployment | None
    prompt: str

    def route(self, deployment: Deployment) -> RoutableDeployment:
        """Return the route to one of the two."""
        entry = entry_for(self.connection, deployment)
        name = deployment.ref.name
        return RoutableDeployment(connection=self.connection.id, deployment=name, entry=entry)


async def call_all(
    application: Application, adopted: list[Adopted], emulation: Emulation, story: Story
) -> None:
    """Tell the calls through one Router for all connections, and what came over the wire."""
    from bonito_host.gateway_calls import open_gateway

    routes = [
        each.route(deployment)
        for each in adopted
        for deployment in (each.chat, each.embedding)
        if deployment is not None
    ]
    before = len(emulation.log.requests)
    story.chapter("Calls through LiteLLM")
    async with open_gateway(application, GatewayConfig.build(routes), redact_live) as gateway:
        for each in adopted:
            await _tell_calls(gateway, each, story)
    tell_wire(emulation.log.requests[before:], story)


async def _tell_calls(gateway: Gateway, adopted: Adopted, story: Story) -> None:
    async for what, said in _calls(gateway, adopted):
        if said:
            story.say(f"{what:<10}{printable(said)}")
        else:
            story.fail(f"{what}: no answer came back")


async def _calls(gateway: Gateway, adopted: Adopted) -> AsyncIterator[tuple[str, str]]:
    model = adopted.route(adopted.chat).route_name
    ask = [{"role": "user", "content": adopted.prompt}]
    answer = await gateway.chat(model, ask)
    yield "chat", answer.text
    pieces = [piece async for piece in gateway.stream(model, ask)]
    yield "stream", f"{''.join(pieces)} ({len(pieces)} pieces)" if pieces else ""
    answer = await gateway.chat(model, ask, tools=[_TOOL])
    yield "tools", ", ".join(f"{call.name}({call.arguments})" for call in answer.tool_calls)
    if adopted.embedding is not None:
        found = await gateway.embed(adopted.route(adopted.embedding).route_name, [adopted.prompt])
        yield "embedding", f"{len(found.vectors[0])} numbers" if found.vectors[0] else ""


def tell_wire(requests: Sequence[RecordedRequest], story: Story) -> None:
    """Tell what the emulated services saw of these calls; without LiteLLM among them, fail."""
    story.chapter("What the service saw of these calls")
    for request in requests:
        names = [name for name, _ in request.headers if name in _AUTHENTICATION]
        query = f"?{request.query}" if request.query else ""
        address = printable(f"{request.method} https://{request.host}{request.path}{query}")
        story.say(f"{request.status} {address}")
        story.say(f"    {', '.join(names)} by {printable(request.user_agent)}")
    if not any(request.user_agent.startswith("litellm/") for request in requests):
        story.fail("no request came from the real LiteLLM")
