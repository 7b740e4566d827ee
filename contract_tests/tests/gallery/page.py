"""The kill matrix as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bonito_contract_tests.catalogue import all_checks
from contract_tests.tests.gallery.matrix import ORDINARY, Row
from contract_tests.tests.gallery.monolith import FAULTS, Fault

HEAD = """\
# Kill matrix

Each plugin here is broken on purpose and stands for something that went wrong somewhere. The
check that is meant to catch it does, by its verdict and not by a crash. Each was tried on the other
checks of that family too, and on some that try what everybody does first ({ordinary}); those that
catch it as well are named.

Most are made of [a stranger's provider](../../tests/third_party/aviary), some of a shipped plugin,
which is then tried on its own emulated cloud.

Made by `make kill-matrix` from `contract_tests/tests/gallery/`.
"""
FAULTS_HEAD = """
## The monolith's faults

What the system that this framework replaces did wrongly with AWS and Google Cloud. Each fault was
built into a plugin again, or is a cloud's own matter and held down by a test of its plugin.

| | fault | broken plugins | tests |
|---|---|---|---|"""
NAMED = 6


def page(rows: Iterable[Row]) -> str:
    """Return the matrix as Markdown."""
    measured = list(rows)
    missed = [row.broken.name for row in measured if not row.intended]
    killed = len(measured) - len(missed)
    others = f" Not by it: {', '.join(missed)}." if missed else ""
    return "\n".join(
        [
            HEAD.format(ordinary=", ".join(sorted(ORDINARY))),
            f"{killed} of {len(measured)} are caught by the check meant for them.{others}\n",
            "| broken plugin | of | meant for | also caught by | incident | where |",
            "|---|---|---|---|---|---|",
            *map(_line, measured),
            "\n## By check\n",
            "| check | tried on | catches | catches alone |",
            "|---|---|---|---|",
            *_by_check(measured),
            FAULTS_HEAD,
            *(_answered(each, measured) for each in FAULTS),
            "",
        ]
    )


def _line(row: Row) -> str:
    also = [each for each in row.caught if each != row.broken.check]
    more = f" and {len(also) - NAMED} more" if len(also) > NAMED else ""
    return (
        f"| {row.broken.name} | {row.broken.base.name} | {row.broken.check} "
        f"| {', '.join(also[:NAMED]) + more or 'none'} | {row.broken.incident} "
        f"| {row.broken.source} |"
    )


def _by_check(rows: Sequence[Row]) -> Iterable[str]:
    tried = Counter(check for row in rows for check in row.outcomes)
    caught = Counter(check for row in rows for check in row.caught)
    alone = Counter(row.caught[0] for row in rows if len(row.caught) == 1)
    for check in all_checks():
        yield f"| {check.id} | {tried[check.id]} | {caught[check.id]} | {alone[check.id]} |"


def _answered(fault: Fault, rows: Sequence[Row]) -> str:
    found = fault.broken(row.broken for row in rows)
    plugins = ", ".join(f"{each.name} ({each.check})" for each in found)
    tests = "<br>".join(f"`{each}`" for each in fault.tests)
    return f"| {fault.number} | {fault.what} | {plugins or 'none'} | {tests} |"
