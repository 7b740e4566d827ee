"""Checks as data: the one list behind pytest items, the command, the report and the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bonito_providers import Capability

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

Body = Callable[["Bench"], Awaitable[None]] | Callable[["Bench"], None]
"""What a check does; one that drives hypothesis is a plain function."""


class Level(StrEnum):
    """How binding a check is."""

    MUST = "MUST"
    SHOULD = "SHOULD"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule of the contract and how it is tried.

    Attributes:
        id: Its name for ever: family and number, ``LIST-02``.
        level: Whether breaking it makes a provider not conformant.
        since: The contract version, major and minor, that brought it.
        needs: Capabilities without which it says nothing; then it is not applicable.
        rule: The rule, in one sentence.
        mend: What an author does about a failure.
        run: Tries it; raises `Violation` where the rule is broken.
    """

    id: str
    level: Level
    since: tuple[int, int]
    needs: frozenset[Capability]
    rule: str
    mend: str
    run: Body

    @property
    def family(self) -> str:
        """The first part of the id."""
        return self.id.partition("-")[0]

    @property
    def routes(self) -> bool:
        """Whether the check may call through LiteLLM: one that needs routes at all."""
        return Capability.ROUTE in self.needs


class Family:
    """Collects the checks of one module, in the order they are written.

    Args:
        name: The first part of the ids.
        title: What the documentation calls it.
    """

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.checks: list[Check] = []

    def check(
        self,
        number: int,
        *,
        rule: str,
        mend: str,
        level: Level = Level.MUST,
        since: tuple[int, int] = (1, 0),
        needs: tuple[Capability, ...] = (),
    ) -> Callable[[Body], Body]:
        """Make the decorated function the check of that number."""

        def register(run: Body) -> Body:
            made = Check(
                id=f"{self.name}-{number:02}",
                level=level,
                since=since,
                needs=frozenset(needs),
                rule=rule,
                mend=mend,
                run=run,
            )
            self.checks.append(made)
            return run

        return register
