"""One harness's checks, tried one at a time on one stage, for pytest and the command alike."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.runner import Outcome, Result, run_check
from bonito_contract_tests.secrets_of import redactor_of
from bonito_contract_tests.stage import Stage
from bonito_contract_tests.untouched import Findings
from bonito_contract_tests.violation import HarnessError
from bonito_providers.crashes import described

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check
    from bonito_contract_tests.harness import Harness


def seed_for(thorough: int, given: int | None = None) -> int | None:
    """Return what a run draws by: where it is thorough what is given, or else a number by chance.

    None says that the examples are the same in every run.
    """
    if thorough == 1:
        return None
    return secrets.randbelow(2**32) if given is None else given


class Run:
    """Opens the stage at the first check and keeps it: starting one costs more than most checks.

    Args:
        harness: The author's.
        thorough: How many times more examples than an author's run takes.
        seed: What a thorough run draws its examples by; by chance where it is not given.
        litellm_python: An interpreter that has another LiteLLM than this one's.
    """

    def __init__(
        self,
        harness: Harness[Any],
        *,
        thorough: int = 1,
        seed: int | None = None,
        litellm_python: Path | None = None,
    ) -> None:
        self.harness = harness
        self._thorough = thorough
        self._seed = seed_for(thorough, seed)
        self._litellm_python = litellm_python
        self._stage: Stage | None = None
        self._findings = Findings()
        self._problem = ""

    def result(self, check: Check) -> Result:
        """Try one check. Whatever the harness does, the answer is a result without secrets."""
        found = self._tried(check)
        if not (found.seen or found.expected or found.reason):
            return found
        redact = redactor_of(self.harness)
        return replace(
            found,
            seen=redact(found.seen),
            expected=redact(found.expected),
            reason=redact(found.reason),
        )

    def _tried(self, check: Check) -> Result:
        stage = self._opened()
        if stage is None:
            return self._suite_error(check, self._problem)
        try:
            return run_check(
                check,
                stage,
                thorough=self._thorough,
                seed=self._seed,
                findings=self._findings,
            )
        except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
            return self._suite_error(check, described(error))

    def expect_routing(self) -> None:
        """Begin to import LiteLLM, which takes seconds, while other checks are tried."""
        stage = self._opened()
        if stage is not None:
            # Where it cannot be started, the checks that need it say so.
            with suppress(HarnessError):
                stage.gateway.start()

    def close(self) -> None:
        """Take the cloud off the stage."""
        if self._stage is not None:
            self._stage.__exit__(None, None, None)
            self._stage = None

    def _opened(self) -> Stage | None:
        if self._stage is None and not self._problem:
            try:
                stage = Stage(self.harness, litellm_python=self._litellm_python)
                self._stage = stage.__enter__()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                self._problem = f"the harness's cloud does not start: {described(error)}"
        return self._stage

    @staticmethod
    def _suite_error(check: Check, seen: str) -> Result:
        return Result(
            check=check,
            outcome=Outcome.SUITE_ERROR,
            seen=seen,
            expected="a harness whose cloud starts, fresh each time, and a check with a verdict",
        )
