"""What the cloud holds, before and after: the truth that what a plugin says is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.violation import Violation, must
from bonito_providers import DeploymentRef

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Harness, Standing


@dataclass(frozen=True)
class Holdings:
    """The deployments of a cloud and how often each was made; not how far they are.

    Attributes:
        standing: Every deployment by name.
        creations: How often each name was made since the start.
    """

    standing: Mapping[str, Standing]
    creations: Counter[str]

    @classmethod
    def of(cls, harness: Harness[Any], cloud: Any) -> Holdings:  # noqa: ANN401 - the author's own
        """Return what a cloud holds now."""
        standing = {
            name: replace(each, ready=True) for name, each in harness.standing(cloud).items()
        }
        return cls(standing, Counter(harness.creations(cloud)))

    @property
    def listed(self) -> Collection[str]:
        """The names that a listing has to show."""
        return {name for name, each in self.standing.items() if each.listed}

    @property
    def named(self) -> Mapping[str, str]:
        """The model behind every name."""
        return {name: each.model for name, each in self.standing.items()}


def holdings(bench: Bench) -> Holdings:
    """Return what the cloud holds now."""
    return Holdings.of(bench.harness, bench.cloud)


def must_be_unchanged(bench: Bench, before: Holdings, *, after: str) -> None:
    """Go on only if the cloud holds what it held, and nothing was made in between.

    Raises:
        Violation: Something is different; the text says what.
    """
    differences = _differences(before, holdings(bench))
    must(
        not differences,
        seen=f"{after} changed the cloud: {'; '.join(differences)}",
        expected="nothing changed",
    )


def must_stand(bench: Bench, ref: DeploymentRef, *, told: str) -> Standing:
    """Return what stands under a reference's name.

    Raises:
        Violation: Nothing does.
    """
    standing = bench.harness.standing(bench.cloud)
    found = standing.get(ref.name)
    if found is None:
        raise Violation(
            f"{told}, and the cloud holds {sorted(standing) or 'nothing'}",
            expected=f"a deployment {ref.name!r} in the cloud",
        )
    return found


def must_be_created_once(bench: Bench, name: str, *, after: str) -> None:
    """Go on only if a name was made once since the start, and nothing else.

    Raises:
        Violation: It was made more often or never, or another was made.
    """
    made = holdings(bench).creations
    must(
        made == Counter([name]),
        seen=f"after {after}, created was {dict(made)}",
        expected=f"one creation of {name!r}, paid for once",
    )


def _differences(before: Holdings, now: Holdings) -> list[str]:
    names = sorted({*before.standing, *now.standing})
    changed = [
        f"{name!r} was {before.standing.get(name, 'absent')} and is "
        f"{now.standing.get(name, 'absent')}"
        for name in names
        if before.standing.get(name) != now.standing.get(name)
    ]
    made = now.creations - before.creations
    return [*changed, *(f"{name!r} created {count} times" for name, count in made.items())]
