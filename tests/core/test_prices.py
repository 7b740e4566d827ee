"""Prices: from the installed LiteLLM's data file, never zero, never absurd, never guessed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROWS = {
    "acme/Bird-1": {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06},
    "acme/vectors": {"input_cost_per_token": 2e-08, "output_cost_per_token": 0.0},
    "acme/free": {"input_cost_per_token": 0.0, "output_cost_per_token": 0},
    "acme/absurd": {"input_cost_per_token": 0.0032, "output_cost_per_token": 0.00971},
    "acme/dear": {"input_cost_per_token": 0.0005, "output_cost_per_token": 0.002},
    "acme/by-image": {"output_cost_per_image": 0.04},
    "acme/text": {"input_cost_per_token": "3e-6", "output_cost_per_token": "soon"},
    "acme/odd": {"input_cost_per_token": True, "output_cost_per_token": None},
    "acme/negative": {"input_cost_per_token": -1, "output_cost_per_token": "nan"},
    "acme/not-a-row": "text",
}
PROGRAM = """
import json, sys
from bonito_providers import find_price
prices = {key: find_price(key) for key in json.loads(sys.argv[1])}
shown = {key: price and (price.key, price.per_token()) for key, price in prices.items()}
print(json.dumps([shown, "litellm" in sys.modules]))
"""


def asked(keys: list[str | None], *, path: Path) -> dict[str, Any]:
    """Return what a new process finds, with `path` before its other packages."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-c", PROGRAM, json.dumps(keys)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    shown, imported = json.loads(done.stdout)
    assert not imported
    prices: dict[str, Any] = shown
    return prices


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A LiteLLM that fails when it is imported, with a price file of our own."""
    package = tmp_path / "litellm"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('litellm was imported')")
    file = package / "model_prices_and_context_window_backup.json"
    file.write_text(json.dumps(ROWS), encoding="utf-8")
    return tmp_path


def test_a_price_is_found_without_importing_litellm_and_without_regard_to_case(
    installed: Path,
) -> None:
    price = {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}
    found = asked(["acme/bird-1", "ACME/BIRD-1"], path=installed)
    assert found == {"acme/bird-1": ["acme/bird-1", price], "ACME/BIRD-1": ["ACME/BIRD-1", price]}


def test_what_is_zero_absurd_or_unreadable_is_unknown(installed: Path) -> None:
    unknown = ["free", "absurd", "by-image", "odd", "negative", "not-a-row", "no-such-model"]
    found = asked([f"acme/{name}" for name in unknown], path=installed)
    assert found == {f"acme/{name}": None for name in unknown}


def test_a_rate_that_is_unknown_stays_out_beside_one_that_is_known(installed: Path) -> None:
    found = asked(["acme/vectors", "acme/text", "acme/dear"], path=installed)
    assert found["acme/vectors"][1] == {"input_cost_per_token": 2e-08}
    assert found["acme/text"][1] == {"input_cost_per_token": 3e-06}
    assert found["acme/dear"][1] == {"input_cost_per_token": 5e-04, "output_cost_per_token": 0.002}


def test_without_a_key_there_is_no_price(installed: Path) -> None:
    assert asked([None, ""], path=installed) == {"null": None, "": None}


def test_a_litellm_without_its_price_file_knows_nothing(installed: Path) -> None:
    (installed / "litellm" / "model_prices_and_context_window_backup.json").unlink()
    assert asked(["acme/bird-1"], path=installed) == {"acme/bird-1": None}


def test_a_price_is_exact() -> None:
    from bonito_providers import Price

    price = Price(
        key="k", input_per_million=Decimal("0.1"), output_per_million=None, source="a test"
    )
    assert price.per_token() == {"input_cost_per_token": 1e-07}
