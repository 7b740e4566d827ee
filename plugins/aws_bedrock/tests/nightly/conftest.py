"""Fixtures: a MiniStack for all tests, empty for each, in place of the emulated account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bonito_contract_tests.litellm_process import LiteLLMProcess
from bonito_emulators import Emulation
from plugins.aws_bedrock.tests.nightly.ministack import MiniStack, serving


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where MiniStack runs."""
    with serving(tmp_path_factory.mktemp("ministack")) as running:
        yield running


@pytest.fixture
def cloud(address: str) -> MiniStack:
    """A MiniStack in which nothing was made yet."""
    found = MiniStack(address)
    found.forget()
    return found


@pytest.fixture
def gateway(emulation: Emulation) -> Iterator[LiteLLMProcess]:
    """A LiteLLM for which MiniStack is all there is."""
    process = LiteLLMProcess(emulation.environment())
    yield process
    process.close()
