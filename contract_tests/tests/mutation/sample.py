"""Which mutants are tried: a seeded sample from the modules that decide what reaches a cloud."""

from __future__ import annotations

import importlib.util
import random
from dataclasses import dataclass
from pathlib import Path

from contract_tests.tests.mutation.operators import Mutant, mutants_of


@dataclass(frozen=True)
class Target:
    """A shipped plugin: its harness, and the modules that are mutated.

    Attributes:
        harness: Module and class.
        packages: Every package of the plugin; none of them is imported before a trial.
        modules: Those that know the wire, plan, deploy and route.
    """

    harness: str
    packages: tuple[str, ...]
    modules: tuple[str, ...]


_ARM = tuple(
    f"bonito_azure_arm.{name}"
    for name in (
        "addresses",
        "adoption",
        "base_models",
        "catalogue",
        "deployments",
        "documents",
        "endpoints",
        "lifecycle",
        "management",
        "planning",
        "plans",
        "refusals",
        "states",
    )
)
_OWN = ("adoption", "deployments", "endpoint", "gateway", "invoke", "management", "models", "wire")

TARGETS = {
    name: Target(
        harness=f"{package}.conformance:{harness}",
        packages=("bonito_azure_arm", package),
        modules=(*_ARM, *(f"{package}.{each}" for each in _OWN)),
    )
    for name, package, harness in (
        ("azure_foundry", "bonito_azure_foundry", "FoundryHarness"),
        ("azure_openai", "bonito_azure_openai", "OpenAIHarness"),
    )
}


def sample(target: Target, size: int, *, seed: int) -> list[Mutant]:
    """Return that many mutants, spread over the modules by how much there is to change."""
    every = [mutant for module in target.modules for mutant in mutants_of(module, source(module))]
    chosen = random.Random(f"{target.harness} {seed}").sample(every, min(size, len(every)))
    return sorted(chosen, key=lambda each: (each.module, each.number))


def source(module: str) -> str:
    """Return a module's text without running it or its package."""
    package, *rest = module.split(".")
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    place = Path(spec.submodule_search_locations[0]).joinpath(*rest).with_suffix(".py")
    return place.read_text(encoding="utf-8")
