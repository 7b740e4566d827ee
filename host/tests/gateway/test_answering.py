"""What is sent when a service's answer, or the request's address, is not as it should be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bonito_host.gateway.answers import Answer, Usage, sent, written
from bonito_host.gateway.endpoints import router
from bonito_host.gateway.ledger import Ledger
from bonito_host.gateway.metrics import Metrics
from bonito_host.store.store import Store
from bonito_host.web.errors import add_error_handlers

HALF = {"choices": [{"delta": {"content": "a\ud83d"}}]}


class Service:
    """A gateway whose service answers half a character."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.callers = self

    async def recognise(self, key: str) -> Any:
        return SimpleNamespace(id="c")

    async def chat(self, request: Any, *, caller: str) -> Answer:
        return Answer(document=HALF, text=written(HALF), route=None, usage=Usage())

    async def stream(self, request: Any, *, caller: str) -> AsyncIterator[Answer]:
        for _ in range(2):
            yield await self.chat(request, caller=caller)


def app_of(service: Service) -> FastAPI:
    app = FastAPI()
    app.state.services = SimpleNamespace(gateway=service)

    async def defect() -> None:
        raise RuntimeError("private")

    app.add_api_route("/v1/defect", defect)
    app.include_router(router)
    add_error_handlers(app)
    return app


def ask(service: Service, method: str, path: str, **body: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        # Starlette raises a defect again once it is answered.
        transport = httpx.ASGITransport(app=app_of(service), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://host") as client:
            headers = {"authorization": "Bearer x"}
            content = json.dumps(body) if body else None
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(asked())


@pytest.fixture
def service(tmp_path: Any) -> Service:
    return Service(Ledger(Store(tmp_path / "bonito.db").calls, Metrics()))


CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "x"}]}


def test_half_a_character_is_replaced_and_a_whole_one_kept() -> None:
    assert sent("a\ud83d").decode() == "a\ufffd"
    assert sent("\U0001f41f\udc1f").decode() == "\U0001f41f\ufffd"


@pytest.mark.parametrize("stream", [False, True])
def test_half_a_character_breaks_no_answer(service: Service, *, stream: bool) -> None:
    answer = ask(service, "POST", "/v1/chat/completions", **CHAT, stream=stream)
    assert answer.status_code == 200
    assert answer.text.count("a\ufffd") == (2 if stream else 1)
    assert answer.text.endswith("data: [DONE]\n\n") == stream


def test_a_call_to_a_model_that_cannot_be_is_refused_and_recorded(service: Service) -> None:
    answer = ask(service, "POST", "/v1/chat/completions", **{**CHAT, "model": "a\ud800"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "model"
    [call] = asyncio.run(service.ledger.recent())
    assert (call.model, call.status, call.failure) == ("a\ufffd", 400, "RequestRefused")


def test_a_field_named_by_half_a_character_is_refused_in_openais_shape(service: Service) -> None:
    answer = ask(service, "POST", "/v1/chat/completions", **CHAT, **{"\ud800": 1})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "\ufffd"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/none", 404), ("GET", "/v1/embeddings", 405), ("GET", "/v1/defect", 500)],
)
def test_every_error_of_the_gateway_has_openais_shape(
    service: Service, method: str, path: str, status: int
) -> None:
    answer = ask(service, method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["param"] is None
    assert "private" not in answer.text
