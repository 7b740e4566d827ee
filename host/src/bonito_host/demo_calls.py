"""The demonstration's chapters on calls: chat, stream, tools and embedding through LiteLLM."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_host.output import printable
from bonito_host.routes import entry_for
from bonito_host.story import Story
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.gateway import RoutableDeployment

if TYPE_CHECKING:
    from bonito_host.emulation import DemoConnection, RecordedRequest, RequestLog
    from bonito_host.litellm_adapter import Gateway

_SENDERS = ("litellm/", "AsyncOpenAI/")
"""What LiteLLM calls itself; on its routes `openai/` it sends by that client."""
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
        demo: What the scenario says of the connection.
    """

    connection: Connection
    chat: Deployment
    embedding: Deployment | None
    demo: DemoConnection

    @property
    def routes(self) -> list[RoutableDeployment]:
        """The routes to what there is."""
        return [self.route(each) for each in (self.chat, self.embedding) if each is not None]

    def route(self, deployment: Deployment) -> RoutableDeployment:
        """Return the route to one of the two."""
        entry = entry_for(self.connection, deployment)
        name = deployment.ref.name
        return RoutableDeployment(
            connection=self.connection.id,
            deployment=name,
            entry=entry,
            canonical_name=deployment.model.canonical_name,
        )


async def call_all(
    gateway: Gateway, adopted: Sequence[Adopted], log: RequestLog, story: Story
) -> None:
    """Tell the calls through one Router for all connections, and what came over the wire."""
    before = len(log.requests)
    story.chapter("Calls through LiteLLM")
    for each in adopted:
        await _tell_calls(gateway, each, story)
    tell_wire(log.requests[before:], story)


async def _tell_calls(gateway: Gateway, adopted: Adopted, story: Story) -> None:
    story.say(f"{adopted.route(adopted.chat).route_name}:")
    async for what, said in _calls(gateway, adopted):
        if said:
            story.say(f"  {what:<10}{printable(said)}")
        else:
            story.fail(f"{what}: no answer came back")


async def _calls(gateway: Gateway, adopted: Adopted) -> AsyncIterator[tuple[str, str]]:
    model = adopted.route(adopted.chat).route_name
    prompt = adopted.demo.prompt
    ask = [{"role": "user", "content": prompt}]
    answer = await gateway.chat(model, ask)
    yield "chat", answer.text
    pieces = [piece async for piece in gateway.stream(model, ask)]
    yield "stream", f"{''.join(pieces)} ({len(pieces)} pieces)" if pieces else ""
    answer = await gateway.chat(model, ask, tools=[_TOOL])
    yield "tools", ", ".join(f"{call.name}({call.arguments})" for call in answer.tool_calls)
    if adopted.embedding is not None:
        found = await gateway.embed(adopted.route(adopted.embedding).route_name, [prompt])
        yield "embedding", f"{len(found.vectors[0])} numbers" if found.vectors[0] else ""


def tell_wire(requests: Sequence[RecordedRequest], story: Story) -> None:
    """Tell what the emulated services saw of these calls; without LiteLLM among them, fail."""
    story.chapter("What the services saw of these calls")
    for (address, sender), count in Counter(map(_seen, requests)).items():
        story.say(address)
        story.say(f"    {count} call{'' if count == 1 else 's'}, {sender}")
    if not any(request.user_agent.startswith(_SENDERS) for request in requests):
        story.fail("no request came from the real LiteLLM")


def _seen(request: RecordedRequest) -> tuple[str, str]:
    """Return a request as a line, and who sent it by which header."""
    names = [name for name, _ in request.headers if name in _AUTHENTICATION]
    query = f"?{request.query}" if request.query else ""
    address = f"{request.status} {request.method} https://{request.host}{request.path}{query}"
    return printable(address), f"{', '.join(names) or 'no key'} by {printable(request.user_agent)}"
