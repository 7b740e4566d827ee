"""Which checks a harness meets; a harness that would hide or change some is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import checks, manifest
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.harness import Gap, Harness
from bonito_contract_tests.violation import HarnessError

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check


def checks_for(harness: Harness[Any]) -> tuple[Check, ...]:
    """Return the checks that a harness is judged by, in the catalogue's order: all of them.

    Raises:
        HarnessError: The harness is none, names a contract or a check that does not exist, or
            somebody put checks of their own in the place of the suite's.
    """
    _refuse_what_is_no_harness(harness)
    manifest.required(harness.contract)
    found = all_checks()
    _refuse_foreign(found)
    _refuse_bad_gaps(harness, {check.id for check in found})
    return found


def is_preview(check: Check, harness: Harness[Any]) -> bool:
    """Tell whether a check is newer than the contract the plugin was written for."""
    return check.since > harness.contract


def nearest(wrong: str, known: Collection[str]) -> str:
    """Return a question that names the id somebody may have meant, or nothing."""
    found = get_close_matches(wrong.upper(), known, n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _refuse_what_is_no_harness(harness: object) -> None:
    if isinstance(harness, type) and issubclass(harness, Harness):
        name = harness.__name__
        raise HarnessError(f"give the suite an instance: ContractSuite({name}())")
    if not isinstance(harness, Harness):
        kind = type(harness).__name__
        raise HarnessError(f"the suite needs a Harness, not {kind}: subclass it and fill it in")
    if not getattr(harness, "accesses", ()) or not hasattr(harness, "plugin"):
        name = type(harness).__name__
        raise HarnessError(f"{name} names no `plugin`, or no credentials as `accesses`")


def _refuse_foreign(found: Iterable[Check]) -> None:
    for check in found:
        if not check.run.__module__.startswith(f"{checks.__name__}."):
            raise HarnessError(
                f"{check.id} was replaced by {check.run.__module__}.{check.run.__name__}; "
                "a check cannot be overridden: declare a gap instead"
            )


def _refuse_bad_gaps(harness: Harness[Any], known: Collection[str]) -> None:
    for name, gap in harness.gaps.items():
        if name not in known:
            raise HarnessError(f"`gaps` names {name}, which is no check{nearest(name, known)}")
        if not isinstance(gap, Gap):
            raise HarnessError(f"the gap {name} must be a Gap: kind and reason")
        if not gap.reason.strip():
            raise HarnessError(f"the gap {name} has no reason; say why it is there")
