"""The kill matrix: which checks catch which broken plugin, for people to read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.check import Check
from bonito_contract_tests.runner import BAD, Outcome, run_check
from bonito_contract_tests.stage import Stage
from contract_tests.tests.gallery.bases import Base
from contract_tests.tests.gallery.broken import Broken
from contract_tests.tests.gallery.canary import must_catch_the_canary
from contract_tests.tests.gallery.rooms import all_broken, hung

PROCESSES = 2

ORDINARY = frozenset(
    {
        "META-01",
        "SCHEMA-06",
        "CRED-01",
        "LIST-01",
        "LIST-11",
        "PLAN-05",
        "LIFE-01",
        "ADOPT-01",
        "GATE-09",
        "CALL-01",
    }
)
"""Checks that try what everybody does first, and quickly: each plugin is tried on them.

The whole suite on every plugin would take an hour and tell little more: what is broken in one
place shows in the checks of that place, or where everything else begins."""


@dataclass(frozen=True)
class Row:
    """What the checks that were tried said of one broken plugin."""

    broken: Broken
    outcomes: Mapping[str, Outcome]

    @property
    def caught(self) -> tuple[str, ...]:
        return tuple(each for each, outcome in self.outcomes.items() if outcome in BAD)

    @property
    def intended(self) -> bool:
        return self.outcomes[self.broken.check] is Outcome.FAILED


def measured(broken: Sequence[Broken]) -> Iterator[Row]:
    """Try each, and yield what was said of it, in their order."""
    names = [each.name for each in broken]
    # Forked: each has the gallery already, and a plugin need not be taken from one to the other.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for each, outcomes in zip(broken, pool.map(_outcomes, names), strict=True):
            print(each.check, each.name, file=sys.stderr, flush=True)  # noqa: T201 - progress
            yield Row(each, outcomes)


def tried_on(broken: Broken) -> tuple[Check, ...]:
    """Return the check that is to catch it, those of its family, and the ordinary ones.

    In this order: a plugin that keeps what it should not is another after it has been tried.
    """
    family = broken.check.partition("-")[0]
    tried = [each for each in all_checks() if each.id in ORDINARY or each.family == family]
    return tuple(sorted(tried, key=lambda each: each.id != broken.check))


@cache
def _stage(base: Base) -> Stage:
    """Return this process's own stage, on which the canary was caught; its end is the process's."""
    stage = Stage(base.harness()).__enter__()
    must_catch_the_canary(stage, base)
    return stage


def _outcomes(name: str) -> dict[str, Outcome]:
    broken = next(each for each in all_broken() if each.name == name)
    stage = _stage(broken.base)
    with hung(stage, broken):
        return {check.id: run_check(check, stage).outcome for check in tried_on(broken)}
