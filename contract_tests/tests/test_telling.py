"""The shipped providers need not tell early what their checks find; they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bonito_aviary.conformance import AviaryHarness
from bonito_aws_bedrock.conformance import BedrockHarness
from bonito_azure_foundry.conformance import FoundryHarness
from bonito_azure_openai.conformance import OpenAIHarness
from bonito_contract_tests import Harness
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.stage import Stage
from bonito_gcp_vertex.conformance import VertexHarness
from bonito_providers import CheckItem

pytestmark = pytest.mark.anyio

HARNESSES = (
    AviaryHarness,
    OpenAIHarness,
    BedrockHarness,
    FoundryHarness,
    VertexHarness,
)


@pytest.mark.parametrize("harness", HARNESSES, ids=lambda each: each.__name__)
async def test_what_is_reached_is_told_before_the_last_question_is_asked(
    harness: Callable[[], Harness[Any]],
) -> None:
    with Stage(harness()) as stage:
        bench = Bench(stage)
        told: list[tuple[str, int]] = []

        def hear(item: CheckItem) -> None:
            told.append((item.name, len(bench.wire)))

        async with bench.connect(bench.widest) as opened:
            report = await bench.provider.check_credentials(opened, progress=hear)
        asked = len(bench.wire)
    assert [name for name, _ in told] == [item.name for item in report.items]
    assert told[0][0] == "reach"
    assert told[0][1] < asked
