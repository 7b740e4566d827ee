"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import pytest

from plugins.azure_arm.tests.imports import loaded

HEAVY = {"azure", "msal", "litellm", "boto3", "google", "fastapi", "httpx", "asyncio", "ssl"}
READ = """
from bonito_azure_openai import plugin
fields = {"endpoint": "https://contoso.openai.azure.com", "api_key": "x" * 32}
plugin.credential_schema().read(fields, provider="azure_openai").capabilities()
"""


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
    found = loaded(statement)
    assert "bonito_azure_openai" in found
    assert found & HEAVY == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"azure", "httpx"} <= loaded("import azure.core, httpx")
