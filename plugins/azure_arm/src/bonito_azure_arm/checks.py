"""The items of a check of credentials, each with its own verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bonito_providers.errors import HostRefused, HostUnreachable, MalformedAnswer, ProviderError
from bonito_providers.report import CheckItem, Verdict


@dataclass(frozen=True)
class Checklist:
    """What a provider checks: the title of each item by its name."""

    titles: Mapping[str, str]

    def passed(self, name: str, reason: str, seconds: float) -> CheckItem:
        """Return an item that is as it should be."""
        return CheckItem(
            name=name,
            title=self.titles[name],
            verdict=Verdict.PASSED,
            reason=reason,
            seconds=seconds,
        )

    def failed(self, name: str, error: ProviderError, seconds: float) -> CheckItem:
        """Return an item that is not, with what to do about it."""
        return CheckItem(
            name=name,
            title=self.titles[name],
            verdict=Verdict.FAILED,
            reason=f"{error.message} {error.hint}".strip(),
            seconds=seconds,
            error=error.kind,
            action=error.actions[0] if error.actions else None,
        )

    def not_checked(self, name: str, reason: str) -> CheckItem:
        """Return an item that nothing is known of."""
        title = self.titles[name]
        return CheckItem(name=name, title=title, verdict=Verdict.NOT_CHECKED, reason=reason)


def answered(failure: ProviderError) -> bool:
    """Whether the host itself said no; a connection that broke off says nothing."""
    if isinstance(failure, HostUnreachable | HostRefused):
        return False
    return failure.status is not None or isinstance(failure, MalformedAnswer)
