"""Every TOML, YAML and JSON block of the documentation is what it says it is."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock
from hatchling.metadata.core import ProjectMetadata
from packaging.requirements import Requirement

from bonito_providers.requirements import CORE
from tests.documentation.blocks import PAGES, Block, all_blocks, blocks_of, name_of

LANGUAGES = {"", "console", "json", "python", "text", "toml", "yaml"}
GROUPS = {
    "bonito_commands",
    "bonito_conformance",
    "bonito_emulators",
    "bonito_providers",
    "bonito_wrappers",
}
PROVIDER = re.compile(r"[a-z][a-z0-9_]{1,63}")


@pytest.mark.parametrize("block", all_blocks("toml"), ids=str)
def test_every_toml_block_is_read_by_what_it_configures(block: Block) -> None:
    settings = tomllib.loads(block.text)
    project = settings.get("project", {})
    if "name" in project:
        # The build backend of these packages refuses what no package can have.
        ProjectMetadata("nowhere", None, settings).validate_fields()
    extras = project.get("optional-dependencies", {}).values()
    stated = [*project.get("dependencies", ()), *(each for extra in extras for each in extra)]
    requirements = {Requirement(each).name: Requirement(each) for each in stated}
    groups = project.get("entry-points", {})
    assert groups.keys() <= GROUPS
    for group, points in groups.items():
        for name, value in points.items():
            assert EntryPoint(name, value, group).module
            assert PROVIDER.fullmatch(name)
    if "bonito_providers" in groups and "dependencies" in project:
        assert requirements[CORE].specifier.contains("1.0.0")


@pytest.mark.parametrize("block", all_blocks("yaml", "json"), ids=str)
def test_every_block_of_data_can_be_read(block: Block) -> None:
    read = json.loads if block.language == "json" else yaml.safe_load
    assert read(block.text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_block_is_in_a_language_that_nothing_tries(page: Path) -> None:
    assert {block.language for block in blocks_of(page)} <= LANGUAGES


@pytest.mark.parametrize("block", all_blocks(), ids=str)
def test_a_block_that_waits_for_the_night_says_why(block: Block) -> None:
    if block.at_night is not None:
        assert len(block.at_night.split()) > 3
