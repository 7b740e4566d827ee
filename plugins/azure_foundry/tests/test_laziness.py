"""Discovering the plugin loads no SDK and no network."""

from __future__ import annotations

import pytest

from plugins.azure_arm.tests.imports import loaded

HEAVY = ("azure", "litellm", "boto3", "botocore", "google", "fastapi", "httpx", "asyncio", "ssl")


@pytest.mark.parametrize(
    "statement",
    [
        "import bonito_azure_foundry.plugin",
        "from bonito_azure_foundry.plugin import INFO; INFO.model_dump_json()",
    ],
)
def test_importing_the_plugin_loads_nothing_heavy(statement: str) -> None:
    found = loaded(statement)
    assert "bonito_azure_foundry" in found
    assert found & set(HEAVY) == set()


def test_drawing_the_form_loads_nothing_heavy() -> None:
    statement = "from bonito_azure_foundry import plugin; plugin.credential_schema().form()"
    assert loaded(statement) & set(HEAVY) == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"httpx", "asyncio", "ssl"} <= loaded("import httpx, asyncio")
