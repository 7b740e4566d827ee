"""The SDKs, most of a second to load, are loaded by the connections that need them."""

from __future__ import annotations

import pytest

from plugins.azure_arm.tests.imports import loaded


@pytest.mark.parametrize("module", ["bonito_azure_arm", "bonito_azure_arm.access"])
def test_what_a_plugin_imports_for_its_form_loads_nothing_heavy(module: str) -> None:
    found = loaded(f"import {module}")
    assert "bonito_azure_arm" in found
    assert found & {"azure", "msal", "httpx", "asyncio", "ssl"} == set()


@pytest.mark.parametrize("module", ["lifecycle", "management", "entra", "accounts", "plans"])
def test_no_module_but_the_transport_loads_the_sdks(module: str) -> None:
    assert loaded(f"import bonito_azure_arm.{module}") & {"azure", "msal"} == set()


@pytest.mark.parametrize(
    "module",
    [
        "adoption",
        "base_models",
        "checks",
        "deployments",
        "documents",
        "endpoints",
        "facts",
        "refusals",
    ],
)
def test_what_reads_a_data_plane_loads_neither_sdk_nor_client(module: str) -> None:
    found = loaded(f"import bonito_azure_arm.{module}")
    assert "bonito_azure_arm" in found
    assert found & {"azure", "msal", "httpx", "asyncio", "ssl"} == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"azure", "httpx"} <= loaded("import bonito_azure_arm.transport, httpx")
