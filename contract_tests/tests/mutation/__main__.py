"""Try the suite on generated mutants: ``python -m contract_tests.tests.mutation azure_foundry``.

The plugin as it is runs first, with a mark before each of its statements; a mutant then meets
only the checks that ran what it changes.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from contract_tests.tests.mutation.baseline import Baseline, Void, measured
from contract_tests.tests.mutation.operators import Mutant
from contract_tests.tests.mutation.sample import TARGETS, Target, sample
from contract_tests.tests.mutation.trial import Step, Trial, begin, first_ended

CANARY = "if True:\n    raise ImportError('canary')\n"
CANARY_LIMIT = 60.0
NOT_COVERED = Step("", failed=False, outcome="not covered")
ENOUGH = 0.95
"""The least share of mutants that are to be caught, the equivalent ones aside."""


def main() -> int:
    options = _options()
    target = TARGETS[options.plugin]
    mutants = [
        each
        for each in sample(target, options.sample, seed=options.seed)
        if options.only in each.id
    ]
    started = time.monotonic()
    checks = _warm_up(target, options.check)
    try:
        baseline = measured(target, checks, options.processes)
        _must_catch_the_canary(target, baseline)
    except Void as void:
        print(f"VOID: {void}")
        return 2
    print(f"{len(baseline.steps)} checks, {baseline.seconds:.0f} s of work", flush=True)
    verdicts = dict(_tried(mutants, target, baseline, options))
    return _told(options.plugin, verdicts, time.monotonic() - started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plugin", choices=sorted(TARGETS))
    parser.add_argument("--sample", type=int, default=150, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", default="", help="those whose name has this in it")
    parser.add_argument("--first", action="append", default=[], help="ask it first; repeatable")
    parser.add_argument("--check", action="append", help="this check alone; repeatable")
    parser.add_argument(
        "--budget", type=float, default=math.inf, help="seconds of work on one mutant, at most"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    return parser.parse_args()


def _warm_up(target: Target, wanted: Sequence[str] | None) -> list[str]:
    """Import what every trial needs and no mutant changes, and return the checks to run."""
    for each in (*target.brings, "hypothesis.stateful", "bonito_contract_tests.runner"):
        import_module(each)
    from bonito_contract_tests.catalogue import all_checks

    checks = [check.id for check in all_checks() if not wanted or check.id in wanted]
    gc.freeze()  # what every fork shares need not be looked through by each of them
    return checks


def _must_catch_the_canary(target: Target, baseline: Baseline) -> None:
    """Go on only if a module that cannot be imported is noticed.

    Raises:
        Void: It is not: whatever this run says of other mutants is void.
    """
    module = target.modules[-1]
    able = [
        each.check
        for each in baseline.steps.values()
        if any(name.startswith(f"{module}:") for name in each.ran)
    ]
    limits = dict.fromkeys(able[:1], CANARY_LIMIT)
    trial = begin({module: lambda: ast.parse(CANARY)}, target.harness, limits)
    steps = first_ended([trial]).end()
    if not (steps and steps[-1].failed):
        raise Void("a module that cannot be imported was not noticed")


def _tried(
    mutants: Sequence[Mutant], target: Target, baseline: Baseline, options: argparse.Namespace
) -> Iterator[tuple[Mutant, Step]]:
    """Yield each mutant with the check that caught it, or else the last that let it pass."""
    waiting = list(reversed(mutants))
    running: dict[int, tuple[Mutant, Trial]] = {}
    kills: Counter[str] = Counter()
    while waiting or running:
        while waiting and len(running) < options.processes:
            mutant = waiting.pop()
            limits = baseline.plan(mutant, kills, first=options.first, budget=options.budget)
            if limits:
                trial = begin({mutant.module: mutant.tree}, target.harness, limits)
                running[trial.pipe] = mutant, trial
            else:
                yield mutant, _noted(mutant, NOT_COVERED)
        if running:
            trial = first_ended([trial for _, trial in running.values()])
            mutant, _ = running.pop(trial.pipe)
            step = trial.end()[-1]
            kills[step.check] += step.failed
            yield mutant, _noted(mutant, step)


def _noted(mutant: Mutant, step: Step) -> Step:
    fate = step.outcome if step.failed else "not covered" if step is NOT_COVERED else "SURVIVED"
    print(f"{fate:11} {step.check if step.failed else '':9} {mutant.id}", flush=True)
    return step


def _told(plugin: str, verdicts: Mapping[Mutant, Step], seconds: float) -> int:
    explained = _explained(plugin)
    alive = [each for each, step in verdicts.items() if not step.failed]
    new = [each for each in alive if _key(each) not in explained]
    equivalent = [each for each in alive if explained.get(_key(each), "").startswith("equivalent")]
    counted = len(verdicts) - len(equivalent)
    killed = len(verdicts) - len(alive)
    share = killed / counted if counted else 1.0
    print(f"\n{plugin}: {killed} of {counted} killed ({share:.1%}), {seconds:.0f} s")
    print(f"{len(equivalent)} equivalent; {len(alive) - len(equivalent)} survive")
    by = Counter(step.outcome for step in verdicts.values())
    print(", ".join(f"{outcome}: {count}" for outcome, count in sorted(by.items())))
    for each in sorted(new, key=lambda mutant: mutant.id):
        state = "not covered" if verdicts[each] is NOT_COVERED else "survives"
        print(f"UNEXPLAINED {state}: {_key(each)}  (line {each.line})")
    return 1 if new or share < ENOUGH else 0


def _explained(plugin: str) -> dict[str, str]:
    """Return the explanations of survivors: module, line's text and change, to the reason.

    A reason begins with "equivalent" where no caller can tell the mutant from the plugin, else
    with "survives".
    """
    place = Path(__file__).with_name(f"survivors_{plugin}.json")
    found: dict[str, str] = json.loads(place.read_text("utf-8")) if place.exists() else {}
    return found


def _key(mutant: Mutant) -> str:
    """Name a mutant so that lines added above do not change its name."""
    return f"{mutant.module} | {mutant.before} | {mutant.change}"


if __name__ == "__main__":
    sys.exit(main())
