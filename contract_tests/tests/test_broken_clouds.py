"""An author's cloud that breaks down is the author's to mend, whatever the check was about."""

from __future__ import annotations

from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, run_check
from bonito_contract_tests.stage import Stage
from contract_tests.tests.toy_harness import ToyHarness
from tests.toy_service import ToyService


class Crashing(ToyService):
    async def __call__(self, scope: object, receive: object, send: object) -> None:
        raise KeyError("kind")


class CrashingHarness(ToyHarness):
    def cloud(self) -> ToyService:
        return Crashing()


def test_it_is_a_suite_error_that_names_the_cloud_and_not_the_plugin() -> None:
    checks = {each.id: each for each in all_checks()}
    with Stage(CrashingHarness()) as stage:
        result = run_check(checks["LIST-01"], stage)
    assert result.outcome is Outcome.SUITE_ERROR
    assert "itself failed on" in result.seen
    assert "KeyError('kind')" in result.seen
    assert "Mend:" not in result.text()
