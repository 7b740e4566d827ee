"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("azure", "litellm", "boto3", "botocore", "google", "fastapi", "httpx", "asyncio", "ssl")
PROGRAM = """
import json, sys
{statement}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def _loaded(statement: str) -> set[str]:
    program = PROGRAM.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import bonito_azure_foundry.plugin",
        "from bonito_azure_foundry.plugin import INFO; INFO.model_dump_json()",
    ],
)
def test_importing_the_plugin_loads_nothing_heavy(statement: str) -> None:
    loaded = _loaded(statement)
    assert "bonito_azure_foundry" in loaded
    assert loaded & set(HEAVY) == set()


def test_drawing_the_form_loads_nothing_heavy() -> None:
    statement = "from bonito_azure_foundry import plugin; plugin.credential_schema().form()"
    assert _loaded(statement) & set(HEAVY) == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"httpx", "asyncio", "ssl"} <= _loaded("import httpx, asyncio")
