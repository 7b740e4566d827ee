"""Paths that do not exist, and the service that echoes keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from bonito_emulators import Emulation
    from bonito_emulators.azure import Account

CHAT = "/models/chat/completions"
VERSION = "?api-version=2024-05-01-preview"


def body(**more: Any) -> dict[str, Any]:
    return {"model": "partner", "messages": [{"role": "user", "content": "hello"}], **more}


@pytest.fixture
def keyed(client: httpx.Client, key: str) -> httpx.Client:
    client.headers["api-key"] = key
    return client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CHAT),
        ("POST", "/openai/v1/models/chat/completions"),
        ("POST", "/api/projects/team/models/chat/completions"),
        ("POST", "/models/anthropic/v1/messages"),
        ("POST", "/chat/completions"),
        ("POST", "/openai/v1/openai/v1/chat/completions"),
        ("POST", f"{CHAT}/"),
        ("GET", "/"),
    ],
)
def test_a_path_the_service_does_not_have_is_a_violation(
    emulation: Emulation, keyed: httpx.Client, method: str, path: str
) -> None:
    answer = keyed.request(method, path + VERSION)
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}
    assert emulation.log.violations == [
        f"{method} acme.services.ai.azure.com{path}: the service has no such path"
    ]


def test_a_key_is_echoed_in_errors_and_headers_when_the_service_does_so(
    keyed: httpx.Client, account: Account
) -> None:
    account.echo_key = True
    keyed.headers["api-key"] = "canary"
    for given in (body(), body(unknown=1)):
        answer = keyed.post(CHAT + VERSION, json=given)
        assert "canary" in answer.json()["error"]["message"]
        assert answer.headers["x-ms-presented-key"] == "canary"
    account.keys = ("canary", "other")
    assert "canary" in keyed.post(CHAT + VERSION, json=body(unknown=1)).text
    assert "canary" not in keyed.post(CHAT + VERSION, json=body()).text
