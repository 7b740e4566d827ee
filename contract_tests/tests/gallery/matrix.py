"""The kill matrix: which checks catch which broken plugin, for people to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bonito_aviary.conformance import AviaryHarness
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import BAD, Outcome, run_check
from bonito_contract_tests.stage import Stage
from contract_tests.tests.gallery.broken import Broken
from contract_tests.tests.gallery.rooms import hang

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


def measured(broken: Iterable[Broken]) -> Iterator[Row]:
    """Run the whole suite on each, and yield what it said."""
    with Stage(AviaryHarness()) as stage:
        for each in broken:
            hang(stage, each)
            yield Row(each, {check.id: run_check(check, stage).outcome for check in all_checks()})


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
