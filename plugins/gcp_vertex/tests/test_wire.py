"""What the real LiteLLM sends by every form's entry, against what Google documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.gcp_vertex.tests.wire_calls import CHATS, EMBEDDINGS, PROMPT

ROOT = Path(__file__).parents[3]
PLACE = "/v1/projects/acme-prod/locations/global"
RAW = ("anthropic", "mistralai")
FOREIGN = {
    "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/foreign.json",
    "GOOGLE_CLOUD_PROJECT": "foreign",
    "VERTEXAI_LOCATION": "us-east5",
    "VERTEXAI_PROJECT": "foreign",
    "VERTEX_LOCATION": "us-east5",
    "VERTEX_PROJECT": "foreign",
}


@pytest.fixture(scope="module")
def outcome() -> dict[str, Any]:
    """What arrived for each call, with foreign credentials in the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "plugins.gcp_vertex.tests.wire_calls"],
        cwd=ROOT,
        env={**os.environ, **FOREIGN, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def path_of(name: str, operation: str) -> tuple[str, str]:
    """Gives path and query as Google documents them for a publisher's form."""
    publisher, _, model = name.partition("/")
    if publisher == "google" and "gemini" in model:
        verb, query = {
            "stream": ("streamGenerateContent", "alt=sse"),
            "embedding": ("embedContent", ""),
        }.get(operation, ("generateContent", ""))
        return f"{PLACE}/publishers/google/models/{model}:{verb}", query
    if operation == "embedding":
        return f"{PLACE}/publishers/google/models/{model}:predict", ""
    if publisher in RAW:
        verb = "streamRawPredict" if operation == "stream" else "rawPredict"
        return f"{PLACE}/publishers/{publisher}/models/{model}:{verb}", ""
    return f"{PLACE}/endpoints/openapi/chat/completions", ""


@pytest.mark.parametrize("operation", ["chat", "stream", "tools"])
@pytest.mark.parametrize("name", CHATS)
def test_a_chat_arrives_as_documented_and_is_answered(
    name: str, operation: str, outcome: dict[str, Any]
) -> None:
    seen = outcome[f"{name} {operation}"]
    assert (seen["error"], seen["violations"], seen["refused_names"]) == (None, [], [])
    [request] = seen["requests"]
    path, query = path_of(name, operation)
    assert request["path"] == path
    assert request["query"].replace("%3D", "=") in (query, "alt=sse")
    assert request["host"] == "aiplatform.googleapis.com"
    assert request["bearer"]
    assert not {each for each in request["body"] if each.startswith("vertex_")}
    if "openapi" in path:
        assert request["body"]["model"] == name
    expected = "calls weather" if operation == "tools" else PROMPT
    assert expected in seen["answer"]


@pytest.mark.parametrize("name", EMBEDDINGS)
def test_an_embedding_arrives_as_documented_and_is_answered(
    name: str, outcome: dict[str, Any]
) -> None:
    seen = outcome[f"{name} embedding"]
    assert (seen["error"], seen["violations"], seen["refused_names"]) == (None, [], [])
    [request] = seen["requests"]
    assert (request["path"], request["query"]) == path_of(name, "embedding")
    assert seen["answer"] in ("768 dimensions", "3072 dimensions")
