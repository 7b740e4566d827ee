"""Rules and how they match: what a plan tells of itself against what the operator forbids.

A deployment is refused by every rule that applies to it. The order of the rules means nothing, and
another rule never allows what was refused: exceptions belong to a rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from bonito_providers.redaction import MARK
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers import Call, DeploymentPlan


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
"""Names with ``*``, ``?`` and ``[…]``; capitals do not matter. One alone needs no brackets."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What rules look at. None is what a plan does not tell, which is not the same as nothing.

    Attributes:
        names: By condition, the names a pattern may match.
        capacity: In the SKU's own unit; nought where a plan creates without one.
        adopts: Whether what stands is taken over and nothing is created.
    """

    names: dict[str, Collection[str] | None]
    capacity: int | None
    adopts: bool

    @classmethod
    def of(cls, call: Call, plan: DeploymentPlan) -> Self:
        """Read a plan's own facts, never the words of the request, which the caller chose."""
        model = plan.model
        return cls(
            names={
                "provider": (call.provider,),
                "connection": (call.connection,),
                "publisher": _known(model.publisher),
                "model": _known(model.name, model.canonical_name),
                "sku": _known(plan.sku),
                "region": _known(plan.region),
                "consent": _legible(plan.request.consents),
            },
            capacity=_capacity(plan),
            adopts=plan.request.adopt,
        )


def _known(*names: str | None) -> Collection[str] | None:
    return _legible(tuple(name for name in names if name)) or None


def _legible(names: Collection[str]) -> Collection[str] | None:
    # Secrets are hidden from wrappers by value: a caller whose key is a word of the plan would
    # hide that word from every rule.
    return None if any(MARK in name for name in names) else names


def _capacity(plan: DeploymentPlan) -> int | None:
    # A plan that creates orders what it tells and no more; what is taken over without a word on
    # its size may be of any, whatever its SKU.
    if plan.request.adopt:
        return plan.capacity
    return plan.capacity or 0


class Conditions(StrictValue):
    """What has to be so, all of it.

    Attributes:
        provider: The provider's name.
        connection: The connection's id.
        publisher: Who made the model.
        model: The model's name at the service, or the one it has in every cloud.
        sku: How it is deployed.
        region: Where.
        consent: A consent that the request gives, to terms or to billing by the hour.
        capacity_above: More than so many units.
        adopt: Whether what stands already is taken over.
    """

    provider: Patterns | None = None
    connection: Patterns | None = None
    publisher: Patterns | None = None
    model: Patterns | None = None
    sku: Patterns | None = None
    region: Patterns | None = None
    consent: Patterns | None = None
    capacity_above: int | None = Field(default=None, ge=0, strict=True)
    adopt: bool | None = Field(default=None, strict=True)

    def hold(self, subject: Subject, *, unknown: bool) -> bool:
        """Tell whether all of them are so; what the plan does not tell counts as `unknown`."""
        if self.capacity_above is not None:
            told = subject.capacity
            if not (unknown if told is None else told > self.capacity_above):
                return False
        if self.adopt is not None and self.adopt is not subject.adopts:
            return False
        return all(
            unknown if known is None else _match(patterns, known)
            for patterns, known in self._named(subject)
        )

    def missing(self, subject: Subject) -> Iterator[str]:
        """Yield the conditions on what the plan does not tell."""
        for name, known in subject.names.items():
            if known is None and getattr(self, name) is not None:
                yield name
        if subject.capacity is None and self.capacity_above is not None:
            yield "capacity"

    def _named(self, subject: Subject) -> Iterator[tuple[Patterns, Collection[str] | None]]:
        for name, known in subject.names.items():
            patterns: Patterns | None = getattr(self, name)
            if patterns is not None:
                yield patterns, known


def _match(patterns: Patterns, names: Collection[str]) -> bool:
    return any(
        fnmatchcase(name.casefold(), pattern.casefold()) for name in names for pattern in patterns
    )


class Rule(Conditions):
    """Refuses what its conditions describe, unless the exception describes it too.

    What a plan does not tell fulfils every condition and no exception: a rule about regions that
    cannot see the region refuses.

    Attributes:
        reason: Why, and whom to ask; whoever is refused reads it.
        exception: Conditions under which the rule does not apply; ``except`` in the file.
    """

    reason: str = Field(min_length=1, max_length=500)
    exception: Conditions | None = Field(default=None, alias="except")

    @model_validator(mode="after")
    def _excepts_something(self) -> Self:
        if self.exception is not None and not self.exception.model_fields_set:
            message = "`except` names no condition, so the rule would never apply"
            raise ValueError(message)
        return self

    def refuses(self, subject: Subject) -> bool:
        """Tell whether the rule applies."""
        if not self.hold(subject, unknown=True):
            return False
        return self.exception is None or not self.exception.hold(subject, unknown=False)

    def untold(self, subject: Subject) -> tuple[str, ...]:
        """Return what the plan would have to tell for the rule to be sure."""
        excepted = self.exception.missing(subject) if self.exception is not None else ()
        return tuple(dict.fromkeys([*self.missing(subject), *excepted]))


class Rules(StrictValue):
    """What a policy file says."""

    deny: tuple[Rule, ...] = Field(min_length=1)
