"""The one line that brings the suite into an author's tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness


@final
@dataclass(frozen=True, eq=False)
class ContractSuite:
    """All checks against one harness; pytest collects each as an item of its own.

        conformance = ContractSuite(AcmeHarness())

    It cannot be subclassed: the checks are the same for every provider, and what a provider is
    known not to pass stands in its harness as a gap.
    """

    harness: Harness[Any]

    def __init_subclass__(cls) -> None:
        """Refuse.

        Raises:
            TypeError: Always.
        """
        message = (
            f"{cls.__name__} cannot change the contract suite; "
            "declare what the provider does not pass as `gaps` of its harness"
        )
        raise TypeError(message)
