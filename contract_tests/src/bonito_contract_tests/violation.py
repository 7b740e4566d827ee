"""How a check says that a rule is broken."""

from __future__ import annotations


class Violation(Exception):
    """The rule is broken: what was seen, and what the contract expects instead.

    Attributes:
        seen: What the plugin did, in one sentence.
        expected: What it should have done.
    """

    def __init__(self, seen: str, *, expected: str) -> None:
        super().__init__(f"{seen}; expected: {expected}")
        self.seen = seen
        self.expected = expected


class HarnessError(Exception):
    """The harness does not give what a check needs, or contradicts its own cloud."""


def must(condition: object, *, seen: str, expected: str) -> None:
    """Go on only if the condition holds.

    Raises:
        Violation: It does not.
    """
    if not condition:
        raise Violation(seen, expected=expected)
