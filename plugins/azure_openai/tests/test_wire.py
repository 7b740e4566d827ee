"""What the real LiteLLM sends for every entry, cell by cell, against the services' documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from bonito_azure_openai.plugin import INFO
from plugins.azure_openai.tests.resources import CLIENT, SECRET
from plugins.azure_openai.tests.wire_cells import (
    AUDIENCE,
    HOSTS,
    IDENTITIES,
    PROMPT,
    Cell,
    cells,
    expected,
)

# Starts a process with the real LiteLLM; the Foundry plugin's own runs in the fast tests.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CELLS = list(cells())


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    """What arrived for each cell, though the environment is full of somebody else's settings."""
    foreign = dict.fromkeys(INFO.environment, "https://foreign.test")
    done = subprocess.run(
        [sys.executable, "-m", "plugins.azure_openai.tests.wire_calls"],
        cwd=ROOT,
        env={**os.environ, **foreign, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.id)
def test_exactly_the_documented_request_arrives_and_is_answered(
    cell: Cell, outcome: dict[str, Any]
) -> None:
    seen = outcome[cell.id]
    assert seen["error"] is None
    assert seen["violations"] == []
    assert seen["refused_names"] == []
    [request] = seen["requests"]
    assert request.pop("user_agent").startswith(("litellm/", "AsyncOpenAI/", "AsyncAzureOpenAI/"))
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


def test_litellm_signs_in_by_itself_and_only_for_the_data_plane(outcome: dict[str, Any]) -> None:
    forms = [parse_qs(body) for seen in outcome.values() for body in seen["sign_ins"]]
    assert forms
    assert {form["scope"][0] for form in forms} == {f"{AUDIENCE}/.default"}
    assert {form["client_id"][0] for form in forms} == {CLIENT}
    by_key = [seen for id, seen in outcome.items() if id.startswith("key ")]
    assert all(seen["sign_ins"] == [] for seen in by_key)


def test_the_secret_goes_to_entra_alone(outcome: dict[str, Any]) -> None:
    everything = [request for seen in outcome.values() for request in seen["requests"]]
    assert everything
    assert SECRET not in json.dumps(everything)


def test_the_matrix_has_every_identity_operation_and_host() -> None:
    seen = {(cell.identity, cell.host, cell.operation) for cell in CELLS}
    operations = ("chat", "stream", "tools", "embeddings")
    assert seen == {
        (identity, host, operation)
        for identity in IDENTITIES
        for host in HOSTS
        for operation in operations
    }
    assert len(CELLS) > 250
