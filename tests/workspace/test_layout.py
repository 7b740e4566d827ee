"""What a new distribution must be entered in, so that the tools look at it."""

from __future__ import annotations

from typing import Any

from tests.workspace.distributions import DISTRIBUTIONS, ROOT

CORE, *OTHERS = DISTRIBUTIONS
TOOLS: dict[str, Any] = CORE.settings["tool"]
CONTRACTS: dict[str, Any] = {each["id"]: each for each in TOOLS["importlinter"]["contracts"]}


def packages() -> set[str]:
    return {distribution.package.name for distribution in OTHERS}


def libraries() -> set[str]:
    """What others import: distributions that nobody finds by an entry point or a command."""
    return {each.package.name for each in OTHERS if not each.entry_points and not each.scripts}


def test_import_rules_cover_every_distribution() -> None:
    assert set(TOOLS["importlinter"]["root_packages"]) == packages() | {CORE.package.name}


def test_the_core_may_import_no_other_distribution() -> None:
    assert CONTRACTS["core"]["source_modules"] == [CORE.package.name]
    assert packages() <= set(CONTRACTS["core"]["forbidden_modules"])


def test_only_the_core_and_libraries_may_be_imported_by_another() -> None:
    assert set(CONTRACTS["siblings"]["modules"]) == packages() - libraries()


def test_a_library_may_import_none_of_those_that_use_it() -> None:
    assert set(CONTRACTS["libraries"]["source_modules"]) == libraries()
    assert packages() - libraries() <= set(CONTRACTS["libraries"]["forbidden_modules"])


def test_only_a_conformance_package_may_import_the_suite_and_the_emulators() -> None:
    ignored = [line for each in CONTRACTS.values() for line in each.get("ignore_imports", ())]
    importers = {line.partition(" -> ")[0] for line in ignored}
    assert importers == {"*.conformance.**", "bonito_contract_tests.**"}
    imported = {line.partition(" -> ")[2].removesuffix(".**") for line in ignored}
    assert imported == {"bonito_contract_tests", "bonito_emulators"}


def test_who_can_be_judged_names_a_harness_and_what_it_needs() -> None:
    judged = [each for each in OTHERS if "bonito_conformance" in each.entry_points]
    assert {"bonito-azure-foundry", "bonito-azure-openai"} <= {each.name for each in judged}
    for each in judged:
        [(name, harness)] = each.entry_points["bonito_conformance"].items()
        assert name in each.entry_points["bonito_providers"], each.name
        assert harness.startswith(f"{each.package.name}.conformance:"), each.name
        needed = {line.partition(">=")[0] for line in each.extras["conformance"]}
        assert needed == {"bonito-contract-tests", "bonito-emulators"}, each.name


def test_one_run_of_mypy_sees_every_distribution() -> None:
    sources = {f"$MYPY_CONFIG_FILE_DIR/{each.package.parent.relative_to(ROOT)}" for each in OTHERS}
    seen = {each for each in TOOLS["mypy"]["mypy_path"] if "/tests/third_party/" not in each}
    assert seen == sources | {"$MYPY_CONFIG_FILE_DIR"}


def test_every_distribution_is_typed_and_needs_the_same_python() -> None:
    for distribution in DISTRIBUTIONS:
        assert (distribution.package / "py.typed").is_file(), distribution.name
        assert distribution.settings["project"]["requires-python"] == ">=3.11", distribution.name
