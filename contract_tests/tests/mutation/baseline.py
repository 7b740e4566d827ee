"""The plugin as it is: what each check takes, what it runs, and in which order to ask them."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from contract_tests.tests.mutation.coverage import marked, statement
from contract_tests.tests.mutation.operators import Mutant
from contract_tests.tests.mutation.sample import Target, every_module, source
from contract_tests.tests.mutation.trial import Step, Trees, begin, first_ended

ELSEWHERE = frozenset({"PLAN-12"})
"""Loads the plugin anew in another process, unchanged: it would compare that with the mutant."""
LAST = "GATE"
"""Comes last: the first check of this family that needs LiteLLM waits for its import."""
FIRST_LIMIT = 120.0
"""Seconds a check may take that was never timed."""
LEAST_LIMIT, TIMES = 10.0, 8.0
"""Seconds a check may always take, and how many times what it took before."""
_RARELY = 0.1
"""Kills that a check is credited with before it has any."""


class Void(Exception):
    """The run proves nothing; the text says why."""


@dataclass(frozen=True)
class Baseline:
    """Every check's step on the plugin as it is."""

    steps: Mapping[str, Step]

    def plan(
        self,
        mutant: Mutant,
        kills: Counter[str],
        *,
        first: Collection[str] = (),
        budget: float = math.inf,
    ) -> dict[str, float]:
        """Return the checks that can notice a mutant, the likeliest and cheapest first.

        Args:
            mutant: What is changed.
            kills: How many mutants each check has caught so far.
            first: Checks that come before all others.
            budget: Seconds of work after which no more checks are taken.

        Returns:
            Check to the seconds it may take; none where no check runs what is changed.
        """
        able = [each for each in self.steps.values() if self._notices(each, mutant)]
        able.sort(
            key=lambda each: (
                each.check not in first,
                each.check[:4] == LAST,
                -_worth(each, kills),
            )
        )
        spent = accumulate(each.work for each in able)
        return {
            each.check: _limit(each)
            for each, so_far in zip(able, spent, strict=True)
            if so_far - each.work < budget
        }

    def _notices(self, step: Step, mutant: Mutant) -> bool:
        if mutant.place is None:
            # What runs at import may matter to every check that runs anything of the plugin.
            return bool(step.ran)
        return statement(mutant.module, mutant.place) in step.ran

    @property
    def seconds(self) -> float:
        """The work of the whole suite."""
        return sum(each.work for each in self.steps.values())


def measured(target: Target, checks: Sequence[str], processes: int) -> Baseline:
    """Run every check once on the plugin as it is, with a mark before each statement.

    Raises:
        Void: One of them fails.
    """
    trees: Trees = {each: partial(_marked, each) for each in every_module(target)}
    running = [
        begin(trees, target.harness, dict.fromkeys(share, FIRST_LIMIT))
        for share in _shares(checks, processes)
    ]
    steps: list[Step] = []
    while running:
        trial = first_ended(running)
        running.remove(trial)
        steps += trial.end()
    for step in steps:
        if step.failed:
            raise Void(f"the plugin itself fails {step.check}: {step.outcome} {step.seen}")
    return Baseline({step.check: step for step in steps})


def _marked(module: str) -> ast.Module:
    return marked(module, source(module))


def _shares(checks: Sequence[str], processes: int) -> Iterator[Sequence[str]]:
    """Deal the checks; those with LiteLLM go together, since each process imports it anew."""
    wanted = [each for each in checks if each not in ELSEWHERE]
    last = [each for each in wanted if each.startswith(LAST)]
    others = [each for each in wanted if each not in last]
    for number in range(processes):
        share = others[number::processes] + (last if number == 0 else [])
        if share:
            yield share


def _limit(step: Step) -> float:
    # Any of the last may be the one that waits for LiteLLM.
    return max(LEAST_LIMIT if step.check[:4] != LAST else FIRST_LIMIT, TIMES * step.seconds)


def _worth(step: Step, kills: Counter[str]) -> float:
    return (kills[step.check] + _RARELY) / (step.work + 0.01)
