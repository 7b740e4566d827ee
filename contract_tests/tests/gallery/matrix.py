"""The kill matrix: which checks catch which broken plugin, for people to read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from bonito_aviary.conformance import AviaryHarness
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import BAD, Outcome, run_check
from bonito_contract_tests.stage import Stage
from contract_tests.tests.gallery.broken import Broken
from contract_tests.tests.gallery.canary import must_catch_the_canary
from contract_tests.tests.gallery.rooms import all_broken, hang

PROCESSES = 2

HEAD = """\
# Kill matrix

Each plugin here is broken on purpose and stands for something that went wrong somewhere. The
suite is run on every one of them: the check that is meant to catch it does, by its verdict and
not by a crash. The others that catch it as well are named too.

Made by `make kill-matrix` from `contract_tests/tests/gallery/`.
"""


@dataclass(frozen=True)
class Row:
    """What the whole suite said of one broken plugin."""

    broken: Broken
    outcomes: Mapping[str, Outcome]

    @property
    def caught(self) -> tuple[str, ...]:
        return tuple(each for each, outcome in self.outcomes.items() if outcome in BAD)

    @property
    def intended(self) -> bool:
        return self.outcomes[self.broken.check] is Outcome.FAILED


def measured(broken: Sequence[Broken]) -> Iterator[Row]:
    """Run the whole suite on each, and yield what it said, in their order."""
    names = [each.name for each in broken]
    # Forked: each has the gallery already, and a plugin need not be taken from one to the other.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for each, outcomes in zip(broken, pool.map(_outcomes, names), strict=True):
            print(each.check, each.name, file=sys.stderr, flush=True)  # noqa: T201 - progress
            yield Row(each, outcomes)


@cache
def _stage() -> Stage:
    """Return this process's own stage, on which the canary was caught; its end is the process's."""
    stage = Stage(AviaryHarness()).__enter__()
    must_catch_the_canary(stage)
    return stage


def _outcomes(name: str) -> dict[str, Outcome]:
    stage = _stage()
    hang(stage, next(each for each in all_broken() if each.name == name))
    return {check.id: run_check(check, stage).outcome for check in all_checks()}


def page(rows: Iterable[Row]) -> str:
    """Return the matrix as Markdown."""
    measured_rows = list(rows)
    caught = Counter(check for row in measured_rows for check in row.caught)
    alone = Counter(row.caught[0] for row in measured_rows if len(row.caught) == 1)
    killed = sum(row.intended for row in measured_rows)
    lines = [HEAD, f"{killed} of {len(measured_rows)} are caught by the check meant for them.\n"]
    lines += [
        "| broken plugin | meant for | also caught by | incident | where |",
        "|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in measured_rows]
    lines += ["\n## By check\n", "| check | catches | catches alone |", "|---|---|---|"]
    lines += [f"| {each.id} | {caught[each.id]} | {alone[each.id]} |" for each in all_checks()]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    also = [each for each in row.caught if each != row.broken.check]
    shown = ", ".join(also[:6]) + (f" and {len(also) - 6} more" if len(also) > 6 else "")
    return (
        f"| {row.broken.name} | {row.broken.check} | {shown or 'none'} "
        f"| {row.broken.incident} | {row.broken.source} |"
    )
