"""Which mutants are tried: a seeded sample from the modules that decide what reaches a cloud."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import Counter
from collections.abc import Mapping, Sequence
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
        brings: What it takes long to import and no mutant changes.
    """

    harness: str
    packages: tuple[str, ...]
    modules: tuple[str, ...]
    brings: tuple[str, ...]


_ARM = (
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
_AZURE = (
    "adoption",
    "deployments",
    "endpoint",
    "gateway",
    "invoke",
    "management",
    "models",
    "wire",
)
_BEDROCK = (
    "adoption",
    "catalogue",
    "deployments",
    "gateway",
    "invoke",
    "lifecycle",
    "models",
    "planning",
    "regions",
    "rows",
    "transport",
    "wire",
)
_VERTEX = (
    "activation",
    "adoption",
    "catalogue",
    "deploying",
    "deployments",
    "endpoints",
    "gateway",
    "invoke",
    "management",
    "models",
    "planning",
    "removal",
    "replies",
    "resolving",
    "rows",
    "serving",
    "wire",
)
_COMPATIBLE = (
    "deployments",
    "endpoint",
    "gateway",
    "invoke",
    "models",
    "services",
    "wire",
)


def _target(harness: str, modules: Mapping[str, Sequence[str]], *brings: str) -> Target:
    every = tuple(f"{package}.{name}" for package, names in modules.items() for name in names)
    return Target(harness, tuple(modules), every, brings)


_AZURE_BRINGS = (
    "azure.identity.aio",
    "azure.mgmt.cognitiveservices.aio",
    "bonito_emulators.azure",
)
TARGETS = {
    "azure_foundry": _target(
        "bonito_azure_foundry.conformance:FoundryHarness",
        {"bonito_azure_arm": _ARM, "bonito_azure_foundry": _AZURE},
        *_AZURE_BRINGS,
    ),
    "azure_openai": _target(
        "bonito_azure_openai.conformance:OpenAIHarness",
        {"bonito_azure_arm": _ARM, "bonito_azure_openai": _AZURE},
        *_AZURE_BRINGS,
    ),
    "aws_bedrock": _target(
        "bonito_aws_bedrock.conformance:BedrockHarness",
        {"bonito_aws_bedrock": _BEDROCK},
        "botocore.session",
        "bonito_emulators.aws",
    ),
    "gcp_vertex": _target(
        "bonito_gcp_vertex.conformance:VertexHarness",
        {"bonito_gcp_vertex": _VERTEX},
        "google.auth.jwt",
        "bonito_emulators.gcp",
    ),
    "openai_compatible": _target(
        "bonito_openai_compatible.conformance:OpenAICompatibleHarness",
        {"bonito_openai_compatible": _COMPATIBLE},
        "bonito_emulators",
    ),
}


def sample(target: Target, size: int, *, seed: int) -> list[Mutant]:
    """Return that many mutants, spread over the modules by how much there is to change.

    Each has a rank of its own, by what it changes: an edit elsewhere in the plugin leaves most of
    a sample as it was, and the first of a sample are a fair sample too.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    ranks: dict[bytes, Mutant] = {}
    for module in target.modules:
        for mutant in mutants_of(module, source(module)):
            words = (module, mutant.before, mutant.change)
            seen[words] += 1
            text = "\n".join((str(seed), *words, str(seen[words])))
            ranks[hashlib.sha256(text.encode()).digest()] = mutant
    return [ranks[rank] for rank in sorted(ranks)[:size]]


def source(module: str) -> str:
    """Return a module's text without running it or its package."""
    package, *rest = module.split(".")
    return _folder(package).joinpath(*rest).with_suffix(".py").read_text(encoding="utf-8")


def every_module(target: Target) -> list[str]:
    """Return all modules at the top of the plugin's packages, mutated or not."""
    return [
        f"{package}.{place.stem}"
        for package in target.packages
        for place in sorted(_folder(package).glob("*.py"))
        if place.stem != "__init__"
    ]


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])
