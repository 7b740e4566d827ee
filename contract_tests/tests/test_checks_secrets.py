"""What SEC lets pass: a token kept as the mend says."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bonito_aviary.conformance import AviaryHarness
from bonito_aviary.plugin import Aviary
from bonito_contract_tests.audits import watched
from bonito_contract_tests.captures import captured
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, run_check
from bonito_contract_tests.stage import Stage
from bonito_providers.connection import Connection


class KeepsASecretStr(Aviary):
    """Honest: it keeps its token as a `SecretStr` and nothing around it."""

    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        async def make() -> SecretStr:
            headers = await super(KeepsASecretStr, self).management_headers(connection)
            return SecretStr(headers["authorization"])

        kept: SecretStr = await connection.once("honest.token", make)
        return {"authorization": kept.get_secret_value()}


def test_a_token_kept_as_a_secret_str_passes() -> None:
    harness = AviaryHarness()
    honest: Any = KeepsASecretStr()
    harness.plugin = honest
    (check,) = (each for each in all_checks() if each.id == "SEC-05")
    with Stage(harness) as stage:
        result = run_check(check, stage)
    assert result.outcome is Outcome.PASSED, result.text()


class SetsAVariable(Aviary):
    """Hands its key to an SDK by the environment, when it is first used and never again."""

    def __init__(self) -> None:
        self.used = False

    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        if not self.used:
            os.environ["AVIARY_KEY"] = headers["x-aviary-key"]
            self.used = True
        return headers


@pytest.mark.parametrize(
    ("plugin", "outcome"), [(Aviary, Outcome.PASSED), (SetsAVariable, Outcome.FAILED)]
)
def test_a_variable_that_an_earlier_check_found_changed_is_put_back_and_told(
    plugin: type[Aviary], outcome: Outcome
) -> None:
    harness = AviaryHarness()
    tried: Any = plugin()
    harness.plugin = tried
    checks = {each.id: each for each in all_checks()}
    with Stage(harness) as stage:
        assert run_check(checks["LIST-01"], stage).outcome is Outcome.PASSED
        assert "AVIARY_KEY" not in os.environ
        result = run_check(checks["SEC-08"], stage)
    assert result.outcome is outcome, result.text()
    assert ("variables were changed: ['AVIARY_KEY']" in result.text()) is (plugin is SetsAVariable)


def test_what_is_read_or_done_afterwards_is_no_deed(tmp_path: Path) -> None:
    with watched() as deeds:
        Path(__file__).read_text(encoding="utf-8")
    (tmp_path / "after").write_text("", encoding="utf-8")
    assert (deeds.written, deeds.started, deeds.addressed) == ([], [], [])


def test_output_is_whole_after_it_was_captured(capfd: pytest.CaptureFixture[str]) -> None:
    sys.stdout.write("before\n")
    with captured() as said:
        os.write(1, b"within")
    sys.stdout.write("after\n")
    assert capfd.readouterr().out == "before\nafter\n"
    assert said.printed == "within"


@pytest.mark.parametrize(
    ("command", "started"),
    [(["uname", "-p"], []), (["uname", "-a"], ["subprocess.Popen"])],
    ids=["what Python's platform asks", "anything else"],
)
def test_a_program_is_a_deed_unless_python_itself_asks_for_the_processor(
    command: list[str], started: list[str]
) -> None:
    with watched() as deeds:
        sys.audit("subprocess.Popen", command[0], command, None, None)
    assert deeds.started == started
