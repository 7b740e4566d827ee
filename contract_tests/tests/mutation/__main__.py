"""Try the suite on generated mutants: ``python -m contract_tests.tests.mutation azure_foundry``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from contract_tests.tests.mutation.operators import Mutant
from contract_tests.tests.mutation.sample import TARGETS, Target, sample
from contract_tests.tests.mutation.trial import Verdict, begin, end

CANARY = "if True:\n    raise ImportError('canary')\n"
"""A module that cannot be imported, whichever way its first condition is changed."""
LAST = ("GATE",)
"""Families that come last, since the first of their checks waits for LiteLLM's import."""


def main() -> int:
    options = _options()
    target = TARGETS[options.plugin]
    _warm_up()
    if not _valid(target):
        return 2
    mutants = sample(target, options.sample, seed=options.seed)
    started = time.monotonic()
    verdicts = dict(_tried(mutants, target, options.processes))
    explained = _explained(options.plugin)
    return _told(options.plugin, mutants, verdicts, explained, time.monotonic() - started)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plugin", choices=sorted(TARGETS))
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    return parser.parse_args()


def _warm_up() -> None:
    """Import what every trial needs and no mutant changes; forks then begin with it."""
    import azure.identity.aio
    import azure.mgmt.cognitiveservices.aio  # noqa: F401 - imported to be there
    import hypothesis.stateful  # noqa: F401 - imported to be there

    import bonito_emulators.azure  # noqa: F401 - imported to be there
    from bonito_contract_tests.catalogue import all_checks

    all_checks()


def _order() -> list[str]:
    from bonito_contract_tests.catalogue import all_checks

    checks = [check.id for check in all_checks()]
    return sorted(checks, key=lambda each: each.partition("-")[0] in LAST)


def _valid(target: Target) -> bool:
    """Tell whether the plugin passes as it is and a planted canary does not: else all is void."""
    baseline = _one(None, target)
    if baseline.killer is not None:
        print(f"VOID: the plugin itself fails {baseline.killer}: {baseline.seen}")
        return False
    canary = replace(sample(target, 1, seed=0)[0], source=CANARY, number=0)
    if _one(canary, target).killer is None:
        print("VOID: a module that cannot be imported was not noticed")
        return False
    return True


def _one(mutant: Mutant | None, target: Target) -> Verdict:
    running = begin(mutant, target.harness, _order())
    while (verdict := end(*running)) is None:
        time.sleep(0.02)
    return verdict


def _tried(
    mutants: Sequence[Mutant], target: Target, processes: int
) -> Iterator[tuple[Mutant, Verdict]]:
    waiting = list(mutants)
    running: dict[Mutant, tuple[int, int, float]] = {}
    kills: Counter[str] = Counter()
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop(0)
            # What has caught most so far comes first: it is likely to catch the next one too.
            order = sorted(_order(), key=lambda each: (each[:4] in LAST, -kills[each]))
            running[mutant] = begin(mutant, target.harness, order)
        for mutant, handle in list(running.items()):
            if (verdict := end(*handle)) is not None:
                del running[mutant]
                kills[verdict.killer or ""] += 1
                print(f"{verdict.outcome:9} {verdict.killer or '':9} {mutant.id}", flush=True)
                yield mutant, verdict
        time.sleep(0.02)


def _explained(plugin: str) -> dict[str, str]:
    """Return the explanations of survivors: module, line's text and change, to the reason."""
    place = Path(__file__).with_name(f"survivors_{plugin}.json")
    found: dict[str, str] = json.loads(place.read_text("utf-8")) if place.exists() else {}
    return found


def _key(mutant: Mutant) -> str:
    """Name a mutant so that lines added above do not change its name."""
    return f"{mutant.module} | {mutant.before} | {mutant.change}"


def _told(
    plugin: str,
    mutants: Sequence[Mutant],
    verdicts: dict[Mutant, Verdict],
    explained: dict[str, str],
    seconds: float,
) -> int:
    alive = [each for each in mutants if verdicts[each].killer is None]
    new = [each for each in alive if _key(each) not in explained]
    equivalent = [each for each in alive if explained.get(_key(each), "").startswith("equivalent")]
    counted = len(mutants) - len(equivalent)
    killed = len(mutants) - len(alive)
    print(f"\n{plugin}: {killed} of {counted} killed ({killed / counted:.1%}), {seconds:.0f} s")
    print(f"{len(equivalent)} equivalent; {len(alive) - len(equivalent)} survive")
    by = Counter(verdict.outcome for verdict in verdicts.values())
    print(", ".join(f"{outcome}: {count}" for outcome, count in sorted(by.items())))
    for each in new:
        print(f"UNEXPLAINED {_key(each)}  (line {each.line})")
    return 1 if new or killed < 0.95 * counted else 0


if __name__ == "__main__":
    sys.exit(main())
