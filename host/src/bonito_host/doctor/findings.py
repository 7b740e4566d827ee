"""What an examination comes to: facts, and findings with the step that mends each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from typing import Any

from bonito_host import exit_codes


class Weight(StrEnum):
    """How bad it is."""

    FAULT = "fault"
    """Something does not work."""
    WARNING = "warning"
    """It works, and may surprise."""
    NOTE = "note"
    """Good to know; nothing is wrong."""


_WORST_FIRST = tuple(Weight)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One thing that can be wrong: `causes` lists them all.

    Attributes:
        kind: Its stable name.
        weight: How bad it is.
        title: What is wrong, in a few words, for the documentation.
        why: Why it matters, in a sentence.
        mend: What mends it wherever the place itself says nothing better.
        code: What the command leaves with when this is the worst there is.
    """

    kind: str
    weight: Weight
    title: str
    why: str
    mend: str
    code: int = exit_codes.USAGE


def fault(kind: str, title: str, why: str, mend: str, code: int = exit_codes.USAGE) -> Cause:
    """Return the cause of something that does not work."""
    return Cause(kind=kind, weight=Weight.FAULT, title=title, why=why, mend=mend, code=code)


def warning(kind: str, title: str, why: str, mend: str) -> Cause:
    """Return the cause of what works and may surprise."""
    return Cause(kind=kind, weight=Weight.WARNING, title=title, why=why, mend=mend)


def note(kind: str, title: str, why: str, mend: str) -> Cause:
    """Return the cause of what is good to know."""
    return Cause(kind=kind, weight=Weight.NOTE, title=title, why=why, mend=mend)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong here.

    Attributes:
        kind: As `Cause.kind`.
        weight: How bad it is.
        what: What was seen, in a sentence.
        why: Why it matters.
        mend: The command or the step that mends it.
        code: What the command leaves with when this is the worst there is.
    """

    kind: str
    weight: Weight
    what: str
    why: str
    mend: str
    code: int

    def written(self, write: Callable[[str], str]) -> Finding:
        """Return the finding with each text rewritten, as for hiding what is private."""
        return replace(self, what=write(self.what), why=write(self.why), mend=write(self.mend))

    def document(self) -> dict[str, Any]:
        """Return the finding as JSON takes it."""
        return {
            "kind": self.kind,
            "weight": self.weight.value,
            "what": self.what,
            "why": self.why,
            "mend": self.mend,
        }


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of an examination.

    Attributes:
        title: What was examined.
        facts: What was seen, by name.
        findings: What is wrong with it.
    """

    title: str
    facts: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether something does not work."""
        return any(each.weight is Weight.FAULT for each in self.findings)

    def written(self, write: Callable[[str], str]) -> Part:
        """Return the part with each text rewritten."""
        return Part(
            title=self.title,
            facts={write(name): _written(value, write) for name, value in self.facts.items()},
            findings=tuple(each.written(write) for each in self.findings),
        )


def _written(value: object, write: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return write(value)
    if isinstance(value, list | tuple):
        return [_written(each, write) for each in value]
    return value


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Everything that was examined, causes before consequences."""

    parts: tuple[Part, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, the worst first; of equal weight, what was examined first."""
        found = chain.from_iterable(part.findings for part in self.parts)
        return tuple(sorted(found, key=lambda each: _WORST_FIRST.index(each.weight)))

    @property
    def code(self) -> int:
        """Zero unless something does not work, else the code of the worst finding."""
        faults = (each for each in self.findings if each.weight is Weight.FAULT)
        return next((each.code for each in faults), exit_codes.DONE)

    def written(self, write: Callable[[str], str]) -> Diagnosis:
        """Return the diagnosis with each text rewritten."""
        return Diagnosis(parts=tuple(part.written(write) for part in self.parts))

    def document(self) -> dict[str, Any]:
        """Return the diagnosis as JSON takes it."""
        return {
            "findings": [each.document() for each in self.findings],
            "facts": {part.title: dict(part.facts) for part in self.parts},
        }
