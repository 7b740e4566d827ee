"""What a prepared fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from host.tests.doctor.bench import Bench


@dataclass(frozen=True)
class Fault:
    """One thing to go wrong.

    Attributes:
        name: What was done, in a few words.
        kind: The finding that must come first.
        cause: What its first sentence must name.
        mend: What its mend must name.
        prepare: Does it.
    """

    name: str
    kind: str
    cause: str
    mend: str
    prepare: Callable[[Bench], object]
