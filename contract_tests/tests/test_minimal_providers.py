"""Providers that can do little pass without a declared gap: what nobody can do is not asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bonito_aviary.conformance import AviaryHarness
from bonito_aviary.emulator import AviaryService
from bonito_contract_tests import Access, Harness, Standing
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, Result, run_check
from bonito_contract_tests.stage import Stage
from bonito_contract_tests.violation import HarnessError

CHECKS = {check.id: check for check in all_checks()}
FIXED = (
    "LIST-10",
    "LIST-11",
    "LIST-12",
    "LIST-13",
    "LIST-14",
    "LIST-16",
    "LIST-17",
    "ADOPT-06",
    "ISO-03",
    "CALL-01",
    "CALL-02",
    "CALL-03",
    "CALL-05",
    "GATE-04",
    "GATE-05",
)


class Little(AviaryHarness):
    """A key to chats that are the cloud's own: no streams, no tools, and nothing embeds."""

    accesses = AviaryHarness.accesses[:1]
    adoptable = ("team-chat",)
    operations = ("chat",)
    routes = tuple(
        each
        for each in AviaryHarness.routes
        if each.operation == "chat" and each.access in (None, "key")
    )

    def cloud(self) -> AviaryService:
        service = super().cloud()
        service.remove_outside("team-embed")
        return service

    def put_outside(self, cloud: AviaryService, name: str, model: str) -> bool:
        return False

    def remove_outside(self, cloud: AviaryService, name: str) -> bool:
        return False


class Undone(AviaryHarness):
    """Leaves the steering to the suite."""

    creations = Harness.creations

    def put_outside(self, cloud: AviaryService, name: str, model: str) -> bool:
        return Harness.put_outside(self, cloud, name, model) is not False

    def remove_outside(self, cloud: AviaryService, name: str) -> bool:
        return Harness.remove_outside(self, cloud, name) is not False


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage(Little()) as opened:
        yield opened


def tried(stage: Stage, check: str) -> Result:
    return run_check(CHECKS[check], stage)


@pytest.mark.parametrize("check", FIXED)
def test_a_provider_of_fixed_chats_passes(check: str, stage: Stage) -> None:
    result = tried(stage, check)
    assert result.outcome is Outcome.PASSED, result.text()


@pytest.mark.slow
@pytest.mark.parametrize("check", ["GATE-03", "GATE-07", "GATE-08", "GATE-10", "GATE-15"])
def test_a_provider_of_fixed_chats_passes_the_gateway(check: str, stage: Stage) -> None:
    result = tried(stage, check)
    assert result.outcome is Outcome.PASSED, result.text()


@pytest.mark.parametrize("steering", ["put_outside", "remove_outside"])
def test_of_a_provider_that_deploys_nobody_can_is_not_believed(steering: str) -> None:
    class Helpless(Little):
        accesses = AviaryHarness.accesses

    arguments = ("a-name", "finch-2") if steering == "put_outside" else ("team-chat",)
    with Stage(Helpless()) as stage:
        bench = Bench(stage)
        with pytest.raises(HarnessError, match=f"`{steering}` says"):
            getattr(bench, steering)(*arguments)


@pytest.mark.parametrize(
    ("check", "method"),
    [("LIST-12", "put_outside"), ("CALL-05", "remove_outside"), ("LIFE-01", "creations")],
)
def test_what_a_harness_lacks_is_named(check: str, method: str) -> None:
    with Stage(Undone()) as stage:
        result = tried(stage, check)
    assert result.outcome is Outcome.SUITE_ERROR
    assert f"add `{method}` to the harness" in result.seen


def test_a_route_for_what_the_service_has_not_is_a_contradiction() -> None:
    class Contradicting(AviaryHarness):
        operations = ("chat", "embedding")

    with Stage(Contradicting()) as stage:
        result = tried(stage, "GATE-04")
    assert result.outcome is Outcome.SUITE_ERROR
    assert "which `operations` leaves out" in result.seen


class NoBird(AviaryHarness):
    """Has nothing that chats although the harness says so."""

    def standing(self, cloud: AviaryService) -> dict[str, Standing]:
        return {**super().standing(cloud), "of-nobody": Standing(model="wren-1", kind="chat")}

    def cloud(self) -> AviaryService:
        service = super().cloud()
        for name in ("team-chat", "ours"):
            service.remove_outside(name)
        return service


def test_a_chat_that_stands_and_is_not_listed_is_missed() -> None:
    with Stage(NoBird()) as stage:
        result = tried(stage, "CALL-01")
    assert result.outcome is Outcome.FAILED
    assert "no deployment of kind chat" in result.seen


def test_the_truth_about_a_model_that_is_not_there_is_a_contradiction() -> None:
    class Dreaming(AviaryHarness):
        def models(self, cloud: AviaryService, access: Access) -> list[str]:
            return ["finch-2@2"]

    with Stage(Dreaming()) as stage:
        result = tried(stage, "LIST-18")
    assert result.outcome is Outcome.SUITE_ERROR
    assert "which `models` does not have" in result.seen
