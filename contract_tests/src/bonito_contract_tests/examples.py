"""How hypothesis runs here: the same examples for every author, and values that are nasty."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

Drawn = TypeVar("Drawn", bound=Callable[..., Any])
BACKEND = "bonito-contract-tests"
AVAILABLE_PROVIDERS[BACKEND] = "bonito_contract_tests.settled_examples.SettledProvider"

NASTY = (
    "",
    " ",
    " leading",
    "trailing\n",
    "a" * 64,
    "a" * 255,
    "a" * 5000,
    "\x00",
    "../../etc",
    "%2e%2e%2f",
    "a/b",
    "a?b=c",
    "a#b",
    "UPPER.Case_9",
    "caf\u00e9",
    "cafe\u0301",
    "\u202eevil",
    "\U0001f426",
    "'; DROP TABLE deployments; --",
    "${HOME}",
    "null",
    "0",
    "-1",
)
"""Texts that services and plugins have stumbled over."""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Whatever can be sent: each character but half ones, told by their category.

Hypothesis tells them by the codec and tries them all for it: a second in every new folder.
"""


def settings_for(bench: Bench, *, examples: int = 25, steps: int = 8) -> settings:
    """Return the settings: derandomised for authors; shrinking costs more than it tells them.

    A thorough run draws by its seed instead: see `drawing`.

    Args:
        bench: How thorough to be.
        examples: For an author's run.
        steps: Of a state machine.
    """
    thorough = bench.thorough > 1
    phases = (Phase.explicit, Phase.generate, *((Phase.shrink,) if thorough else ()))
    return settings(
        max_examples=examples * bench.thorough,
        stateful_step_count=steps,
        derandomize=not thorough,
        backend=BACKEND,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )


def drawing(bench: Bench, *, examples: int = 25) -> Callable[[Drawn], Drawn]:
    """Return what a test of hypothesis is decorated with: the settings, and a thorough run's seed.

    Args:
        bench: How thorough to be.
        examples: For an author's run.
    """
    configured = settings_for(bench, examples=examples)
    return lambda test: seeded(bench, configured(test))


def seeded(bench: Bench, test: Drawn) -> Drawn:
    """Return the test, drawing by the seed of the run; an author's run needs none."""
    if bench.seed is not None:
        seed(bench.seed)(test)
    return test
