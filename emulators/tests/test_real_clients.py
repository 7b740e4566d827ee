"""Real clients, unchanged, under the real names: in one process, and through the proxy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators import Emulation, RequestLog
from bonito_emulators.azure.scenario import scenario

# Starts processes with the real clients, LiteLLM among them.
pytestmark = pytest.mark.slow

PROGRAMS = Path(__file__).parent / "programs"
CLIENTS = ["httpx", "aiohttp", "requests", "litellm"]
SERVICE = "contoso.services.ai.azure.com"
TEXT = "You said: Paris please"
TOOL = ['{"city": "Paris please", "days": 1}']


def run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> Any:
    """Runs a program in a process of its own and reads the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / program), *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_four_clients_in_one_process_reach_the_service_on_port_443_and_nothing_else() -> None:
    result = run("four_clients.py", "in-process")
    assert result["answers"] == [f"This is DeepSeek-V3.1. You said: {name}" for name in CLIENTS]
    assert [answer.partition(":")[0] for answer in result["foreign"]] == ["refused"] * 4
    assert result["violations"] == []
    foreign = {"foreign.example", "foreign.services.ai.azure.com"}
    assert set(result["refused_names"]) == foreign
    for client, agent in zip(CLIENTS, result["agents"], strict=True):
        assert client in agent


def test_four_clients_of_a_child_process_reach_the_service_through_the_proxy_only() -> None:
    with Emulation(scenario.start_cloud()) as emulation:
        result = run("four_clients.py", environment=emulation.environment())
        log = emulation.log
    assert result["answers"] == [f"This is DeepSeek-V3.1. You said: {name}" for name in CLIENTS]
    assert [answer.partition(":")[0] for answer in result["foreign"]] == ["refused"] * 4
    assert set(log.refused_names) == {"foreign.example", "foreign.services.ai.azure.com"}
    assert log.violations == []
    assert [request.host for request in log.requests] == [SERVICE] * 4
    for client, request in zip(CLIENTS, log.requests, strict=True):
        assert client in request.user_agent


@pytest.fixture(scope="module")
def litellm_run() -> tuple[dict[str, Any], RequestLog]:
    """Runs all shapes once; importing LiteLLM takes seconds."""
    key = scenario.connections[0].fields["api_key"]
    with Emulation(scenario.start_cloud()) as emulation:
        result = run("litellm_shapes.py", key, environment=emulation.environment())
        return result, emulation.log


def test_litellm_sends_nothing_the_service_does_not_know(
    litellm_run: tuple[dict[str, Any], RequestLog],
) -> None:
    _, log = litellm_run
    assert log.violations == []
    assert log.refused_names == []
    assert {request.host for request in log.requests} == {SERVICE}
    paths = {request.path for request in log.requests}
    assert paths == {
        "/models/chat/completions",
        "/openai/v1/chat/completions",
        "/openai/v1/embeddings",
        "/openai/deployments/gpt-4o-mini/chat/completions",
        "/openai/deployments/text-embedding-3-small/embeddings",
        "/anthropic/v1/messages",
    }


@pytest.mark.parametrize(
    ("surface", "model"),
    [
        ("inference", "DeepSeek-V3.1"),
        ("inference gpt", "gpt-4o-mini-2024-07-18"),
        ("v1", "DeepSeek-V3.1"),
        ("classic", "gpt-4o-mini-2024-07-18"),
        ("claude", "claude-sonnet-4-5"),
    ],
)
def test_litellm_understands_every_shape_of_chat(
    litellm_run: tuple[dict[str, Any], RequestLog], surface: str, model: str
) -> None:
    result, _ = litellm_run
    text = f"This is {model}. {TEXT}"
    assert result[f"chat {surface}"] == [text, "stop", [], 11]
    assert result[f"stream {surface}"][:3] == [text, "stop", []]
    assert result[f"tools {surface}"][1:3] == ["tool_calls", TOOL]
    assert result[f"tools stream {surface}"][1:3] == ["tool_calls", TOOL]
    assert result[f"tool result {surface}"] == [f"This is {model}. You said: sunny", "stop"]


@pytest.mark.parametrize("surface", ["v1", "classic"])
def test_litellm_reads_embeddings_in_base64(
    litellm_run: tuple[dict[str, Any], RequestLog], surface: str
) -> None:
    result, log = litellm_run
    count, length, numbers, tokens = result[f"embedding {surface}"]
    assert (count, length, tokens) == (2, 1536, 2)
    assert numbers == pytest.approx([0.010629110969603062, 0.0053963386453688145, 0.026179950684])
    asked = [r for r in log.requests if r.path.endswith("/embeddings")]
    assert {request.json()["encoding_format"] for request in asked} == {"base64"}


def test_litellm_drops_what_the_inference_surface_refuses_and_tries_again(
    litellm_run: tuple[dict[str, Any], RequestLog],
) -> None:
    result, log = litellm_run
    assert result["usage inference"][0] == f"This is DeepSeek-V3.1. {TEXT}"
    statuses = [r.status for r in log.select(path="/models/chat/completions")]
    assert statuses.count(422) == 1
    assert statuses[statuses.index(422) + 1] == 200


def test_litellm_maps_refusals_to_its_exceptions(
    litellm_run: tuple[dict[str, Any], RequestLog],
) -> None:
    result, _ = litellm_run
    assert result["refused reasoner"] == ["BadRequestError", 400]
    assert result["refused unknown"] == ["NotFoundError", 404]
    assert result["refused key"] == ["AuthenticationError", 401]
    assert result["refused claude"] == ["NotFoundError", 404]
    assert result["limit reasoner"][:2] == ["This is gpt-5-mini-2025-08-07.", "length"]
