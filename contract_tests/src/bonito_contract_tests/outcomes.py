"""What a hook came to while something was wrong, and whether that is what a caller can act on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.exercises import attempt, told
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault
from bonito_providers import CredentialReport, Verdict, errors
from bonito_providers.errors import BonitoError, ProviderError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.exercises import Call
    from bonito_emulators import Action
    from bonito_providers import Connection


async def outcome_under(
    bench: Bench, action: Action, call: Call, connection: Connection, *, times: int | None = None
) -> Any:  # noqa: ANN401 - of any hook
    """Return what a hook returns or raises while every request meets the action.

    Args:
        bench: Where.
        action: What happens to the requests.
        call: The hook.
        connection: One that the hook can use as it is.
        times: How many requests meet it; None is all.
    """
    bench.faults.add(Fault(action=action, times=times))
    try:
        return await attempt(call, connection)
    finally:
        bench.faults.clear()


def must_raise(outcome: object, *classes: type[ProviderError], when: str) -> None:
    """Go on only if a hook raised one of these, or a report's failing items stand for them.

    Raises:
        Violation: It came to something else.
    """
    expected = " or ".join(each.__name__ for each in classes)
    if isinstance(outcome, CredentialReport):
        failed = list(errors_in(outcome, when=when))
        right = [each for each in failed if issubclass(each, classes)]
        must(
            right,
            seen=f"{when}: the failing items stand for "
            f"{', '.join(each.__name__ for each in failed) or 'nothing'}",
            expected=f"a failing item that stands for {expected}",
        )
        return
    must(isinstance(outcome, classes), seen=f"{when}: {told(outcome)}", expected=expected)


def errors_in(report: CredentialReport, *, when: str) -> Iterator[type[ProviderError]]:
    """Yield the classes that a report's failing items stand for.

    Raises:
        Violation: One names no class of the tree.
    """
    for item in report.items:
        if item.verdict is not Verdict.FAILED:
            continue
        named = getattr(errors, item.error or "", None)
        if not (isinstance(named, type) and issubclass(named, ProviderError)):
            raise Violation(
                f"{when}: the failing item {item.name!r} names the error {item.error!r}",
                expected="the name of a class of bonito_providers.errors",
            )
        yield named


def texts_of(outcome: object) -> Iterator[str]:
    """Yield what a person reads of an outcome that went wrong."""
    if isinstance(outcome, BonitoError):
        yield outcome.message
        if outcome.hint:
            yield outcome.hint
    if isinstance(outcome, CredentialReport):
        for item in outcome.items:
            if item.verdict is not Verdict.PASSED and item.reason:
                yield item.reason
