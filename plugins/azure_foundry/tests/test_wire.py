"""What the real LiteLLM sends for every entry, cell by cell, against the services' documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.azure_foundry.tests.wire_cells import PROMPT, Cell, cells, expected

ROOT = Path(__file__).parents[3]
ROUTED = [cell for cell in cells() if cell.route is not None]
UNROUTED = [cell for cell in cells() if cell.route is None]


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    """What arrived for each cell."""
    foreign = {
        "AZURE_AI_API_KEY": "foreign",
        "AZURE_API_KEY": "foreign",
        "AZURE_API_VERSION": "1999-01-01",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    done = subprocess.run(
        [sys.executable, "-m", "plugins.azure_foundry.tests.wire_calls"],
        cwd=ROOT,
        env={**os.environ, **foreign},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("cell", ROUTED, ids=lambda cell: cell.id)
def test_exactly_the_documented_request_arrives_and_is_answered(
    cell: Cell, outcome: dict[str, Any]
) -> None:
    seen = outcome[cell.id]
    assert seen["error"] is None
    assert seen["violations"] == []
    assert seen["refused_names"] == []
    [request] = seen["requests"]
    agent = request.pop("user_agent")
    assert agent.startswith(("litellm/", "AsyncOpenAI/", "AsyncAzureOpenAI/"))
    if request["body"].get("stream") is False:
        # LiteLLM's Router writes this default out on some routes and not on others.
        del request["body"]["stream"]
    assert request == expected(cell)
    assert _whole(cell, seen["answer"])


def _whole(cell: Cell, answer: str) -> bool:
    if cell.operation == "embeddings":
        return answer.endswith("dimensions")
    if cell.operation == "tools":
        return answer == "calls get_weather"
    return PROMPT in answer


@pytest.mark.parametrize("cell", UNROUTED, ids=lambda cell: cell.id)
def test_what_litellm_cannot_route_says_where_it_could(cell: Cell, outcome: dict[str, Any]) -> None:
    reason = outcome[cell.id]["unsupported"]
    assert "https://contoso.services.ai.azure.com" in reason or "another name" in reason


def test_the_matrix_has_every_operation_on_every_host() -> None:
    seen = {(cell.host, cell.operation) for cell in ROUTED}
    hosts = ("services", "openai", "cognitive")
    assert seen == {
        (host, operation)
        for host in hosts
        for operation in ("chat", "stream", "tools", "embeddings")
    }
    assert len(ROUTED) > 500
