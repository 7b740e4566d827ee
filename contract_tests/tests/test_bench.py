"""The time a check has: what is not the plugin's takes none of it."""

from __future__ import annotations

import asyncio

from bonito_contract_tests.bench import Bench
from bonito_contract_tests.stage import Stage
from contract_tests.tests.toy_harness import ToyHarness


def test_patience_stands_still_while_something_else_than_the_plugin_is_waited_for() -> None:
    async def check(bench: Bench) -> None:
        async with asyncio.timeout(60) as bench.patience:
            before = bench.patience.when()
            async with bench.unhurried():
                assert bench.patience.when() is None
            after = bench.patience.when()
        assert before is not None
        assert after is not None
        assert after >= before

    asyncio.run(check(Bench(Stage(ToyHarness()))))


def test_a_check_that_is_no_coroutine_may_wait_as_well() -> None:
    async def check(bench: Bench) -> None:
        async with bench.unhurried():
            assert bench.patience is None

    asyncio.run(check(Bench(Stage(ToyHarness()))))
