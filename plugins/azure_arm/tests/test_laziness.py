"""The SDKs, most of a second to load, are loaded by the connections that need them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
{statement}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(statement: str) -> set[str]:
    program = PROGRAM.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["bonito_azure_arm", "bonito_azure_arm.access"])
def test_what_a_plugin_imports_for_its_form_loads_nothing_heavy(module: str) -> None:
    found = loaded(f"import {module}")
    assert "bonito_azure_arm" in found
    assert found & {"azure", "msal", "httpx", "asyncio", "ssl"} == set()


@pytest.mark.parametrize("module", ["lifecycle", "management", "entra", "accounts", "plans"])
def test_no_module_but_the_transport_loads_the_sdks(module: str) -> None:
    assert loaded(f"import bonito_azure_arm.{module}") & {"azure", "msal"} == set()


def test_the_measure_sees_what_is_loaded() -> None:
    """So that the tests above can fail."""
    assert {"azure", "httpx"} <= loaded("import bonito_azure_arm.transport, httpx")
