"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"google", "cryptography", "requests", "litellm", "httpx", "asyncio", "ssl"}
PROGRAM = """
import json, sys
{statement}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(statement: str) -> set[str]:
    """Gives the packages that are loaded afterwards, in an interpreter of its own."""
    program = PROGRAM.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import bonito_gcp_vertex.plugin",
        "from bonito_gcp_vertex.plugin import INFO; INFO.model_dump_json()",
        "from bonito_gcp_vertex import plugin; plugin.credential_schema().form()",
    ],
)
def test_importing_the_plugin_and_drawing_its_form_load_nothing_heavy(statement: str) -> None:
    found = loaded(statement)
    assert "bonito_gcp_vertex" in found
    assert found & HEAVY == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the test above can fail."""
    assert {"httpx", "asyncio", "ssl"} <= loaded("import httpx, asyncio")
