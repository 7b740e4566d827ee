"""Which checks each version of the contract has, so that a run with fewer of them is noticed.

The catalogue says what is here; the manifest, a file of its own, says what must be here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from bonito_contract_tests.violation import HarnessError
from bonito_providers import CONTRACT

FILE = "manifest.json"

Contract = tuple[int, int]


def version_text(contract: Contract) -> str:
    """Return a contract version as people write it."""
    return ".".join(map(str, contract))


@cache
def manifest() -> Mapping[str, tuple[str, ...]]:
    """Return the ids of all checks, by contract version, in the catalogue's order."""
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return {version: tuple(ids) for version, ids in json.loads(text).items()}


def required(contract: Contract) -> tuple[str, ...]:
    """Return the ids of the checks that need an outcome under that contract.

    Raises:
        HarnessError: This suite does not know that contract.
    """
    version = version_text(contract)
    if version not in manifest():
        known = ", ".join(manifest())
        raise HarnessError(f"this suite has no checks of contract {version}; it knows {known}")
    return manifest()[version]


def current() -> tuple[str, ...]:
    """Return what the manifest should list for the core's contract, from the catalogue."""
    from bonito_contract_tests.catalogue import all_checks

    return tuple(check.id for check in all_checks() if check.since <= CONTRACT)


def write() -> Path:
    """Write the current checks into the file; earlier contracts stay as they were.

    Only a checkout's file can be written.
    """
    path = Path(str(resources.files(__package__).joinpath(FILE)))
    lists = {**manifest(), version_text(CONTRACT): current()}
    path.write_text(json.dumps(lists, indent=2) + "\n", encoding="utf-8")
    manifest.cache_clear()
    return path
