"""What importing a plugin brings about, found out in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import import_probe
from bonito_contract_tests.violation import HarnessError, Violation

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

LONGEST = 60.0
"""Seconds until importing counts as never ending."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What was seen.

    Attributes:
        contract_seconds: Processor time of importing what a host has loaded already.
        seconds: Processor time of importing the plugin after that.
        importing: What the plugin did while it was imported.
        answering: What it did while it told its name card and form, and read credentials.
        modules: What both loaded.
        printed: What was written to stdout and stderr.
    """

    contract_seconds: float
    seconds: float
    importing: tuple[str, ...]
    answering: tuple[str, ...]
    modules: frozenset[str]
    printed: str


def imported(bench: Bench) -> Imported:
    """Import the harness's plugin as a host does at discovery.

    One process serves every check of a plugin: it takes half a second.

    Raises:
        Violation: It cannot be imported.
        HarnessError: It cannot be found by name.
    """
    accesses = [dict(each.fields) for each in bench.harness.accesses]
    request = {**name_of(bench.harness.plugin), "accesses": accesses, "path": sys.path}
    return _probed(json.dumps(request))


def module_of(plugin: object) -> str:
    """Return the name of the module that a plugin is, or is written in."""
    return plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__


def name_of(named: object) -> dict[str, Any]:
    """Return how another process finds the plugin: its module, and what to take from it.

    Raises:
        HarnessError: It cannot be found by name.
    """
    if isinstance(named, str):
        module, _, attribute = named.partition(":")
        return {"module": module, "attribute": attribute, "make": False}
    if isinstance(named, ModuleType):
        return {"module": named.__name__, "attribute": "", "make": False}
    cls = type(named)
    if "." in cls.__qualname__:
        raise HarnessError("name the plugin as 'module:attribute'; its class is inside a function")
    return {"module": cls.__module__, "attribute": cls.__qualname__, "make": True}


@cache
def _probed(request: str) -> Imported:
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the suite, and a file of it
        [sys.executable, import_probe.__file__ or ""],
        input=request,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
        cwd=Path.cwd(),
    )
    printed, mark, told = done.stdout.rpartition(import_probe.MARK)
    if not mark:
        raise Violation(
            f"importing the plugin ended the process with status {done.returncode}",
            expected="a module that can be imported",
        )
    result = json.loads(told)
    if "error" in result:
        raise Violation(
            f"importing the plugin on its own failed with {result['error']}",
            expected="a module that can be imported",
        )
    return Imported(
        contract_seconds=result["contract_seconds"],
        seconds=result["seconds"],
        importing=tuple(result["importing"]),
        answering=tuple(result["answering"]),
        modules=frozenset(result["modules"]),
        printed=f"{printed}{done.stderr}".strip(),
    )
