"""Answers with the headers the service adds, in one piece or as a stream of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.deployments import Deployment

_TOKENS_PER_UNIT = 1000
_REQUESTS_PER_UNIT = 6


class EventStream(Response):
    """Sends every event as a piece of its own."""

    def __init__(self, events: Iterable[bytes], *, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "content-type": "text/event-stream; charset=utf-8"})
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events, then the end."""
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        for event in self._events:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def service_headers(account: Account, *, sequence: int) -> dict[str, str]:
    """Gives the headers of every answer; ids count up so that runs repeat."""
    identity = f"00000000-0000-4000-8000-{sequence:012d}"
    return {
        "apim-request-id": identity,
        "x-request-id": identity,
        "x-ms-region": account.region,
        "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
        "x-content-type-options": "nosniff",
    }


def model_headers(deployment: Deployment, *, tokens: int) -> dict[str, str]:
    """Gives the headers of an answer that a model made."""
    tokens_per_minute = deployment.capacity * _TOKENS_PER_UNIT
    requests_per_minute = deployment.capacity * _REQUESTS_PER_UNIT
    return {
        "x-ms-deployment-name": deployment.name,
        "x-ms-rai-invoked": "true",
        "azureml-model-session": "d000-emulated",
        "x-accel-buffering": "no",
        "x-ratelimit-limit-requests": str(requests_per_minute),
        "x-ratelimit-limit-tokens": str(tokens_per_minute),
        "x-ratelimit-remaining-requests": str(requests_per_minute - 1),
        "x-ratelimit-remaining-tokens": str(max(0, tokens_per_minute - tokens)),
    }


def json_reply(body: Any, *, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON
    """Makes a plain 200."""
    return JSONResponse(body, headers=headers)
