"""Running one check: from its function to an outcome that a person can act on."""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.bench import Bench
from bonito_contract_tests.folders import without_folders
from bonito_contract_tests.violation import HarnessError, Violation
from bonito_contract_tests.wire import shown
from bonito_providers.crashes import described
from bonito_providers.errors import BonitoError, PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check
    from bonito_contract_tests.harness import Gap
    from bonito_contract_tests.stage import Stage
    from bonito_contract_tests.untouched import Findings

PATIENCE = 60.0
"""Seconds of real time a check may take; what waits for longer is stuck."""


class Outcome(StrEnum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    """Failed, because the plugin broke down rather than answered wrongly."""
    GAP = "gap"
    """Failed, as the harness declares."""
    NOT_APPLICABLE = "not applicable"
    """The provider offers no such capability, and refuses it properly."""
    SUITE_ERROR = "suite error"
    """The harness or the suite itself is at fault; counts as failed."""


BAD = frozenset({Outcome.FAILED, Outcome.CRASHED, Outcome.SUITE_ERROR})


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one check came to, and why.

    Attributes:
        check: Which.
        outcome: What it came to.
        seen: What the plugin did, where that broke the rule.
        expected: What it should have done.
        wire: The last requests before the rule was broken, without secrets.
        reason: Of a gap, or of not being applicable.
        seconds: Real time it took.
    """

    check: Check
    outcome: Outcome
    seen: str = ""
    expected: str = ""
    wire: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0

    def text(self) -> str:
        """Return the failure as a person reads it: the rule, what was seen, how to mend it."""
        lines = [
            f"{self.check.id} {self.check.level} since {self.check.since[0]}.{self.check.since[1]}",
            f"Rule:     {self.check.rule}",
            f"Seen:     {without_folders(self.seen)}",
            f"Expected: {without_folders(self.expected)}",
        ]
        if self.outcome is not Outcome.SUITE_ERROR:
            # The mend is the plugin's; here the harness is at fault.
            lines.append(f"Mend:     {self.check.mend}")
        if self.wire:
            lines += ["On the wire:", *(f"  {line}" for line in self.wire)]
        return "\n".join(lines)


def run_check(
    check: Check,
    stage: Stage,
    *,
    thorough: int = 1,
    seed: int | None = None,
    findings: Findings | None = None,
) -> Result:
    """Run one check against a fresh cloud, and judge a declared gap strictly.

    Args:
        check: Which.
        stage: Where the cloud is.
        thorough: How many times more examples than an author's run takes.
        seed: What a thorough run draws its examples by.
        findings: What checks before this one found out; nothing where none is given.
    """
    started = time.monotonic()
    outcome, facts = _tried(check, stage, thorough, seed, findings)
    gap = stage.harness.gaps.get(check.id)
    if gap is not None:
        outcome, facts = _with_gap(gap, outcome, facts)
    return Result(check=check, outcome=outcome, seconds=time.monotonic() - started, **facts)


Facts = Mapping[str, Any]


def _tried(
    check: Check, stage: Stage, thorough: int, seed: int | None, findings: Findings | None
) -> tuple[Outcome, Facts]:
    try:
        bench = Bench(stage, thorough=thorough, seed=seed, findings=findings)
        missing = check.needs - bench.offered() if check.needs else frozenset()
        if missing:
            names = ", ".join(sorted(missing))
            return Outcome.NOT_APPLICABLE, {"reason": f"the provider does not offer: {names}"}
        with _own_environment(stage):
            _perform(check, bench)
        _judge_wire(bench)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome, seen, expected = _judged(error)
        if stage.log.failures:
            # Whatever the plugin made of a cloud that broke down, it is not at fault.
            outcome, seen = Outcome.SUITE_ERROR, stage.log.failures[0]
            expected = "a cloud that answers every request"
        if thorough > 1 and seed is not None:
            seen += f" (thorough {thorough}, seed {seed})"
        return outcome, {"seen": seen, "expected": expected, "wire": shown(stage)}
    return Outcome.PASSED, {}


@contextmanager
def _own_environment(stage: Stage) -> Iterator[None]:
    """Put the environment back, so that no check finds what another left; SEC-08 is told of it."""
    before = dict(os.environ)
    try:
        yield
    finally:
        changed = {name for name, _ in before.items() ^ os.environ.items()}
        for name in changed:
            os.environ.pop(name, None)
        os.environ.update({name: before[name] for name in changed & before.keys()})
        stage.changed.update(changed)


def _perform(check: Check, bench: Bench) -> None:
    work = check.run(bench)
    if inspect.isawaitable(work):

        async def within_patience() -> None:
            async with asyncio.timeout(PATIENCE) as bench.patience:
                await work

        asyncio.run(within_patience())


def _judge_wire(bench: Bench) -> None:
    """Fail whatever was tried, where the cloud was asked for what it does not know."""
    for sentence in bench.log.violations:
        raise Violation(sentence, expected="requests that the service documents")
    strange = set(bench.log.refused_names) - bench.tolerated
    if strange:
        raise Violation(
            f"asked for {', '.join(sorted(strange))}", expected="hosts of the provider's cloud only"
        )


def _judged(error: BaseException) -> tuple[Outcome, str, str]:
    """Return the outcome, what was seen and what was expected."""
    if isinstance(error, Violation):
        return Outcome.FAILED, error.seen, error.expected
    if isinstance(error, PluginError):
        return Outcome.CRASHED, str(error), "a value of the contract, or an error of its tree"
    if isinstance(error, BonitoError):
        return Outcome.FAILED, f"{type(error).__name__}: {error}", "no error"
    if isinstance(error, TimeoutError):
        return Outcome.FAILED, f"nothing after {PATIENCE:g} seconds", "an end"
    if isinstance(error, HarnessError | NotImplementedError):
        text = str(error) or "the harness does not implement what this check needs"
        return Outcome.SUITE_ERROR, text, "a harness that offers what its capabilities claim"
    return Outcome.SUITE_ERROR, described(error), "a check that ends with a verdict"


def _with_gap(gap: Gap, outcome: Outcome, facts: Facts) -> tuple[Outcome, Facts]:
    reason = f"{gap.kind}: {gap.reason}"
    if outcome in (Outcome.FAILED, Outcome.CRASHED):
        return Outcome.GAP, {**facts, "reason": reason}
    if outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
        seen = f"a gap is declared ({reason}) and the check is {outcome}"
        return Outcome.FAILED, {"seen": seen, "expected": "a gap that is one: remove it"}
    return outcome, facts
