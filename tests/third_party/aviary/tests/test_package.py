"""What a stranger's package has to be."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import EntryPoint
from importlib.resources import files
from pathlib import Path
from typing import Any

from bonito_providers import ProviderRegistry, Status

FOLDER = Path(__file__).parents[1]
GROUP = "bonito_providers"


def project() -> dict[str, Any]:
    read: dict[str, Any] = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    return read


def test_the_registry_takes_what_the_entry_point_names() -> None:
    ((name, value),) = project()["entry-points"][GROUP].items()
    (record,) = ProviderRegistry.of([EntryPoint(name=name, value=value, group=GROUP)]).records
    assert (record.name, record.status, record.reason) == ("aviary", Status.ACTIVE, "")


def test_importing_the_plugin_loads_no_client_and_no_emulator() -> None:
    program = (
        "import sys; import bonito_aviary.plugin; "
        "print([name for name in ('httpx', 'asyncio', 'litellm', 'bonito_emulators', "
        "'bonito_aviary.emulator') if name in sys.modules])"
    )
    source = str(FOLDER / "src")
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {source!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_every_row_of_the_data_file_has_a_known_source_and_a_date() -> None:
    data = json.loads(files("bonito_aviary").joinpath("facts.json").read_text())
    assert data["models"]
    for row in data["models"]:
        assert row["source"] in data["sources"]
        assert date.fromisoformat(row["date"]).year >= 2026
