"""What a result means for the verdict: from the outcome of a check to a row of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.check import Level
from bonito_contract_tests.collection import is_preview
from bonito_contract_tests.folders import without_folders
from bonito_contract_tests.runner import BAD, Outcome, Result

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness


class Judgement(StrEnum):
    """What a check came to, with its level and the contract taken into account."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    SUITE_ERROR = "suite error"
    GAP = "gap"
    NOT_APPLICABLE = "not applicable"
    ADVICE = "advice"
    """A SHOULD that does not hold."""
    PREVIEW = "preview"
    """A check of a later contract than the plugin's, whatever it came to."""
    NOT_RUN = "not run"


FAILING = frozenset({Judgement.FAILED, Judgement.CRASHED, Judgement.SUITE_ERROR})
"""What makes a provider not conformant."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One check in a report.

    Attributes:
        id: The check's.
        level: The check's.
        outcome: What it came to.
        seconds: Real time it took; two reports that differ in it are equal.
        seen: What the plugin did, where that broke the rule.
        expected: What it should have done.
        reason: Of a gap, or of not being applicable.
    """

    id: str
    level: Level
    outcome: Judgement
    seconds: float = field(default=0.0, compare=False)
    seen: str = ""
    expected: str = ""
    reason: str = ""

    @property
    def said(self) -> str:
        """What there is to say about it, on one line."""
        expected = f"expected: {self.expected}" if self.expected else ""
        parts = (self.reason, self.seen, expected)
        return " ".join("; ".join(filter(None, parts)).split())


def judged(result: Result, harness: Harness[Any]) -> Judgement:
    """Return what a result means for this harness's provider.

    A failure that stands although a gap is declared is the stale gap itself, and always binding.
    """
    if is_preview(result.check, harness):
        return Judgement.PREVIEW
    advised = result.check.level is Level.SHOULD and result.check.id not in harness.gaps
    if result.outcome is Outcome.FAILED and advised:
        return Judgement.ADVICE
    return Judgement(result.outcome.value)


def row_of(result: Result, harness: Harness[Any]) -> Row:
    """Return the row of a result. It may travel: it names files, but no folder of a machine."""
    judgement = judged(result, harness)
    passed = judgement is Judgement.PREVIEW and result.outcome not in BAD
    return Row(
        id=result.check.id,
        level=result.check.level,
        outcome=judgement,
        seconds=round(result.seconds, 2),
        seen=without_folders(result.seen),
        expected=without_folders(result.expected),
        reason=str(result.outcome) if passed else without_folders(result.reason),
    )


def row_from(told: Mapping[str, Any]) -> Row:
    """Return the row that another process wrote as JSON."""
    return Row(**{**told, "level": Level(told["level"]), "outcome": Judgement(told["outcome"])})
