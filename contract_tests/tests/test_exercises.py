"""Hooks meet situations in turns, and none is left out because accesses have different hooks."""

from __future__ import annotations

import asyncio
from itertools import product

import pytest

from bonito_aviary.conformance import AviaryHarness
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.exercises import exercises, taking_turns
from bonito_contract_tests.stage import Stage


@pytest.mark.parametrize("thorough", [1, 2])
def test_every_situation_meets_every_hook(thorough: int) -> None:
    situations = ("a", "b", "c")

    async def met(bench: Bench) -> list[tuple[str, str, str]]:
        async with taking_turns(bench, situations) as turns:
            return [(each.situation, each.hook, each.access) for each in turns]

    async def hooks(bench: Bench) -> dict[str, set[str]]:
        return {each.name: set(await exercises(bench, each)) for each in bench.outermost}

    with Stage(AviaryHarness()) as stage:
        bench = Bench(stage, thorough=thorough)
        calls = asyncio.run(hooks(bench))
        found = asyncio.run(met(bench))
    narrow, *_, wide = calls.values()
    assert narrow != wide
    assert len(found) == len(set(found))
    assert {pair[:2] for pair in found} == set(product(situations, narrow | wide))
    assert {access for *_, access in found} == set(calls)
    if thorough > 1:
        assert len(found) == len(situations) * sum(map(len, calls.values()))
