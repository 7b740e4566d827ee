"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"azure", "msal", "litellm", "boto3", "google", "fastapi", "httpx", "asyncio", "ssl"}
PROGRAM = """
import json, sys
{statement}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
READ = """
from bonito_azure_openai import plugin
fields = {"endpoint": "https://contoso.openai.azure.com", "api_key": "x" * 32}
plugin.credential_schema().read(fields, provider="azure_openai").capabilities()
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
        "import bonito_azure_openai.plugin",
        "from bonito_azure_openai.plugin import INFO; INFO.model_dump_json()",
        "from bonito_azure_openai import plugin; plugin.credential_schema().form()",
        READ,
    ],
)
def test_discovering_drawing_and_reading_load_nothing_heavy(statement: str) -> None:
    loaded = _loaded(statement)
    assert "bonito_azure_openai" in loaded
    assert loaded & HEAVY == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"azure", "httpx"} <= _loaded("import azure.core, httpx")
