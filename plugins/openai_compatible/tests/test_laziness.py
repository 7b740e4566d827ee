"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import pytest

from plugins.azure_arm.tests.imports import loaded

HEAVY = {"openai", "litellm", "starlette", "fastapi", "httpx", "asyncio", "ssl", "bonito_emulators"}
READ = """
from bonito_openai_compatible import plugin
fields = {"base_url": "https://api.openai.com", "api_key": "x" * 32}
plugin.credential_schema().read(fields, provider="openai_compatible").capabilities()
"""


@pytest.mark.parametrize(
    "statement",
    [
        "import bonito_openai_compatible.plugin",
        "from bonito_openai_compatible.plugin import INFO; INFO.model_dump_json()",
        "from bonito_openai_compatible import plugin; plugin.credential_schema().form()",
        READ,
    ],
)
def test_discovering_drawing_and_reading_load_nothing_heavy(statement: str) -> None:
    found = loaded(statement)
    assert "bonito_openai_compatible" in found
    assert found & HEAVY == set()
