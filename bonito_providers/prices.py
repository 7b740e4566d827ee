"""Prices, read from the data file of an installed LiteLLM without importing it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bonito_providers.values import Value

_FILE = "model_prices_and_context_window_backup.json"
_MILLION = Decimal(1_000_000)
_ABSURD = Decimal(500)
"""USD per million input tokens. LiteLLM's file has rows wrong by a factor of a thousand
(jais-30b-chat at 3,200); no model sold by the token costs as much as this."""


class Price(Value):
    """What a model costs, in USD per million tokens; None is unknown, never zero."""

    key: str
    input_per_million: Decimal | None
    output_per_million: Decimal | None
    source: str

    def per_token(self) -> dict[str, float]:
        """Return what LiteLLM takes in `model_info`, without what is unknown."""
        rates = {
            "input_cost_per_token": self.input_per_million,
            "output_cost_per_token": self.output_per_million,
        }
        return {name: float(rate / _MILLION) for name, rate in rates.items() if rate is not None}


def find_price(key: str | None) -> Price | None:
    """Return the price of a `price_key`, or None where nobody knows it.

    Keys are compared without regard to case. Zero and absurd rates count as unknown, because the
    data file writes zero for what it does not know. Without an installed LiteLLM all is unknown.
    """
    row = _rows().get(key.lower()) if key else None
    if key is None or row is None:
        return None
    rates = [_per_million(row.get(f"{kind}_cost_per_token")) for kind in ("input", "output")]
    if rates == [None, None] or (rates[0] is not None and rates[0] > _ABSURD):
        return None
    return Price(
        key=key,
        input_per_million=rates[0],
        output_per_million=rates[1],
        source="the price file of the installed LiteLLM",
    )


def _per_million(rate: object) -> Decimal | None:
    if not isinstance(rate, int | float | str) or isinstance(rate, bool):
        return None
    try:
        value = Decimal(str(rate)) * _MILLION
    except InvalidOperation:
        return None
    return value.normalize() if value.is_finite() and value > 0 else None


@functools.cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    # find_spec of a top-level package runs none of its code.
    spec = find_spec("litellm")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _FILE
        if path.is_file():
            rows = json.loads(path.read_text(encoding="utf-8"))
            return {str(key).lower(): row for key, row in rows.items() if isinstance(row, dict)}
    return {}
