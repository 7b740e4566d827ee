"""A derandomised run draws the same whatever is loaded, so that a verdict is one everywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_contract_tests.examples import drawing


def drawn(*, thorough: int = 1, seed: int | None = None) -> list[tuple[int, str]]:
    bench: Any = SimpleNamespace(thorough=thorough, seed=seed)
    found: list[tuple[int, str]] = []

    @drawing(bench, examples=200)
    @given(st.integers(0, 100_000), st.sampled_from([str(each) for each in range(1_000)]))
    def draw(number: int, text: str) -> None:
        found.append((number, text))

    draw()
    return found


def test_a_module_that_is_loaded_in_between_changes_no_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = drawn()
    constants = ", ".join(str(each) for each in range(0, 100_000, 100))
    (tmp_path / "full_of_constants.py").write_text(f"NUMBERS = [{constants}]\n")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("full_of_constants")
    try:
        assert drawn() == before
    finally:
        del sys.modules["full_of_constants"]


def test_a_thorough_run_draws_by_its_seed() -> None:
    one, other = (drawn(thorough=2, seed=each) for each in (1, 2))
    assert len(one) > len(drawn())
    assert one != other
    assert one == drawn(thorough=2, seed=1)
