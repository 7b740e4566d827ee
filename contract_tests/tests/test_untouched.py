"""What is known of the untouched cloud is asked for once a run, and never where it was changed."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from bonito_aviary.conformance import AviaryHarness
from bonito_contract_tests import untouched
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, run_check
from bonito_contract_tests.stage import Stage
from bonito_contract_tests.untouched import Findings


def test_what_is_known_is_not_asked_again() -> None:
    numbers, findings = count(), Findings()

    async def ask() -> int:
        return next(numbers)

    async def twice() -> list[int]:
        return [await findings.of(("a",), ask), await findings.of(("a",), ask)]

    assert asyncio.run(twice()) == [0, 0]
    assert asyncio.run(findings.of(("b",), ask)) == 1


def test_what_failed_is_not_known() -> None:
    findings = Findings()

    async def fail() -> int:
        raise LookupError

    async def answer() -> int:
        return 1

    with pytest.raises(LookupError):
        asyncio.run(findings.of(("a",), fail))
    assert asyncio.run(findings.of(("a",), answer)) == 1


def test_what_may_be_out_of_date_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, findings = count(), Findings()

    async def ask() -> int:
        return next(numbers)

    asyncio.run(findings.of(("a",), ask))
    monkeypatch.setattr(untouched, "LASTING", -1.0)
    assert asyncio.run(findings.of(("a",), ask)) == 1


def test_a_check_that_changes_the_cloud_asks_anew_until_there_is_a_fresh_one() -> None:
    with Stage(AviaryHarness()) as stage:
        bench = Bench(stage)

        async def names() -> set[str]:
            return {each.ref.name for each in await untouched.listed(bench, bench.widest)}

        async def seen() -> list[set[str]]:
            before = await names()
            bench.put_outside("of-others", "wren-1")
            after = await names()
            bench.remove_outside("of-others")
            gone = await names()
            bench.put_outside("of-others", "wren-1")
            bench.renew()
            return [after - before, gone - before, await names() - before]

        assert asyncio.run(seen()) == [{"of-others"}, set(), set()]


def test_checks_after_the_first_begin_with_what_it_found_out() -> None:
    check = next(each for each in all_checks() if each.id == "SEC-04")
    findings, sent = Findings(), []
    with Stage(AviaryHarness()) as stage:
        for _ in range(2):
            assert run_check(check, stage, findings=findings).outcome is Outcome.PASSED
            sent.append(len(stage.log.requests))
    assert sent[1] < sent[0]
