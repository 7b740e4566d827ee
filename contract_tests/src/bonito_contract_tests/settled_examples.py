"""Hypothesis's generator, without what it takes from the modules that happen to be loaded."""

from __future__ import annotations

from typing import Any

from hypothesis.internal.conjecture.providers import HypothesisProvider


class SettledProvider(HypothesisProvider):
    """Draws the same values whoever runs the suite, and whichever checks ran before.

    Hypothesis mixes the constants of a user's loaded modules into every draw. In a checkout those
    of the suite count as the user's, in an installation they do not, so that a derandomised run
    would differ between the two, and with the order of the checks. What is nasty is in the pools.
    """

    def _maybe_draw_constant(self, *_draw: Any, **_options: Any) -> None:  # noqa: ANN401 - hypothesis's own
        return None
