"""One set of checks that every conformant provider passes and every broken one fails.

pytest loads this package in every run of anybody who has it installed, so importing it loads
nothing else; a name loads its module at first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check, Level
    from bonito_contract_tests.harness import (
        Access,
        Blocked,
        ExpectedRequest,
        Gap,
        GapKind,
        Harness,
        ModelTruth,
        Pasted,
        Refusal,
        Route,
        Standing,
    )
    from bonito_contract_tests.situations import NOTHING, Planned, Scene, Situation, Told
    from bonito_contract_tests.suite import ContractSuite
    from bonito_contract_tests.violation import HarnessError, Violation, must

_HOMES = {
    "check": ("Check", "Level"),
    "harness": (
        "Access",
        "Blocked",
        "ExpectedRequest",
        "Gap",
        "GapKind",
        "Harness",
        "ModelTruth",
        "Pasted",
        "Refusal",
        "Route",
        "Standing",
    ),
    "situations": ("NOTHING", "Planned", "Scene", "Situation", "Told"),
    "suite": ("ContractSuite",),
    "violation": ("HarnessError", "Violation", "must"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "NOTHING",
    "Access",
    "Blocked",
    "Check",
    "ContractSuite",
    "ExpectedRequest",
    "Gap",
    "GapKind",
    "Harness",
    "HarnessError",
    "Level",
    "ModelTruth",
    "Pasted",
    "Planned",
    "Refusal",
    "Route",
    "Scene",
    "Situation",
    "Standing",
    "Told",
    "Violation",
    "must",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
