"""Trying a deployment out: one question through the gateway, as any caller would ask it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bonito_host.gateway.requests import GatewayRequest
from bonito_host.web.deployments import Standing
from bonito_host.web.services import Services
from bonito_providers.errors import InvalidRequest

PAGE = "page"
"""Who asks, in the gateway's record of calls."""
_MAX_TOKENS = 1024
_LONGEST = 20_000


def question(standing: Standing, prompt: str) -> GatewayRequest:
    """Return the request for a prompt.

    Raises:
        InvalidRequest: It is empty or endless, or the deployment cannot be asked.
    """
    if standing.route is None:
        raise InvalidRequest(f"The gateway does not route it: {standing.reason}.")
    if not prompt.strip() or len(prompt) > _LONGEST:
        raise InvalidRequest(f"Ask something, in at most {_LONGEST} characters.")
    if standing.deployment.model.kind == "embedding":
        return GatewayRequest(model=standing.route, body={"input": prompt})
    messages = [{"role": "user", "content": prompt}]
    # Services count a stream only if they are asked to.
    body = {
        "messages": messages,
        "max_tokens": _MAX_TOKENS,
        "stream_options": {"include_usage": True},
    }
    return GatewayRequest(model=standing.route, body=body, stream=True)


async def answers(
    services: Services, standing: Standing, request: GatewayRequest
) -> AsyncGenerator[str, None]:
    """Yield the answer's text as it comes; of an embedding, how long the vector is.

    Raises:
        ProviderError: The class says what can be done about it; also after some text has come.
    """
    if not services.gateway.routes(request.model):
        # It was made a moment ago, and the gateway has not looked yet.
        await services.gateway.put(standing.connection, standing.deployment)
    if standing.deployment.model.kind == "embedding":
        answer = await services.gateway.embed(request, caller=PAGE)
        [first, *_] = answer.document["data"]
        yield f"A vector of {len(first['embedding'])} numbers."
        return
    async with aclosing(services.gateway.stream(request, caller=PAGE)) as pieces:
        async for piece in pieces:
            for choice in piece.document.get("choices", ()):
                if text := (choice.get("delta") or {}).get("content"):
                    yield text
