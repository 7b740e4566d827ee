"""The provider's own check, watched: its items, the hosts it called, and the time it was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from bonito_host import exit_codes
from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part, Weight
from bonito_providers.connection import Connection
from bonito_providers.errors import BonitoError, ProviderError
from bonito_providers.report import CheckItem, CredentialReport, Verdict

_KINDS = {
    "CredentialsRejected": "credentials-rejected",
    "KeyAuthenticationDisabled": "keys-disabled",
    "PermissionMissing": "permission-missing",
    "HostRefused": "host-refused",
    "RateLimited": "rate-limited",
    "ServiceUnavailable": "service-down",
    "DeadlineExceeded": "service-down",
    "HostUnreachable": "host-unreachable",
    "MalformedAnswer": "answer-unreadable",
    "PluginError": "plugin-broken",
}
_TOLERATED_SECONDS = 240.0
"""Signatures are refused once the clocks are five minutes apart."""


@dataclass
class Watched:
    """What was seen of a connection's calls.

    Attributes:
        calls: Method, address without its query, and status.
        skew: Seconds this machine's clock is ahead of the service's; None where none told.
    """

    now: Callable[[], datetime]
    calls: list[str] = field(default_factory=list)
    skew: float | None = None

    async def see(self, response: httpx.Response) -> None:
        """Note one answer."""
        request = response.request
        address = str(request.url.copy_with(query=None, fragment=None))
        self.calls.append(f"{request.method} {address} → {response.status_code}")
        try:
            told = parsedate_to_datetime(response.headers.get("date", "").partition(" GMT")[0])
        except ValueError:
            return
        told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
        self.skew = (self.now() - told).total_seconds()


def watch(connection: Connection) -> Watched:
    """Note what the connection calls from now on."""
    watched = Watched(connection.clock.now)
    connection.http.event_hooks["response"].append(watched.see)
    return watched


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check came to.

    Attributes:
        clock: How far the clocks are apart.
        check: The items.
        usable: Whether the credentials authenticated, so that more can be asked.
    """

    clock: Part
    check: Part
    usable: bool


async def examine(connection: Connection) -> Checked:
    """Let the provider check the credentials, and watch what it calls."""
    watched = watch(connection)
    try:
        report = await connection.provider.check_credentials(connection)
    except BonitoError as error:
        part = Part(title="check", facts={"calls": watched.calls}, findings=(of_error(error),))
        return Checked(clock=_clock(watched, harmful=True), check=part, usable=False)
    return Checked(
        clock=_clock(watched, harmful=bool(report.failures)),
        check=_checked(report, watched),
        usable=report.usable,
    )


def _clock(watched: Watched, *, harmful: bool) -> Part:
    """Compare the clocks; a key that no time is signed with works by a wrong one."""
    if watched.skew is None:
        return Part(title="clock", facts={"off by": "unknown; no service told the time"})
    seconds = round(watched.skew)
    findings: tuple[Finding, ...] = ()
    if abs(watched.skew) > _TOLERATED_SECONDS:
        direction = "ahead of" if watched.skew > 0 else "behind"
        what = f"This machine's clock is {abs(seconds)} s {direction} the service's."
        weight = Weight.FAULT if harmful else Weight.WARNING
        findings = (find("clock-wrong", what, weight=weight),)
    return Part(title="clock", facts={"off by": f"{seconds} s"}, findings=findings)


def _checked(report: CredentialReport, watched: Watched) -> Part:
    items = {item.name: f"{item.verdict.value}: {item.reason}" for item in report.items}
    failed = [item for item in report.items if item.verdict is Verdict.FAILED]
    proposed = [
        find(
            "field-proposed",
            f"{change.field} could be {change.proposed}: {change.reason}",
        )
        for change in report.proposals
        if change.proved
    ]
    return Part(
        title="check",
        facts={
            **items,
            "understood as": list(report.notes),
            **report.facts,
            "calls": list(dict.fromkeys(watched.calls)),
        },
        findings=(*proposed, *map(of_item, failed)),
    )


def of_item(item: CheckItem) -> Finding:
    """Return the finding that an item of a check stands for."""
    action = item.action
    mend = f"{action.instruction} {action.url or ''}".strip() if action else ""
    reason = item.reason.removesuffix(action.instruction).strip() if action else item.reason
    narrower = Weight.WARNING if item.error else Weight.NOTE
    return find(
        _KINDS.get(item.error or "", "check-failed"),
        f"{item.title}: {reason}",
        mend=mend,
        weight=Weight.FAULT if item.essential else narrower,
        code=exit_codes.code_of_name(item.error, *filter(None, (action,))),
    )


def of_error(error: BonitoError) -> Finding:
    """Return the finding that an error stands for."""
    kind = error.kind if isinstance(error, ProviderError) else ""
    actions = error.actions if isinstance(error, ProviderError) else ()
    mend = actions[0].instruction if actions else error.hint
    code = exit_codes.code_of_error(error)
    return find(_KINDS.get(kind, "check-failed"), error.message, mend=mend, code=code)
